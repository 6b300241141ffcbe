"""The rendered training base, read back: latents for the UNet, full frames for the decoder."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from previs.engine.pocket.autoencoder import PatchAutoencoder
from previs.engine.pocket.data import FRAMES, read_records
from previs.engine.pocket.passes import depth_tensors, guide_tensor, picture_tensor

PATCH_SAMPLES = 400_000


@dataclass
class LatentFrames:
    """Frames of one shape as the UNet sees them.

    lit, unlit: (n, 2, 8, h, w) half precision; index 1 of the second axis is mirrored left to right.
    near: (n, 1, 2h, 2w) disparity; sky: (n, 1, h, w); captions: n texts.
    """

    lit: Tensor
    unlit: Tensor
    near: Tensor
    sky: Tensor
    captions: list[str]

    def __len__(self) -> int:
        return len(self.captions)


@torch.no_grad()
def both_ways(autoencoder: PatchAutoencoder, pictures: np.ndarray) -> Tensor:
    """Latents of pictures and of their mirror images: (b, 8h, 8w, 3) uint8 -> (b, 2, 8, h, w) float16."""
    picture = picture_tensor(pictures)
    return torch.stack([autoencoder.encode(picture), autoencoder.encode(picture.flip(-1))], 1).half()


def load_latents(autoencoder: PatchAutoencoder, folder: Path = FRAMES) -> dict[str, LatentFrames]:
    """Encode every finished shard. Returns one `LatentFrames` for "wide" and one for "upright"."""
    captions: dict[str, list[str]] = {"wide": [], "upright": []}
    for record in read_records(folder):
        captions[record["shape"]].append(record["caption"])
    found = {}
    for shape, texts in captions.items():
        parts: dict[str, list[Tensor]] = {"lit": [], "unlit": [], "near": [], "sky": []}
        for record_path in sorted(folder.glob("*.jsonl")):
            path = folder / f"{record_path.stem}-{shape}.npz"
            if not path.exists():
                continue
            with np.load(path) as shard:
                parts["lit"].append(both_ways(autoencoder, shard["picture"]))
                parts["unlit"].append(both_ways(autoencoder, shard["unlit"]))
                near, sky = depth_tensors(shard["near"], shard["sky"])
            parts["near"].append(near)
            parts["sky"].append(sky)
        if texts:
            found[shape] = LatentFrames(
                **{name: torch.cat(part) for name, part in parts.items()}, captions=texts
            )
    return found


def fit_encoder(autoencoder: PatchAutoencoder, folder: Path = FRAMES, *, seed: int = 0) -> None:
    """Fit the linear encoder to patches drawn evenly from the first shards, lit and unlit alike."""
    generator = np.random.default_rng(seed)
    patches = []
    paths = sorted(folder.glob("*-wide.npz"))[:20]
    for path in paths:
        with np.load(path) as shard:
            for kind in ("picture", "unlit"):
                flat = autoencoder.patches(picture_tensor(shard[kind])).reshape(-1, autoencoder.mean.numel())
                count = PATCH_SAMPLES // (2 * len(paths))
                patches.append(flat[torch.from_numpy(generator.integers(0, len(flat), count))])
    autoencoder.fit(torch.cat(patches))


def decoder_crops(
    folder: Path, *, seed: int, batch: int, size: tuple[int, int] = (256, 144), skip: int = 0
) -> Iterator[tuple[Tensor, Tensor]]:
    """Endless random crops of the full frames: pictures (b, 3, h, w) and guides (b, 4, h, w), in [-1, 1]."""
    kinds = ("picture", "unlit", "disparity")
    shards = [
        tuple(np.load(str(path).replace("-picture", f"-{kind}"), mmap_mode="r") for kind in kinds)
        for path in sorted(folder.glob("*-full-picture.npy"))[skip:]
    ]
    if not shards:
        raise FileNotFoundError(
            f"No full frames in {folder}. Run `python -m previs.engine.pocket.data` first."
        )
    draw = random.Random(seed)  # noqa: S311 - repeatable, not secret
    weights = [len(shard[0]) for shard in shards]
    while True:
        pictures, unlits, disparities = [], [], []
        for shard in draw.choices(shards, weights, k=batch):
            index = draw.randrange(len(shard[0]))
            height, width = shard[0].shape[1:3]
            top = draw.randrange((height - size[1]) // 16 + 1) * 16
            left = draw.randrange((width - size[0]) // 16 + 1) * 16
            window = (index, slice(top, top + size[1]), slice(left, left + size[0]))
            step = draw.choice((1, -1))
            pictures.append(shard[0][window][:, ::step])
            unlits.append(shard[1][window][:, ::step])
            disparities.append(shard[2][window][:, ::step])
        yield picture_tensor(np.stack(pictures)), guide_tensor(np.stack(unlits), np.stack(disparities))
