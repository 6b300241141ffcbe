"""Changes grow from the cast of the script; the designer gives them garments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from costumes.models import Change
from previs.audit.record import record
from previs.events import SheetChanged, publish
from previs.generation.sheets import open_sheet
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
    title = f"{character.name.title()}, change {last + 1}"
    sheet = open_sheet(character.project, kind="change", title=title)
    change = Change.objects.create(character=character, number=last + 1, sheet=sheet)
    sheet.path = reverse("change", args=[character.project.slug, change.pk])
    sheet.save(update_fields=["path"])
    record("add_change", change, by=by, project_id=character.project_id, number=change.number)
    return change


@transaction.atomic
def dress(change: Change, *, garments: str, scenes: list[str], by: User) -> Change:
    """Set what is worn and where. A scene has one change of a character: it leaves the one it had.

    scenes: primary keys; those outside the character's own scenes are ignored.
    """
    change.garments = garments
    change.save(update_fields=["garments"])
    own = change.character.scenes.filter(pk__in=scenes)
    for other in change.character.changes.exclude(pk=change.pk):
        other.scenes.remove(*own)
    change.scenes.set(own)
    record("dress", change, by=by, project_id=change.character.project_id)
    publish(SheetChanged(str(change.character.project_id), str(change.sheet_id)))
    return change
