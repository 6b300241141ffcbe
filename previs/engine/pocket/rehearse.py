"""Training on the very steps that a guided frame goes through; see decisions 021 and 024."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from previs.engine.pocket.batches import Batch
from previs.engine.pocket.pipeline import Calm

FIRST_STEPS = 0.5
"""Share of the rehearsed frames at their first step; the others are at a later one, after the network's own first word."""


@dataclass
class Noised:
    """What the network is shown and should say: noisy and velocity (b, 8, h, w), timesteps (b,), weight (b, 8, 1, 1)."""

    noisy: Tensor
    timesteps: Tensor
    velocity: Tensor
    weight: Tensor

    def put(self, rows: Tensor, other: Noised) -> None:
        """Replace the rows (b,) by those of `other`."""
        for name in ("noisy", "timesteps", "velocity", "weight"):
            getattr(self, name)[rows] = getattr(other, name)


@dataclass(frozen=True)
class Rehearsal:
    """calm: the sampling that is rehearsed.  share: of the frames told the blockout alone.

    spread: (8,) how much a latent channel says about the pixels; light and haze are in the first ones.
    """

    calm: Calm
    share: float
    spread: Tensor

    def rows(self, batch: Batch, generator: torch.Generator) -> Tensor:
        """(b,) true where a frame is rehearsed."""
        return batch.follows & (torch.rand(len(batch.follows), generator=generator) < self.share)

    @torch.no_grad()
    def noised(
        self,
        networks: Any,
        batch: Batch,
        rows: Tensor,
        words: Tensor,
        signal: Tensor,
        generator: torch.Generator,
    ) -> Noised:
        """The rehearsed rows of a batch at a step of theirs.

        networks: those whose first word about the frame a later step starts from.  words: (rows, TOKENS, width).
        signal: (timesteps,) share of the picture in the noisy frame.
        """
        frames, planes = batch.latents[rows], batch.planes[rows]
        count, last = len(frames), len(signal) - 1
        noise = self.calm.noise([generator] * count, *frames.shape[-2:])
        timesteps = torch.full((count,), last)
        later = torch.rand(count, generator=generator) >= FIRST_STEPS
        drawn = torch.rand(count, generator=generator) * (last - self.calm.until) + self.calm.until
        timesteps[later] = drawn.long()[later]
        said = torch.zeros_like(frames)
        if later.any():
            stacked = torch.cat([noise, planes], 1)[later]
            said[later] = -networks["unet"](stacked, last, words[later]).sample.float()
        share = signal[timesteps].view(-1, 1, 1, 1)
        noisy = share.sqrt() * said + (1 - share).sqrt() * noise
        velocity = (share.sqrt() * noisy - frames) / (1 - share).sqrt()
        weight = (self.spread / self.spread.mean()).view(1, -1, 1, 1).expand(count, -1, 1, 1)
        return Noised(noisy, timesteps, velocity, weight)
