"""What a screenplay holds once it is read: elements, scenes, notes and warnings, each with its place in the source.

Offsets are character positions in the text that was parsed, end exclusive, so `source[start:end]` is exact;
lines count from 1, the way an editor shows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What one element is on the page."""

    SECTION = "section"
    SYNOPSIS = "synopsis"
    HEADING = "heading"
    ACTION = "action"
    CUE = "cue"
    PARENTHETICAL = "parenthetical"
    DIALOGUE = "dialogue"
    LYRICS = "lyrics"
    TRANSITION = "transition"
    CENTRED = "centred"
    PAGE_BREAK = "page break"


SPEECH = frozenset({Kind.CUE, Kind.PARENTHETICAL, Kind.DIALOGUE, Kind.LYRICS})


class Element(NamedTuple):
    """One paragraph of the script. A tuple, because a long script has thousands and none ever changes.

    text: as it prints, without force marks, notes and boneyard; emphasis marks stay (`emphasis.plain`).
    start, end: the whole source lines it stands on.  line, end_line: the same in lines.
    forced: the writer used a mark (`.` `!` `@` `>`).  level: depth of a section, from 1.
    number: a heading's number as given.  name, extensions: of a cue ("MARA", ("V.O.",)).
    side: "left" or "right" when two characters speak at once.
    """

    kind: Kind
    text: str
    start: int
    end: int
    line: int
    end_line: int
    forced: bool = False
    level: int = 0
    number: str | None = None
    name: str = ""
    extensions: tuple[str, ...] = ()
    side: str = ""


class Note(NamedTuple):
    """A writer's note, `[[...]]`, wherever it stands. start, end: including the brackets."""

    text: str
    start: int
    end: int
    line: int


class ScriptWarning(NamedTuple):
    """Something the reader should look at before confirming: where, what, and what to do."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Scene:
    """The script under one heading, up to the next heading or section.

    number: as given between `#`, else None; of any length, and two scenes may have the same.
    ordinal: place in the script, from 1.  kind: "INT", "EXT", "I/E", or "" where the heading does not say.
    setting, time_of_day, time_raw, remark: see `headings.HeadingParts`.
    text: the source slice.  cast: names of the cues in order of first appearance.
    present: the cast, then those who speak elsewhere in the script and are named in the action here.
    eighths: estimated length in eighths of a page, at least 1.  sections: titles of the sections around it.
    """

    ordinal: int
    number: str | None
    heading: str
    kind: str
    setting: str
    time_of_day: str
    time_raw: str
    remark: str
    elements: tuple[Element, ...]
    text: str
    start: int
    end: int
    start_line: int
    end_line: int
    cast: tuple[str, ...]
    present: tuple[str, ...]
    synopsis: str
    eighths: int
    sections: tuple[str, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class ScriptDocument:
    """A whole screenplay. title_page: keys in lower case, in the order of the source.

    boneyards: (start, end) of every part between `/*` and `*/`, which is in no element.
    """

    title_page: Mapping[str, str]
    title: str
    elements: tuple[Element, ...]
    scenes: tuple[Scene, ...]
    notes: tuple[Note, ...]
    boneyards: tuple[tuple[int, int], ...]
    warnings: tuple[ScriptWarning, ...]
    source_length: int

    @property
    def cast(self) -> tuple[str, ...]:
        """Everyone who speaks, in order of first appearance."""
        names: dict[str, str] = {}
        for scene in self.scenes:
            for name in scene.cast:
                names.setdefault(name.casefold(), name)
        return tuple(names.values())

    @property
    def eighths(self) -> int:
        """Length of all scenes in eighths of a page."""
        return sum(scene.eighths for scene in self.scenes)
