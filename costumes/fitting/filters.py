"""Blurs, growth and sampling of float pictures, in numpy alone."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.floating[Any]]
Uint8 = NDArray[np.uint8]
Bools = NDArray[np.bool_]


def _box(values: Floats, radius: int, axis: int) -> Floats:
    """Mean over 2 * radius + 1 neighbours; the edge value goes on beyond the edge."""
    pad = [(0, 0)] * values.ndim
    pad[axis] = (radius + 1, radius)
    sums = np.cumsum(np.pad(values, pad, mode="edge"), axis=axis, dtype=np.float32)
    width = 2 * radius + 1
    upper = [slice(None)] * values.ndim
    lower = [slice(None)] * values.ndim
    upper[axis], lower[axis] = slice(width, None), slice(None, -width)
    result: Floats = (sums[tuple(upper)] - sums[tuple(lower)]) / width
    return result


def blur(values: Floats, sigma: float) -> Floats:
    """Three box means in place of a Gaussian of `sigma` px; (h, w) float32 in and out."""
    if sigma >= 4:  # a wide blur holds no detail, so it is made of a small picture
        factor = int(sigma // 2)
        size = (max(2, values.shape[1] // factor), max(2, values.shape[0] // factor))
        small = Image.fromarray(values.astype(np.float32)).resize(size, Image.Resampling.BOX)
        soft = blur(np.asarray(small, np.float32), sigma / factor)
        wide = Image.fromarray(soft.astype(np.float32)).resize(
            (values.shape[1], values.shape[0]), Image.Resampling.BILINEAR
        )
        return np.asarray(wide, np.float32)
    radius = max(1, round((math.sqrt(4 * sigma * sigma + 1) - 1) / 2))
    result = values.astype(np.float32)
    for axis in (0, 1):
        for _ in range(3):
            result = _box(result, radius, axis)
    return result


def grown(mask: Bools, radius: float) -> Bools:
    """The mask grown by about `radius` px (negative: shrunk), corners rounded."""
    if round(abs(radius)) < 1:
        return mask
    if radius < 0:
        return ~grown(~mask, -radius)
    around = blur(mask.astype(np.float32), abs(radius) / 1.5)
    return mask | (around > 0.07)


def sample(values: Floats, x: Floats, y: Floats) -> Floats:
    """Bilinear samples at pixel coordinates; 0 beyond the edge.

    values: (h, w, c) float32.  x, y: (n, m) px, pixel middles at whole numbers.  Returns (n, m, c) float32.
    """
    height, width = values.shape[:2]
    left, top = np.floor(x).astype(np.int32), np.floor(y).astype(np.int32)
    inside = (left >= 0) & (top >= 0) & (left < width - 1) & (top < height - 1)
    left, top = np.clip(left, 0, width - 2), np.clip(top, 0, height - 2)
    across = (x - left).astype(np.float32)[..., None]
    down = (y - top).astype(np.float32)[..., None]
    flat = values.reshape(-1, values.shape[2])
    first = top * width + left
    upper = flat[first] * (1 - across) + flat[first + 1] * across
    lower = flat[first + width] * (1 - across) + flat[first + width + 1] * across
    result: Floats = (upper * (1 - down) + lower * down) * inside[..., None]
    return result


def stretched(grid: Floats, width: int, height: int, step: int) -> Floats:
    """Fill in between the nodes of a grid: (rows, columns) at every `step` px -> (height, width)."""
    x = np.arange(width, dtype=np.float32) / step
    y = np.arange(height, dtype=np.float32) / step
    column, row = x.astype(np.int32), y.astype(np.int32)
    across, down = x - column, (y - row)[:, None]
    wide = grid[:, column] * (1 - across) + grid[:, column + 1] * across
    result: Floats = (wide[row] * (1 - down) + wide[row + 1] * down).astype(np.float32)
    return result
