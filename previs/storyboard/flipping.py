"""Flip setup: a camera on the right side of the line, placed in the plan and chosen at once."""

from __future__ import annotations

import string
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction

from previs.audit.record import record
from previs.storyboard.continuity import Checks, cameras_of, outline_of
from previs.storyboard.editing import look_through
from previs.storyboard.lint.findings import Finding
from previs.storyboard.lint.setups import inside, mirrored
from previs.storyboard.models import Panel
from previs.storyboard.services import BoardError
from previs.storyboard.setting import Setting
from sets.blockouts import BlockoutRefused, PlanConflict, save_plan

if TYPE_CHECKING:
    from previs.accounts.models import User
    from sets.models import Plan


@transaction.atomic
def flip_setup(panel: Panel, checks: Checks, setting: Setting, *, digest: str, by: User) -> Plan:
    """Mirror a panel's camera in the line of a finding: a new camera in a new revision of the plan, and chosen.

    Raises BoardError when the finding is another one now, has no line, or the mirrored camera would stand in a wall.
    """
    finding = _finding(checks, digest)
    if finding.line is None or setting.plan is None or setting.place is None:
        raise BoardError("This finding has no line to mirror the camera in. Choose another camera.")
    here = setting.cameras.get(panel.camera)
    label = next((letter for letter in string.ascii_uppercase if letter not in setting.labels), "")
    if here is None or not label:
        raise BoardError(f"The plan of {setting.name} has all 26 cameras. Remove one in the blockout.")
    flipped = mirrored(cameras_of(setting)[panel.camera], finding.line)
    if not inside(flipped.floor, outline_of(setting.plan)):
        raise BoardError("The mirrored camera would stand outside the room. Place one in the blockout.")
    placed = replace(here, id=label, x=flipped.x, z=flipped.z, pan=flipped.pan, roll=-here.roll)
    try:
        cameras = [*setting.plan.document["cameras"], placed.to_json()]
        document = setting.plan.document | {"cameras": cameras}
        saved = save_plan(setting.place, document=document, number=setting.plan.number, by=by)
    except (BlockoutRefused, PlanConflict) as refused:
        raise BoardError(str(refused)) from refused
    record(
        "flip_setup", panel, by=by, project_id=panel.shot.scene.project_id,
        camera=label, mirrored=here.id, code=finding.code,
    )  # fmt: skip
    look_through(panel, label, by=by)
    return saved


def _finding(checks: Checks, digest: str) -> Finding:
    for check in checks.open:
        if check.finding.digest == digest:
            return check.finding
    raise BoardError("A camera or a figure has moved meanwhile. Read the finding as it is now.")
