"""Teach the decoder what the UNet really hands it: `python -m previs.engine.pocket.refine_decoder --minutes 4`.

Frames are made of the true blockouts as the application makes them. Their latents get the light of the true frames and
keep the fine structure that the UNet gave them; the decoder learns to see through it with the help of the guide.
"""

from __future__ import annotations

import argparse
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from previs.engine.pocket.autoencoder import PatchAutoencoder
from previs.engine.pocket.conditions import Conditions, depth_planes
from previs.engine.pocket.data import FRAMES, read_records
from previs.engine.pocket.passes import block_mean, depth_tensors, guide_tensor, picture_tensor
from previs.engine.pocket.pipeline import PocketPipeline, Sampling
from previs.engine.pocket.train import RUN
from previs.engine.pocket.train_decoder import AUTOENCODER, disturbed, likeness_loss, psnr
from previs.engine.pocket.weights import PACKAGED

CELLS = (8, 16)
"""Rows and columns of latent cells in a training crop."""
CROPS = 8
TOGETHER = 8
SQUARED = 6.0
"""Weight of the squared error: what is left to learn are few, large errors, at edges of light."""


@dataclass
class Pair:
    """One frame. truth: (3, 288, 512).  guide: (4, 288, 512).  clean, made: latents (8, 18, 32)."""

    truth: Tensor
    guide: Tensor
    clean: Tensor
    made: Tensor


def full_frames(folder: Path) -> list[tuple[Any, Any, Any, str]]:
    """Wide frames kept at full size: picture, unlit, disparity and caption."""
    captions: dict[int, list[str]] = {}
    for record in read_records(folder):
        if record["shape"] == "wide":
            captions.setdefault(record["seed"], []).append(record["caption"])
    found = []
    for path in sorted(folder.glob("*-wide-full-picture.npy")):
        arrays = [
            np.load(str(path).replace("-picture", f"-{kind}"), mmap_mode="r")
            for kind in ("picture", "unlit", "disparity")
        ]
        start = int(path.name.split("-")[0])
        following = [seed for seed in sorted(captions) if seed >= start][: len(arrays[0])]
        found += [(*frame, captions[seed][0]) for *frame, seed in zip(*arrays, following, strict=True)]
    return found


def make_pairs(pipeline: PocketPipeline, frames: list[tuple[Any, Any, Any, str]], *, seed: int) -> list[Pair]:
    """Make the frames again from their blockouts, in batches."""
    draw = random.Random(seed)  # noqa: S311 - repeatable, not secret
    pairs: list[Pair] = []
    for first in range(0, len(frames), TOGETHER):
        part = frames[first : first + TOGETHER]
        pictures, unlits, disparities = (
            np.stack([np.asarray(frame[kind]) for frame in part]) for kind in range(3)
        )
        near, sky = depth_tensors(
            np.stack([block_mean(plane, 8) for plane in disparities]),
            np.stack([block_mean((plane == 0).astype(np.uint8) * 255, 16) for plane in disparities]),
        )
        truth, guide = picture_tensor(pictures), guide_tensor(unlits, disparities)
        clean = pipeline.encode(truth)
        rows, columns = clean.shape[-2:]
        unlit = pipeline.encode(picture_tensor(unlits))
        made = pipeline.denoise(
            [frame[3] for frame in part],
            [""] * len(part),
            Conditions(len(part), rows, columns, unlit=unlit, depth=depth_planes(near), sky=sky),
            [torch.Generator().manual_seed(draw.randrange(2**32)) for _ in part],
            steps=8,
            guidance=1.0,
        )
        pairs += [Pair(*values) for values in zip(truth, guide, clean, relit(made, clean), strict=True)]
    return pairs


def relit(made: Tensor, clean: Tensor) -> Tensor:
    """The light of one, the fine structure of the other. Both (b, 8, h, w) latents of one view."""
    return made + softened(clean) - softened(made)


