"""How well a frame keeps the drawing of its blockout: edge F1 against the line pass."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

TOLERANCE = 2
"""Pixels, at 512 pixels of width, that an edge may lie beside its line."""
Mask = npt.NDArray[np.bool_]


def detect_edges(picture: npt.NDArray[np.uint8], share: float) -> Mask:
    """Thin gradient edges of an RGB picture (h, w, 3): (h, w) bool.

    Canny's first three steps: a 5-tap Gaussian, Sobel gradients (the strongest of the three colours), thinning
    across the gradient. In place of two thresholds, which would favour bright frames, the strongest edges are
    kept: `share` of all pixels, as many as the line pass draws.
    """
    smooth: npt.NDArray[Any] = picture.astype(np.float32)
    for axis in (0, 1):
        smooth = _filtered(smooth, (1, 4, 6, 4, 1), axis) / 16
    down = _filtered(_filtered(smooth, (-1, 0, 1), 0), (1, 2, 1), 1)
    across = _filtered(_filtered(smooth, (1, 2, 1), 0), (-1, 0, 1), 1)
    strengths = np.hypot(down, across)
    channel = strengths.argmax(2)[..., None]
    strength, down, across = (np.take_along_axis(a, channel, 2)[..., 0] for a in (strengths, down, across))
    thin = np.where(_is_ridge(strength, down, across), strength, 0)
    wanted = min(int(share * thin.size), int((thin > 0).sum()))
    if wanted == 0:
        return np.zeros(thin.shape, bool)
    edges: Mask = thin >= max(float(np.partition(thin.ravel(), -wanted)[-wanted]), 1e-6)
    return edges


def _filtered(picture: npt.NDArray[Any], taps: tuple[int, ...], axis: int) -> npt.NDArray[Any]:
    reach = len(taps) // 2
    borders = [(reach, reach) if a == axis else (0, 0) for a in range(picture.ndim)]
    padded = np.pad(picture, borders, mode="edge")
    size = picture.shape[axis]
    parts = [tap * np.take(padded, np.arange(i, i + size), axis) for i, tap in enumerate(taps) if tap]
    total: npt.NDArray[Any] = np.sum(parts, axis=0)
    return total


def _is_ridge(strength: npt.NDArray[Any], down: npt.NDArray[Any], across: npt.NDArray[Any]) -> Mask:
    """Whether a pixel is at least as strong as both neighbours along its gradient, in four directions."""
    padded = np.pad(strength, 1)
    height, width = strength.shape

    def neighbour(y: int, x: int) -> npt.NDArray[Any]:
        return padded[1 + y : 1 + y + height, 1 + x : 1 + x + width]

    sector = np.round(np.arctan2(down, across) / (np.pi / 4)).astype(int) % 4
    ridge = np.zeros(strength.shape, bool)
    for number, (y, x) in enumerate(((0, 1), (1, 1), (1, 0), (1, -1))):
        ridge |= (sector == number) & (strength >= neighbour(y, x)) & (strength > neighbour(-y, -x))
    return ridge


def grown(mask: Mask, reach: int) -> Mask:
    """Every pixel within `reach` (a square) of a set one."""
    padded = np.pad(mask, reach)
    height, width = mask.shape
    found = np.zeros(mask.shape, bool)
    for y in range(2 * reach + 1):
        for x in range(2 * reach + 1):
            found |= padded[y : y + height, x : x + width]
    return found


def edge_f1(
    picture: npt.NDArray[np.uint8], lines: npt.NDArray[np.uint8], tolerance: int = TOLERANCE
) -> float:
    """F1 of precision (frame edges that lie at a line) and recall (lines that have a frame edge), 0 to 1.

    picture: (h, w, 3).  lines: (h, w), above 127 is a line. Without any line the score is not defined: nan.
    """
    drawn: Mask = lines > 127
    if not drawn.any():
        return float("nan")
    edges = detect_edges(picture, float(drawn.mean()))
    if not edges.any():
        return 0.0
    precision = float((edges & grown(drawn, tolerance)).sum() / edges.sum())
    recall = float((drawn & grown(edges, tolerance)).sum() / drawn.sum())
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
