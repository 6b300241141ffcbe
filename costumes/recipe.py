"""From a costume change to the prompt of its concept frames."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection

from costumes.models import Change
from previs.generation.composer import Compiled
from previs.generation.sources import Present, SourceRef
from previs.script.fountain import parse
from previs.script.models import Character, Scene


def compile_change(change: Change) -> Compiled:
    """A standing figure in the designer's garments; before there are any, in what the script says."""
    intro = introduction(change.character)
    name = change.character.name.title()
    worn = f"{name} wears {change.garments.strip()}" if change.garments.strip() else intro or name
    prompt = f"Costume croquis, full figure, plain ground. {worn.rstrip('.')}."
    source = SourceRef("character", str(change.character_id), digest(intro), f"{name} in the script")
    return Compiled(prompt, (source,), portrait=True)


def introduction(character: Character) -> str:
    """The sentence in which the script first describes a character: the first that names them in action."""
    name = re.compile(rf"(?<!\w){re.escape(character.name)}(?!\w)", re.IGNORECASE)
    for scene in Scene.objects.filter(cast=character, omitted=False).order_by("ordinal"):
        for element in parse(scene.text).elements:
            if element.kind == "action" and name.search(element.text):
                sentences = re.split(r"(?<=[.!?])\s+", " ".join(element.text.split()))
                return " ".join(sentence for sentence in sentences if name.search(sentence))[:300]
    return ""


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def present_characters(refs: Collection[str]) -> dict[str, Present]:
    return {
        str(character.pk): Present(
            digest(introduction(character)), f"Script changed: {character.name.title()}"
        )
        for character in Character.objects.filter(pk__in=refs)
    }


def present_changes(refs: Collection[str]) -> dict[str, Present]:
    """How changes are now, for storyboard frames that used an earlier look."""
    return {
        str(change.pk): Present(
            change.digest, f"Costume changed: {change.character.name.title()}, change {change.number}"
        )
        for change in Change.objects.filter(pk__in=refs).select_related("character", "sheet__pick")
    }
