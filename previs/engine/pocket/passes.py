"""Render passes to the tensors that guide the model: the one place where their scaling is decided."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

Bytes = npt.NDArray[np.uint8]


def to_bytes(picture: npt.NDArray[Any]) -> Bytes:
    """(h, w, 3) uint8, or float in [0, 1], to uint8."""
    if picture.dtype == np.uint8:
        return picture
    levels: Bytes = (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)
    return levels


def disparity_bytes(depth: npt.NDArray[Any]) -> Bytes:
    """Metres, inf for sky, to 8 bit: 255 at the lens, 128 at 3 m, 0 at the sky and only there."""
    near = 1 / (1 + np.maximum(depth, 0) / 3)
    levels: Bytes = np.where(np.isfinite(depth), np.maximum(near * 255 + 0.5, 1), 0).astype(np.uint8)
    return levels


def metres(disparity: Bytes) -> npt.NDArray[np.float32]:
    """The depth that `disparity_bytes` held, to 8 bit: (h, w) metres, inf for the sky."""
    near = disparity.astype(np.float32) / 255
    with np.errstate(divide="ignore"):
        depth: npt.NDArray[np.float32] = (3 / near - 3).astype(np.float32)
    return depth


def half(picture: Bytes) -> Bytes:
    """Box-filter to half the size: (2h, 2w, c) -> (h, w, c), rounded."""
    height, width, channels = picture.shape
    summed = picture.reshape(height // 2, 2, width // 2, 2, channels).astype(np.uint16).sum((1, 3))
    smaller: Bytes = ((summed + 2) >> 2).astype(np.uint8)
    return smaller


def block_mean(plane: Bytes, size: int) -> Bytes:
    """Mean of size x size blocks, rounded: (h, w) -> (h / size, w / size)."""
    height, width = plane.shape
    blocks = plane.reshape(height // size, size, width // size, size).astype(np.uint32)
    means: Bytes = ((blocks.sum((1, 3)) + size * size // 2) // (size * size)).astype(np.uint8)
    return means


def picture_tensor(pictures: npt.NDArray[Any]) -> Tensor:
    """(b, h, w, 3) uint8 -> (b, 3, h, w) in [-1, 1]."""
    return torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1


def guide_tensor(unlit: npt.NDArray[Any], disparity: npt.NDArray[Any]) -> Tensor:
    """Unlit (b, 16h, 16w, 3) and disparity (b, 16h, 16w), uint8 -> decoder guide (b, 4, 16h, 16w) in [-1, 1]."""
    far = torch.from_numpy(np.ascontiguousarray(disparity))[:, None].float() / 127.5 - 1
    return torch.cat([picture_tensor(unlit), far], 1)


def depth_tensors(near: npt.NDArray[Any], sky: npt.NDArray[Any]) -> tuple[Tensor, Tensor]:
    """Block means of disparity (b, 2h, 2w) and sky (b, h, w), uint8 -> (b, 1, 2h, 2w) and (b, 1, h, w) in [0, 1]."""
    maps = (torch.from_numpy(np.ascontiguousarray(plane))[:, None].float() / 255 for plane in (near, sky))
    disparity, share = maps
    return disparity, share
