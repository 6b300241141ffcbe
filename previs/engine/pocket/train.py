"""Train the UNet and its text encoder: `python -m previs.engine.pocket.train --minutes 60`.

Needs the frames of `data` and the encoder of `train_decoder`. The budget counts time spent training, not pauses, and
the learning rate follows it down; stopped, the same command goes on from the last checkpoint.
A checkpoint, which is also a set of weights ready for `export`, is written every few minutes.
"""

from __future__ import annotations

import argparse
import copy
import json
import time
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

from previs.engine.pocket.autoencoder import PatchAutoencoder
from previs.engine.pocket.batches import Batch, BatchDrawer, validation_batch
from previs.engine.pocket.data import FRAMES, WORKPLACE
from previs.engine.pocket.frames import load_latents
from previs.engine.pocket.networks import (
    TOKENS,
    build_scheduler,
    build_text_encoder,
    build_tokenizer,
    build_unet,
)
from previs.engine.pocket.pipeline import Sampling
from previs.engine.pocket.rehearse import Noised, Rehearsal
from previs.engine.pocket.train_decoder import AUTOENCODER
from previs.engine.pocket.weights import PACKAGED, Manifest

RUN = WORKPLACE / "run"
BATCH = 16
RATE, FLOOR, WARM_UP = 5e-4, 0.03, 150
INPUT_BOOST = 3.0
"""The first convolution learns faster: it has to find out what 25 condition planes mean."""
LONGEST_STEP = 4.0
"""Seconds; a step that took longer was paused meanwhile."""


