"""Frames that leave the house as files: only those whose people agree to it today, each with its entry on record.

Whatever writes frames into a file asks here first, draws only what may leave, and says in the file or beside it what
was left out. The entries are what a revocation counts afterwards, and whom it names to call the files back from.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from previs.audit.models import AuditEntry
from previs.audit.record import record
from previs.generation.likeness import verdict_on_export
from previs.generation.models import HIDDEN, Frame

if TYPE_CHECKING:
    from previs.accounts.models import User

#: Verb of the audit entry for a frame that left as a file.
EXPORTED = "export_frame"
HELD = "held back or withdrawn"


@dataclass(frozen=True, slots=True)
class Leaving:
    """What of some frames may leave. refused: frame id -> why not, in words."""

    allowed: frozenset[uuid.UUID] = frozenset()
    refused: Mapping[uuid.UUID, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """What is missing, for the file itself or the page beside it; "" when nothing is."""
        if not self.refused:
            return ""
        several = "frame is" if len(self.refused) == 1 else "frames are"
        reasons = (
            f"{count} {HELD}" if why == HELD else f"{count} because: {why.rstrip('.')}"
            for why, count in Counter(self.refused.values()).most_common()
        )
        return f"{len(self.refused)} {several} left out, {'; '.join(reasons)}."


@dataclass(frozen=True, slots=True)
class Departure:
    """One frame that left as a file. how: "frame", "contact sheet" ..., in words."""

    frame_id: uuid.UUID
    by: User | None
    at: datetime
    how: str


@transaction.atomic
def let_out(frames: Iterable[Frame], *, by: User, how: str, outside: bool = False) -> Leaving:
    """Ask the policy for each frame, and put on record which leave.

    frames: with their sheet.  how: as what, in words, for instance "contact sheet".  outside: to people who are not
    on the crew.  A frame that nobody real is on leaves unless it is hidden.
    """
    frames = list({frame.pk: frame for frame in frames}.values())
    of_people = set(Frame.persons.through.objects.filter(frame__in=frames).values_list("frame_id", flat=True))
    refused: dict[uuid.UUID, str] = {}
    for frame in frames:
        if frame.state in HIDDEN:
            refused[frame.pk] = HELD
        elif frame.pk in of_people and not (verdict := verdict_on_export(frame, outside=outside)).allowed:
            refused[frame.pk] = verdict.sentence
            record("refuse", frame, by=by, project_id=frame.sheet.project_id, code=verdict.code)
    allowed = [frame for frame in frames if frame.pk not in refused]
    for frame in allowed:
        record(
            EXPORTED,
            frame,
            by=by,
            project_id=frame.sheet.project_id,
            how=how,
            outside=outside,
            sha256=frame.sha256,
        )
    return Leaving(frozenset(frame.pk for frame in allowed), refused)


def departures(frames: Iterable[Frame]) -> list[Departure]:
    """Every time one of some frames left as a file, newest first; one query."""
    entries = AuditEntry.objects.filter(
        verb=EXPORTED,
        object_kind=Frame._meta.label_lower,
        object_id__in=[str(frame.pk) for frame in frames],
    )
    return [
        Departure(uuid.UUID(entry.object_id), entry.actor, entry.at, str(entry.payload.body.get("how", "")))
        for entry in entries.select_related("actor", "payload").order_by("-seq")
    ]
