"""Letting a painted frame follow its blockout: light may be soft, edges may not.

The decoder knows the blockout, yet what it paints carries the lattice of its latent cells and loses edges that the
blockout has. Within a small window, though, a lit surface is very nearly a linear function of its unlit colour and its
distance (a guided filter: He, Sun and Tang, ECCV 2010, with a colour guide). That function is fitted to the painted
frame and applied to the blockout at full size; what it leaves over, shadows that the blockout does not have, is kept at
the size of a cell, which takes the lattice out of it.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

SMALLER = 8  # the function changes slowly, so it is fitted at an eighth of the size
REACH = 2  # pixels of that size to each side of a window
CELL = 16  # pixels of a latent cell


def follow(painted: Tensor, guide: Tensor, *, give: float) -> Tensor:
    """Painted (b, 3, h, w) and the decoder's guide (b, 4, h, w), both in [-1, 1] -> (b, 3, h, w), about in [-1, 1].

    h and w: multiples of 16, at least 48.  give: added to the guide's variance; below it a difference is no edge.
    """
    colours, channels = painted.shape[1], guide.shape[1]
    small, seen = F.avg_pool2d(painted, SMALLER), F.avg_pool2d(guide, SMALLER)
    window = 2 * REACH + 1
    mean, mean_seen = blurred(small, window), blurred(seen, window)
    together = blurred(_products(seen, seen), window) - _products(mean_seen, mean_seen)
    across = blurred(_products(seen, small), window) - _products(mean_seen, mean)
    # One small system a pixel: (b, h', w', 4, 4) and (b, h', w', 4, 3).
    variance = _matrices(together, channels, channels).permute(0, 3, 4, 1, 2)
    shared = _matrices(across, channels, colours).permute(0, 3, 4, 1, 2)
    slopes = torch.linalg.solve(variance + give * torch.eye(channels), shared).permute(0, 3, 4, 1, 2)
    offsets = mean - (slopes * mean_seen[:, :, None]).sum(1)
    fitted = blurred(torch.cat([slopes.flatten(1, 2), offsets], 1), window)
    fitted = F.interpolate(fitted, size=painted.shape[2:], mode="bilinear", align_corners=False)
    slopes, offsets = _matrices(fitted[:, :-colours], channels, colours), fitted[:, -colours:]
    followed: Tensor = (slopes * guide[:, :, None]).sum(1) + offsets
    return followed + blurred(painted - followed, CELL)


def blurred(planes: Tensor, size: int) -> Tensor:
    """Mean of the size x size pixels around each, the border repeated: (b, c, h, w) -> the same."""
    before = (size - 1) // 2
    after = size - 1 - before
    padded = F.pad(planes, (before, after, before, after), mode="replicate")
    mean: Tensor = F.avg_pool2d(F.avg_pool2d(padded, (1, size), 1), (size, 1), 1)
    return mean


def _products(left: Tensor, right: Tensor) -> Tensor:
    """Each plane of the one by each of the other: (b, m, h, w) and (b, n, h, w) -> (b, m n, h, w)."""
    return (left[:, :, None] * right[:, None]).flatten(1, 2)


def _matrices(planes: Tensor, rows: int, columns: int) -> Tensor:
    """(b, rows columns, h, w) -> (b, rows, columns, h, w)."""
    return planes.reshape(planes.shape[0], rows, columns, *planes.shape[2:])
