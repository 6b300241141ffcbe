"""Where a sheet's briefs are written: what its prompt is compiled from, and where its composer posts to.

Nothing in this app knows panels, sets or costumes. The app that owns a kind of sheet registers how to open its desk,
so that a frame found anywhere can be taken back to the composer it came from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from previs.generation.models import Sheet

if TYPE_CHECKING:
    from previs.generation.compiled import Compiled


@dataclass(frozen=True, slots=True)
class Desk:
    """The composer of one sheet. action: where it posts to."""

    compiled: Compiled
    action: str
    heading: str


Opener = Callable[[Sheet, Mapping[str, str]], Desk | None]
_OPENERS: dict[str, Opener] = {}


def register(kind: str, opener: Opener) -> None:
    """opener(sheet, query) -> its desk, or None when its subject is gone.

    query: what the address of the composer says beside the sheet, for instance which camera it looks through.
    """
    _OPENERS[kind] = opener


def has_desk(sheet: Sheet) -> bool:
    return sheet.kind in _OPENERS


def desk_of(sheet: Sheet, query: Mapping[str, str]) -> Desk | None:
    """The desk of a sheet; None for sheets that nobody writes briefs for."""
    opener = _OPENERS.get(sheet.kind)
    return opener(sheet, query) if opener else None
