"""The composer of a set, wherever its sheet is found."""

from __future__ import annotations

from django.urls import reverse

from previs.generation.desks import Desk
from previs.generation.models import Sheet
from sets.models import Set
from sets.recipe import compile_set


def open_desk(sheet: Sheet) -> Desk | None:
    place = Set.objects.filter(sheet=sheet).select_related("project", "sheet__pick").first()
    if place is None:
        return None
    action = reverse("generate_set", args=[place.project.slug, place.pk])
    return Desk(compile_set(place), action=action, heading=place.name)
