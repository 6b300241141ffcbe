from django.urls import path

from previs.storyboard import lint_views, sequence_views, views

urlpatterns = [
    path("p/<slug:slug>/boards/", views.boards, name="boards"),
    path("p/<slug:slug>/scene/<str:number>/", views.board, name="scene"),
    path("p/<slug:slug>/scene/<str:number>/shot/", views.add_shot, name="add_shot"),
    path("p/<slug:slug>/panel/<uuid:panel_id>/generate/", views.generate, name="generate_panel"),
    path("p/<slug:slug>/panel/<uuid:panel_id>/edit/", views.edit_panel, name="edit_panel"),
    path("p/<slug:slug>/panel/<uuid:panel_id>/camera/", views.choose_camera, name="choose_camera"),
    path("p/<slug:slug>/panel/<uuid:panel_id>/flip/", views.flip_setup, name="flip_setup"),
    path("p/<slug:slug>/panel/<uuid:panel_id>/next/", views.add_panel, name="add_panel"),
    path("p/<slug:slug>/panel/<uuid:panel_id>/remove/", views.remove_panel, name="remove_panel"),
    path("p/<slug:slug>/panel/<uuid:panel_id>/waive/", lint_views.waive, name="waive_finding"),
    path(
        "p/<slug:slug>/waiver/<uuid:waiver_id>/withdraw/", lint_views.withdraw_waiver, name="withdraw_waiver"
    ),
    path("p/<slug:slug>/panel/<uuid:panel_id>/move/", sequence_views.queue_move, name="queue_move"),
    path("p/<slug:slug>/shot/<uuid:shot_id>/beat/", sequence_views.add_beat, name="add_beat"),
    path("p/<slug:slug>/shot/<uuid:shot_id>/beats/queue/", sequence_views.queue_beats, name="queue_beats"),
    path("p/<slug:slug>/beat/<uuid:beat_id>/edit/", sequence_views.edit_beat, name="edit_beat"),
    path("p/<slug:slug>/beat/<uuid:beat_id>/place/", sequence_views.move_beat, name="move_beat"),
    path("p/<slug:slug>/beat/<uuid:beat_id>/remove/", sequence_views.remove_beat, name="remove_beat"),
    path("p/<slug:slug>/beat/<uuid:beat_id>/queue/", sequence_views.queue_beat, name="queue_beat"),
]
