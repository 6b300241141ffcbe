"""The verbs of the costume plot: who wears which change where.

Only what somebody said is decided here; the rest of a story day follows by `settle`, which every verb ends with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from costumes.days import LABEL, LABEL_HELP, Said, StoryDay, story_days
from costumes.models import Change, FormerNumber, Presence, SceneTiming, Wearing
from costumes.worn import sheets_showing
from previs.audit.record import record
from previs.events import PlotChanged, SheetChanged, publish
from previs.generation.sheets import open_sheet
from previs.names import shown
from previs.projects.models import Project
from previs.script.models import Character, Scene

if TYPE_CHECKING:
    from previs.accounts.models import User

# A plot has a column for every scene; nobody wears more changes than a feature has scenes.
MOST_CHANGES = 99


class PlotError(Exception):
    """What was asked cannot be done; the message says why and what to do."""


def days_of(project: Project) -> tuple[list[Scene], list[StoryDay]]:
    """Every scene in story order, omitted ones too, and the day of each. One query."""
    scenes = list(project.scenes.select_related("timing").defer("text", "synopsis").order_by("ordinal"))
    timings: list[SceneTiming | None] = [getattr(scene, "timing", None) for scene in scenes]
    said = [Said(timing.story_day, timing.words) if timing else Said() for timing in timings]
    return scenes, story_days(scenes, said)


@transaction.atomic
def wear(character: Character, *, scenes: Collection[Any], change: Change | None, by: User) -> None:
    """Say what a character wears in some of their scenes; None says that there it is open. Scenes after them on the
    same story day follow, up to the next that was said.

    scenes: primary keys. Raises PlotError when the character plays in none of them, or the change is another's.
    """
    alone(character)
    if change is not None and change.character_id != character.pk:
        raise PlotError(f"{change} belongs to somebody else. Choose a change of {shown(character.name)}.")
    played = _played(character, scenes)
    before = worn(character)
    for scene in played:
        Wearing.objects.update_or_create(
            character=character, scene=scene, defaults={"change": change, "inherited": False}
        )
    settle(character.project, [character])
    record(
        "wear",
        change or character,
        by=by,
        project_id=character.project_id,
        scenes=[scene.number for scene in played],
        number=change.number if change else None,
    )
    tell(character, before)


@transaction.atomic
def wear_number(character: Character, *, scenes: Collection[Any], number: int, by: User) -> Change:
    """The same by number; the number after the last makes that change. Raises PlotError for a higher one."""
    alone(character)
    change = character.changes.filter(number=number).first()
    if change is None:
        last = _last_number(character)
        if number != last + 1:
            raise PlotError(
                f"{shown(character.name)} has {_how_many(last)}. The next new one is number {last + 1}."
            )
        _played(character, scenes)
        change = add_change(character, by=by)
    wear(character, scenes=scenes, change=change, by=by)
    return change


@transaction.atomic
def leave_to_inherit(character: Character, *, scenes: Collection[Any], by: User) -> None:
    """Take back what was said for these scenes, so that each follows the scene before on its story day.

    Raises PlotError when nothing was said there.
    """
    alone(character)
    said = character.wearings.filter(scene__in=list(scenes), inherited=False)
    numbers = list(said.values_list("scene__number", flat=True))
    if not numbers:
        raise PlotError(
            "Nothing is set here. What shows is worn on from an earlier scene of the day; set another change, or 0 for none."
        )
    before = worn(character)
    said.delete()
    settle(character.project, [character])
    record("leave_to_inherit", character, by=by, project_id=character.project_id, scenes=numbers)
    tell(character, before)


@transaction.atomic
def add_change(character: Character, *, by: User) -> Change:
    """The next change of a character, worn in no scene yet. Raises PlotError past the last number."""
    return insert_change(character, number=_last_number(character) + 1, scenes=(), by=by)


@transaction.atomic
def insert_change(character: Character, *, number: int, scenes: Collection[Any] = (), by: User) -> Change:
    """A new change with this number; it and all after it move up by one, with everything that is theirs.

    A change is one row whatever its number, so garments, notes, frames and decisions stay with it; the number it had
    is kept and can be searched. scenes: where the new one is worn at once.
    Raises PlotError for a number that would leave a hole.
    """
    alone(character)
    last = _last_number(character)
    if not 1 <= number <= last + 1 or last >= MOST_CHANGES:
        raise PlotError(
            f"{shown(character.name)} has {_how_many(last)}; a new one can be number 1 to {min(last + 1, MOST_CHANGES)}."
        )
    for later in character.changes.filter(number__gte=number).order_by("-number").select_related("sheet"):
        renumber(later, later.number + 1)
    sheet = open_sheet(character.project, kind="change", title=_title(character, number))
    change = Change.objects.create(character=character, number=number, sheet=sheet)
    sheet.path = reverse("change", args=[character.project.slug, change.pk])
    sheet.save(update_fields=["path"])
    record(
        "add_change", change, by=by, project_id=character.project_id, number=number, moved=last + 1 - number
    )
    if scenes:
        wear(character, scenes=scenes, change=change, by=by)
    publish(PlotChanged(str(character.project_id), str(character.pk)))
    return change


@transaction.atomic
def set_presence(character: Character, scene: Scene, *, plays: bool, by: User) -> None:
    """Somebody plays in a scene, whatever the script says, or does not.

    Taking them out detaches what they wore there and touches nothing of the change itself.
    """
    alone(character)
    before = worn(character)
    Presence.objects.update_or_create(character=character, scene=scene, defaults={"plays": plays})
    if plays:
        scene.cast.add(character)
    else:
        scene.cast.remove(character)
    settle(character.project, [character])
    record("set_presence", character, by=by, project_id=character.project_id, scene=scene.number, plays=plays)
    tell(character, before)


@transaction.atomic
def set_story_day(scene: Scene, *, label: str, words: str, by: User) -> None:
    """Say on which day a scene plays; "" leaves it to the headings. What is worn on follows the new days.

    Raises PlotError for a label that is none.
    """
    label = label.strip().upper()
    if label and not LABEL.fullmatch(label):
        raise PlotError(LABEL_HELP)
    SceneTiming.objects.update_or_create(
        scene=scene, defaults={"story_day": label, "words": words.strip()[:40] if label else ""}
    )
    settle(scene.project)
    record("set_story_day", scene, by=by, project_id=scene.project_id, day=label)
    publish(PlotChanged(str(scene.project_id), ""))


@transaction.atomic
def set_shooting_order(project: Project, *, numbers: Sequence[str], by: User) -> None:
    """The order in which scenes are shot, by their numbers; scenes that are not named are not scheduled.

    Raises PlotError, and changes nothing, for a number that is no scene or stands there twice.
    """
    scenes = {scene.number.upper(): scene for scene in project.scenes.all()}
    wanted = [number.upper() for number in numbers]
    unknown = [number for number in wanted if number not in scenes]
    twice = sorted({number for number in wanted if wanted.count(number) > 1})
    if unknown or twice:
        raise PlotError(
            f"There is no scene {', '.join(unknown)}. Nothing was changed."
            if unknown
            else f"Scene {', '.join(twice)} stands there twice. Nothing was changed."
        )
    SceneTiming.objects.filter(scene__project=project).update(shot_as=None)
    for place, number in enumerate(wanted, start=1):
        SceneTiming.objects.update_or_create(scene=scenes[number], defaults={"shot_as": place})
    record("set_shooting_order", project, by=by, project_id=project.pk, scenes=wanted)
    publish(PlotChanged(str(project.pk), ""))


def settle(project: Project, characters: Iterable[Character] | None = None) -> None:
    """Write what is inherited anew: in each scene where nothing was said, what was worn last on that story day.

    Detaches what was worn in scenes where the character no longer plays. characters: None for the whole cast.
    """
    scenes, days = days_of(project)
    standing = [(scene.pk, day.key) for scene, day in zip(scenes, days, strict=True) if not scene.omitted]
    omitted = {scene.pk for scene in scenes if scene.omitted}
    cast = list(project.characters.all() if characters is None else characters)
    plays: dict[Any, set[Any]] = defaultdict(set)
    for pk, scene_pk in Character.scenes.through.objects.filter(character__in=cast).values_list(
        "character", "scene"
    ):
        plays[pk].add(scene_pk)
    worn: dict[Any, dict[Any, Wearing]] = defaultdict(dict)
    for wearing in Wearing.objects.filter(character__in=cast):
        worn[wearing.character_id][wearing.scene_id] = wearing
    gone: list[int] = []
    new: list[Wearing] = []
    for character in cast:
        rows, carried = worn[character.pk], {}
        # A scene that was cut keeps what was said of it, for the day it comes back.
        keep = {pk for pk, row in rows.items() if pk in omitted and not row.inherited}
        for scene_pk, day in standing:
            row = rows.get(scene_pk)
            if scene_pk not in plays[character.pk]:
                continue
            if row is not None and not row.inherited:
                carried[day] = row.change_id
                keep.add(scene_pk)
            elif (change := carried.get(day)) is not None:
                if row is not None and row.change_id == change:
                    keep.add(scene_pk)
                else:
                    new.append(
                        Wearing(character=character, scene_id=scene_pk, change_id=change, inherited=True)
                    )
        gone += [row.pk for pk, row in rows.items() if pk not in keep]
    Wearing.objects.filter(pk__in=gone).delete()
    Wearing.objects.bulk_create(new)


def alone(character: Character) -> None:
    """Two who change one character's row at once take turns."""
    Character.objects.select_for_update().get(pk=character.pk)


