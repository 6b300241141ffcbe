"""Sets grow from the headings of the script; the designer gives them words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse

from previs.audit.record import record
from previs.events import SheetChanged, publish
from previs.generation.sheets import open_sheet
from previs.projects.models import Project
from sets.models import Set

if TYPE_CHECKING:
    from previs.accounts.models import User


def make_missing_sets(project: Project, by: User) -> None:
    """After an import: a set for every setting that has none yet."""
    known = set(project.sets.values_list("key", flat=True))
    for scene in project.scenes.filter(omitted=False).exclude(set_key=""):
        if scene.set_key in known:
            continue
        known.add(scene.set_key)
        add_set(
            project,
            key=scene.set_key,
            name=scene.setting or "Unnamed set",
            interior=scene.kind != "EXT",
            by=by,
        )


@transaction.atomic
def add_set(project: Project, *, key: str, name: str, interior: bool, by: User) -> Set:
    sheet = open_sheet(project, kind="set", title=name)
    place = Set.objects.create(project=project, key=key, name=name, interior=interior, sheet=sheet)
    sheet.path = reverse("set", args=[project.slug, place.pk])
    sheet.save(update_fields=["path"])
    record("add_set", place, by=by, project_id=project.pk, name=name)
    return place


@transaction.atomic
def describe(place: Set, *, description: str, by: User) -> Set:
    """Set the designer's words; storyboard frames made with other words become stale by that."""
    place.description = description
    place.save(update_fields=["description"])
    record("describe_set", place, by=by, project_id=place.project_id)
    publish(SheetChanged(str(place.project_id), str(place.sheet_id)))
    return place
