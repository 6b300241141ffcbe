"""A garment photo: cut out of its plain background, with named anchors on its outline."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from costumes.fitting.colour import lab_of
from costumes.fitting.filters import Bools, Floats, Uint8, blur
from costumes.fitting.trouble import FittingError

Category = Literal["top", "trousers", "skirt"]
Anchors = dict[str, tuple[float, float]]
"""Anchor name -> x, y px of the garment picture. Left is the wearer's left: the right side of the picture."""

# In the order in which the page lists them.
ANCHORS: dict[Category, tuple[str, ...]] = {
    "top": (
        "collar_left", "collar_centre", "collar_right", "shoulder_left", "shoulder_right", "armpit_left",
        "armpit_right", "sleeve_left_out", "sleeve_left_in", "sleeve_right_out", "sleeve_right_in", "hem_left",
        "hem_centre", "hem_right",
    ),
    "trousers": (
        "waist_left", "waist_centre", "waist_right", "hip_left", "hip_right", "crotch", "hem_left_out",
        "hem_left_in", "hem_right_in", "hem_right_out",
    ),
    "skirt": (
        "waist_left", "waist_centre", "waist_right", "hip_left", "hip_right", "side_left", "side_right", "hem_left",
        "hem_centre", "hem_right",
    ),
}  # fmt: skip
# Lab distance between the background and what surely is none of it.
CLEAR, SURE = 4.0, 11.0
ROUGHEST = 9.0
COARSE = 8


@dataclass(frozen=True, slots=True)
class Garment:
    """One garment, ready to be worn.

    picture: (h, w, 3) uint8 sRGB.  alpha: (h, w) float32, 0 to 1.  anchors: every name of `ANCHORS[category]`.
    """

    category: Category
    picture: Uint8
    alpha: Floats
    anchors: Mapping[str, tuple[float, float]]

    def __post_init__(self) -> None:
        if self.category not in ANCHORS:
            raise FittingError(
                f"There is no way to fit a {self.category}. Choose one of {', '.join(ANCHORS)}."
            )
        missing = [name for name in ANCHORS[self.category] if name not in self.anchors]
        if missing:
            words = ", ".join(name.replace("_", " ") for name in missing)
            raise FittingError(f"Anchors are missing: {words}. Set them on the garment photo.")
        if self.alpha.shape != self.picture.shape[:2]:
            raise FittingError(
                "The cut-out does not belong to this garment photo. Cut the garment out again."
            )

    def at(self, *names: str) -> Floats:
        """(n, 2) px."""
        return np.array([self.anchors[name] for name in names], np.float64)

    @property
    def digest(self) -> str:
        """SHA-256 of everything that decides how it looks when worn."""
        summary = hashlib.sha256(self.category.encode())
        summary.update(np.ascontiguousarray(self.picture).tobytes())
        summary.update(np.round(self.alpha * 255).astype(np.uint8).tobytes())
        for name in ANCHORS[self.category]:
            x, y = self.anchors[name]
            summary.update(f"{name} {x:.2f} {y:.2f}".encode())
        return summary.hexdigest()


def cut_out(picture: Uint8) -> Floats:
    """Cut a garment out of a plain background.

    picture: (h, w, 3) uint8, the garment alone, lying flat or hanging, with background on all sides.
    Returns alpha, (h, w) float32, 0 to 1; what the garment encloses in the background's own colour stays opaque.
    Raises FittingError if the background is not plain, or no garment stands out from it.
    """
    height, width = picture.shape[:2]
    if min(height, width) < 128:
        raise FittingError(
            f"The garment photo is {width} x {height} px; its shorter side must have at least 128 px. "
            "Choose a larger one."
        )
    lab = lab_of(picture)
    rim = np.concatenate(
        [
            lab[:3].reshape(-1, 3),
            lab[-3:].reshape(-1, 3),
            lab[:, :3].reshape(-1, 3),
            lab[:, -3:].reshape(-1, 3),
        ]
    )
    ground = np.median(rim, axis=0)
    off = np.sqrt(((rim - ground) ** 2).sum(axis=1))
    rough = float(np.percentile(off, 80))
    if rough > ROUGHEST:
        raise FittingError(
            "The background of the garment photo is not plain, or the garment runs out of the picture. Lay it on one "
            "colour, with space on all sides, and take the photo again."
        )
    apart = np.sqrt(((lab - ground) ** 2).sum(axis=2))
    low, high = CLEAR + rough, SURE + rough
    soft = np.clip((apart - low) / (high - low), 0, 1).astype(np.float32)
    solid = soft > 0.5
    edge = np.zeros_like(solid)
    edge[0], edge[-1], edge[:, 0], edge[:, -1] = ~solid[0], ~solid[-1], ~solid[:, 0], ~solid[:, -1]
    inside = ~reached(~solid, edge)
    core = blur(inside.astype(np.float32), max(2.0, min(height, width) / 60))
    seed = np.zeros_like(inside)
    seed[np.unravel_index(int(core.argmax()), core.shape)] = True
    body = reached(inside, seed & inside)
    share = float(body.mean())
    if not 0.03 < share < 0.97:
        raise FittingError(
            "No garment stands out from the background of this photo. Lay it on a colour that it does not have, "
            "and take the photo again."
        )
    near = blur(body.astype(np.float32), 1.0)
    # Inside the outline everything is cloth; on it, the colour says how much.
    return np.where(near > 0.95, 1.0, np.where(near > 0.02, np.maximum(soft, near * body), 0.0)).astype(
        np.float32
    )


def reached(passable: Bools, seeds: Bools) -> Bools:
    """The passable pixels that a walk along rows and columns reaches from the seeds; all (h, w)."""
    found = seeds & passable
    if min(passable.shape) > 64 * COARSE:
        # Most of the way is walked on a small picture; only what its squares hide is walked px by px.
        rows, columns = (side // COARSE * COARSE for side in passable.shape)
        squares = (rows // COARSE, COARSE, columns // COARSE, COARSE)
        open_ways: Bools = passable[:rows, :columns].reshape(squares).min(axis=(1, 3))
        starts: Bools = found[:rows, :columns].reshape(squares).max(axis=(1, 3))
        walked = reached(open_ways, starts)
        found[:rows, :columns] |= np.repeat(np.repeat(walked, COARSE, axis=0), COARSE, axis=1)
    before = -1
    while (count := int(found.sum())) != before:
        before = count
        for axis in (0, 1):
            for turned in (False, True):
                ways = np.flip(passable, axis) if turned else passable
                here = np.flip(found, axis) if turned else found
                shape = (-1, 1) if axis == 0 else (1, -1)
                place = np.arange(passable.shape[axis], dtype=np.int32).reshape(shape)
                wall = np.maximum.accumulate(np.where(ways, -1, place), axis=axis)
                last = np.maximum.accumulate(np.where(here, place, -1), axis=axis)
                met = ways & (last > wall)
                found = found | (np.flip(met, axis) if turned else met)
    return found


def swatch(garment: Garment) -> Floats:
    """The base colour of the flat garment: median Lab of its commonest cloth, (3,)."""
    lab = lab_of(garment.picture[garment.alpha > 0.98][::7])
    if not len(lab):
        raise FittingError("The cut-out of the garment is empty. Cut it out again.")
    bins = np.round(lab / 8).astype(np.int64) + 64
    keys = bins @ np.array([1 << 16, 1 << 8, 1])
    values, counts = np.unique(keys, return_counts=True)
    common = np.median(lab[keys == values[counts.argmax()]], axis=0)
    near = ((lab - common) ** 2).sum(axis=1) < 12**2
    result: Floats = np.median(lab[near], axis=0)
    return result
