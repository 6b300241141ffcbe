"""Opening a sheet for a subject, and what its owner may do with the frames on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from previs.audit.record import record
from previs.events import FrameChanged, SheetChanged, publish
from previs.generation.models import HIDDEN, Frame, Sheet

if TYPE_CHECKING:
    from previs.accounts.models import User
    from previs.projects.models import Project


def open_sheet(project: Project, *, kind: str, title: str, path: str = "") -> Sheet:
    """A new, empty sheet. The subject's app links to it one to one and keeps title and path current."""
    return Sheet.objects.create(project=project, kind=kind, title=title[:200], path=path)


@transaction.atomic
def pick(sheet: Sheet, frame: Frame | None, *, by: User) -> Sheet:
    """Choose the frame that stands for the sheet's subject, or none. Raises ValueError for another sheet's or a hidden frame."""
    if frame is not None and frame.sheet_id != sheet.pk:
        raise ValueError("Only a frame of this sheet can be picked.")
    if frame is not None and frame.state in HIDDEN:
        state = frame.get_state_display().lower()
        raise ValueError(f"v{frame.number} is {state}, so it cannot be picked. Nothing was changed.")
    sheet.pick = frame
    sheet.save(update_fields=["pick"])
    record(
        "pick", sheet, by=by, project_id=sheet.project_id,
        frame=frame.pk if frame else None, sha256=frame.sha256 if frame else "",
    )  # fmt: skip
    publish(SheetChanged(str(sheet.project_id), str(sheet.pk)))
    return sheet


@transaction.atomic
def star(frame: Frame, *, on: bool, by: User) -> Frame:
    frame.starred = on
    frame.save(update_fields=["starred"])
    record("star" if on else "unstar", frame, by=by, project_id=frame.sheet.project_id)
    publish(FrameChanged(str(frame.sheet.project_id), str(frame.pk), str(frame.sheet_id)))
    return frame
