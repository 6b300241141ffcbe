"""The variants grid: the same room at every hour, in every condition and weather; what may be asked of it."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.urls import reverse
from django.utils.text import slugify

from previs.audit.record import record
from previs.blockout.description import SceneDescription
from previs.blockout.reader import read
from previs.engine.request import MAX_SEED
from previs.events import SheetChanged, publish
from previs.generation.models import HIDDEN, OPEN, Frame, Job
from previs.generation.services import MAX_TAKES, Brief, generate
from previs.generation.sheets import open_sheet
from sets.models import Set, Variant
from sets.recipe import DAMAGES, WEATHER_WORDS, camera_of, compile_variant
from sets.services import SetError, latest_plan

if TYPE_CHECKING:
    from previs.accounts.models import User

TIMES = ("day", "dusk", "night", "dawn")
WEATHERS = ("clear", *WEATHER_WORDS)
MOST_CROWD, MOST_VEHICLES = 400, 60
LONGEST_CONDITION, MOST_CONDITIONS = 60, 12


class Spot(NamedTuple):
    """One place in the grid of a set."""

    time_of_day: str
    condition: str
    weather: str

    @property
    def slug(self) -> str:
        """Told apart from every other spot of its set; part of the id by which its cell is swapped."""
        return f"{self.time_of_day}-{slugify(self.condition, allow_unicode=True)}-{self.weather}"


def spot_of(variant: Variant) -> Spot:
    return Spot(variant.time_of_day, variant.condition, variant.weather)


def conditions_of(place: Set) -> list[str]:
    """The rows of the grid: intact, damaged, ruined, then the designer's own."""
    return [*DAMAGES, *place.conditions]


def spots_of(place: Set, weather: str) -> list[Spot]:
    return [Spot(time, condition, weather) for condition in conditions_of(place) for time in TIMES]


def hero_spot(hero: Frame | None) -> Spot | None:
    """Where in the grid the pick of a set stands, by what its prompt says; None without one, or for a drawing."""
    if hero is None or hero.job is None:
        return None
    request = hero.job.frame_request
    shown = request.blockout or {}
    said: SceneDescription = read(request.prompt, domain="scene").description
    return Spot(
        shown.get("time_of_day", said.time_of_day),
        shown.get("damage", said.damage),
        shown.get("weather", said.weather),
    )


def seen_from(frame: Frame | None) -> str:
    """The label of the plan's camera that a frame was made from, "" where a model placed its own."""
    if frame is None or frame.job is None:
        return ""
    position = (frame.job.frame_request.blockout or {}).get("camera") or {}
    return str(position.get("id", ""))


def empty_spots(place: Set, weather: str) -> list[Spot]:
    """Cells of the grid without a picture and without one under way; the pick of the set fills its own."""
    variants = list(place.variants.filter(weather=weather))
    sheets = [variant.sheet_id for variant in variants]
    busy = set(Frame.objects.filter(sheet__in=sheets).values_list("sheet_id", flat=True))
    busy |= set(Job.objects.filter(sheet__in=sheets, state__in=OPEN).values_list("sheet_id", flat=True))
    taken = {spot_of(variant) for variant in variants if variant.sheet_id in busy or variant.kept_id}
    taken.add(hero_spot(_hero(place)) or Spot("", "", ""))
    return [spot for spot in spots_of(place, weather) if spot not in taken]


def grid_seed(place: Set) -> int:
    """The seed that all cells share: that of the pick, else of the grid's first frame, else a drawn one."""
    hero = _hero(place)
    if hero is not None and hero.job is not None:
        return hero.job.frame_request.seed
    first = Job.objects.filter(sheet__variant__set=place).order_by("created_at").first()
    return first.frame_request.seed if first else secrets.randbelow(MAX_SEED - MAX_TAKES)


@transaction.atomic
def open_variant(
    place: Set, spot: Spot, *, crowd: int | None = None, vehicles: int | None = None, by: User
) -> Variant:
    """The variant at a spot of the grid, made now when nobody needed it before.

    crowd, vehicles: None leaves what a variant has; a new one begins empty.
    Raises SetError for a spot outside the grid, or numbers that the blockout cannot hold.
    """
    if spot.time_of_day not in TIMES or spot.weather not in WEATHERS:
        raise SetError("The grid has no such hour or weather. Choose a cell on the page.")
    if spot.condition not in conditions_of(place):
        raise SetError(f"The grid has no row {spot.condition!r}. Add the row first.")
    _check_numbers(crowd or 0, vehicles or 0)
    variant = place.variants.filter(**spot._asdict()).select_related("sheet__project", "sheet__pick").first()
    if variant is not None:
        wanted = (
            variant.crowd if crowd is None else crowd,
            variant.vehicles if vehicles is None else vehicles,
        )
        if wanted != (variant.crowd, variant.vehicles):
            edit_variant(variant, crowd=wanted[0], vehicles=wanted[1], by=by)
        return variant
    sheet = open_sheet(place.project, kind="variant", title=f"{place.name}, {', '.join(spot)}")
    variant = Variant.objects.create(
        set=place, sheet=sheet, crowd=crowd or 0, vehicles=vehicles or 0, **spot._asdict()
    )
    sheet.path = reverse("variant", args=[place.project.slug, place.pk, variant.pk])
    sheet.save(update_fields=["path"])
    record("open_variant", variant, by=by, project_id=place.project_id, **spot._asdict())
    return variant


