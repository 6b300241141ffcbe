from django.urls import path

from costumes import views

urlpatterns = [
    path("p/<slug:slug>/costume/", views.change_list, name="costumes"),
    path("p/<slug:slug>/costume/<uuid:change_id>/", views.change_page, name="change"),
    path("p/<slug:slug>/costume/<uuid:change_id>/dress/", views.dress, name="dress_change"),
    path("p/<slug:slug>/costume/<uuid:change_id>/generate/", views.generate, name="generate_change"),
    path("p/<slug:slug>/costume/character/<uuid:character_id>/add/", views.add_change, name="add_change"),
]
