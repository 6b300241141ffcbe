"""Whose pictures a set or costume leaves behind when it changes."""

from __future__ import annotations

from collections.abc import Sequence

from costumes.models import Change
from previs.generation.models import Sheet
from sets.models import Set

# Of more pictures than this, a page learns with its next reload that a set changed.
MOST = 48


def left_behind(sheets: Sequence[Sheet]) -> list[str]:
    """Sheets, by their keys, whose picks were made from the sets and costumes that these sheets belong to."""
    named = [sheet for sheet in sheets if sheet.kind in ("set", "change")]
    subjects = [
        str(pk)
        for model in (Set, Change)
        for pk in (model.objects.filter(sheet__in=named).values_list("pk", flat=True) if named else ())
    ]
    if not subjects:
        return []
    used = {"pick__job__sources__kind__in": ("set", "change"), "pick__job__sources__ref__in": subjects}
    return [str(pk) for pk in Sheet.objects.filter(**used).values_list("pk", flat=True).distinct()[:MOST]]
