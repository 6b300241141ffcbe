"""Taking a change off the plot: those after it close up, and what was made for it stays on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse

from costumes.models import Change
from costumes.plotting import PlotError, alone, renumber, settle, tell, worn
from previs.audit.record import record
from previs.events import SheetChanged, publish
from previs.names import shown
from previs.review.models import Decision, Verdict
from previs.script.models import Character

if TYPE_CHECKING:
    from previs.accounts.models import User


@transaction.atomic
def remove_number(character: Character, *, number: int, by: User) -> None:
    """`remove_change` by its number. Raises PlotError also where there is none with it."""
    alone(character)
    change = character.changes.filter(number=number).select_related("character__project", "sheet").first()
    if change is None:
        raise PlotError(
            f"{shown(character.name)} has no change {number}. Somebody may have removed it before you."
        )
    remove_change(change, by=by)


@transaction.atomic
def remove_change(change: Change, *, by: User) -> None:
    """Remove a change: later ones move down by one with all that is theirs, their old numbers stay searchable.

    The scenes it was worn in follow what was worn before on their story day, or are gaps. Its words, garments, stages
    and scenes go into the audit trail; its pictures stay on their sheet, where history and records find them.
    Raises PlotError while one of its pictures is approved, a take of it is under way, or somebody was fitted in it.
    """
    character = change.character
    alone(character)
    if fault := _held_by(change):
        raise PlotError(f"{change} cannot be removed: {fault}")
    sheet, number, kept, before = change.sheet, change.number, _kept(change), worn(character)
    record("remove_change", change, by=by, project_id=character.project_id, **kept)
    change.delete()
    sheet.title = f"{shown(character.name)}, change {number}, removed"
    sheet.path = reverse("costumes", args=[character.project.slug])
    sheet.save(update_fields=["title", "path"])
    for later in character.changes.filter(number__gt=number).order_by("number").select_related("sheet"):
        renumber(later, later.number - 1)
    settle(character.project, [character])
    tell(character, before)
    publish(SheetChanged(str(character.project_id), str(sheet.pk)))


def _held_by(change: Change) -> str:
    """Why a change must stay, and what to do; "" for nothing."""
    approved = Decision.objects.in_force().filter(frame__sheet=change.sheet_id, verdict=Verdict.APPROVED)
    if (decision := approved.select_related("by").first()) is not None:
        return f"a picture of it is approved by {decision.by}. Ask for the approval to be taken back first."
    if change.sheet.jobs.open().exists():
        return "a take of it is under way. Cancel it, or wait until it is done."
    if change.fittings.exists():
        return "somebody was fitted in it, and that record has to stay. Set its scenes to another change instead."
    return ""


def _kept(change: Change) -> dict[str, object]:
    """What the audit trail keeps of a change, as JSON."""
    layers = change.layers.select_related("garment").order_by("order")
    stages = change.stages.select_related("from_scene")
    return {
        "number": change.number,
        "title": change.title,
        "garments": change.garments,
        "wear_note": change.wear_note,
        "scenes": list(change.scenes.order_by("ordinal").values_list("number", flat=True)),
        "layers": [[str(layer.garment_id), layer.garment.name, layer.slot] for layer in layers],
        "stages": [[stage.stage, stage.from_scene.number, stage.note] for stage in stages],
        "sheet": str(change.sheet_id),
        "frames": list(change.sheet.frames.order_by("number").values_list("sha256", flat=True)),
    }