def softened(latents: Tensor) -> Tensor:
    """Means over five by five cells: light, without what distinguishes neighbours."""
    return F.avg_pool2d(F.pad(latents, (2, 2, 2, 2), mode="replicate"), 5, 1)


def crops(pairs: list[Pair], draw: random.Random) -> tuple[Tensor, Tensor, Tensor]:
    """Truth (b, 3, 128, 256), guide (b, 4, 128, 256) and latents (b, 8, 8, 16): half of them made, half clean."""
    truths, guides, latents = [], [], []
    for pair in draw.choices(pairs, k=CROPS):
        rows, columns = pair.clean.shape[-2:]
        top, left = draw.randint(0, rows - CELLS[0]), draw.randint(0, columns - CELLS[1])
        window = (..., slice(top, top + CELLS[0]), slice(left, left + CELLS[1]))
        wide = (..., slice(top * 16, (top + CELLS[0]) * 16), slice(left * 16, (left + CELLS[1]) * 16))
        truths.append(pair.truth[wide])
        guides.append(pair.guide[wide])
        latents.append((pair.made if draw.random() < 0.5 else pair.clean)[window])
    return torch.stack(truths), torch.stack(guides), torch.stack(latents)


def refine(autoencoder: PatchAutoencoder, pairs: list[Pair], minutes: float, *, seed: int = 0) -> None:
    """Train the decoder in place on the wall clock; the last eight pairs only measure."""
    draw = random.Random(seed)  # noqa: S311 - repeatable, not secret
    generator = torch.Generator().manual_seed(seed)
    held, pairs = pairs[-8:], pairs[:-8]
    optimiser = torch.optim.AdamW(autoencoder.parameters(), lr=1e-3, betas=(0.9, 0.98), weight_decay=1e-3)
    began, step, progress = time.monotonic(), 0, 0.0
    while progress < 1:
        for group in optimiser.param_groups:
            group["lr"] = 1.5e-3 * min(1, (step + 1) / 20) * (1 - 0.97 * progress)
        truth, guide, latents = crops(pairs, draw)
        told = (torch.rand(len(truth), 1, 1, 1, generator=generator) > 0.12).float()
        painted = autoencoder.decode(disturbed(latents, generator), guide * told)
        loss = likeness_loss(painted, truth) + SQUARED * F.mse_loss(painted, truth)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(autoencoder.parameters(), 1.0)
        optimiser.step()
        step += 1
        progress = (time.monotonic() - began) / (minutes * 60)
        if step % 50 == 0 or progress >= 1:
            with torch.no_grad():
                truths, guides = (
                    torch.stack([getattr(pair, name) for pair in held]) for name in ("truth", "guide")
                )
                figures = [
                    psnr(
                        autoencoder.decode(torch.stack([getattr(pair, kind) for pair in held]), guides),
                        truths,
                    )
                    for kind in ("made", "clean")
                ]
            print(f"step {step} {progress:.0%} psnr made {figures[0]:.2f} clean {figures[1]:.2f}", flush=True)  # noqa: T201


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=4)
    parser.add_argument("--pairs", type=int, default=240)
    parser.add_argument("--run", type=Path, default=RUN)
    parser.add_argument("--autoencoder", type=Path, default=AUTOENCODER)
    parser.add_argument("--frames", type=Path, default=FRAMES)
    arguments = parser.parse_args()
    torch.set_num_threads(2)
    torch.manual_seed(0)
    pipeline = PocketPipeline.load(arguments.run, autoencoder=arguments.autoencoder)
    pipeline.sampling = Sampling.read(PACKAGED)
    pairs = make_pairs(pipeline, full_frames(arguments.frames)[: arguments.pairs], seed=0)
    print(len(pairs), "pairs", flush=True)  # noqa: T201
    autoencoder: PatchAutoencoder = pipeline.autoencoder
    autoencoder.requires_grad_(True).train()
    refine(autoencoder, pairs, arguments.minutes)
    autoencoder.save_pretrained(arguments.autoencoder)


if __name__ == "__main__":
    main()
