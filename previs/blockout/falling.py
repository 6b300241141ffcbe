"""Falling rain, snow and ash, drawn over a picture that shows everything else already."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from previs.blockout import finish
from previs.blockout.description import SceneDescription

FALLING = {"rain": 1, "storm": 1, "snow": 2, "ash": 3}
TONES = {1: 0.75, 2: 0.95, 3: 0.16}
AFTER_DARK = 0.42
EXPOSED = 0.8
"""Flakes in a picture that is exposed and graded already, over those in the light of the renderer; matched by eye."""
GAMMA = 2.1


def falling_of(description: SceneDescription, *, inside: bool) -> tuple[int, float]:
    """What falls through the frame, for `finish.fall`: 0 nothing, 1 rain, 2 snow, 3 ash; and its brightness."""
    kind = FALLING.get(description.weather, 0)
    if not kind or inside:
        return 0, 0.0
    dark = description.time_of_day == "night" and kind != FALLING["ash"]
    return kind, TONES[kind] * (AFTER_DARK if dark else 1.0)


def draw_falling(
    picture: npt.NDArray[np.uint8],
    depth: npt.NDArray[np.floating],
    description: SceneDescription,
    *,
    seed: int,
) -> npt.NDArray[np.uint8]:
    """The picture (h, w, 3) with what falls before it, flakes behind near surfaces left out; as it is when nothing does.

    depth: (h, w) metres, inf where the sky is.  seed: names the take, as in `render`.
    """
    kind, tone = falling_of(description, inside=description.interior or description.domain != "scene")
    if not kind:
        return picture
    light = (picture.astype(np.float32) / 255) ** GAMMA
    finish.fall(light, np.ascontiguousarray(depth, np.float32), kind, seed & 0xFFFFFFFF, tone * EXPOSED)
    drawn: npt.NDArray[np.uint8] = np.rint(np.clip(light, 0, 1) ** (1 / GAMMA) * 255).astype(np.uint8)
    return drawn
