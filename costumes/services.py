"""Changes grow from the cast of the script; the designer gives them garments."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from costumes.models import Change
from previs.audit.models import AuditEntry
from previs.audit.record import record
from previs.events import SheetChanged, publish
from previs.generation.sheets import open_sheet
from previs.names import shown
from previs.projects.models import Project
from previs.script.models import Character

if TYPE_CHECKING:
    from previs.accounts.models import User


def dress_the_cast(project: Project, by: User) -> None:
    """After an import: everybody has a change 1, and wears it in every scene without another."""
    for character in project.characters.prefetch_related("changes"):
        scenes = character.scenes.filter(omitted=False)
        if not character.changes.all():
            add_change(character, by=by).scenes.set(scenes)
            continue
        first = character.changes.order_by("number").first()
        if first is not None:
            first.scenes.add(*scenes.exclude(changes__character=character))


@transaction.atomic
def add_change(character: Character, *, by: User) -> Change:
    """The next change of a character, worn in no scene yet."""
    last = character.changes.aggregate(last=Max("number"))["last"] or 0
    title = f"{shown(character.name)}, change {last + 1}"
    sheet = open_sheet(character.project, kind="change", title=title)
    change = Change.objects.create(character=character, number=last + 1, sheet=sheet)
    sheet.path = reverse("change", args=[character.project.slug, change.pk])
    sheet.save(update_fields=["path"])
    record("add_change", change, by=by, project_id=character.project_id, number=change.number)
    return change


class Overtaken(Exception):  # noqa: N818 - an answer, not a fault
    """Somebody saved the change after the form was drawn, so saving would undo their words unseen.

    by: their name, "" when it cannot be told.  at: when.  garments, scenes: as they are saved now; scenes as numbers.
    """

    def __init__(self, change: Change) -> None:
        super().__init__("Somebody else saved this change meanwhile.")
        last = (
            AuditEntry.objects.filter(
                verb="dress", object_kind=change._meta.label_lower, object_id=str(change.pk)
            )
            .select_related("actor")
            .order_by("-seq")
            .first()
        )
        self.by = str(last.actor or "") if last else ""
        self.at: datetime | None = last.at if last else None
        self.garments = change.garments
        self.scenes = [scene.number for scene in change.scenes.all()]


@transaction.atomic
def dress(change: Change, *, garments: str, scenes: list[str], by: User, seen: str | None = None) -> Change:
    """Set what is worn and where. A scene has one change of a character: it leaves the one it had.

    scenes: primary keys; those outside the character's own scenes are ignored.
    seen: `wardrobe_digest` of what the person had before them; None asks nothing.
    Raises Overtaken, and saves nothing, when something else was saved since.
    """
    # Two who save at once take turns; the second one is told.
    Change.objects.select_for_update(of=("self",)).get(pk=change.pk)
    change.refresh_from_db(fields=["garments"])
    own = change.character.scenes.filter(pk__in=scenes)
    before = set(change.scenes.values_list("pk", flat=True))
    if change.garments == garments and before == set(own.values_list("pk", flat=True)):
        return change
    if seen is not None and seen != wardrobe_digest(change):
        raise Overtaken(change)
    change.garments = garments
    change.save(update_fields=["garments"])
    left = list(change.character.changes.exclude(pk=change.pk).filter(scenes__in=own).distinct())
    for other in left:
        other.scenes.remove(*own)
    change.scenes.set(own)
    project = change.character.project_id
    record("dress", change, by=by, project_id=project)
    publish(*(SheetChanged(str(project), str(touched.sheet_id)) for touched in (change, *left)))
    return change


def wardrobe_digest(change: Change) -> str:
    """SHA-256 of what the form of a change holds: its garments and the scenes it is worn in."""
    scenes = sorted(str(pk) for pk in change.scenes.values_list("pk", flat=True))
    return hashlib.sha256("\n".join([change.garments, *scenes]).encode()).hexdigest()
