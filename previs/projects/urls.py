from django.urls import path

from previs.projects import views

urlpatterns = [
    path("p/new/", views.new_production, name="new_production"),
    path("p/<slug:slug>/", views.project, name="project"),
    path("p/<slug:slug>/people/", views.people, name="people"),
    path("p/<slug:slug>/people/cast/", views.cast_person, name="cast_person"),
    path("p/<slug:slug>/people/new/", views.new_person, name="new_person"),
    path("p/<slug:slug>/people/<int:membership_id>/role/", views.change_role, name="change_role"),
    path("p/<slug:slug>/people/<int:membership_id>/remove/", views.remove_person, name="remove_person"),
]
