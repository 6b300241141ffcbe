"""How sets are now, for frames that were made from them earlier: the readers behind "Set changed"."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from previs.generation.sources import Present
from previs.names import shown
from previs.script.models import Scene
from sets.models import Plan, Set
from sets.recipe import heading_digest

MERGED = "merged"


def present_headings(refs: Collection[str]) -> dict[str, Present]:
    return {
        str(scene.pk): Present(heading_digest(scene), f"Script changed: heading of scene {scene.number}")
        for scene in Scene.objects.filter(pk__in=refs)
    }


def present_sets(refs: Collection[str]) -> dict[str, Present]:
    """For frames that used an earlier concept or other words."""
    return {str(place.pk): _present(place, place.digest) for place in _sets(refs)}


def present_designs(refs: Collection[str]) -> dict[str, Present]:
    """For variants, which follow the words of their set and not its pick."""
    return {str(place.pk): _present(place, place.design_digest, hero=False) for place in _sets(refs)}


def present_plans(refs: Collection[str]) -> dict[str, Present]:
    """For frames from a camera. ref: the set's key, a colon and the camera's label."""
    wanted = {ref: uuid.UUID(ref.partition(":")[0]) for ref in refs}
    newest: dict[uuid.UUID, Plan] = {}
    for plan in Plan.objects.filter(set__in=set(wanted.values())).select_related("set").order_by("number"):
        newest[plan.set_id] = plan
    return {
        ref: Present(
            newest[pk].digest_from(ref.partition(":")[2]), f"Blockout changed: {shown(newest[pk].set.name)}"
        )
        for ref, pk in wanted.items()
        if pk in newest
    }


def _sets(refs: Collection[str]) -> list[Set]:
    return list(Set.objects.filter(pk__in=refs).select_related("sheet__pick", "merged_into"))


def _present(place: Set, digest: str, *, hero: bool = True) -> Present:
    name = shown(place.name)
    if place.merged_into is not None:
        return Present(MERGED, f"Set changed: {name} is part of {shown(place.merged_into.name)} now")
    now = f" is now v{place.sheet.pick.number}" if hero and place.sheet.pick else ""
    return Present(digest, f"Set changed: {name}{now}")
