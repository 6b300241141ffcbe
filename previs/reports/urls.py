from django.urls import path

from previs.reports import views

urlpatterns = [
    path("", views.home, name="home"),
    path("now/", views.now, name="home_now"),
]
