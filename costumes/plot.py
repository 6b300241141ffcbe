"""The costume plot as it is shown: rows of characters, columns of scenes under their story days.

plot = plot_of(project, order="story")
plot.days, plot.columns      # the two header rows
plot.rows[0].cells           # one cell for each column
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

from django.utils.safestring import SafeString

from costumes.cell_html import cells_html, heads_html
from costumes.days import StoryDay
from costumes.looks import NEEDS_NEW, STALE, STANDINGS, Look, looks_of
from costumes.models import ChangeStage, Wearing
from costumes.outfits import stage_at, stage_label
from costumes.plotting import days_of
from previs.generation.models import Frame
from previs.names import shown
from previs.projects.models import Project
from previs.script.colours import strip_kind
from previs.script.models import Character, Scene

# The stylesheet has a class for bars of up to this many scenes; longer ones have the room of this many for words.
WIDEST_BAR = 12
FEW, SOME = 12, 17  # columns that have room for words at a width of 1440 px
MOST_SHARING = 24  # columns that share the width of a wide screen; the stylesheet has a class for each count
GAP_ICON = "triangle-alert"
STORY, SHOOTING = "story", "shooting"
NOTHING = (None, False)  # a change's number, and whether it is worn on


@dataclass(frozen=True, slots=True)
class Column:
    """One scene. number: as in the script; kind: the colour class.  empty: the cell of who does not play in it."""

    scene: Scene
    day: StoryDay
    kind: str
    number: str
    empty: Cell


@dataclass(frozen=True, slots=True)
class DayHead:
    """Neighbouring columns of one day. span: how many."""

    day: StoryDay
    span: int


@dataclass(slots=True)
class Cell:
    """One character in one scene. look: None for a gap, and where they do not play.

    stage: "wet", "" for clean.  first, last: ends of its bar; span: scenes of the bar, on the first cell only.
    """

    scene: Scene
    plays: bool
    look: Look | None = None
    inherited: bool = False
    stage: str = ""
    first: bool = False
    last: bool = False
    span: int = 0

    @property
    def gap(self) -> bool:
        return self.plays and self.look is None

    @property
    def width(self) -> int:
        return min(self.span, WIDEST_BAR)

    def joins(self, other: Cell) -> bool:
        """Whether both are parts of one bar when they stand side by side."""
        if self.gap or other.gap:
            return self.gap and other.gap
        return self.look is not None and self.look is other.look and self.stage == other.stage


@dataclass
class Row:
    """One character. portrait: the first look of theirs that has a picture."""

    character: Character
    looks: list[Look]
    cells: list[Cell]
    portrait: Frame | None

    @property
    def html(self) -> SafeString:
        """Its cells, for the template."""
        return cells_html(shown(self.character.name), self.cells)

    @cached_property
    def gaps(self) -> int:
        return sum(cell.gap for cell in self.cells)


@dataclass(slots=True)
class Plot:
    """order: "story" or "shooting".  scheduled: whether a shooting order was typed."""

    order: str
    columns: list[Column]
    rows: list[Row]
    scheduled: bool = False
    days: list[DayHead] = field(default_factory=list)

    @property
    def icons(self) -> list[str]:
        """Every icon that a bar may have."""
        return [GAP_ICON, STALE[1], NEEDS_NEW[1], *(icon for _, icon, _ in STANDINGS.values())]

    @property
    def example(self) -> str:
        """What somebody might look for here: "mara 3, scarf"."""
        for row in self.rows:
            for look in row.looks:
                if look.title:
                    name, garment = shown(row.character.name).split()[-1], look.title.split()[-1]
                    return f"{name} {look.change.number}, {garment}".lower()
        return "name, number or garment"

    @property
    def heads_html(self) -> SafeString:
        return heads_html(self.columns)

    @property
    def size(self) -> str:
        """Classes of the table: a short film has wider columns, which share the width that there is."""
        count = len(self.columns)
        if count > MOST_SHARING:
            return ""
        return f"{'few ' if count <= FEW else 'some ' if count <= SOME else ''}c{count}"

    @property
    def gaps(self) -> int:
        return sum(row.gaps for row in self.rows)

    @property
    def changes(self) -> int:
        return sum(len(row.looks) for row in self.rows)

    @property
    def stale(self) -> int:
        return sum(bool(look.stale) for row in self.rows for look in row.looks)


def plot_of(project: Project, *, order: str = STORY, characters: Collection[Character] | None = None) -> Plot:
    """The plot of a production, or the rows of some characters. The same few queries whatever its size."""
    columns = columns_of(project, order)
    cast = list(project.characters.all()) if characters is None else list(characters)
    looks = looks_of(cast)
    # Numbers are unique within a production, and of thousands of rows they cost a third of what keys would.
    plays: dict[int, set[str]] = defaultdict(set)
    in_scene = Character.scenes.through.objects.filter(character__in=cast)
    for person, scene in in_scene.values_list("character__number", "scene__number"):
        plays[person].add(scene)
    worn: dict[int, dict[str, tuple[int | None, bool]]] = defaultdict(dict)
    wearings = Wearing.objects.filter(character__in=cast)
    for person, scene, number, inherited in wearings.values_list(
        "character__number", "scene__number", "change__number", "inherited"
    ):
        worn[person][scene] = number, inherited
    stages: dict[Any, list[ChangeStage]] = defaultdict(list)
    for stage in ChangeStage.objects.filter(change__character__in=cast).select_related("from_scene"):
        stages[stage.change_id].append(stage)
    rows = []
    for character in cast:
        own = looks[character.pk]
        by_number = {look.change.number: look for look in own}
        own_plays, own_worn = plays[character.number], worn[character.number]
        # Where somebody does not play, one cell stands for all rows.
        cells = [
            _cell(column.scene, own_worn.get(column.number, NOTHING), by_number, stages)
            if column.number in own_plays and not column.scene.omitted
            else column.empty
            for column in columns
        ]
        _join(cells)
        portrait = next((look.frame for look in own if look.frame), None)
        rows.append(Row(character, own, cells, portrait))
    days = [
        DayHead(run[0].day, len(run))
        for run in (list(group) for _, group in groupby(columns, key=lambda column: column.day.label))
    ]
    scheduled = any(getattr(getattr(column.scene, "timing", None), "shot_as", None) for column in columns)
    return Plot(order, columns, rows, scheduled, days)


def columns_of(project: Project, order: str = STORY) -> list[Column]:
    """The scenes in story order, or as they are shot: as scheduled, then the rest by set, one after the other."""
    scenes, days = days_of(project)
    columns = [
        Column(scene, day, strip_kind(scene), scene.number, Cell(scene, plays=False))
        for scene, day in zip(scenes, days, strict=True)
    ]
    if order != SHOOTING:
        return columns
    first_in_set: dict[str, int] = {}
    for column in columns:
        first_in_set.setdefault(column.scene.set_key, column.scene.ordinal)

    def shot(column: Column) -> tuple[int, int, int]:
        timing = getattr(column.scene, "timing", None)
        if timing is not None and timing.shot_as is not None:
            return 0, timing.shot_as, 0
        return 1, first_in_set[column.scene.set_key], column.scene.ordinal

    return sorted((column for column in columns if not column.scene.omitted), key=shot)


def _cell(
    scene: Scene,
    worn: tuple[int | None, bool],
    looks: dict[int, Look],
    stages: dict[Any, list[ChangeStage]],
) -> Cell:
    number, inherited = worn
    look = looks.get(number) if number is not None else None
    if look is None:
        return Cell(scene, plays=True)
    own_stages = stages.get(look.change.pk)
    return Cell(scene, True, look, inherited, stage_label(stage_at(own_stages, scene)) if own_stages else "")


def _join(cells: Sequence[Cell]) -> None:
    """Mark where the bars of a row begin and end."""
    start: Cell | None = None
    for place, cell in enumerate(cells):
        if not cell.plays:
            continue
        before = cells[place - 1] if place else None
        if start is None or before is None or not before.plays or not before.joins(cell):
            start, cell.first = cell, True
        start.span += 1
        after = cells[place + 1] if place + 1 < len(cells) else None
        cell.last = after is None or not after.plays or not cell.joins(after)
