"""Sets grow from the headings of the script; the designer gives them words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse

from previs.audit.record import record
from previs.events import SheetChanged, publish
from previs.generation.sheets import open_sheet
from previs.projects.models import Project
from sets.models import Build, Plan, Set, Wording

if TYPE_CHECKING:
    from previs.accounts.models import User


class SetError(Exception):
    """A change of a set that cannot be made; the message says what to do."""


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
    if description != place.description:
        Wording.objects.create(set=place, description=place.description)
    place.description = description
    place.save(update_fields=["description"])
    record("describe_set", place, by=by, project_id=place.project_id)
    publish(SheetChanged(str(place.project_id), str(place.sheet_id)))
    return place


@transaction.atomic
def revise(place: Set, *, description: str, notes: str, interior: bool, build: str, by: User) -> Set:
    """Write the whole record of a set. Raises SetError for a build that does not exist."""
    if build not in Build.values:
        raise SetError("Choose whether the set is built or a location.")
    place.notes, place.interior, place.build = notes, interior, build
    place.save(update_fields=["notes", "interior", "build"])
    record("revise_set", place, by=by, project_id=place.project_id, interior=interior, build=build)
    return describe(place, description=description, by=by)


def latest_plan(place: Set) -> Plan | None:
    """The newest saved plan of a set; None while it has no blockout."""
    return place.plans.order_by("-number").first()


def camera_choices(place: Set) -> list[str]:
    """The labels of the cameras in the newest plan, as they stand in it."""
    plan = latest_plan(place)
    return [str(camera["id"]) for camera in plan.document.get("cameras", [])] if plan else []
