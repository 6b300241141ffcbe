"""Fetching what lies on a board with permission: a stranger gets 404, a viewer who edits gets 403."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404

from previs.projects.access import project_for
from previs.script.models import Scene
from previs.storyboard.models import Beat, Panel, Shot, Waiver

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from previs.accounts.models import User


def scene_for(user: User | AnonymousUser, slug: str, number: str, *, edit: bool = False) -> Scene:
    project = project_for(user, slug, edit=edit)
    scene = get_object_or_404(project.scenes.all(), number=number)
    scene.project = project
    return scene


def panel_for(user: User | AnonymousUser, slug: str, panel_id: uuid.UUID, *, edit: bool = False) -> Panel:
    """A panel with its shot, scene, sheet and camera move."""
    project = project_for(user, slug, edit=edit)
    panel = (
        Panel.objects.filter(shot__scene__project=project)
        .select_related("shot__scene__project", "sheet__project", "sheet__pick", "camera_move")
        .filter(pk=panel_id)
        .first()
    )
    if panel is None:
        raise Http404("This panel is not on any board of this production.")
    return panel


def shot_for(user: User | AnonymousUser, slug: str, shot_id: uuid.UUID, *, edit: bool = False) -> Shot:
    project = project_for(user, slug, edit=edit)
    shots = Shot.objects.filter(scene__project=project).select_related("scene__project")
    return get_object_or_404(shots, pk=shot_id)


def beat_for(user: User | AnonymousUser, slug: str, beat_id: uuid.UUID, *, edit: bool = False) -> Beat:
    project = project_for(user, slug, edit=edit)
    beats = Beat.objects.filter(shot__scene__project=project)
    return get_object_or_404(beats.select_related("shot__scene__project", "sheet__project"), pk=beat_id)


def waiver_for(user: User | AnonymousUser, slug: str, waiver_id: uuid.UUID, *, edit: bool = False) -> Waiver:
    project = project_for(user, slug, edit=edit)
    waivers = Waiver.objects.filter(panel__shot__scene__project=project)
    return get_object_or_404(
        waivers.select_related("panel__shot__scene__project", "panel__sheet"), pk=waiver_id
    )
