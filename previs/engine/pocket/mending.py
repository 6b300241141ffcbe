"""Where a picture is edited: what stands in for an area nobody knows yet, and how the new part meets the kept one.

Arrays are uint8 pictures at the painted size: (h, w, 3), masks (h, w), 255 is painted anew.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from PIL import Image, ImageFilter
from torch import Tensor

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

CELL = 8  # pixels to a side of the squares in which a difference of light is measured
ROUNDS = 400
"""How often each square takes the mean of its neighbours: enough for a mask as wide as the picture."""
SOFTNESS = (0, 2, 6, 14, 28)
"""Radius in pixels of the blurs between which a mirrored picture goes over, from the seam outwards."""
REACH = 0.5
"""Share of the picture's shorter side after which a mirrored picture is as soft as it gets."""


def continued(picture: Bytes, mask: Bytes) -> Bytes:
    """The picture with a guess where the mask is: mirrored outwards and softer with distance around a rectangle that
    is kept whole, as an extension leaves it; elsewhere the light of the mask's border, without detail."""
    kept = kept_box(mask)
    if kept is None:
        return _whole_inside(picture, mask)
    left, top, right, bottom = kept
    height, width = mask.shape
    inner = picture[top:bottom, left:right]
    mirrored = _mirrored(inner, (top, height - bottom), (left, width - right))
    return _softer_outwards(mirrored, _distance(kept, width, height))


def kept_box(mask: Bytes) -> tuple[int, int, int, int] | None:
    """Left, top, right, bottom of what is kept, if that is one rectangle; else None."""
    kept = mask < 128
    if not kept.any():
        return None
    rows, columns = np.flatnonzero(kept.any(1)), np.flatnonzero(kept.any(0))
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    return (left, top, right, bottom) if kept[top:bottom, left:right].all() else None


def _mirrored(inner: Bytes, rows: tuple[int, int], columns: tuple[int, int]) -> Bytes:
    padded: Bytes = np.pad(inner, (rows, columns, (0, 0)), mode="symmetric")
    return padded


def _distance(kept: tuple[int, int, int, int], width: int, height: int) -> Floats:
    """Pixels from the kept rectangle: (h, w), 0 inside."""
    left, top, right, bottom = kept
    across, down = np.arange(width), np.arange(height)
    beside = np.maximum(np.maximum(left - across, across - right + 1), 0)
    above = np.maximum(np.maximum(top - down, down - bottom + 1), 0)
    return np.hypot(beside[None], above[:, None]).astype(np.float32)


def _softer_outwards(picture: Bytes, distance: Floats) -> Bytes:
    reach = REACH * min(distance.shape)
    level = np.clip(distance / reach, 0, 1) * (len(SOFTNESS) - 1)
    shown = Image.fromarray(picture)
    soft = [
        np.asarray(shown.filter(ImageFilter.GaussianBlur(radius)) if radius else shown, np.float32)
        for radius in SOFTNESS
    ]
    found = np.zeros_like(soft[0])
    for number, blurred in enumerate(soft):
        found += blurred * np.clip(1 - np.abs(level - number), 0, 1)[..., None]
    return np.rint(found).clip(0, 255).astype(np.uint8)


def _whole_inside(picture: Bytes, mask: Bytes) -> Bytes:
    known = torch.from_numpy((mask < 128).astype(np.float32))[None, None]
    shown = torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None].float()
    spread = spread_inside(shown, known)
    filled = shown * known + spread * (1 - known)
    return filled[0].permute(1, 2, 0).round().clamp(0, 255).byte().numpy()


def spread_inside(planes: Tensor, known: Tensor) -> Tensor:
    """Carry what is known smoothly into what is not, as heat spreads: (b, c, h, w), without detail.

    known: (b, 1, h, w), 1 or 0.  h, w: multiples of 8.
    """
    share = F.avg_pool2d(known, CELL)
    held = (share > 0.25).float()
    small = F.avg_pool2d(planes * known, CELL) / share.clamp_min(1e-6) * held
    if not held.any():
        return torch.zeros_like(planes)
    mean = small.sum((2, 3), keepdim=True) / held.sum((2, 3), keepdim=True)
    present = small + (1 - held) * mean
    for _ in range(ROUNDS):
        padded = F.pad(present, (1, 1, 1, 1), mode="replicate")
        around = (
            padded[..., 1:-1, :-2] + padded[..., 1:-1, 2:] + padded[..., :-2, 1:-1] + padded[..., 2:, 1:-1]
        ) / 4
        present = small + (1 - held) * around
    return F.interpolate(present, planes.shape[2:], mode="bilinear", align_corners=False)


def mended(painted: Tensor, picture: Tensor, mask: Tensor) -> Tensor:
    """The painted picture with its light drawn to that of the kept one at the mask's border.

    painted, picture: (b, 3, h, w) in [-1, 1].  mask: (b, 1, h, w), 1 is painted.
    """
    return painted + spread_inside(picture - painted, 1 - mask)
