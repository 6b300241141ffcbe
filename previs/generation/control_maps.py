"""The maps of a blockout as people see them before they queue anything; rendered without a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from previs.engine.blockouts import passes_of, pictures_of, read_prompt
from previs.engine.port import EngineError
from previs.generation import catalogue, controls
from previs.generation.compiled import Compiled
from previs.generation.forms import BriefForm
from previs.generation.models import Sheet
from previs.generation.rewriting import blockout_of

MAP_WIDTH = 384


@dataclass(frozen=True, slots=True)
class ControlMaps:
    """Base64 PNGs of one blockout. from_words: it was read from the prompt, as the embedded model does."""

    depth: str
    lines: str
    unlit: str
    lit: str
    from_words: bool

    @property
    def pictures(self) -> list[tuple[str, str]]:
        return [("Depth", self.depth), ("Lines", self.lines), ("Unlit", self.unlit), ("Lit", self.lit)]


def maps_for(sheet: Sheet, compiled: Compiled, data: Mapping[str, Any]) -> ControlMaps:
    """The maps of what the open composer would follow, at its seed, or at seed 0 where that is free.

    data: the composer's fields.  Raises ControlRefused in words.
    """
    form = BriefForm(data)
    form.is_valid()
    values = form.cleaned_data
    for name in ("prompt", "seed", "blockout_of"):
        for error in form.errors.get(name, ()):
            raise controls.ControlRefused(str(error))
    chosen = values.get("blockout_of")
    followed = controls.frame_of(sheet, chosen) if chosen else None
    blockout = blockout_of(compiled, followed, values["prompt"])
    from_words = blockout is None
    card = form.cards.get(values.get("model", "")) or next(iter(form.cards.values()))
    width, height = catalogue.frame_size(card, sheet.project, portrait=compiled.portrait)
    try:
        passes = passes_of(
            blockout or read_prompt(values["prompt"]),
            seed=values.get("seed") or 0,
            size=(MAP_WIDTH, max(32, round(MAP_WIDTH * height / width))),
        )
    except EngineError as error:
        raise controls.ControlRefused(str(error)) from error
    pictures = pictures_of(passes)
    return ControlMaps(
        depth=controls.map_image(pictures.depth),
        lines=controls.map_image(pictures.lines),
        unlit=controls.map_image(pictures.unlit),
        lit=controls.map_image(pictures.lit),
        from_words=from_words,
    )
