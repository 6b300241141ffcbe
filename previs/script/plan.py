"""What a draft would do to the scenes and the cast of a production; reads rows, changes none."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models

from previs.projects.models import Project
from previs.script import document, numbering
from previs.script.matching import Candidate, match
from previs.script.models import Scene

LONGEST_NAME = 120


class Change(models.TextChoices):
    NEW = "new", "New"
    KEPT = "kept", "Unchanged"
    CHANGED = "changed", "Changed"
    RESTORED = "restored", "Back in the script"


@dataclass(frozen=True, slots=True)
class PlannedScene:
    """One scene of the draft. number: the one it will have.  old: the row it is, None for a new scene.

    moved: it stands elsewhere among the scenes that stay.  clash: the number the script gave and could not have.
    """

    scene: document.Scene
    number: str
    change: Change
    old: Scene | None = None
    moved: bool = False
    clash: str = ""

    @property
    def tone(self) -> str:
        """Colour class of the change: attention only where something is other than before."""
        return {Change.KEPT: "t3", Change.NEW: "ok"}.get(self.change, "info")

    @property
    def was_number(self) -> str:
        """The number so far, "" when it stays."""
        return self.old.number if self.old is not None and self.old.number != self.number else ""

    @property
    def was_heading(self) -> str:
        """The heading so far, "" when it stays."""
        return self.old.heading if self.old is not None and self.old.heading != self.scene.heading else ""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """scenes: in the order of the draft.  omitted: rows that leave the script and keep number and boards.

    cast: name -> whether it is new, in order of first appearance.
    """

    scenes: tuple[PlannedScene, ...]
    omitted: tuple[Scene, ...]
    cast: dict[str, bool]

    def count(self, change: Change) -> int:
        return sum(1 for planned in self.scenes if planned.change == change)

    @property
    def new_cast(self) -> list[str]:
        return [name for name, is_new in self.cast.items() if is_new]


def plan_import(project: Project, draft: document.ScriptDocument) -> ImportPlan:
    """Compare a draft with the scenes of the production. Three queries at most, none of them a write."""
    # Scenes still in the script come first: of two equal matches the living one is meant.
    old = list(project.scenes.order_by("omitted", "ordinal"))
    pairs = match([_candidate(row) for row in old], [_candidate_of_draft(scene) for scene in draft.scenes])
    leaving = [row for place, row in enumerate(old) if place not in pairs.values()]
    numbers = numbering.assign(
        [
            numbering.Wish(given=_given(scene), kept=old[pairs[place]].number if place in pairs else "")
            for place, scene in enumerate(draft.scenes)
        ],
        reserved={row.number for row in leaving},
    )
    rows = [old[pairs[place]] if place in pairs else None for place in range(len(draft.scenes))]
    moved = _moved(rows)
    scenes = tuple(
        PlannedScene(
            scene,
            numbered.number,
            _change(row, scene),
            old=row,
            moved=place in moved,
            clash=numbered.clash,
        )
        for place, (scene, row, numbered) in enumerate(zip(draft.scenes, rows, numbers, strict=True))
    )
    known = {name.casefold() for name in project.characters.values_list("name", flat=True)}
    names = dict.fromkeys(name[:LONGEST_NAME] for name in draft.cast)
    return ImportPlan(
        scenes=scenes,
        omitted=tuple(sorted((row for row in leaving if not row.omitted), key=lambda row: row.ordinal)),
        cast={name: name.casefold() not in known for name in names},
    )


def _candidate(row: Scene) -> Candidate:
    return Candidate(row.number, row.heading, _body(row.text, row.heading))


def _candidate_of_draft(scene: document.Scene) -> Candidate:
    return Candidate(_given(scene), scene.heading, _body(scene.text, scene.heading))


def _given(scene: document.Scene) -> str:
    """The number in the script, "" for none or for one that no row could hold."""
    number = scene.number or ""
    return number if len(number) <= numbering.LONGEST_NUMBER else ""


def _body(text: str, heading: str) -> str:
    """The text under the heading; a scene without a heading line is all body."""
    first, _, rest = text.partition("\n")
    return rest if heading and heading in first else text


def _change(row: Scene | None, scene: document.Scene) -> Change:
    if row is None:
        return Change.NEW
    if row.omitted:
        return Change.RESTORED
    same = row.heading == scene.heading and _body(row.text, row.heading) == _body(scene.text, scene.heading)
    return Change.KEPT if same else Change.CHANGED


def _moved(rows: Sequence[Scene | None]) -> set[int]:
    """Places whose scene is out of order: all but a longest run of rows in their old order."""
    ends: list[int] = []  # ends[k]: the smallest ordinal that closes a run of k + 1
    at: list[int] = []  # at[k]: the place of that row
    before: dict[int, int | None] = {}
    for place, row in enumerate(rows):
        if row is None or row.omitted:
            continue
        length = bisect_left(ends, row.ordinal)
        before[place] = at[length - 1] if length else None
        ends[length:] = [row.ordinal, *ends[length + 1 :]]
        at[length:] = [place, *at[length + 1 :]]
    in_order: set[int] = set()
    step = at[-1] if at else None
    while step is not None:
        in_order.add(step)
        step = before[step]
    return set(before) - in_order