class Trainer:
    """Networks, their running average, optimiser and position in the budget."""

    def __init__(self, folder: Path, *, seed: int, bfloat16: bool = False) -> None:
        from previs.blockout.description import VOCABULARY

        torch.manual_seed(seed)
        self.folder, self.seed, self.bfloat16 = folder, seed, bfloat16
        self.tokenizer = build_tokenizer(VOCABULARY)
        unet, text = build_unet(), build_text_encoder(len(self.tokenizer))
        self.networks: Any = torch.nn.ModuleDict({"unet": unet, "text_encoder": text})
        self.average: Any = copy.deepcopy(self.networks).requires_grad_(False).eval()
        self.signal: Tensor = build_scheduler().alphas_cumprod.float()
        first = list(unet.conv_in.parameters())
        known = {id(parameter) for parameter in first}
        rest = [parameter for parameter in self.networks.parameters() if id(parameter) not in known]
        groups = [{"params": rest, "boost": 1.0}, {"params": first, "boost": INPUT_BOOST}]
        self.optimiser = torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.99), weight_decay=0.01, fused=True)
        self.generator = torch.Generator().manual_seed(seed)
        self.rehearsal: Rehearsal | None = None
        self.step, self.samples, self.elapsed = 0, 0, 0.0
        self.log: list[str] = []

    def begin_with(self, folder: Path) -> None:
        """Start from finished weights, as `export` packages them, instead of from nothing.

        Raises EngineError if the folder's manifest does not fit its files.
        """
        from safetensors.torch import load_file

        Manifest.read(folder).verify(folder)
        for name, network in self.networks.items():
            parts = [load_file(path) for path in sorted((folder / name).glob("*.safetensors"))]
            state = {key: value.float() for part in parts for key, value in part.items()}
            network.load_state_dict(state)
        self.average.load_state_dict(self.networks.state_dict())

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint.pt"

    def resume(self) -> bool:
        """Go on from the checkpoint, if there is one."""
        if not self.checkpoint.exists():
            return False
        state = torch.load(self.checkpoint, weights_only=True)
        self.networks.load_state_dict(state["networks"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.generator.set_state(state["generator"])
        self.step, self.samples = state["step"], state["samples"]
        self.elapsed, self.log = state["elapsed"], state["log"]
        return True

    def save(self) -> None:
        """Write the checkpoint and the averaged weights; a crash in between leaves the older one."""
        state = {
            "networks": self.networks.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "generator": self.generator.get_state(),
            "step": self.step,
            "samples": self.samples,
            "elapsed": self.elapsed,
            "log": self.log,
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = self.checkpoint.with_suffix(".new")
        torch.save(state, fresh)
        fresh.replace(self.checkpoint)
        self.average["unet"].save_pretrained(self.folder / "unet")
        self.average["text_encoder"].save_pretrained(self.folder / "text_encoder")
        self.tokenizer.save_pretrained(self.folder / "tokenizer")
        build_scheduler().save_pretrained(self.folder / "scheduler")
        facts = {
            "steps": self.step,
            "samples": self.samples,
            "seconds": round(self.elapsed),
            "seed": self.seed,
        }
        (self.folder / "training.json").write_text(json.dumps({**facts, "log": self.log}, indent=1))

    def tokens(self, captions: list[str]) -> Tensor:
        """(b, TOKENS) token numbers."""
        encoded = self.tokenizer(captions, padding="max_length", max_length=TOKENS, truncation=True)
        return torch.tensor(encoded["input_ids"])

    def words(self, networks: Any, captions: list[str]) -> Tensor:
        """(b, TOKENS, width)."""
        hidden: Tensor = networks["text_encoder"](self.tokens(captions)).last_hidden_state
        return hidden

    def arithmetic(self) -> torch.autocast:
        """Weights and their updates stay float32; what is computed between them may be bfloat16."""
        return torch.autocast("cpu", torch.bfloat16, enabled=self.bfloat16)

    def noised(self, batch: Batch, timesteps: Tensor, noise: Tensor) -> Noised:
        """The frames of a batch with that much noise (b, 8, h, w)."""
        share = self.signal[timesteps].view(-1, 1, 1, 1)
        return Noised(
            share.sqrt() * batch.latents + (1 - share).sqrt() * noise,
            timesteps.clone(),
            share.sqrt() * noise - (1 - share).sqrt() * batch.latents,
            torch.ones(*batch.latents.shape[:2], 1, 1),
        )

    def losses(self, networks: Any, batch: Batch, shown: Noised) -> Tensor:
        """Squared error of the velocity, one number a sample: uniform over the timesteps, since a signal-to-noise
        weight goes to zero exactly where layout and light are decided."""
        stacked = torch.cat([shown.noisy, batch.planes], 1)
        with self.arithmetic():
            words = self.words(networks, batch.captions)
            predicted: Tensor = networks["unet"](stacked, shown.timesteps, words).sample
        error: Tensor = shown.weight * (predicted.float() - shown.velocity) ** 2
        return error.mean((1, 2, 3))

    def train_step(self, batch: Batch, progress: float) -> float:
        """One optimiser step at this share of the budget; returns the loss."""
        rate = RATE * min(1, (self.step + 1) / WARM_UP) * (1 - (1 - FLOOR) * progress)
        for group in self.optimiser.param_groups:
            group["lr"] = rate * group["boost"]
        timesteps = draw_timesteps(len(batch.latents), len(self.signal), self.generator)
        noise = torch.randn(batch.latents.shape, generator=self.generator)
        shown = self.noised(batch, timesteps, noise)
        if self.rehearsal is not None:
            rows = self.rehearsal.rows(batch, self.generator)
            if rows.any():
                shown.put(rows, self.rehearsed(batch, rows, self.generator))
        loss = self.losses(self.networks, batch, shown).mean()
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.networks.parameters(), 1.0)
        self.optimiser.step()
        self.step += 1
        self.samples += len(batch.latents)
        keep = min(0.997, (1 + self.step) / (15 + self.step))
        fresh = [parameter.detach() for parameter in self.networks.parameters()]
        torch._foreach_lerp_(list(self.average.parameters()), fresh, 1 - keep)
        return float(loss.detach())

    def rehearsed(self, batch: Batch, rows: Tensor, generator: torch.Generator) -> Noised:
        """Those rows (b,) as a guided frame goes through its steps, with the averaged weights' first word."""
        assert self.rehearsal is not None
        captions = [caption for caption, row in zip(batch.captions, rows.tolist(), strict=True) if row]
        with torch.no_grad(), self.arithmetic():
            words = self.words(self.average, captions)
            return self.rehearsal.noised(self.average, batch, rows, words, self.signal, generator)

    @torch.no_grad()
    def validate(self, batch: Batch) -> float:
        """Loss of the averaged weights on held-back frames with fixed noise: as they are made, if that is rehearsed."""
        fixed = torch.Generator().manual_seed(5)
        if self.rehearsal is not None:
            shown = self.rehearsed(batch, batch.follows, fixed)
        else:
            timesteps = torch.linspace(10, len(self.signal) - 1, len(batch.latents)).long()
            shown = self.noised(batch, timesteps, torch.randn(batch.latents.shape, generator=fixed))
        return float(self.losses(self.average, batch, shown).mean())


def draw_timesteps(count: int, of: int, generator: torch.Generator) -> Tensor:
    """Step numbers with a density that rises with the noise: a frame is made in few steps, most of them early ones,
    and light and layout are decided there."""
    return (torch.rand(count, generator=generator).sqrt() * of).long().clamp(max=of - 1)


def run(
    trainer: Trainer,
    *,
    minutes: float,
    save_every: float,
    autoencoder: Path,
    frames: Path,
    rehearse: float,
    batch: int = BATCH,
) -> None:
    """Train until the budget is spent; report every 100 steps."""
    encoder = PatchAutoencoder.from_pretrained(autoencoder, local_files_only=True)
    if rehearse > 0 and (calm := Sampling.read(PACKAGED).calm) is not None:
        trainer.rehearsal = Rehearsal(calm, rehearse, 1 / encoder.scale**2)
    latents = load_latents(encoder, frames)
    validation = validation_batch(latents)
    # The drawer is re-seeded by the step, so that a resumed run sees new batches and the same ones every time.
    drawer = BatchDrawer(latents, size=batch, seed=trainer.seed * 1_000_003 + trainer.step)
    saved, pace, total = time.monotonic(), time.monotonic(), 0.0
    while trainer.elapsed < minutes * 60:
        began = time.monotonic()
        total += trainer.train_step(drawer.next(), trainer.elapsed / (minutes * 60))
        trainer.elapsed += min(time.monotonic() - began, LONGEST_STEP)
        if trainer.step % 100 == 0:
            speed = 100 * batch / (time.monotonic() - pace)
            held = f" held {trainer.validate(validation):.4f}" if trainer.step % 500 == 0 else ""
            line = f"{trainer.elapsed:.0f} s step {trainer.step} samples {trainer.samples}"
            line += f" loss {total / 100:.4f}{held} {speed:.1f}/s"
            trainer.log.append(line)
            print(line, flush=True)  # noqa: T201
            pace, total = time.monotonic(), 0.0
        if time.monotonic() - saved > save_every * 60:
            trainer.save()
            saved = time.monotonic()
    trainer.save()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60, help="budget in all, of earlier runs too")
    parser.add_argument("--save-every", type=float, default=5, help="minutes between checkpoints")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--rehearse", type=float, default=0.8, help="share of guided frames trained as they are made"
    )
    parser.add_argument(
        "--begin-with", type=Path, help="packaged weights to start from, where there is no checkpoint"
    )
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=BATCH, help="frames a step")
    parser.add_argument("--bfloat16", action="store_true", help="quicker where the CPU has it (AMX, AVX-512)")
    parser.add_argument("--frames", type=Path, default=FRAMES)
    parser.add_argument("--autoencoder", type=Path, default=AUTOENCODER)
    parser.add_argument("--folder", type=Path, default=RUN)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    trainer = Trainer(arguments.folder, seed=arguments.seed, bfloat16=arguments.bfloat16)
    resumed = trainer.resume()
    if not resumed and arguments.begin_with is not None:
        trainer.begin_with(arguments.begin_with)
    print("resumed" if resumed else "started", "at step", trainer.step, flush=True)  # noqa: T201
    # The backward pass of PyTorch's fused attention is slow on a CPU; see docs/performance.md.
    with sdpa_kernel(SDPBackend.MATH):
        run(
            trainer,
            minutes=arguments.minutes,
            save_every=arguments.save_every,
            autoencoder=arguments.autoencoder,
            frames=arguments.frames,
            rehearse=arguments.rehearse,
            batch=arguments.batch,
        )


if __name__ == "__main__":
    main()
