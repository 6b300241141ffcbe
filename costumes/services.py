"""Changes grow from the cast of the script; the designer gives them garments."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from costumes.models import Change, Presence, Wearing
from costumes.plotting import add_change, settle
from previs.audit.models import AuditEntry
from previs.audit.record import record
from previs.events import PlotChanged, SheetChanged, publish
from previs.projects.models import Project

if TYPE_CHECKING:
    from previs.accounts.models import User


def dress_the_cast(project: Project, by: User) -> None:
    """After an import: what the department knows of who plays where holds on, everybody has a change 1, worn from
    their first scene for that story day, and what is inherited follows the new scenes."""
    for presence in Presence.objects.filter(scene__project=project).select_related("scene", "character"):
        if presence.plays:
            presence.scene.cast.add(presence.character)
        else:
            presence.scene.cast.remove(presence.character)
    for character in project.characters.filter(changes=None):
        change = add_change(character, by=by)
        first = character.scenes.filter(omitted=False).order_by("ordinal").first()
        if first is not None:
            Wearing.objects.create(character=character, scene=first, change=change)
    settle(project)
    publish(PlotChanged(str(project.pk), ""))


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
def dress(
    change: Change,
    *,
    garments: str,
    scenes: list[str],
    by: User,
    title: str | None = None,
    wear_note: str | None = None,
    seen: str | None = None,
) -> Change:
    """Set what is worn and where. A scene has one change of a character: it leaves the one it had.

    scenes: primary keys; those outside the character's own scenes are ignored.
    title, wear_note: None leaves them.
    seen: `wardrobe_digest` of what the person had before them; None asks nothing.
    Raises Overtaken, and saves nothing, when something else was saved since.
    """
    # Two who save at once take turns; the second one is told.
    Change.objects.select_for_update(of=("self",)).get(pk=change.pk)
    change.refresh_from_db(fields=["garments", "title", "wear_note"])
    title = change.title if title is None else title.strip()[:120]
    wear_note = change.wear_note if wear_note is None else wear_note.strip()[:300]
    chosen = set(change.character.scenes.filter(pk__in=scenes).values_list("pk", flat=True))
    before = set(change.scenes.values_list("pk", flat=True))
    now = (garments, title, wear_note)
    if (change.garments, change.title, change.wear_note) == now and before == chosen:
        return change
    if seen is not None and seen != wardrobe_digest(change):
        raise Overtaken(change)
    change.garments, change.title, change.wear_note = now
    change.save(update_fields=["garments", "title", "wear_note"])
    left = list(change.character.changes.exclude(pk=change.pk).filter(wearings__scene__in=chosen).distinct())
    if before != chosen:
        _wear_exactly(change, chosen)
    project = change.character.project_id
    record("dress", change, by=by, project_id=project)
    publish(*(SheetChanged(str(project), str(touched.sheet_id)) for touched in (change, *left)))
    publish(PlotChanged(str(project), str(change.character_id)))
    return change


def _wear_exactly(change: Change, scenes: set[Any]) -> None:
    """Wear a change in these scenes and in no other, also where a story day would carry it on."""
    character = change.character
    rows = character.wearings
    rows.filter(change=change).exclude(scene__in=scenes).delete()
    for scene in scenes:
        rows.update_or_create(scene_id=scene, defaults={"change": change, "inherited": False})
    settle(character.project, [character])
    carried = rows.filter(change=change).exclude(scene__in=scenes)
    if carried.update(change=None, inherited=False):
        settle(character.project, [character])


def wardrobe_digest(change: Change) -> str:
    """SHA-256 of what the form of a change holds: its words and the scenes it is worn in."""
    scenes = sorted(str(pk) for pk in change.scenes.values_list("pk", flat=True))
    return hashlib.sha256(
        "\n".join([change.garments, change.title, change.wear_note, *scenes]).encode()
    ).hexdigest()
