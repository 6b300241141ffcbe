"""Train the guided decoder: `python -m previs.engine.pocket.train_decoder --minutes 6`.

The encoder is fitted first and then fixed. The decoder learns from disturbed latents too (noise, blur), because
what the UNet hands it is never as clean as an encoded picture; so it trusts the latent for light and the guide
for edges. Every fifth crop has no guide, so that pictures without a blockout can be decoded.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from previs.engine.pocket.autoencoder import PatchAutoencoder
from previs.engine.pocket.data import FRAMES, WORKPLACE
from previs.engine.pocket.frames import decoder_crops, fit_encoder

AUTOENCODER = WORKPLACE / "autoencoder"
BATCH = 8


def disturbed(latents: Tensor, generator: torch.Generator) -> Tensor:
    """Half of the batch as it is, half with blur and noise of a random strength. (b, 8, h, w) -> the same."""
    batch = len(latents)
    chosen = (torch.rand(batch, generator=generator) < 0.5).float().view(-1, 1, 1, 1)
    blur = torch.rand(batch, 1, 1, 1, generator=generator) * chosen
    noise = 0.15 * torch.rand(batch, 1, 1, 1, generator=generator) * chosen
    soft = F.avg_pool2d(F.pad(latents, (1, 1, 1, 1), mode="replicate"), 3, 1)
    spread = latents.std((0, 2, 3), keepdim=True)
    return torch.lerp(latents, soft, blur) + noise * spread * torch.randn(latents.shape, generator=generator)


def likeness_loss(painted: Tensor, truth: Tensor) -> Tensor:
    """Absolute error, error of the gradients (edges) and squared error (large light errors)."""
    difference = painted - truth
    across = (difference[..., 1:] - difference[..., :-1]).abs().mean()
    down = (difference[..., 1:, :] - difference[..., :-1, :]).abs().mean()
    return difference.abs().mean() + 0.5 * (across + down) + 0.5 * (difference**2).mean()


def psnr(painted: Tensor, truth: Tensor) -> float:
    """Mean over pictures in [-1, 1], decibel."""
    error = ((painted.clamp(-1, 1) - truth) ** 2).mean((1, 2, 3)).clamp(min=1e-8)
    return float((10 * torch.log10(4 / error)).mean())


def train(autoencoder: PatchAutoencoder, minutes: float, folder: Path, *, seed: int = 0) -> None:
    """Train in place on the wall clock; reports every 100 steps."""
    generator = torch.Generator().manual_seed(seed)
    crops = decoder_crops(folder, seed=seed, batch=BATCH, skip=1)
    held = next(decoder_crops(folder, seed=seed + 1, batch=24))
    optimiser = torch.optim.AdamW(autoencoder.parameters(), lr=2e-3, betas=(0.9, 0.98), weight_decay=1e-3)
    began, step, progress = time.monotonic(), 0, 0.0
    while progress < 1:
        for group in optimiser.param_groups:
            group["lr"] = 2e-3 * min(1, (step + 1) / 40) * (1 - 0.97 * progress)
        truth, guide = next(crops)
        guided = (torch.rand(BATCH, 1, 1, 1, generator=generator) > 0.2).float()
        latents = disturbed(autoencoder.encode(F.avg_pool2d(truth, 2)), generator)
        loss = likeness_loss(autoencoder.decode(latents, guide * guided), truth)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(autoencoder.parameters(), 1.0)
        optimiser.step()
        step += 1
        progress = (time.monotonic() - began) / (minutes * 60)
        if step % 100 == 0 or progress >= 1:
            with torch.no_grad():
                latents = autoencoder.encode(F.avg_pool2d(held[0], 2))
                figures = [psnr(autoencoder.decode(latents, g), held[0]) for g in (held[1], None)]
            report = f"step {step} {progress:.0%} loss {loss.item():.4f}"
            print(f"{report} psnr guided {figures[0]:.2f} alone {figures[1]:.2f}", flush=True)  # noqa: T201


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=6)
    parser.add_argument("--frames", type=Path, default=FRAMES)
    parser.add_argument("--out", type=Path, default=AUTOENCODER)
    parser.add_argument(
        "--resume", action="store_true", help="go on with the decoder in --out, encoder unchanged"
    )
    arguments = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(2)
    if arguments.resume:
        autoencoder = PatchAutoencoder.from_pretrained(arguments.out, local_files_only=True)
    else:
        autoencoder = PatchAutoencoder()
        fit_encoder(autoencoder, arguments.frames)
        autoencoder.save_pretrained(arguments.out)
    train(autoencoder, arguments.minutes, arguments.frames)
    autoencoder.save_pretrained(arguments.out)


if __name__ == "__main__":
    main()
