"""The order of subjects: titles compared as people number them, 9B before 12A."""

from __future__ import annotations

import re

from previs.generation.models import Frame, Sheet

TitleKey = tuple[tuple[int, int, str], ...]


def natural(title: str) -> TitleKey:
    """A sort key that reads the digits in a title as numbers: "12C.2" < "12C.10" < "12D.1"."""
    parts = re.findall(r"\d+|\D+", title.casefold())
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def neighbours_of(frame: Frame) -> tuple[Frame | None, Frame | None]:
    """The picks of the subjects of the same kind before and after this one; two queries."""
    here = frame.sheet
    picked = Sheet.objects.filter(project=here.project_id, kind=here.kind, pick__isnull=False).exclude(
        pk=here.pk
    )
    rows = [
        (natural(title), str(pk), pick) for title, pk, pick in picked.values_list("title", "pk", "pick_id")
    ]
    place = (natural(here.title), str(here.pk))
    before = max((row for row in rows if row[:2] < place), default=None)
    after = min((row for row in rows if row[:2] > place), default=None)
    wanted = [row[2] for row in (before, after) if row]
    found = Frame.objects.filter(pk__in=wanted).select_related("sheet__project").in_bulk()
    return (found.get(before[2]) if before else None, found.get(after[2]) if after else None)
