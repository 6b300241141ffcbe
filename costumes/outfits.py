"""What somebody wears, as the words of a prompt: the designer's own, and the garments of the closet that are on.

The closet knows the colours of a garment better than a name does: they are measured from its photo. So "long coat"
becomes "long rust coat" once a coat whose photo is rust is on, and garments that the words leave out follow them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from costumes.models import Change, ChangeStage, Garment, GarmentLayer, Wardrobe, Wear
from previs.generation.palette import NAMES
from previs.script.models import Scene

MOST_COLOURS = 5
# Names of measured colours that of a garment say what it is made of.
STUFFS = {
    "Leather",
    "Linen",
    "Iron",
    "Steel",
    "Timber",
    "Stone",
    "Oak",
    "Straw",
    "Walnut",
    "Ice",
    "Sky",
    "Lamp",
    "Candle",
}
# Where one garment of a list ends and the next begins.
BETWEEN = re.compile(r"[,;.]|\b(?:over|under|with|and|on|at|into|beneath|above)\b", re.IGNORECASE)
# As garments and what designers write of them begin, where they stand in the middle of a sentence.
DETERMINER = re.compile(r"(?:^|(?<=[,;] ))(?:A|An|The|His|Her|Their|Its|My|Our|Your|Some|Two|Both)(?= )")


@dataclass(frozen=True, slots=True)
class Outfit:
    """What a concept shows of a change beside the person. garments: "a rust coat over a jumper, boots"."""

    garments: str
    era: str
    colours: str


def outfit_of(change: Change, era: str | None = None) -> Outfit:
    """era: of the production, None reads it. With `layers__garment` prefetched that is all it asks."""
    if era is None:
        wardrobe = Wardrobe.objects.filter(project=change.character.project_id).first()
        era = wardrobe.era if wardrobe else ""
    layers = outside_in(change)
    return Outfit(garments_in_words(change.garments, layers), era, colours_of(layers))


def outside_in(change: Change) -> list[GarmentLayer]:
    return sorted(change.layers.all(), key=lambda layer: -layer.order)


def garments_in_words(words: str, layers: Iterable[GarmentLayer]) -> str:
    """The designer's words with measured colours in them, then the garments that they do not name, outermost first.

    A garment is named where its whole name is, or its last word: "coat" of "Boiled wool coat". Colours that somebody
    wrote are kept.
    """
    words = words.strip().rstrip(".")
    left_out = []
    for layer in layers:
        if found := _named(layer.garment.name, words) or _named(_noun(layer.garment), words):
            words = _coloured(words, found.start(), found.end(), layer.garment)
        else:
            left_out.append(in_words(layer.garment))
    return ", ".join([part for part in (words, *left_out) if part])


def mid_sentence(garments: str) -> str:
    """ "Her father's coat, A scarf" as it follows "wears": "her father's coat, a scarf"."""
    return DETERMINER.sub(lambda found: found[0].lower(), garments)


def in_words(garment: Garment) -> str:
    """ "rust coat": its name, with the colour measured from its photo where the name says none."""
    name = garment.name.strip()
    name = name if name[1:2].isupper() else name[:1].lower() + name[1:]
    colour = measured(garment)
    return name if not colour or names_a_colour(name) else f"{colour} {name}"


def measured(garment: Garment) -> str:
    """The name of its largest colour; "" without a photo."""
    return str(garment.swatches[0]["name"]).lower() if garment.swatches else ""


def colours_of(layers: Sequence[GarmentLayer]) -> str:
    """The palette of an outfit, the outermost first: at most two colours of each garment."""
    names = (swatch["name"].lower() for layer in layers for swatch in layer.garment.swatches[:2])
    return ", ".join(list(dict.fromkeys(names))[:MOST_COLOURS])


def names_a_colour(words: str) -> bool:
    return _colour_words().search(words) is not None


def stage_at(stages: Iterable[ChangeStage], scene: Scene) -> ChangeStage | None:
    """The stage that holds in a scene: the last that began before, or in, it; None before the first."""
    begun = [stage for stage in stages if stage.from_scene.ordinal <= scene.ordinal]
    return max(begun, key=lambda stage: stage.from_scene.ordinal, default=None)


def stage_label(stage: ChangeStage | None) -> str:
    """ "wet"; "" for clean."""
    return "" if stage is None or stage.stage == Wear.CLEAN else str(stage.get_stage_display()).lower()


def stage_in_words(stage: ChangeStage | None) -> str:
    """ "wet: snow on the hem"; "" for clean."""
    label = stage_label(stage)
    return f"{label}: {stage.note}" if stage is not None and stage.note and label else label


def _named(name: str, words: str) -> re.Match[str] | None:
    return re.search(rf"(?<!\w){re.escape(name.strip())}(?:e?s)?(?!\w)", words, re.IGNORECASE)


def _noun(garment: Garment) -> str:
    """The last word of its name before anything that is said about it: "jumper" of "Jumper, darned"."""
    words = re.findall(r"[\w'’-]+", BETWEEN.split(garment.name)[0])
    return words[-1] if words else garment.name


def _coloured(words: str, start: int, end: int, garment: Garment) -> str:
    """The measured colour before the name at start to end, unless the phrase around it names one."""
    before = [found.end() for found in BETWEEN.finditer(words, 0, start)]
    after = BETWEEN.search(words, end)
    phrase = words[before[-1] if before else 0 : after.start() if after else len(words)]
    if not measured(garment) or names_a_colour(phrase):
        return words
    return f"{words[:start]}{measured(garment)} {words[start:]}"


@cache
def _colour_words() -> re.Pattern[str]:
    from previs.blockout.lexicon import SAME

    spoken = [*(NAMES.keys() - STUFFS), *SAME["colour"], *SAME["colour"].values()]
    names = {name.strip() for listed in spoken for name in listed.split(",") if name.strip()}
    longest_first = sorted(map(re.escape, names), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)", re.IGNORECASE)
