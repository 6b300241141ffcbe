"""The composer of a costume change, wherever its sheet is found."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse

from costumes.models import Change, Wear
from costumes.recipe import compile_change
from previs.generation.desks import Desk
from previs.generation.models import Sheet


def open_desk(sheet: Sheet, query: Mapping[str, str]) -> Desk | None:
    changes = Change.objects.select_related("character__project", "sheet__pick", "sheet__project")
    change = changes.filter(sheet=sheet).first()
    if change is None:
        return None
    action = reverse("generate_change", args=[change.character.project.slug, change.pk])
    return Desk(compile_change(change, stage_asked(query)), action=action, heading=str(change))


def stage_asked(query: Mapping[str, str]) -> str:
    """The stage that a page's address asks for, "" for none that there is."""
    stage = query.get("stage", "")
    return stage if stage in Wear.values else ""
