"""What was said on the plot, and why a scene is dressed as it is, in words."""

from __future__ import annotations

from collections.abc import Sequence

from costumes.models import Wearing
from costumes.plotting import days_of
from previs.names import shown
from previs.script.models import Character, Scene


def worn_words(character: Character, scenes: Sequence[Scene], number: int) -> str:
    """number: of the change, 0 for none."""
    name, where = shown(character.name), _listed(scenes)
    return (
        f"{name} wears change {number} in {where}." if number else f"{name} is without a change in {where}."
    )


def inserted_words(character: Character, number: int) -> str:
    words = f"{shown(character.name)} has a new change {number}."
    moved = character.changes.filter(number__gt=number).exists()
    return f"{words} Later ones moved up by one." if moved else words


def left_words(character: Character, scenes: Sequence[Scene]) -> str:
    """What shows where something was taken off, and why. scenes: in story order; the first tells for all."""
    first = scenes[0]
    wearing = character.wearings.select_related("change").filter(scene=first).first()
    why = why_words(character, first)
    if wearing is None or wearing.change is None:
        return f"Taken off in {_listed(scenes)}: {shown(character.name)} is without a change now. {why}"
    return f"Taken off in {_listed(scenes)}: change {wearing.change.number} now. {why}"


def why_words(character: Character, scene: Scene) -> str:
    """Why the character wears in a scene where nothing was said what they wear, or nothing; "" where it was said."""
    scenes, days = days_of(character.project)
    days_by_key = {one.pk: day for one, day in zip(scenes, days, strict=True)}
    day = days_by_key[scene.pk]
    plays = character.scenes.filter(omitted=False, ordinal__lt=scene.ordinal).order_by("ordinal")
    earlier = [one.pk for one in plays if days_by_key[one.pk].key == day.key]
    here = character.wearings.filter(scene=scene).first()
    if here is not None and not here.inherited:
        return "" if here.change_id else "It was left open on purpose."
    said = character.wearings.filter(scene__in=earlier, inherited=False).select_related("scene")
    last: Wearing | None = said.order_by("scene__ordinal").last()
    if last is None and earlier:
        return f"Nothing is set earlier on {day.words}."
    if last is None:
        return f"{day.words} begins here for {shown(character.name)}, and a new story day takes nothing over."
    if last.change_id is None:
        return f"Scene {last.scene.number} before it was left open on purpose."
    return f"It is worn on from scene {last.scene.number}."


def _listed(scenes: Sequence[Scene]) -> str:
    numbers = [scene.number for scene in scenes]
    if len(numbers) == 1:
        return f"scene {numbers[0]}"
    if len(numbers) > 4:
        return f"{len(numbers)} scenes"
    return f"scenes {', '.join(numbers[:-1])} and {numbers[-1]}"