def worn(character: Character) -> dict[Any, Any]:
    """By the key of the scene: the key of the change."""
    return dict(character.wearings.values_list("scene", "change"))


def tell(character: Character, before: dict[Any, Any]) -> None:
    """Whoever has the plot open reads the row anew, and frames of scenes where something else is worn now than
    before look at themselves again."""
    project, now = str(character.project_id), worn(character)
    changed = {scene for scene in before.keys() | now.keys() if before.get(scene) != now.get(scene)}
    sheets = sheets_showing(character, changed)
    publish(PlotChanged(project, str(character.pk)), *(SheetChanged(project, str(sheet)) for sheet in sheets))


def _played(character: Character, scenes: Collection[Any]) -> list[Scene]:
    played = list(character.scenes.filter(pk__in=list(scenes), omitted=False))
    if not played:
        raise PlotError(
            f"{shown(character.name)} does not play in this scene. Put them in it first, or choose another scene."
        )
    return played


def _last_number(character: Character) -> int:
    last: int = character.changes.aggregate(last=Max("number"))["last"] or 0
    return last


def _how_many(count: int) -> str:
    return f"{count or 'no'} change{'' if count == 1 else 's'}"


def renumber(change: Change, number: int) -> None:
    """Another number for a change; the one it had can still be searched."""
    FormerNumber.objects.create(change=change, number=change.number)
    Change.objects.filter(pk=change.pk).update(number=number)
    change.sheet.title = _title(change.character, number)
    change.sheet.save(update_fields=["title"])
    publish(SheetChanged(str(change.character.project_id), str(change.sheet_id)))


def _title(character: Character, number: int) -> str:
    return f"{shown(character.name)}, change {number}"
