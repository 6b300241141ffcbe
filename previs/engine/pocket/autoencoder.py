"""Pictures to latents and back: a fixed linear encoder, and a learned decoder guided by the blockout.

The encoder is the principal component analysis of 8x8 patches: it costs one matrix product, keeps colour
exactly, and its inverse is a free preview. The decoder doubles the size and may look at the full-resolution
unlit pass, so edges come from the blockout and only light, weather and colour have to fit into the latent.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from torch import Tensor, nn

GUIDE_CHANNELS = 4
"""Unlit red, green, blue and disparity, each in [-1, 1]."""


class ResidualBlock(nn.Module):
    """Norm, two 3x3 convolutions, skip; starts as the identity. (b, width, h, w) -> the same."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(8, width)
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        changed: Tensor = self.second(F.silu(self.first(F.silu(self.norm(x)))))
        return x + changed


class PatchAutoencoder(ModelMixin, ConfigMixin):  # type: ignore[misc]
    """8x8 patches of a picture <-> `latent_channels` numbers; decodes at twice the encoded size."""

    @register_to_config  # type: ignore[untyped-decorator]
    def __init__(self, latent_channels: int = 8, patch: int = 8, width: int = 96, blocks: int = 4) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept = latent_channels
        self.patch = patch
        numbers = 3 * patch * patch
        self.mean: Tensor
        self.basis: Tensor
        self.scale: Tensor
        self.register_buffer("mean", torch.zeros(numbers))
        self.register_buffer("basis", torch.zeros(numbers, latent_channels))
        self.register_buffer("scale", torch.ones(latent_channels))
        self.from_latent = nn.Conv2d(latent_channels, width * 4, 3, padding=1)
        self.from_guide = nn.Conv2d((GUIDE_CHANNELS + 1) * patch * patch, width, 1)
        self.trunk = nn.Sequential(
            *(ResidualBlock(width) for _ in range(blocks)), nn.GroupNorm(8, width), nn.SiLU()
        )
        self.spread = nn.Conv2d(width, 16 * 16, 3, padding=1)
        self.mix = nn.Conv2d(16 + 4 * GUIDE_CHANNELS, 32, 3, padding=1)
        self.paint = nn.Conv2d(32, 24, 3, padding=1)
        nn.init.zeros_(self.paint.weight)
        nn.init.zeros_(self.paint.bias)  # type: ignore[arg-type]

    def fit(self, patches: Tensor) -> None:
        """Set the encoder from samples. patches: (n, 3 * patch * patch) in the order of `patches`, [-1, 1].

        A latent channel's spread is the square root of its share, so that fine detail is neither lost in the
        noise nor as loud as the colour of the patch.
        """
        mean = patches.mean(0)
        covariance = (patches - mean).T @ (patches - mean) / len(patches)
        values, vectors = torch.linalg.eigh(covariance)
        spread = values.flip(0)[: self.kept].clamp(min=1e-8).sqrt()
        self.mean.copy_(mean)
        self.basis.copy_(vectors.flip(1)[:, : self.kept])
        self.scale.copy_((spread / spread[0]).sqrt() / spread)

    def patches(self, picture: Tensor) -> Tensor:
        """(b, 3, h * patch, w * patch) -> (b, h, w, numbers of a patch)."""
        batch, _, height, width = picture.shape
        p = self.patch
        grid = picture.reshape(batch, 3, height // p, p, width // p, p)
        return grid.permute(0, 2, 4, 3, 5, 1).reshape(batch, height // p, width // p, 3 * p * p)

    def encode(self, picture: Tensor) -> Tensor:
        """picture: (b, 3, 8h, 8w) in [-1, 1] -> latents (b, c, h, w)."""
        numbers = ((self.patches(picture) - self.mean) @ self.basis) * self.scale
        return numbers.permute(0, 3, 1, 2)

    def linear_picture(self, latents: Tensor) -> Tensor:
        """The exact inverse of the linear encoder: (b, c, h, w) -> (b, 3, 8h, 8w), about [-1, 1], soft."""
        batch, _, height, width = latents.shape
        p = self.patch
        flat = (latents.permute(0, 2, 3, 1) / self.scale) @ self.basis.T + self.mean
        grid = flat.reshape(batch, height, width, p, p, 3).permute(0, 5, 1, 3, 2, 4)
        return grid.reshape(batch, 3, height * p, width * p)

    def _doubled(self, latents: Tensor) -> Tensor:
        return F.interpolate(
            self.linear_picture(latents), scale_factor=2, mode="bilinear", align_corners=False
        )

    def decode(self, latents: Tensor, guide: Tensor | None = None) -> Tensor:
        """Paint the finished picture.

        latents: (b, c, h, w).  guide: (b, 4, 16h, 16w) unlit colour and disparity in [-1, 1], or None.  A row of
        zeros in a guide means that this picture has none.
        Returns (b, 3, 16h, 16w), about [-1, 1].
        """
        batch, _, height, width = latents.shape
        base = self._doubled(latents)
        if guide is None:
            guide = latents.new_zeros(batch, GUIDE_CHANNELS, height * 16, width * 16)
        present = (guide.abs().amax((1, 2, 3), keepdim=True) > 0).to(guide.dtype)
        unlit = guide[:, :3]
        # What the latent of the unlit pass cannot hold: exactly the edges that the latent of the frame lacks too.
        detail = (unlit - self._doubled(self.encode(F.avg_pool2d(unlit, 2)))) * present
        seen = torch.cat([guide, present.expand(-1, -1, height * 16, width * 16)], 1)
        coarse = F.pixel_shuffle(self.from_latent(latents), 2) + self.from_guide(F.pixel_unshuffle(seen, 8))
        fine = F.pixel_shuffle(self.spread(self.trunk(coarse)), 4)
        mixed = F.silu(self.mix(torch.cat([fine, F.pixel_unshuffle(guide, 2)], 1)))
        bias, gain = F.pixel_shuffle(self.paint(mixed), 2).chunk(2, 1)
        return base + bias + (gain + 0.5) * detail
