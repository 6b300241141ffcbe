from django.urls import path

from previs.storyboard import views

urlpatterns = [
    path("p/<slug:slug>/boards/", views.boards, name="boards"),
    path("p/<slug:slug>/scene/<str:number>/", views.board, name="scene"),
    path("p/<slug:slug>/scene/<str:number>/shot/", views.add_shot, name="add_shot"),
    path("p/<slug:slug>/panel/<uuid:panel_id>/generate/", views.generate, name="generate_panel"),
    path("p/<slug:slug>/panel/<uuid:panel_id>/compiled/", views.compile_again, name="compile_panel"),
    path("p/<slug:slug>/panel/<uuid:panel_id>/edit/", views.edit_panel, name="edit_panel"),
    path("p/<slug:slug>/panel/<uuid:panel_id>/next/", views.add_panel, name="add_panel"),
    path("p/<slug:slug>/panel/<uuid:panel_id>/remove/", views.remove_panel, name="remove_panel"),
]
