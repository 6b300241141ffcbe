"""Editing a panel with its shot, and choosing the camera it looks through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from previs.audit.record import record
from previs.storyboard.beats import start_beats
from previs.storyboard.models import USUAL_LENS, Panel
from previs.storyboard.services import BoardError, announce
from previs.storyboard.setting import Setting, setting_of

if TYPE_CHECKING:
    from previs.accounts.models import User


@transaction.atomic
def edit_panel(
    panel: Panel, *, by: User, shot: dict[str, Any], action: str, frames: int, camera: str | None = None
) -> Panel:
    """Set the fields of a panel and of its shot; a shot that becomes a VFX shot gets its first beats.

    shot: size, angle, move, lens_mm, vfx.  camera: a label of the set's plan, "" for none, None keeps it; the first one of a shot brings its
    lens where nobody chose one.
    """
    if camera and shot.get("lens_mm") == panel.shot.lens_mm:
        shot = shot | {"lens_mm": _lens_with(panel, camera, setting_of(panel.shot.scene))}
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
    panel.shot.lens_mm = _lens_with(panel, camera, setting)
    panel.shot.save(update_fields=["lens_mm"])
    panel.camera = camera
    panel.save(update_fields=["camera"])
    record(
        "choose_camera", panel, by=by, project_id=panel.shot.scene.project_id,
        camera=camera, lens_mm=panel.shot.lens_mm,
    )  # fmt: skip
    announce(panel.shot.scene)
    return panel


def _lens_with(panel: Panel, camera: str, setting: Setting) -> int:
    """The lens of a panel's shot once the panel looks through a camera.

    It stays as it is, unless it is the usual one and this is the shot's first camera: then nobody chose it.
    """
    shot, focal = panel.shot, setting.focal_mm(camera)
    if focal is None or shot.lens_mm != USUAL_LENS or shot.panels.exclude(camera="").exists():
        return shot.lens_mm
    return max(4, round(focal))
