"""What the network is told beside the noise: one stack of planes, the same in training and in rendering."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor

LATENT = 8
DEPTH = 4
CONDITION = 2 * LATENT + 1 + DEPTH + 1 + 3
COARSEST = 6.0
"""How many latent cells a blockout of no strength at all takes for one."""
INPUTS = LATENT + CONDITION
"""Input channels of the UNet: noisy 8, unlit 8, kept picture 8, mask 1, depth 4, sky 1, has-unlit, has-picture, has-depth."""


def depth_planes(disparity: Tensor) -> Tensor:
    """Standardise each map and fold 2x2 into channels: (b, 1, 2h, 2w), any scale -> (b, 4, h, w) in [-3, 3].

    Raw disparity has too little contrast to be learnt from; after this its unit does not matter either, so a
    depth picture from elsewhere fits too.
    """
    mean = disparity.mean((1, 2, 3), keepdim=True)
    spread = disparity.std((1, 2, 3), keepdim=True)
    return F.pixel_unshuffle(((disparity - mean) / (spread + 0.02)).clamp(-3, 3), 2)


def coarse(planes: Tensor, strength: float, *, cell: int = 1) -> Tensor:
    """A blockout that is followed less closely: large colours stay where they are, shapes go. (b, c, h, w) -> the same.

    strength: 0 to 1, which leaves everything.  cell: rows and columns of a latent cell.
    """
    grain = cell * (1 + (1 - strength) * (COARSEST - 1)) if strength < 1 else 1
    height, width = planes.shape[-2:]
    few = F.adaptive_avg_pool2d(planes, (max(1, round(height / grain)), max(1, round(width / grain))))
    return F.interpolate(few, (height, width), mode="bicubic", align_corners=False)


@dataclass
class Conditions:
    """Planes for a batch; None where the whole batch goes without.

    unlit, picture: latents (b, 8, h, w).  mask: (b, 1, h, w), 1 is painted, 0 is kept; needed with picture.
    depth: (b, 4, h, w) from `depth_planes`.  sky: (b, 1, h, w), share of open sky.
    """

    batch: int
    height: int
    width: int
    unlit: Tensor | None = None
    picture: Tensor | None = None
    mask: Tensor | None = None
    depth: Tensor | None = None
    sky: Tensor | None = None

    def coarser(self, strength: float) -> Conditions:
        """With a blockout of that strength, 0 to 1: see `coarse`."""
        planes = (self.unlit, self.depth, self.sky)
        unlit, depth, sky = (None if plane is None else coarse(plane, strength) for plane in planes)
        return replace(self, unlit=unlit, depth=depth, sky=sky)

    def planes(
        self,
        *,
        has_unlit: Tensor | None = None,
        has_picture: Tensor | None = None,
        has_depth: Tensor | None = None,
    ) -> Tensor:
        """(b, 25, h, w). has_...: (b,) weights from 0 (told nothing) to 1; None means 1 where there is a plane."""
        size = (self.height, self.width)

        def weight(given: Tensor | None, plane: Tensor | None) -> Tensor:
            flag = torch.ones(self.batch) if given is None else given
            return (flag if plane is not None else torch.zeros(self.batch)).view(-1, 1, 1, 1)

        def put(plane: Tensor | None, flag: Tensor, channels: int) -> Tensor:
            return torch.zeros(self.batch, channels, *size) if plane is None else plane * flag

        unlit, picture, depth = (
            weight(has_unlit, self.unlit),
            weight(has_picture, self.picture),
            weight(has_depth, self.depth),
        )
        mask = torch.ones(self.batch, 1, *size) if self.mask is None else 1 - (1 - self.mask) * picture
        return torch.cat(
            [
                put(self.unlit, unlit, LATENT),
                put(self.picture, picture, LATENT) * (1 - mask),
                mask,
                put(self.depth, depth, DEPTH),
                put(self.sky, depth, 1),
                *(flag.expand(-1, 1, *size) for flag in (unlit, picture, depth)),
            ],
            1,
        )
