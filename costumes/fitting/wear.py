"""One garment put on: bent, lit, laid over what is there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from costumes.fitting.colour import lab_of, rgb_of
from costumes.fitting.filters import Bools, Floats, Uint8, blur, sample
from costumes.fitting.garments import Garment
from costumes.fitting.ground import Ground, Region
from costumes.fitting.limbs import Part
from costumes.fitting.parts import parts_of
from costumes.fitting.trouble import FittingError
from costumes.fitting.warp import bend, folds

MOST_FOLDED, MOST_STRETCHED = 0.005, 2.5
FEATHER = 0.8
# Share of the trunk's length below the hips from which a hem counts as a dress's.
LONG = 0.3
SHADOW, SHADOW_REACH = 0.22, 4.0


@dataclass(frozen=True, slots=True)
class Worn:
    """A garment on the body, over a rectangle of the photo.

    left, top: px.  lab: (h, w, 3), the cloth's own colour, before any light.  alpha: (h, w), 0 to 1, nothing where
    the photo is protected.
    folded: share of cloth folded over, the worst part.  stretch: the strongest local stretch.
    region: of the old clothing, what it takes the place of.
    """

    left: int
    top: int
    lab: Floats
    alpha: Floats
    folded: float
    stretch: float
    region: Region

    @property
    def place(self) -> tuple[slice, slice]:
        """Its rows and columns in the photo."""
        height, width = self.alpha.shape
        return slice(self.top, self.top + height), slice(self.left, self.left + width)


def _region_of(ground: Ground, garment: Garment, parts: list[Part]) -> Region:
    """A dress or a coat takes the place of what hangs from the hips too, and so of its folds."""
    if garment.category != "top":
        return "lower"
    body = ground.body
    if not (body.seen("left_hip") and body.seen("right_hip")):
        return "upper"
    hips = (body.at("left_hip") + body.at("right_hip")) / 2
    spine = hips - (body.at("left_shoulder") + body.at("right_shoulder")) / 2
    hem = float(((parts[0].body - hips) @ spine).max()) / float(spine @ spine)
    return "whole" if hem > LONG else "upper"


def bend_onto(ground: Ground, garment: Garment, *, size: float = 1.0, length: float = 1.0) -> Worn:
    """Bend every part of a garment onto the body and lay them over each other.

    Raises FittingError if a needed point is not seen, if cloth would fold over itself or stretch beyond belief, or
    if nothing of the garment lands in the photo.
    """
    parts = parts_of(garment, ground.body, size=size, length=length)
    garment, parts = _shrunk(garment, parts)
    cloth = _cloth(garment)
    bends = [bend(part.garment, part.body, _outline(part), ground.size) for part in parts]
    left, top = min(b.left for b in bends), min(b.top for b in bends)
    width = max(b.left + b.width for b in bends) - left
    height = max(b.top + b.height for b in bends) - top
    lab, alpha = np.zeros((height, width, 3), np.float32), np.zeros((height, width), np.float32)
    worst, strongest = 0.0, 1.0
    for part, bent in zip(parts, bends, strict=True):
        layers = np.dstack([cloth, garment.alpha * part.cloth]).astype(np.float32)
        seen = sample(layers, bent.x, bent.y)
        opaque = seen[..., 3]
        folded, stretch = folds(bent, opaque > 0.5)
        if folded > MOST_FOLDED or stretch > MOST_STRETCHED:
            raise FittingError(
                f"The {part.name} would {'fold over itself' if folded > MOST_FOLDED else 'be stretched too far'}. "
                "Correct its anchors, or choose a photo with a calmer pose."
            )
        worst, strongest = max(worst, folded), max(strongest, stretch)
        if not part.name.endswith("sleeve"):
            here = (slice(bent.top, bent.top + bent.height), slice(bent.left, bent.left + bent.width))
            opaque = opaque * ~ground.arms[here]
        place = (
            slice(bent.top - top, bent.top - top + bent.height),
            slice(bent.left - left, bent.left - left + bent.width),
        )
        over = opaque[..., None]
        lab[place] = lab[place] * (1 - over) + seen[..., :3] * over
        alpha[place] = alpha[place] * (1 - opaque) + opaque
    # Colours were laid over nothing at the rim; taken alone they are the cloth's own.
    lab /= np.maximum(alpha, 1e-3)[..., None]
    alpha = np.clip(blur(alpha, FEATHER) * 1.25 - 0.125, 0, 1)
    worn = Worn(left, top, lab, alpha, worst, strongest, _region_of(ground, garment, parts))
    alpha[ground.protected[worn.place]] = 0
    if alpha.sum() < 200:
        raise FittingError(
            "Nothing of the garment lands in the photo. Correct its anchors, or choose another photo."
        )
    return worn


def lay_over(ground: Ground, canvas: Uint8, worn: Worn, *, light: float) -> tuple[Uint8, Uint8]:
    """Light a worn garment by the folds of the old one and lay it over the picture.

    canvas: (h, w, 3), what is worn so far.  light: 0 to 1, how much of the folds is taken over.
    Returns the new picture and the mask of what may have changed, (h, w) uint8.
    """
    place = worn.place
    shade = ground.old(worn.region).shade[place] * light
    cloth = worn.alpha > 0.5
    if cloth.any():
        shade = shade - np.median(shade[cloth])  # the base colour must come out as it went in
    lit = worn.lab.copy()
    lit[..., 0] = np.clip(lit[..., 0] * np.exp(shade), 0, 100)
    under = canvas[place].astype(np.float32)
    free = ~ground.protected[place]
    k = ground.size[1] / 1024
    # Cloth keeps light from what lies right under its edge, on the body and not on the wall behind.
    near = np.roll(blur(worn.alpha, SHADOW_REACH * k), round(2 * k), axis=0)
    near[: round(2 * k)] = 0
    shadow = SHADOW * near * (1 - worn.alpha) * (ground.person[place] > 0.5) * free
    shadow[shadow < 0.02] = 0
    alpha = worn.alpha[..., None]
    mixed = under * (1 - shadow[..., None]) * (1 - alpha) + rgb_of(lit) * alpha
    touched: Bools = ((worn.alpha > 0.002) | (shadow > 0)) & free
    result, mask = canvas.copy(), np.zeros(canvas.shape[:2], np.uint8)
    result[place] = np.where(touched[..., None], np.round(mixed), under).astype(np.uint8)
    mask[place] = np.where(touched, np.clip(np.ceil(np.maximum(worn.alpha, shadow) * 255), 1, 255), 0)
    return result, mask


def _outline(part: Part) -> Floats:
    """Where the part surely reaches on the photo: its points, and the corners of its cloth beyond them."""
    low, high = part.garment.min(axis=0), part.garment.max(axis=0)
    rows, columns = np.flatnonzero(part.cloth.any(axis=1)), np.flatnonzero(part.cloth.any(axis=0))
    if not len(rows):
        return part.body
    spare = max(low[0] - columns[0], columns[-1] - high[0], low[1] - rows[0], rows[-1] - high[1], 0.0)
    scale = np.linalg.norm(np.ptp(part.body, axis=0)) / max(
        float(np.linalg.norm(np.ptp(part.garment, axis=0))), 1.0
    )
    reach = spare * scale * 1.3
    result: Floats = np.concatenate([part.body - reach, part.body + reach])
    return result


def _shrunk(garment: Garment, parts: list[Part]) -> tuple[Garment, list[Part]]:
    """A garment photographed much larger than it is worn, brought near its worn size: sampling would skip threads."""
    sizes = [
        float(np.linalg.norm(np.ptp(p.body, axis=0)) / np.linalg.norm(np.ptp(p.garment, axis=0)))
        for p in parts
    ]
    factor = int(1 / max(0.01, max(sizes)))
    if factor < 2:
        return garment, parts
    picture = Image.fromarray(garment.picture).reduce(factor)
    alpha = np.asarray(Image.fromarray(garment.alpha).reduce(factor), np.float32)
    smaller = Garment(
        garment.category,
        np.asarray(picture),
        alpha,
        {name: (x / factor, y / factor) for name, (x, y) in garment.anchors.items()},
    )
    fewer = [
        Part(
            part.name,
            np.asarray(Image.fromarray(part.cloth.astype(np.uint8) * 255).reduce(factor)) > 127,
            part.garment / factor,
            part.body,
        )
        for part in parts
    ]
    return smaller, fewer


def _cloth(garment: Garment) -> Floats:
    """Lab of the garment, its colours going on beyond its outline so that no background shines through its rim."""
    lab = lab_of(garment.picture)
    sure = (garment.alpha > 0.98).astype(np.float32)
    around = np.maximum(blur(sure, 3.0), 1e-4)
    rim = (garment.alpha > 0) & (sure == 0)
    rim |= (blur(garment.alpha, 2.0) > 0.01) & (sure == 0)
    for channel in range(3):
        spread = blur(lab[..., channel] * sure, 3.0) / around
        lab[..., channel][rim] = spread[rim]
    return lab
