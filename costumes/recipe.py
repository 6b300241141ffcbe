"""From a costume change to the prompt of its concept frames."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from costumes.models import Change, Wardrobe, Wear
from costumes.outfits import Outfit, mid_sentence, stage_in_words
from costumes.outfits import outfit_of as outfit_of
from costumes.worn import LAYERS, STAGES
from previs.generation.compiled import Compiled
from previs.generation.sources import Present, SourceRef
from previs.names import shown
from previs.script.fountain import parse
from previs.script.models import Character, Scene

# Words of a character's introduction that stay with the person whatever they wear.
MAN = r"man|boy|father|brother|son|husband|uncle|grandfather|king|lord|sir|mr|he|his|himself"
# "her" counts where something of hers follows: in "he kisses her at the door" she is somebody else.
WOMAN = (
    r"woman|girl|mother|sister|daughter|wife|aunt|grandmother|queen|lady|mrs|miss|ms|nun|widow|she|herself"
    r"|her(?=\s+(?!(?:to|into|from|and|at|in|on|up|down|away|with|by|for|off|out)\b)\w)"
)
# A man's jacket says nothing of who wears it.
GENDERED = re.compile(rf"\b(?:(?P<man>{MAN})|(?P<woman>{WOMAN}))\b(?!['\u2019]s)", re.IGNORECASE)
CHILDREN = {"man": "boy", "woman": "girl", "person": "child"}
OLDEST_CHILD = 12
AGE = re.compile(r"^(?:aged? )?(\d{1,3}|(?:early|mid|late) \w+s|\d0s)$|^in (?:his|her) (.+)$", re.IGNORECASE)
# Longer phrases are what somebody does, not how they look; counted in characters.
MAX_FEATURE = 60
FEATURES = re.compile(
    r"\b(?:hair(?:ed)?|beard(?:ed)?|moustache|stubble|bald|freckle[sd]|scar(?:red)?|eyes|face|skin|tall|short|thin"
    r"|lean|heavy|broad|slight|stocky|stooped|bony|frail|old|young|elderly|pregnant|(?:dark|pale)-skinned)\b",
    re.IGNORECASE,
)


def compile_change(change: Change, stage: str = "") -> Compiled:
    """A standing figure in the change: who they are, the era, what is worn from the skin outwards, its colours.

    Garments take the place of those in the script; who wears them is never left to chance. stage: one of `Wear`, ""
    for clean. What it was compiled from is recorded as two sources: the character, and the wardrobe.
    """
    character = change.character
    name, (intro, who) = shown(character.name), portrait_of(character)
    outfit = outfit_of(change)
    if outfit.garments:
        garments = mid_sentence(outfit.garments)
        worn = f"{name}, {who}, wears {garments}" if who else f"{name} wears {garments}"
    else:
        worn = f"{name}, {who}. {intro}" if who and intro else intro or name
    parts = ["Costume croquis, full figure, plain ground.", f"{worn.rstrip('.')}."]
    parts += [f"Period: {outfit.era}."] if outfit.era else []
    parts += [f"Colours: {outfit.colours}."] if outfit.colours else []
    parts += [f"The clothes are {state}."] if (state := stage_note(change, stage)) else []
    sources = (character_source(character, (intro, who)), wardrobe_source(change, outfit, stage))
    return Compiled(" ".join(parts), sources, portrait=True, character=character.name)


def wardrobe_source(change: Change, outfit: Outfit, stage: str = "") -> SourceRef:
    """What the concept shows beside the person. The stage it was asked for stands behind the key of the change."""
    return SourceRef(
        "wardrobe",
        f"{change.pk}:{stage}".rstrip(":"),
        wardrobe_digest(change, outfit, stage),
        f"Garments of {change}",
    )


def wardrobe_digest(change: Change, outfit: Outfit, stage: str = "") -> str:
    return digest(
        "\n".join(
            [outfit.garments, outfit.era, outfit.colours, *([stage_note(change, stage)] if stage else [])]
        )
    )


def stage_note(change: Change, stage: str) -> str:
    """ "wet: snow on the hem": a stage as the change first comes to it; "" for clean."""
    if not stage or stage == Wear.CLEAN:
        return ""
    begins = next((one for one in change.stages.all() if one.stage == stage and one.note), None)
    return stage_in_words(begins) or Wear(stage).label.lower()


def present_wardrobes(refs: Collection[str]) -> dict[str, Present]:
    """How outfits are now, for concepts that were made of earlier garments. Four queries for any number."""
    asked = {ref: ref.partition(":")[::2] for ref in refs}
    changes = (
        Change.objects.filter(pk__in={pk for pk, _ in asked.values()})
        .select_related("character")
        .prefetch_related(LAYERS, STAGES)
    )
    by_key = {str(change.pk): change for change in changes}
    projects = {change.character.project_id for change in by_key.values()}
    eras = dict(Wardrobe.objects.filter(project__in=projects).values_list("project", "era"))
    return {
        ref: Present(
            wardrobe_digest(change, outfit_of(change, eras.get(change.character.project_id, "")), stage),
            f"Garments changed: {change}",
        )
        for ref, (pk, stage) in asked.items()
        if (change := by_key.get(pk)) is not None
    }


def character_source(character: Character, portrait: tuple[str, str]) -> SourceRef:
    """portrait: from `portraits_of`."""
    name = f"{shown(character.name)} in the script"
    return SourceRef("character", str(character.pk), digest("\n".join(portrait)), name)


def portrait_of(character: Character) -> tuple[str, str]:
    """How the script introduces a character, and who that makes them; see `portraits_of`."""
    return portraits_of([character])[character.pk]


def portraits_of(characters: Collection[Character]) -> dict[Any, tuple[str, str]]:
    """By key: how the script introduces each, and who that makes them: "a man of 64, a beard cut by himself".

    The introduction is the sentences that name them in the first action that does. Gender, age and features of the
    second come from there and from the sentences after it; "" where the script says nothing. One query, which ends
    as soon as everybody was introduced.
    """
    waiting = {character.pk: _named(character.name) for character in characters}
    names = {character.pk: character.name for character in characters}
    found = dict.fromkeys(waiting, ("", ""))
    if not waiting:
        return found
    playing = Scene.objects.filter(cast__in=list(waiting), omitted=False).order_by("ordinal")
    for text, pk in playing.values_list("text", "cast").iterator(chunk_size=10):
        if pk in waiting and (intro := _introduction(text, waiting[pk])) is not None:
            found[pk] = intro[0], _person(names[pk], intro[1])
            del waiting[pk]
            if not waiting:
                break
    return found


def _named(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)


def _introduction(scene: str, name: re.Pattern[str]) -> tuple[str, str] | None:
    """The sentences of a scene's first action that names somebody, and the text behind the name; None without one."""
    for text in _actions(scene):
        if found := name.search(text):
            sentences = re.split(r"(?<=[.!?])\s+", text)
            return " ".join(sentence for sentence in sentences if name.search(sentence))[:300], text[
                found.end() :
            ]
    return None