@transaction.atomic
def edit_variant(variant: Variant, *, crowd: int, vehicles: int, by: User) -> Variant:
    """Say how many people and vehicles stand in a variant. Raises SetError for numbers outside the limits."""
    _check_numbers(crowd, vehicles)
    variant.crowd, variant.vehicles = crowd, vehicles
    variant.save(update_fields=["crowd", "vehicles"])
    project = variant.set.project_id
    record("edit_variant", variant, by=by, project_id=project, crowd=crowd, vehicles=vehicles)
    publish(SheetChanged(str(project), str(variant.sheet_id)))
    return variant


@transaction.atomic
def fill_grid(
    place: Set,
    *,
    weather: str,
    by: User,
    camera: str = "",
    crowd: int | None = 0,
    vehicles: int | None = 0,
    only: Collection[Spot] = (),
) -> list[Job]:
    """Ask for every empty cell of one weather at once: one camera, one seed, so that they share batches.

    crowd, vehicles: None leaves what a cell has.  only: these cells instead.  All are queued or none.  Raises SetError when there is nothing to fill or a choice
    does not exist, GenerationRefused when the model may not be used.
    """
    plan = latest_plan(place)
    if camera and camera_of(plan, camera) is None:
        raise SetError(f"The blockout has no camera {camera}. Choose another one.")
    # Two people who press at once take turns here, and the second finds the cells taken.
    place = (
        Set.objects.select_for_update(of=("self",)).select_related("project", "sheet__pick").get(pk=place.pk)
    )
    spots = list(only or empty_spots(place, weather))
    if not spots:
        raise SetError("Every cell of this grid has its picture already. Open one to make another take.")
    seed = grid_seed(place)
    jobs: list[Job] = []
    for spot in spots:
        variant = open_variant(place, spot, crowd=crowd, vehicles=vehicles, by=by)
        compiled = compile_variant(variant, camera=camera, plan=plan)
        brief = Brief(
            prompt=compiled.prompt, takes=1, seed=seed, sources=compiled.sources, blockout=compiled.blockout
        )
        jobs += generate(variant.sheet, brief, by=by)
    record(
        "fill_grid", place, by=by, project_id=place.project_id, weather=weather, cells=len(jobs), seed=seed
    )
    return jobs


@transaction.atomic
def keep_concept(place: Set, frame: Frame | None, *, by: User) -> Variant:
    """Keep a concept frame as the variant that its prompt describes: its hour, state and weather.

    Raises SetError for a frame of something else, one that was withdrawn or drawn by hand, and where the variant has
    a picture of its own.
    """
    spot = hero_spot(frame)
    if frame is None or spot is None or frame.sheet_id != place.sheet_id or frame.state in HIDDEN:
        raise SetError("Only a concept frame that was made here can be kept as a variant.")
    variant = open_variant(place, spot, by=by)
    if variant.sheet.frames_made:
        raise SetError(f"{variant} has a picture of its own already. Open it to make another take.")
    variant.kept = frame
    variant.save(update_fields=["kept"])
    record("keep_concept", variant, by=by, project_id=place.project_id, frame=frame.pk, sha256=frame.sha256)
    publish(SheetChanged(str(place.project_id), str(variant.sheet_id)))
    return variant


@transaction.atomic
def add_condition(place: Set, *, words: str, by: User) -> str:
    """Add a row to the grid in the designer's words, for instance "flooded to the knee"; returns it as it is kept.

    Raises SetError for no words, too many, or a row that is there already.
    """
    row = " ".join(words.split()).rstrip(".,;").lower()
    if not slugify(row, allow_unicode=True):
        raise SetError("Write what state the set is in, for instance: flooded to the knee.")
    if len(row) > LONGEST_CONDITION:
        raise SetError(f"The row has {len(row)} characters; the limit is {LONGEST_CONDITION}. Shorten it.")
    known = conditions_of(place)
    if slugify(row, allow_unicode=True) in {slugify(other, allow_unicode=True) for other in known}:
        raise SetError(f"The grid has the row {row!r} already.")
    if len(place.conditions) >= MOST_CONDITIONS:
        raise SetError(f"The grid has {MOST_CONDITIONS} rows of your own; that is as many as fit on a page.")
    place.conditions = [*place.conditions, row]
    place.save(update_fields=["conditions"])
    record("add_condition", place, by=by, project_id=place.project_id, row=row)
    return row


def variant_of(place: Set, pk: uuid.UUID) -> Variant | None:
    found = (
        place.variants.filter(pk=pk).select_related("set__project", "sheet__project", "sheet__pick").first()
    )
    return found


def _hero(place: Set) -> Frame | None:
    return place.sheet.pick if place.sheet.pick_id else None


def _check_numbers(crowd: int, vehicles: int) -> None:
    if not 0 <= crowd <= MOST_CROWD:
        raise SetError(f"The crowd must lie between 0 and {MOST_CROWD}.")
    if not 0 <= vehicles <= MOST_VEHICLES:
        raise SetError(f"Vehicles must lie between 0 and {MOST_VEHICLES}.")
