"""From a set to the prompt of its concept frames."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from previs.generation.composer import Compiled
from previs.generation.sources import Present, SourceRef
from previs.script.models import Scene
from sets.models import Set


def scenes_of(place: Set) -> list[Scene]:
    return list(Scene.objects.filter(project_id=place.project_id, set_key=place.key, omitted=False))


def compile_set(place: Set, scenes: Collection[Scene] | None = None) -> Compiled:
    """A wide view of the empty place at the hour it plays most, in the designer's words."""
    playing = scenes_of(place) if scenes is None else list(scenes)
    hours = Counter(scene.time_of_day for scene in playing if scene.time_of_day)
    hour = hours.most_common(1)[0][0] if hours else "DAY"
    heading = f"{'INT' if place.interior else 'EXT'}. {place.name.upper()} - {hour}."
    parts = [heading, "Wide shot, eye level, 24 mm. No people.", place.description.strip()]
    sources = tuple(
        SourceRef("heading", str(scene.pk), heading_digest(scene), f"Scene {scene.number}, heading")
        for scene in playing
    )
    return Compiled(" ".join(part for part in parts if part), sources)


def heading_digest(scene: Scene) -> str:
    """A concept depends on where and when a scene plays, not on what is said in it."""
    return f"{scene.kind}|{scene.set_key}|{scene.time_of_day}"[:64]


def present_headings(refs: Collection[str]) -> dict[str, Present]:
    return {
        str(scene.pk): Present(heading_digest(scene), f"Script changed: heading of scene {scene.number}")
        for scene in Scene.objects.filter(pk__in=refs)
    }


def present_sets(refs: Collection[str]) -> dict[str, Present]:
    """How sets are now, for storyboard frames that used an earlier concept or other words."""
    return {
        str(place.pk): Present(place.digest, f"Set changed: {place.name.title()}")
        for place in Set.objects.filter(pk__in=refs).select_related("sheet__pick")
    }
