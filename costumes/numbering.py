"""Which number a new change of a character gets: numbers follow the story."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Max

from costumes.models import Change
from costumes.plotting import days_of
from previs.script.models import Character, Scene


def number_for(character: Character, *scenes: Scene) -> int:
    """The number that a change first worn in these scenes has: one more than the last worn before, or in, the first.

    Where it takes the place of a change of which only later scenes are left, it takes that one's number too.
    """
    first = min(scenes, key=lambda scene: scene.ordinal)
    replaced = Change.objects.filter(wearings__character=character, wearings__scene=first).first()
    if replaced is not None and _only_later_left(
        replaced, first, reach(character, [one.pk for one in scenes])
    ):
        return replaced.number
    before = character.wearings.filter(scene__ordinal__lte=first.ordinal, change__isnull=False)
    return (before.aggregate(last=Max("change__number"))["last"] or 0) + 1


def reach(character: Character, scenes: Collection[Any]) -> set[Any]:
    """Keys of the scenes in which something said for `scenes` is worn: they, and those after them on their story day
    up to the next that was said."""
    plays = set(character.scenes.filter(omitted=False).values_list("pk", flat=True))
    said = set(character.wearings.filter(inherited=False).values_list("scene", flat=True))
    reached, going = set(), set()
    for scene, day in zip(*days_of(character.project), strict=True):
        if scene.pk not in plays:
            continue
        if scene.pk in scenes:
            going.add(day.key)
        elif scene.pk in said:
            going.discard(day.key)
        if day.key in going:
            reached.add(scene.pk)
    return reached


def _only_later_left(change: Change, first: Scene, taken: set[Any]) -> bool:
    """Whether a change stays in use after the scenes taken from it, and nowhere before `first`."""
    left = change.wearings.filter(scene__omitted=False).exclude(scene__in=taken)
    return left.exists() and not left.filter(scene__ordinal__lt=first.ordinal).exists()
