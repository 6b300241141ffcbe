"""The loaded model: conditions in, denoised latents and painted pictures out. Knows tensors, not requests."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from previs.engine.pocket.autoencoder import PatchAutoencoder
from previs.engine.pocket.conditions import LATENT, Conditions
from previs.engine.pocket.networks import TOKENS

GUIDANCE_RESCALE = 0.5
"""Share of the guided prediction that is brought back to the contrast of the unguided one: keeps night dark, not black."""

SAMPLING = "sampling.json"

OnLatents = Callable[[int, int, Tensor], None]
"""Step number, number of steps, present estimate of the finished latents (b, 8, h, w)."""


@dataclass(frozen=True)
class DepthRange:
    """How strongly the blockout (unlit and depth, or depth alone) acts, 0 to 1, and in which share of the steps."""

    strength: float = 1.0
    start: float = 0.0
    end: float = 1.0

    def in_time(self) -> DepthRange | None:
        """The steps it acts in, at full strength; None where these are all."""
        return None if (self.start, self.end) == (0, 1) else DepthRange(1.0, self.start, self.end)


@dataclass(frozen=True)
class Calm:
    """How a frame is made that follows its blockout fully; see decision 021.

    A network of this size cannot tell noise from light where the blockout has told it everything else: white noise
    stays in the frame as mottling. So the frame starts from little noise without detail, which the network takes for
    light, and goes only through those steps in which it has to expect nothing from the noisy frame.
    until: number of the last timestep.  tint: spread of the noise.  grain: latent cells between two numbers of it.
    """

    until: int
    tint: float
    grain: int

    def timesteps(self, steps: int, last: int) -> Tensor:
        """(steps,) from the last timestep of the schedule down to `until`."""
        return torch.linspace(last, self.until, steps).round().long()

    def noise(self, generators: Sequence[torch.Generator], height: int, width: int) -> Tensor:
        """(b, 8, h, w), one picture from each generator."""
        size = (1, LATENT, height // self.grain + 2, width // self.grain + 2)
        coarse = torch.cat([torch.randn(size, generator=generator) for generator in generators])
        smooth = torch.nn.functional.interpolate(
            coarse, size=(height, width), mode="bicubic", align_corners=True
        )
        return self.tint * smooth


@dataclass(frozen=True)
class Sampling:
    """How weights of one revision are used, so that a replay of their frames goes the same way.

    calm: for frames that follow their blockout fully; None starts those from white noise too.  draws_weather: the
    renderer draws falling weather over a frame; see decision 022.  draws_lamps: it draws what shines by itself over it,
    too, and takes the colours out of noir; see decision 026.  coarsens: a weaker blockout is a coarser one; else
    it is fainter, which no training showed; see decision 025.  give: how small a difference in the blockout is no edge
    to follow; see decision 023.  mends_edges: an extension goes on from its picture, and what is painted anew meets the
    light of what is kept; see decision 027.
    """

    calm: Calm | None = None
    draws_weather: bool = False
    draws_lamps: bool = False
    coarsens: bool = False
    give: float = 1e-2
    mends_edges: bool = False

    @classmethod
    def read(cls, folder: Path) -> Sampling:
        """As `sampling.json` beside the weights says; the earliest weights have none."""
        path = folder / SAMPLING
        if not path.exists():
            return cls()
        said = json.loads(path.read_text())
        return cls(**{**said, "calm": Calm(**said["calm"])})


class PocketPipeline:
    """UNet, text encoder, tokenizer, scheduler and autoencoder of one weights folder, on the CPU."""

    def __init__(
        self,
        unet: Any,
        text_encoder: Any,
        tokenizer: Any,
        scheduler: Any,
        autoencoder: Any,
        sampling: Sampling | None = None,
    ) -> None:
        self.unet, self.text_encoder, self.tokenizer = unet, text_encoder, tokenizer
        self.scheduler, self.autoencoder = scheduler, autoencoder
        self.sampling = sampling or Sampling()

    @classmethod
    def load(cls, folder: Path, *, autoencoder: Path | None = None) -> PocketPipeline:
        """Load from a local folder through the stock classes; weights become float32, the fastest on a CPU.

        autoencoder: its folder, where it does not lie beside the others, as while training.
        """
        from diffusers import DDIMScheduler, UNet2DConditionModel
        from transformers import CLIPTextModel, PreTrainedTokenizerFast

        safe: dict[str, Any] = {"local_files_only": True, "use_safetensors": True}
        unet: Any = UNet2DConditionModel.from_pretrained(folder / "unet", **safe)  # type: ignore[no-untyped-call]
        text_encoder: Any = CLIPTextModel.from_pretrained(folder / "text_encoder", **safe)
        painter = PatchAutoencoder.from_pretrained(autoencoder or folder / "autoencoder", **safe)
        networks = [network.float().eval().requires_grad_(False) for network in (unet, text_encoder, painter)]
        return cls(
            networks[0],
            networks[1],
            PreTrainedTokenizerFast.from_pretrained(folder / "tokenizer", local_files_only=True),
            DDIMScheduler.from_pretrained(folder / "scheduler", local_files_only=True),  # type: ignore[no-untyped-call]
            networks[2],
            Sampling.read(folder),
        )

    def words(self, captions: Sequence[str]) -> Tensor:
        """Encode captions: (b, TOKENS, width)."""
        encoded = self.tokenizer(list(captions), padding="max_length", max_length=TOKENS, truncation=True)
        hidden: Tensor = self.text_encoder(torch.tensor(encoded["input_ids"])).last_hidden_state
        return hidden

    @torch.no_grad()
    def denoise(
        self,
        captions: Sequence[str],
        negatives: Sequence[str],
        conditions: Conditions,
        generators: Sequence[torch.Generator],
        *,
        steps: int,
        guidance: float,
        start: Tensor | None = None,
        strength: float = 1.0,
        depth_range: DepthRange | None = None,
        on_latents: OnLatents | None = None,
    ) -> Tensor:
        """Make latents (b, 8, h, w).

        captions, negatives, generators: one for each picture; its noise comes from its own generator, so a
        picture does not depend on its neighbours in the batch.
        start: latents (b, 8, h, w) to begin from, with `strength` of the noise; None begins from noise alone.
        Whatever `on_latents` raises ends the work.
        """
        text = torch.cat([self.words(negatives), self.words(captions)])
        if self.sampling.coarsens and depth_range is not None and depth_range.strength > 0:
            conditions, depth_range = conditions.coarser(depth_range.strength), depth_range.in_time()
        calm = self.sampling.calm
        if calm and start is None and depth_range is None and conditions.unlit is not None:
            return self._calmly(calm, text, conditions, generators, steps, guidance, on_latents)
        shape = (1, LATENT, conditions.height, conditions.width)
        noise = torch.cat([torch.randn(shape, generator=generator) for generator in generators])
        self.scheduler.set_timesteps(steps)
        timesteps = self.scheduler.timesteps
        if start is not None and strength < 1:
            timesteps = timesteps[len(timesteps) - max(1, round(len(timesteps) * strength)) :]
            latents = self.scheduler.add_noise(start, noise, timesteps[:1].expand(len(noise)))
        else:
            latents = noise
        count = len(timesteps)
        for number, timestep in enumerate(timesteps, start=1):
            planes = self._planes(conditions, depth_range, (number - 1) / count)
            velocity = self._velocity(torch.cat([latents, planes], 1), timestep, text, guidance)
            step = self.scheduler.step(velocity, timestep, latents)
            latents = step.prev_sample
            if on_latents is not None:
                on_latents(number, count, step.pred_original_sample)
        finished: Tensor = latents
        return finished

    def _calmly(
        self,
        calm: Calm,
        text: Tensor,
        conditions: Conditions,
        generators: Sequence[torch.Generator],
        steps: int,
        guidance: float,
        on_latents: OnLatents | None,
    ) -> Tensor:
        """DDIM between the timesteps of `calm`; what the last of them says the frame is, is the frame."""
        signal: Tensor = self.scheduler.alphas_cumprod
        latents = calm.noise(generators, conditions.height, conditions.width)
        planes = conditions.planes()
        timesteps = calm.timesteps(steps, len(signal) - 1)
        frame = latents
        for number, timestep in enumerate(timesteps, start=1):
            velocity = self._velocity(torch.cat([latents, planes], 1), timestep, text, guidance)
            share = signal[timestep]
            frame = share.sqrt() * latents - (1 - share).sqrt() * velocity
            noise = share.sqrt() * velocity + (1 - share).sqrt() * latents
            if on_latents is not None:
                on_latents(number, steps, frame)
            if number < steps:
                share = signal[timesteps[number]]
                latents = share.sqrt() * frame + (1 - share).sqrt() * noise
        return frame

    def _velocity(self, stacked: Tensor, timestep: Tensor, text: Tensor, guidance: float) -> Tensor:
        """Guided by the text. stacked: noisy latents and planes (b, 33, h, w).  text: negatives, then captions.

        guidance: at 1 the captions speak alone, in half the time, and negatives say nothing.
        """
        if guidance == 1:
            alone: Tensor = self.unet(stacked, timestep, text.chunk(2)[1]).sample
            return alone
        predicted = self.unet(torch.cat([stacked, stacked]), timestep, text).sample
        without, with_text = predicted.chunk(2)
        return rescaled(without + guidance * (with_text - without), with_text)

    def _planes(self, conditions: Conditions, depth_range: DepthRange | None, moment: float) -> Tensor:
        if depth_range is None:
            return conditions.planes()
        acts = depth_range.start <= moment < depth_range.end or (moment == 0 and depth_range.start == 0)
        weight = torch.full((conditions.batch,), depth_range.strength if acts else 0.0)
        return conditions.planes(has_unlit=weight, has_depth=weight)

    @torch.no_grad()
    def encode(self, pictures: Tensor) -> Tensor:
        """(b, 3, 16h, 16w) in [-1, 1] -> latents (b, 8, h, w)."""
        latents: Tensor = self.autoencoder.encode(torch.nn.functional.avg_pool2d(pictures, 2))
        return latents

    @torch.no_grad()
    def decode(self, latents: Tensor, guide: Tensor | None) -> Tensor:
        """Latents (b, 8, h, w) and the decoder's guide (b, 4, 16h, 16w) or None -> (b, 3, 16h, 16w) in [-1, 1]."""
        painted: Tensor = self.autoencoder.decode(latents, guide)
        return painted.clamp(-1, 1)

    @torch.no_grad()
    def preview(self, latents: Tensor) -> Tensor:
        """Latents (b, 8, h, w) -> soft pictures (b, 3, 8h, 8w) in [-1, 1], by one matrix product."""
        picture: Tensor = self.autoencoder.linear_picture(latents)
        return picture.clamp(-1, 1)


def rescaled(guided: Tensor, plain: Tensor) -> Tensor:
    """Bring the spread of the guided prediction half-way back to that of the plain one. (b, 8, h, w)."""
    axes = (1, 2, 3)
    ratio = plain.std(axes, keepdim=True) / guided.std(axes, keepdim=True)
    return guided * (GUIDANCE_RESCALE * ratio + 1 - GUIDANCE_RESCALE)
