"""The stages of a change in story order: clean, worn, wet, torn, bloody, burnt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from costumes.models import Change, ChangeStage, Wear
from costumes.plotting import PlotError
from previs.audit.record import record
from previs.events import PlotChanged, SheetChanged, publish

if TYPE_CHECKING:
    from previs.accounts.models import User


@transaction.atomic
def set_stage(change: Change, *, stage: str, scene: Any, note: str = "", by: User) -> ChangeStage:
    """From this scene on the change is in this stage, in place of what began there before.

    scene: primary key of one of the character's scenes. Raises PlotError.
    """
    if stage not in Wear.values:
        raise PlotError(f"Choose a stage: {', '.join(Wear.labels)}.")
    begins = change.character.scenes.filter(pk=scene).first() if scene else None
    if begins is None:
        raise PlotError("Choose the scene of this character in which the stage begins.")
    kept, _ = ChangeStage.objects.update_or_create(
        change=change, from_scene=begins, defaults={"stage": stage, "note": note.strip()[:200]}
    )
    _done("set_stage", change, by=by, stage=stage, scene=begins.number)
    return kept


@transaction.atomic
def end_stage(stage: ChangeStage, *, by: User) -> None:
    """The change goes on in the stage before."""
    change = stage.change
    scene = stage.from_scene.number
    stage.delete()
    _done("end_stage", change, by=by, scene=scene)


def _done(verb: str, change: Change, *, by: User, **what: Any) -> None:
    project = change.character.project_id
    record(verb, change, by=by, project_id=project, **what)
    publish(
        PlotChanged(str(project), str(change.character_id)), SheetChanged(str(project), str(change.sheet_id))
    )
