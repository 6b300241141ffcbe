from django.urls import path

from previs.consent import roles, views

RIGHTS = "p/<slug:slug>/rights/"
PERSON, RELEASE = f"{RIGHTS}people/<uuid:person_id>/", f"{RIGHTS}releases/<uuid:release_id>/"

urlpatterns = [
    path(RIGHTS, views.register, name="rights"),
    path(f"{RIGHTS}people/", views.add_performer, name="add_performer"),
    path(PERSON, views.performer, name="performer"),
    path(f"{PERSON}edit/", views.edit_performer, name="edit_performer"),
    path(f"{PERSON}role/", roles.add_role, name="add_role"),
    path(f"{RIGHTS}roles/<uuid:character_id>/", roles.change_casting, name="change_casting"),
    path(f"{PERSON}photo/", views.add_photo, name="add_photo"),
    path(f"{PERSON}release/", views.add_release, name="add_release"),
    path(RELEASE, views.release, name="release"),
    path(f"{RELEASE}edit/", views.edit_release, name="edit_release"),
    path(f"{RELEASE}move/", views.move_release, name="move_release"),
    path(f"{RELEASE}revoke/", views.revoke_release, name="revoke_release"),
    path(f"{RIGHTS}pictures/", views.add_picture, name="add_picture"),
    path(f"{RIGHTS}pictures/<uuid:asset_id>/link/", views.link_photo, name="link_photo"),
    path(f"{RIGHTS}pictures/<uuid:asset_id>/<slug:which>/", views.photo_file, name="photo_file"),
    path(f"{RIGHTS}names/", views.watch_name, name="watch_name"),
    path(f"{RIGHTS}prompts/", views.clear_prompt, name="clear_prompt"),
    path(f"{RIGHTS}incidents/<int:incident_id>/", views.close_incident, name="close_incident"),
]
