"""What the variants grid shows: one cell for every hour and condition, drawn alike by page, view and socket."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from previs.generation.cards import JobCard
from previs.generation.history import seconds_per_frame
from previs.generation.models import HIDDEN, Frame, Job, JobState, Provenance
from previs.generation.services import Brief, GenerationRefused, batch_key_of, compose
from previs.generation.subjects import subject_cards
from previs.projects.models import EDITING_ROLES
from previs.review.state import ReviewState, Standing, states_of
from sets.models import Set, Variant
from sets.recipe import DAMAGES, camera_of, compile_variant, row_reading
from sets.services import latest_plan
from sets.variants import TIMES, Spot, conditions_of, grid_seed, hero_spot, seen_from, spot_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from previs.accounts.models import User

OTHER_SEED = "Other seed than the hero"
OTHER_CAMERA = "Other camera than the hero"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. frame: the variant's pick, its newest frame, or a concept kept as it; the set's own pick where `hero`.

    job: the one under way.  failed: its last try ended without a picture.  stale: why the picture is, "" when not.
    again: the hero has another camera or seed, and no take of the cell has the hero's yet.
    """

    place: Set
    spot: Spot
    variant: Variant | None = None
    frame: Frame | None = None
    state: ReviewState | None = None
    job: JobCard | None = None
    hero: bool = False
    failed: bool = False
    stale: str = ""
    again: bool = False
    can_edit: bool = False

    @property
    def id(self) -> str:
        return f"cell-{self.place.pk}-{self.spot.slug}"

    @property
    def url(self) -> str:
        kept = self.variant is not None and self.frame is not None and self.frame.pk == self.variant.kept_id
        if self.variant is not None and not self.hero and not kept:
            return self.variant.sheet.path
        return self.frame.get_absolute_url() if self.frame else ""

    @property
    def words(self) -> str:
        """What stands in the corner of the picture: "Hero v2", "In review", "Changes", "Draft"."""
        assert self.state is not None
        approved = self.state.standing == Standing.APPROVED
        return (
            f"Hero v{self.state.version}"
            if self.hero or (approved and self.state.picked)
            else self.state.short
        )

    @property
    def tone(self) -> str:
        assert self.state is not None
        return "ac" if self.hero else self.state.tone

    @property
    def icon(self) -> str:
        """A draft needs none: nothing has happened to it yet."""
        assert self.state is not None
        if self.hero:
            return "star"
        return "" if self.state.standing == Standing.DRAFT else self.state.icon


@dataclass(frozen=True, slots=True)
class Row:
    """unread: words of it that no blockout draws.  alike: none of them changes the picture of an intact set."""

    condition: str
    cells: list[Cell]
    unread: list[str]
    alike: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """times: the columns.  empty: cells to fill.  seconds: what filling them takes, None before it is known.

    again: cells that can be made again as the hero was.  again_seconds: what that takes.
    """

    weather: str
    times: tuple[str, ...]
    rows: list[Row]
    empty: int
    seconds: float | None
    again: list[Spot]
    again_seconds: float | None


def grid_of(place: Set, weather: str, user: User) -> Grid:
    """The grid of one weather, in a constant number of queries. place: with sheet, pick and project loaded."""
    variants = place.variants.filter(weather=weather).select_related("sheet__pick", "sheet__project")
    cells = {cell.spot: cell for cell in cells_of(place, list(variants), user)}
    hero = _hero_cell(place)
    if hero is not None and hero.spot.weather == weather:
        mine = cells.get(hero.spot)
        if mine is None or mine.frame is None:
            cells[hero.spot] = hero
    may = place.project.role_of(user) in EDITING_ROLES
    rows = [
        Row(
            condition,
            [
                cells.get(Spot(time, condition, weather))
                or Cell(place, Spot(time, condition, weather), can_edit=may)
                for time in TIMES
            ],
            *(([], False) if condition in DAMAGES else row_reading(place, condition)),
        )
        for condition in conditions_of(place)
    ]
    empty = sum(cell.frame is None and cell.job is None for row in rows for cell in row.cells)
    each = _seconds_each(place, weather)
    again = [cell.spot for row in rows for cell in row.cells if cell.again]
    return Grid(
        weather,
        TIMES,
        rows,
        empty,
        None if each is None else each * empty,
        again,
        None if each is None else each * len(again),
    )


