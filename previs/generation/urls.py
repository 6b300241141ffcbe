from django.urls import path

from previs.generation import controls_views, files, grid_views, views

urlpatterns = [
    path("queue/", views.queue_page, name="queue"),
    path("job/<uuid:job_id>/card/", views.job_card, name="job_card"),
    path("job/<uuid:job_id>/cancel/", views.cancel_job, name="cancel_job"),
    path("job/<uuid:job_id>/retry/", views.retry_job, name="retry_job"),
    path("sheet/<uuid:sheet_id>/takes/", views.takes, name="takes"),
    path("sheet/<uuid:sheet_id>/cancel/", views.cancel_rest, name="cancel_rest"),
    path("frame/<uuid:frame_id>/pick/", views.pick_frame, name="pick_frame"),
    path("frame/<uuid:frame_id>/star/", views.star_frame, name="star_frame"),
    path("frame/<uuid:frame_id>/use/<slug:how>/", controls_views.use_frame, name="use_frame"),
    path("frame/<uuid:frame_id>/mask/", controls_views.keep_mask, name="keep_mask"),
    path("sheet/<uuid:sheet_id>/compiled/", controls_views.compile_brief, name="compile_brief"),
    path("sheet/<uuid:sheet_id>/maps/", controls_views.maps, name="control_maps"),
    path("sheet/<uuid:sheet_id>/reference/", controls_views.keep_reference, name="keep_reference"),
    path(
        "p/<slug:slug>/sheet/<uuid:sheet_id>/grid/<uuid:brief>/",
        grid_views.contact_sheet,
        name="contact_sheet",
    ),
    path(
        "p/<slug:slug>/sheet/<uuid:sheet_id>/grid/<uuid:brief>/contact-sheet.png",
        grid_views.contact_sheet_png,
        name="contact_sheet_png",
    ),
    path("frame/<uuid:frame_id>/download/", files.frame_download, name="frame_download"),
    path("frame/<uuid:frame_id>/<str:which>", files.frame_file, name="frame_file"),
]
