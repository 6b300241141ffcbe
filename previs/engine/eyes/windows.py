"""Square windows of a picture, turned if need be, as the models look at them, and the way back to its pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from previs.engine.eyes.seen import EyesError, Floats, Uint8


@dataclass(frozen=True, slots=True)
class Window:
    """A square of a picture: its middle and side in px, turned clockwise by `turn` radians."""

    x: float
    y: float
    side: float
    turn: float = 0.0

    def to_picture(self, points: Floats) -> Floats:
        """points: (n, 2), 0 to 1 across the window -> (n, 2) px of the picture."""
        cos, sin = math.cos(self.turn), math.sin(self.turn)
        offsets = (points - 0.5) * self.side
        turned = offsets @ np.array([[cos, sin], [-sin, cos]], np.float32)
        result: Floats = (turned + np.array([self.x, self.y], np.float32)).astype(np.float32)
        return result

    def look(self, picture: Image.Image, side: int) -> Floats:
        """The window at side x side px, (side, side, 3) float32, 0 to 1; black beyond the picture."""
        # Bilinear sampling sees only four pixels, so a large picture is averaged down first.
        factor = max(1, int(self.side / side))
        small = picture.reduce(factor) if factor > 1 else picture
        step = self.side / side / factor
        cos, sin = math.cos(self.turn) * step, math.sin(self.turn) * step
        middle_x, middle_y, half = self.x / factor, self.y / factor, side / 2
        coefficients = (
            cos, -sin, middle_x - cos * half + sin * half,
            sin, cos, middle_y - sin * half - cos * half,
        )  # fmt: skip
        seen = small.transform((side, side), Image.Transform.AFFINE, coefficients, Image.Resampling.BILINEAR)
        return np.asarray(seen, np.float32) / 255.0

    def spread(self, values: Floats, size: tuple[int, int]) -> Floats:
        """Put an array over the window back onto the picture.

        values: (n, n) float32.  size: width, height of the picture, px.  Returns (h, w) float32, 0 outside.
        """
        n = values.shape[0]
        cos, sin = math.cos(self.turn) * n / self.side, math.sin(self.turn) * n / self.side
        coefficients = (
            cos, sin, n / 2 - cos * self.x - sin * self.y,
            -sin, cos, n / 2 + sin * self.x - cos * self.y,
        )  # fmt: skip
        picture = Image.fromarray(values.astype(np.float32))
        back = picture.transform(size, Image.Transform.AFFINE, coefficients, Image.Resampling.BILINEAR)
        return np.asarray(back, np.float32)


def whole(picture: Image.Image) -> Window:
    """The smallest square that holds the whole picture."""
    return Window(picture.width / 2, picture.height / 2, max(picture.size))


def rgb(picture: Uint8) -> Image.Image:
    """Raises EyesError unless the picture is (h, w, 3) uint8 and at least 16 px a side."""
    if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8 or min(picture.shape[:2]) < 16:
        raise EyesError(
            "Only an RGB picture of at least 16 px a side can be looked at. Choose another picture."
        )
    return Image.fromarray(np.ascontiguousarray(picture))


def anchors(side: int, strides: Sequence[int]) -> Floats:
    """The middles of a detector's cells, (n, 2), 0 to 1; a stride named k times has k anchors in each cell."""
    found = []
    for stride in dict.fromkeys(strides):
        cells = math.ceil(side / stride)
        middles = (np.arange(cells, dtype=np.float32) + 0.5) / cells
        grid = np.stack(np.meshgrid(middles, middles), axis=-1).reshape(-1, 2)
        found.append(np.repeat(grid, strides.count(stride), axis=0))
    return np.concatenate(found)


def overlap(one: Floats, others: Floats) -> Floats:
    """Intersection over union of rectangles: (4,) and (n, 4) as left, top, right, bottom -> (n,)."""
    corner = np.maximum(one[:2], others[:, :2])
    opposite = np.minimum(one[2:4], others[:, 2:4])
    shared = np.prod(np.clip(opposite - corner, 0, None), axis=1)
    area = np.prod(one[2:4] - one[:2])
    areas = np.prod(others[:, 2:4] - others[:, :2], axis=1)
    result: Floats = shared / np.maximum(area + areas - shared, 1e-6)
    return result


def best_of(rectangles: Floats, scores: Floats, *, most: float) -> list[int]:
    """Indices of the rectangles that no better one overlaps by more than `most`, best first."""
    order = list(np.argsort(-scores))
    kept: list[int] = []
    while order:
        first = int(order.pop(0))
        kept.append(first)
        if order:
            overlaps = overlap(rectangles[first], rectangles[order])
            order = [index for index, shared in zip(order, overlaps, strict=True) if shared <= most]
    return kept
