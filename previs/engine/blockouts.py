"""The blockout of a request as pictures: the pass that a depth control follows, and the maps people look at.

Loads the renderer and its compiler only when something is rendered, and never torch, so that a web process can show
the maps of a frame before anything is queued.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PIL import Image

from previs.blockout.description import SceneDescription
from previs.engine.port import EngineError

if TYPE_CHECKING:
    from previs.blockout.render import Passes


@dataclass(frozen=True, slots=True)
class BlockoutPictures:
    """What one shot of a blockout looks like, all of one size.

    lit, unlit: RGB.  depth: RGB grey, near is white, the sky black.  lines: RGB, dark lines on white.
    """

    lit: Image.Image
    unlit: Image.Image
    depth: Image.Image
    lines: Image.Image


def description_of(blockout: dict[str, Any]) -> SceneDescription:
    """Raises EngineError in words if `blockout` is no scene description."""
    try:
        return SceneDescription.from_json(json.dumps(blockout))
    except (ValueError, TypeError) as error:
        raise EngineError(f"The blockout cannot be read: {error}", permanent=True) from error


def blockout_problems(blockout: dict[str, Any] | None) -> list[str]:
    """Say in words why a blockout cannot be staged; renders nothing."""
    if blockout is None:
        return []
    try:
        description_of(blockout)
    except EngineError as error:
        return [str(error)]
    return []


def read_prompt(prompt: str) -> dict[str, Any]:
    """The blockout that the embedded model stages for words alone, as `FrameRequest.blockout`."""
    from previs.blockout.reader import read

    found: dict[str, Any] = json.loads(read(prompt).description.to_json())
    return found


def passes_of(
    blockout: dict[str, Any], *, seed: int, size: tuple[int, int], samples: int = 2, threads: int = 1
) -> Passes:
    """Render the passes of a blockout. size: width and height in px. Raises EngineError in words."""
    from previs.blockout.render import render

    description = description_of(blockout)
    width, height = size
    try:
        return render(description, seed=seed, width=width, height=height, samples=samples, threads=threads)
    except ValueError as error:
        raise EngineError(f"The blockout cannot be rendered: {error}", permanent=True) from error


def pictures_of(passes: Passes) -> BlockoutPictures:
    from previs.blockout.render import depth_picture

    return BlockoutPictures(
        lit=Image.fromarray(passes.picture),
        unlit=Image.fromarray(passes.unlit),
        depth=Image.fromarray(depth_picture(passes.depth)).convert("RGB"),
        lines=Image.fromarray(255 - passes.lines).convert("RGB"),
    )
