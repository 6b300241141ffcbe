"""The composers of a set and of its variants, wherever their sheets are found."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse

from previs.generation.desks import Desk
from previs.generation.models import Sheet
from sets.models import Set, Variant
from sets.recipe import compile_set, compile_variant


def open_set_desk(sheet: Sheet, query: Mapping[str, str]) -> Desk | None:
    place = Set.objects.filter(sheet=sheet).select_related("project", "sheet__pick").first()
    if place is None:
        return None
    camera = query.get("camera", "")
    action = reverse("generate_set", args=[place.project.slug, place.pk])
    return Desk(compile_set(place, camera=camera), _with_camera(action, camera), place.name)


def open_variant_desk(sheet: Sheet, query: Mapping[str, str]) -> Desk | None:
    variants = Variant.objects.select_related("set__project", "set__sheet__pick", "sheet__pick")
    variant = variants.filter(sheet=sheet).first()
    if variant is None:
        return None
    camera = query.get("camera", "")
    action = reverse("generate_variant", args=[variant.set.project.slug, variant.set.pk, variant.pk])
    return Desk(compile_variant(variant, camera=camera), _with_camera(action, camera), str(variant))


def _with_camera(action: str, camera: str) -> str:
    return f"{action}?camera={camera}" if camera else action
