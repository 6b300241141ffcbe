from django.urls import path

from sets import views

urlpatterns = [
    path("p/<slug:slug>/sets/", views.set_list, name="sets"),
    path("p/<slug:slug>/sets/<uuid:set_id>/", views.set_page, name="set"),
    path("p/<slug:slug>/sets/<uuid:set_id>/describe/", views.describe, name="describe_set"),
    path("p/<slug:slug>/sets/<uuid:set_id>/generate/", views.generate, name="generate_set"),
]
