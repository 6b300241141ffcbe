from django.urls import path

from sets import blockout_views as views

SET = "p/<slug:slug>/sets/<uuid:set_id>/blockout/"

urlpatterns = [
    path("blockout/library.json", views.library, name="blockout_library"),
    path(SET, views.editor, name="blockout"),
    path(f"{SET}start/", views.start, name="start_blockout"),
    path(f"{SET}save/", views.save, name="save_blockout"),
    path(f"{SET}plan.json", views.document, name="blockout_document"),
    path(f"{SET}versions/", views.versions, name="blockout_versions"),
    path(f"{SET}pass/<slug:kind>.png", views.pass_picture, name="blockout_pass"),
    path(f"{SET}export/<slug:form>/", views.export, name="export_blockout"),
    path(f"{SET}models.json", views.models, name="blockout_models"),
    path(f"{SET}import/", views.import_mesh, name="import_mesh"),
]
