from django.urls import path

from previs.generation import files, views

urlpatterns = [
    path("queue/", views.queue_page, name="queue"),
    path("job/<uuid:job_id>/card/", views.job_card, name="job_card"),
    path("job/<uuid:job_id>/cancel/", views.cancel_job, name="cancel_job"),
    path("job/<uuid:job_id>/retry/", views.retry_job, name="retry_job"),
    path("sheet/<uuid:sheet_id>/takes/", views.takes, name="takes"),
    path("sheet/<uuid:sheet_id>/cancel/", views.cancel_rest, name="cancel_rest"),
    path("frame/<uuid:frame_id>/pick/", views.pick_frame, name="pick_frame"),
    path("frame/<uuid:frame_id>/star/", views.star_frame, name="star_frame"),
    path("frame/<uuid:frame_id>/<str:which>", files.frame_file, name="frame_file"),
]
