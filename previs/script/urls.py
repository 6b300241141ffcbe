from django.urls import path

from previs.script import views

urlpatterns = [
    path("p/<slug:slug>/script/", views.script, name="script"),
    path("p/<slug:slug>/script/scene/<str:number>/", views.scene_facts, name="scene_facts"),
    path("p/<slug:slug>/script/import/", views.script_import, name="script_import"),
    path("p/<slug:slug>/script/import/<uuid:revision_id>/", views.script_preview, name="script_preview"),
    path(
        "p/<slug:slug>/script/import/<uuid:revision_id>/confirm/", views.script_confirm, name="script_confirm"
    ),
    path("p/<slug:slug>/script/source/<uuid:revision_id>/", views.script_source, name="script_source"),
]
