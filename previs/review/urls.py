"""The addresses of a frame's page, of the review list, of all frames and of a comparison."""

from django.urls import include, path

from previs.review import compare_views, history_views, views

on_a_frame = [
    path("", views.frame_page, name="frame"),
    path("panel/<str:tab>/", views.frame_panel, name="frame_panel"),
    path("composer/", views.composer, name="frame_composer"),
    path("actions/", views.actions, name="frame_actions"),
    path("versions/", views.versions, name="frame_versions"),
    path("record.json", views.frame_record, name="frame_record"),
    path("notes/", views.note, name="frame_note"),
    path("notes/<uuid:note_id>/composer/", views.reply_composer, name="reply_composer"),
    path("notes/<uuid:note_id>/reply/", views.reply, name="reply_note"),
    path("notes/<uuid:note_id>/resolve/", views.resolve_note, name="resolve_note"),
    path("notes/<uuid:note_id>/reopen/", views.reopen_note, name="reopen_note"),
    path("decide/", views.decide, name="decide"),
    path("star/", history_views.frame_star, name="frame_star"),
]

urlpatterns = [
    path("p/<slug:slug>/review/", views.review, name="review"),
    path("p/<slug:slug>/frames/", history_views.history, name="history"),
    path("p/<slug:slug>/compare/", compare_views.compare, name="compare"),
    path("p/<slug:slug>/frame/<uuid:frame_id>/", include(on_a_frame)),
]
