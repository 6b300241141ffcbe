"""Undoing the small shift and zoom with which diffusion models return a picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from costumes.fitting.filters import Bools, Floats, Uint8, blur, sample
from costumes.fitting.trouble import FittingError

ALIKE = 0.9
MOST_ZOOM = 0.03
WORKING_HEIGHT = 512
BORDER = 0.02
ROUNDS = 15
# px; an edge pulls only from as far as it is soft, so the coarse move comes first.
SOFTNESS = (8.0, 3.0, 1.0)


@dataclass(frozen=True, slots=True)
class Registration:
    """How a result was moved back onto its photo.

    matrix: (2, 3), photo px -> result px.  correlation: -1 to 1, outside the mask, afterwards.
    """

    matrix: Floats
    correlation: float

    @property
    def zoom(self) -> float:
        """How much larger the result was drawn, 0 = as it should be."""
        return float(np.sqrt(abs(np.linalg.det(self.matrix[:, :2])))) - 1

    @property
    def shift(self) -> float:
        """Distance in px that the photo's own corner had moved."""
        return float(np.linalg.norm(self.matrix[:, 2]))


def register(result: Uint8, photo: Uint8, still: Bools) -> tuple[Uint8, Registration]:
    """Move a result back onto the photo, by what should not have changed.

    result: (h', w', 3) uint8.  photo: (h, w, 3) uint8.  still: (h, w) bool, pixels that nobody asked to change.
    Returns the result at the photo's size and place.
    Raises FittingError if too little stayed still, or the rest does not match: then the model painted another picture.
    """
    height, width = photo.shape[:2]
    if still.mean() < 0.05:
        raise FittingError(
            "Too little of the photo is left unpainted to find the result's place. Paint a smaller area."
        )
    if result.shape != photo.shape:
        result = np.asarray(Image.fromarray(result).resize((width, height), Image.Resampling.LANCZOS))
    factor = max(1, round(height / WORKING_HEIGHT))
    aim, seen = _grey(photo, factor), _grey(result, factor)
    weight = (
        np.asarray(Image.fromarray(still.astype(np.uint8) * 255).reduce(factor), np.float32)[
            : aim.shape[0], : aim.shape[1]
        ]
        / 255
    )
    weight = (weight > 0.99).astype(np.float32)
    # What a shifted result shows along its border was never in the photo.
    rim = max(2, round(BORDER * max(weight.shape)))
    weight[:rim] = weight[-rim:] = weight[:, :rim] = weight[:, -rim:] = 0
    matrix = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    for softness in SOFTNESS:
        matrix = _aligned(blur(aim, softness), blur(seen, softness), weight, matrix)
    matrix[:, 2] = matrix[:, 2] * factor + (factor - 1) / 2 * (1 - matrix[:, :2].sum(axis=1))
    moved = _moved(result.astype(np.float32), matrix, (height, width))
    correlation = _correlation(_grey(photo, factor), _grey(moved, factor), weight)
    found = Registration(matrix, correlation)
    if correlation < ALIKE or abs(found.zoom) > MOST_ZOOM:
        raise FittingError(
            "The diffusion pass returned another picture than the photo: outside the painted area it does not match "
            f"(likeness {correlation:.2f}, zoom {found.zoom:+.1%}). Lower the strength, or take another seed."
        )
    return moved, found


def _grey(picture: Uint8, factor: int) -> Floats:
    grey = Image.fromarray(picture).convert("L")
    return np.asarray(grey.reduce(factor) if factor > 1 else grey, np.float32)


def _moved(values: Floats, matrix: Floats, size: tuple[int, int]) -> Uint8:
    y, x = np.mgrid[0 : size[0], 0 : size[1]].astype(np.float32)
    looks = matrix[:, 0, None, None] * x + matrix[:, 1, None, None] * y + matrix[:, 2, None, None]
    limits = np.array([values.shape[1] - 1.001, values.shape[0] - 1.001])[:, None, None]
    looks = np.clip(looks, 0, limits)
    return np.clip(np.round(sample(values, looks[0], looks[1])), 0, 255).astype(np.uint8)


def _aligned(aim: Floats, seen: Floats, weight: Floats, matrix: Floats) -> Floats:
    """Gauss-Newton over an affine map, gain and offset free, so that a change of exposure does not matter."""
    height, width = aim.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    u, v = (x - width / 2) / width, (y - height / 2) / height
    dv, du = np.gradient(seen)
    limits = np.array([width - 1.001, height - 1.001])[:, None, None]
    stacked = np.dstack([seen, du, dv]).astype(np.float32)
    for _ in range(ROUNDS):
        looks = matrix[:, 0, None, None] * x + matrix[:, 1, None, None] * y + matrix[:, 2, None, None]
        inside = ((looks >= 0) & (looks <= limits)).all(axis=0)
        got = sample(stacked, *np.clip(looks, 0, limits))
        used = (weight > 0) & inside
        value, across, down = (got[..., channel][used] for channel in range(3))
        columns = np.stack(
            [across * u[used], across * v[used], across, down * u[used], down * v[used], down, value,
             np.ones_like(value)], axis=1
        ).astype(np.float64)  # fmt: skip
        goal = aim[used].astype(np.float64)
        # value * gain + offset + gradient * motion = aim; the motion is small against the gain, so one system holds all.
        answer = np.linalg.lstsq(columns.T @ columns, columns.T @ goal, rcond=None)[0]
        motion = answer[:6].reshape(2, 3) / max(abs(answer[6]), 0.2)
        step = np.stack(
            [motion[:, 0] / width, motion[:, 1] / height, motion[:, 2] - motion[:, 0] / 2 - motion[:, 1] / 2],
            axis=1,
        )
        matrix = matrix + step
        if np.abs(step[:, 2]).max() + np.abs(step[:, :2]).max() * width < 1e-3:
            break
    return matrix


def _correlation(one: Floats, other: Floats, weight: Floats) -> float:
    used = weight > 0
    a, b = one[used] - one[used].mean(), other[used] - other[used].mean()
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / scale if scale > 0 else 1.0
