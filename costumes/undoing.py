"""Taking back the last thing that was said of a character on the plot.

before = row_of(character)
...                                        # any verb of the plot
step = step_since(before, character)       # None where nothing was said
take_back(character, step=step, by=user)   # later, while nobody else has changed the row
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from django.core import signing
from django.db import transaction

from costumes.models import Change, FormerNumber, Wearing
from costumes.plotting import PlotError, alone, settle, tell, worn
from costumes.removing import remove_change
from previs.audit.record import record
from previs.names import shown
from previs.script.models import Character

if TYPE_CHECKING:
    from previs.accounts.models import User

SALT = "costume plot"
NOTHING, OPEN = "-", ""  # of a scene: nothing was said, or that it is open on purpose


@dataclass(frozen=True, slots=True)
class SaidRow:
    """What was said of a character. said: key of the scene to key of the change or OPEN.

    numbers: key of each change to its number.  former: key of the last number that a change gave up, 0 for none.
    """

    said: dict[str, str]
    numbers: dict[str, int]
    former: int

    @property
    def digest(self) -> str:
        body = json.dumps([self.said, self.numbers], sort_keys=True)
        return hashlib.sha256(body.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was said. put_back: key of each scene it touched to what held before: a change, OPEN or NOTHING.

    made: key of the change that it made, "" for none.  after: digest of the row when it was done.
    former: as in `SaidRow`, before it.
    """

    put_back: dict[str, str]
    made: str
    after: str
    former: int

    def signed(self, character: Character, by: User) -> str:
        """For an address that only this user can follow, for this character."""
        return signing.dumps(astuple(self), salt=f"{SALT}.{character.pk}.{by.pk}", compress=True)


def step_of(text: str, character: Character, by: User) -> Step:
    """Raises PlotError for anything that `signed` did not give this user for this character."""
    try:
        return Step(*signing.loads(text, salt=f"{SALT}.{character.pk}.{by.pk}"))
    except (signing.BadSignature, TypeError):
        raise PlotError("There is nothing of yours to take back here.") from None


def row_of(character: Character) -> SaidRow:
    rows = character.wearings.filter(inherited=False).values_list("scene", "change")
    said = {str(scene): str(change) if change else OPEN for scene, change in rows}
    numbers = {str(pk): number for pk, number in character.changes.values_list("pk", "number")}
    last = FormerNumber.objects.filter(change__character=character).order_by("-pk").first()
    return SaidRow(said, numbers, last.pk if last else 0)


def step_since(before: SaidRow, character: Character) -> Step | None:
    """What was said since; None for nothing, and where a change was removed, which is final."""
    now = row_of(character)
    made = now.numbers.keys() - before.numbers.keys()
    if now.digest == before.digest or before.numbers.keys() - now.numbers.keys() or len(made) > 1:
        return None
    put_back = {
        scene: before.said.get(scene, NOTHING)
        for scene in before.said.keys() | now.said.keys()
        if before.said.get(scene) != now.said.get(scene)
    }
    return Step(put_back, next(iter(made), ""), now.digest, before.former)


@transaction.atomic
def take_back(character: Character, *, step: Step, by: User) -> None:
    """The row is again as it was before the step; a change that the step made goes, and its number closes up.

    Raises PlotError, and takes nothing back, when the row was changed since or the new change was worked on.
    """
    alone(character)
    if row_of(character).digest != step.after:
        raise PlotError(
            f"{shown(character.name)}'s row was changed since, so nothing was taken back. Set it as it should be."
        )
    before = worn(character)
    for scene, change in step.put_back.items():
        if change == NOTHING:
            Wearing.objects.filter(character=character, scene_id=scene).delete()
        else:
            Wearing.objects.update_or_create(
                character=character,
                scene_id=scene,
                defaults={"change_id": change or None, "inherited": False},
            )
    if step.made:
        _unmake(character.changes.select_related("sheet", "character__project").get(pk=step.made), by=by)
        FormerNumber.objects.filter(change__character=character, pk__gt=step.former).delete()
    settle(character.project, [character])
    record("take_back", character, by=by, project_id=character.project_id, scenes=len(step.put_back))
    tell(character, before)


def _unmake(change: Change, *, by: User) -> None:
    if (
        any((change.title, change.garments, change.wear_note))
        or change.layers.exists()
        or change.stages.exists()
        or change.sheet.jobs.exists()
        or change.sheet.frames.exists()
    ):
        raise PlotError(f"{change} has been worked on since, so it stays. Remove it beside the plot.")
    remove_change(change, by=by)