def cells_of(place: Set, variants: Sequence[Variant], user: User) -> list[Cell]:
    """The cells of variants that have `sheet__pick` and `sheet__project` loaded; constant queries."""
    cards = subject_cards(variants, user)
    unpicked = [card.sheet.pk for card in cards if card.frame is None]
    newest: dict[uuid.UUID, Frame] = {}
    kept = Frame.objects.filter(pk__in=[variant.kept_id for variant in variants if variant.kept_id])
    concepts = {frame.pk: frame for frame in kept.exclude(state__in=HIDDEN).select_related("sheet__project")}
    for variant in variants:
        if variant.kept_id in concepts:
            newest[variant.sheet_id] = concepts[variant.kept_id]
    drafts = Frame.objects.filter(sheet__in=unpicked).exclude(state__in=HIDDEN)
    for frame in drafts.select_related("sheet__project").order_by("number") if unpicked else ():
        newest[frame.sheet_id] = frame
    shown: dict[uuid.UUID, Frame | None] = {
        card.sheet.pk: card.frame or newest.get(card.sheet.pk) for card in cards
    }
    states = states_of([frame for frame in shown.values() if frame])
    bare = [pk for pk, frame in shown.items() if frame is None]
    failed = set(
        Job.objects.filter(sheet__in=bare, state=JobState.FAILED).values_list("sheet_id", flat=True)
        if bare
        else ()
    )
    may = place.project.role_of(user) in EDITING_ROLES
    otherwise = _unlike_the_hero(
        place, [frame for pk, frame in shown.items() if frame and frame.sheet_id == pk]
    )
    again = _without_a_take_like_the_hero(
        place, {frame.sheet_id for frame in shown.values() if frame and frame.pk in otherwise}
    )
    cells = []
    for card, variant in zip(cards, variants, strict=True):
        picture = shown[card.sheet.pk]
        cells.append(
            Cell(
                place,
                spot_of(variant),
                variant,
                picture,
                states[picture.pk] if picture else None,
                card.job,
                failed=card.sheet.pk in failed,
                stale=card.stale or (otherwise.get(picture.pk, "") if picture else ""),
                again=card.sheet.pk in again and card.job is None,
                can_edit=may,
            )
        )
    return cells


def _unlike_the_hero(place: Set, frames: Sequence[Frame]) -> dict[uuid.UUID, str]:
    """Why frames do not show the hero's room as the hero does, after another hero was chosen or a blockout drawn."""
    hero, shown = place.sheet.pick_id, {frame.pk for frame in frames}
    if hero is None or not shown:
        return {}
    made = _camera_and_seed(Provenance.objects.filter(frame__in=shown | {hero}))
    if hero not in made:
        return {}
    camera, seed = made[hero]
    return {
        pk: OTHER_CAMERA if of_camera != camera else OTHER_SEED
        for pk, (of_camera, of_seed) in made.items()
        if (of_camera, of_seed) != (camera, seed)
    }


def _without_a_take_like_the_hero(place: Set, sheets: set[uuid.UUID]) -> set[uuid.UUID]:
    """Of sheets, those that have no take from the hero's camera with its seed; none where that camera is gone."""
    camera = seen_from(place.sheet.pick)
    if not sheets:
        return set()
    position = camera_of(latest_plan(place), camera)
    if (str(position["id"]) if position else "") != camera:
        return set()
    taken = Provenance.objects.filter(frame__sheet__in=sheets).exclude(frame__state__in=HIDDEN)
    made, wanted = _camera_and_seed(taken), (camera, grid_seed(place))
    alike = [frame for frame, seen in made.items() if seen == wanted]
    return sheets - set(Frame.objects.filter(pk__in=alike).values_list("sheet_id", flat=True))


def _camera_and_seed(provenances: QuerySet[Provenance]) -> dict[uuid.UUID, tuple[str, int]]:
    """Frame -> the label of the camera it was seen from, "" for none, and its seed."""
    rows = provenances.values_list("frame", "request__blockout__camera__id", "seed")
    return {frame: (camera or "", seed) for frame, camera, seed in rows}


def _hero_cell(place: Set) -> Cell | None:
    hero = place.sheet.pick
    spot = hero_spot(hero)
    if hero is None or spot is None:
        return None
    hero.sheet = place.sheet
    return Cell(place, spot, frame=hero, state=states_of([hero])[hero.pk], hero=True)


def _seconds_each(place: Set, weather: str) -> float | None:
    """What one cell takes, told by frames of the same model where no cell was measured yet."""
    cell = Variant(set=place, time_of_day=TIMES[0], condition=conditions_of(place)[0], weather=weather)
    compiled = compile_variant(cell)
    try:
        request = compose(place.project, Brief(compiled.prompt, takes=1, blockout=compiled.blockout))
    except GenerationRefused:
        return None
    return seconds_per_frame(batch_key_of(request), like=request)


def cell_context(cell: Cell) -> dict[str, Any]:
    return {"cell": cell, "place": cell.place}
