"""What characters wear in a scene, for the prompts of its storyboard, and as the sources of its frames.

Of every character in frame two things are on record. "worn": which change, and in which stage, holds in that scene.
"change": what the change itself is, its garments with their colours and its pick. So a frame is stale when either is
another now, and a stage that begins in a later scene leaves the frames of earlier ones alone.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from costumes.models import Change, ChangeStage, GarmentLayer, Wearing
from costumes.outfits import (
    garments_in_words,
    mid_sentence,
    outside_in,
    stage_at,
    stage_in_words,
    stage_label,
)
from previs.generation.models import Sheet
from previs.generation.sources import Present, SourceRef
from previs.names import shown
from previs.script.models import Character, Scene

# Of more frames than this, a page learns with its next reload that something else is worn.
MOST_TOLD = 48
LAYERS = Prefetch("layers", GarmentLayer.objects.select_related("garment"))
STAGES = Prefetch("stages", ChangeStage.objects.select_related("from_scene"))


@dataclass(frozen=True, slots=True)
class Worn:
    """One character in one scene. change: None where none is set. stage: that holds there, None for clean."""

    character: Character
    scene: Scene
    change: Change | None
    stage: ChangeStage | None

    @property
    def garments(self) -> str:
        """ "long rust coat, scarf, black boots"; "" while nothing was said."""
        if self.change is None:
            return ""
        return mid_sentence(garments_in_words(self.change.garments, outside_in(self.change)))

    @property
    def state(self) -> str:
        """ "wet: snow on the hem"; "" for clean."""
        return stage_in_words(self.stage)

    @property
    def digest(self) -> str:
        change = self.change.pk if self.change else ""
        return hashlib.sha256(f"{change}\n{self.state}".encode()).hexdigest()

    @property
    def words(self) -> str:
        """ "Mara wears change 1 in scene 12, wet"."""
        name, scene = shown(self.character.name), self.scene.number
        if self.change is None:
            return f"{name} has no change in scene {scene}"
        label = stage_label(self.stage)
        return f"{name} wears change {self.change.number} in scene {scene}{f', {label}' if label else ''}"

    @property
    def sources(self) -> list[SourceRef]:
        found = [SourceRef("worn", _ref(self.character.pk, self.scene.pk), self.digest, self.words)]
        if self.change is not None:
            found.append(SourceRef("change", str(self.change.pk), self.change.digest, str(self.change)))
        return found


def worn_in(scene: Scene, characters: Collection[Character]) -> list[Worn]:
    """What each of them wears, in their order. At most three queries."""
    changes = _changes(Wearing.objects.filter(scene=scene, character__in=list(characters)))
    found = []
    for character in characters:
        change = changes.get((character.pk, scene.pk))
        found.append(Worn(character, scene, change, stage_at(change.stages.all(), scene) if change else None))
    return found


def present_worn(refs: Collection[str]) -> dict[str, Present]:
    """What is worn now, for frames of earlier plots. Five queries for any number."""
    pairs = {ref: (uuid.UUID(ref[:32]), uuid.UUID(ref[32:])) for ref in refs}
    people = Character.objects.in_bulk({character for character, _ in pairs.values()})
    scenes = Scene.objects.defer("text").in_bulk({scene for _, scene in pairs.values()})
    changes = _changes(Wearing.objects.filter(character__in=people, scene__in=scenes))
    present = {}
    for ref, pair in pairs.items():
        if pair[0] not in people or pair[1] not in scenes:
            continue
        change, scene = changes.get(pair), scenes[pair[1]]
        stage = stage_at(change.stages.all(), scene) if change else None
        worn = Worn(people[pair[0]], scene, change, stage)
        present[ref] = Present(worn.digest, f"Costume plot changed: {worn.words}")
    return present


def present_changes(refs: Collection[str]) -> dict[str, Present]:
    """How changes are now, for storyboard frames that used an earlier look. Two queries for any number."""
    changes = Change.objects.filter(pk__in=refs).select_related("character", "sheet__pick")
    return {
        str(change.pk): Present(
            change.digest, f"Costume changed: {shown(change.character.name)}, change {change.number}"
        )
        for change in changes.prefetch_related(LAYERS)
    }


def sheets_showing(character: Character, scenes: Collection[Any]) -> list[Any]:
    """Sheets, by their keys, whose picks were made of what a character wore in some of these scenes. One query."""
    refs = [_ref(character.pk, scene) for scene in scenes]
    used = Sheet.objects.filter(pick__job__sources__kind="worn", pick__job__sources__ref__in=refs)
    return list(used.values_list("pk", flat=True).distinct()[:MOST_TOLD]) if refs else []


def _changes(wearings: Any) -> dict[tuple[Any, Any], Change]:
    """By character and scene."""
    worn = list(wearings.filter(change__isnull=False).values_list("character", "scene", "change"))
    changes = (
        Change.objects.filter(pk__in={change for *_, change in worn})
        .select_related("character", "sheet__pick")
        .prefetch_related(LAYERS, STAGES)
        .in_bulk()
        if worn
        else {}
    )
    return {(character, scene): changes[change] for character, scene, change in worn if change in changes}


def _ref(character: uuid.UUID, scene: uuid.UUID) -> str:
    return character.hex + scene.hex
