"""Skin that a painting lays bare: a model may paint what nobody asked for, and no frame of that may be seen (R15)."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from costumes.fitting.colour import apart, lab_of
from costumes.fitting.filters import Bools, Floats, Uint8
from costumes.fitting.ground import Ground

# Lab distance, lightness counted half because of shadow: within which a pixel looks like the face, and beyond which it
# surely did not before.
LIKE, UNLIKE = 14.0, 22.0
# Share of the trunk that may become so: an open collar is no undress.
MOST_BARE = 0.04
# The trunk begins below the neckline and ends above the knees, shares of shoulders to hips.
NECKLINE, THIGHS = 0.15, 1.35
NARROW = 0.9


def laid_bare(ground: Ground, before: Uint8, result: Uint8) -> float:
    """Share of the trunk that shows the colour of the face's skin in `result` and did not in `before`, 0 to 1.

    before, result: (h, w, 3) uint8; before is the photo, or the composite that a model painted over, whose cloth may
    have the colour of skin itself.
    """
    trunk = _trunk(ground)
    if not trunk.any():
        return 0.0
    skin = _skin(ground)
    apart_before, apart_now = (apart(lab_of(picture), skin)[trunk] for picture in (before, result))
    return float(((apart_now < LIKE) & (apart_before > UNLIKE)).mean())


def _skin(ground: Ground) -> Floats:
    """Median Lab round the nose, (3,)."""
    ears = float(np.linalg.norm(ground.body.at("left_ear") - ground.body.at("right_ear")))
    reach = max(3.0, 0.3 * ears)
    x, y = ground.body.at("nose")
    top, left = max(0, round(y - reach)), max(0, round(x - reach))
    face = ground.photo[top : round(y + reach) + 1, left : round(x + reach) + 1]
    result: Floats = np.median(lab_of(face).reshape(-1, 3), axis=0)
    return result


def _trunk(ground: Ground) -> Bools:
    """From below the neckline to the thighs, without the arms, (h, w)."""
    body = ground.body
    shoulders, hips = (
        np.stack([body.at(f"{side}_{joint}") for side in ("left", "right")]) for joint in ("shoulder", "hip")
    )
    down = hips.mean(axis=0) - shoulders.mean(axis=0)
    middle = (shoulders.mean(axis=0), hips.mean(axis=0))
    top = middle[0] + (shoulders - middle[0]) * NARROW + down * NECKLINE
    low = middle[1] + (hips - middle[1]) * NARROW + down * (THIGHS - 1)
    picture = Image.new("L", ground.size)
    corners = [top[0], top[1], low[1], low[0]]
    ImageDraw.Draw(picture).polygon([(float(x), float(y)) for x, y in corners], fill=255)
    return (np.asarray(picture) > 0) & (ground.person > 0.5) & ~ground.protected
