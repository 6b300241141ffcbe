"""Editing a panel with its shot, and choosing the camera it looks through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from previs.audit.record import record
from previs.storyboard.beats import start_beats
from previs.storyboard.models import Panel
from previs.storyboard.services import BoardError, announce
from previs.storyboard.setting import setting_of

if TYPE_CHECKING:
    from previs.accounts.models import User


@transaction.atomic
def edit_panel(
    panel: Panel, *, by: User, shot: dict[str, Any], action: str, frames: int, camera: str | None = None
) -> Panel:
    """Set the fields of a panel and of its shot; a shot that becomes a VFX shot gets its first beats.

    shot: size, angle, move, lens_mm, vfx.  camera: a label of the set's plan, "" for none, None keeps it.
    """
    for name, value in shot.items():
        setattr(panel.shot, name, value)
    panel.shot.save(update_fields=list(shot))
    panel.action, panel.frames = action, frames
    panel.camera = panel.camera if camera is None else camera
    panel.save(update_fields=["action", "frames", "camera"])
    if panel.shot.vfx:
        start_beats(panel.shot, by=by)
    announce(panel.shot.scene)
    record(
        "edit_panel", panel, by=by, project_id=panel.shot.scene.project_id, **shot, frames=frames,
        camera=panel.camera,
    )  # fmt: skip
    return panel


@transaction.atomic
def look_through(panel: Panel, camera: str, *, by: User) -> Panel:
    """Choose the camera of a panel, "" to let the model place one. Raises BoardError for one that the plan lacks."""
    setting = setting_of(panel.shot.scene)
    if camera and camera not in setting.labels:
        raise BoardError(f"Camera {camera} is not in the plan of {setting.name}. Choose one that is.")
    panel.camera = camera
    panel.save(update_fields=["camera"])
    record("choose_camera", panel, by=by, project_id=panel.shot.scene.project_id, camera=camera)
    announce(panel.shot.scene)
    return panel