@lru_cache(maxsize=64)
def _actions(scene: str) -> tuple[str, ...]:
    """The action paragraphs of a scene. Kept, since every panel of a scene is compiled from the same few."""
    return tuple(
        " ".join(element.text.split()) for element in parse(scene).elements if element.kind == "action"
    )


def _person(name: str, after: str) -> str:
    """after: the text of the introduction behind the name."""
    gendered = GENDERED.search(name) or GENDERED.search(after)
    noun = gendered.lastgroup if gendered else "person"
    age, features = "", []
    for phrase in re.split(r"[.!?;:]", after)[0].split(",")[1:]:
        words = phrase.strip()
        if found := AGE.match(words):
            age = found[1] or found[2]
        elif FEATURES.search(words) and len(words) < MAX_FEATURE:
            features.append(words)
    if not (gendered or age or features):
        return ""
    if age.isdecimal() and int(age) <= OLDEST_CHILD:
        noun = CHILDREN[noun or "person"]
    return ", ".join([f"a {noun}" + (f" of {age}" if age else ""), *features])


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def present_characters(refs: Collection[str]) -> dict[str, Present]:
    characters = list(Character.objects.filter(pk__in=refs))
    portraits = portraits_of(characters)
    return {
        str(character.pk): Present(
            digest("\n".join(portraits[character.pk])), f"Script changed: {shown(character.name)}"
        )
        for character in characters
    }
