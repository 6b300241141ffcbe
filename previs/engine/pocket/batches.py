"""Training batches: which frame, mirrored or not, cropped to which ratio, and told how much."""

from __future__ import annotations

import random
from dataclasses import dataclass

import torch
from torch import Tensor

from previs.blockout.words import WEATHERS
from previs.engine.pocket.conditions import Conditions, depth_planes
from previs.engine.pocket.frames import LatentFrames

MODES = ("blockout", "depth", "text", "inpaint", "inpaint in blockout")
SHARES = (0.60, 0.15, 0.10, 0.08, 0.07)
"""How often the network is told: unlit and depth; depth; nothing; the kept picture; all of them."""
CAPTION_DROP = 0.1
WEATHER = frozenset(WEATHERS) - {"clear"}
"""Frames in it are drawn twice as often: a quarter of them has any, and five kinds share that quarter."""
VALIDATION = 48
"""The last wide frames, never drawn for training."""


@dataclass
class Batch:
    """latents: (b, 8, h, w) of the finished frame.  planes: (b, 25, h, w).  captions: b texts, "" when dropped.

    follows: (b,) true where the network is told the blockout and nothing else, as for a frame that follows it fully.
    """

    latents: Tensor
    planes: Tensor
    captions: list[str]
    follows: Tensor


def random_mask(draw: random.Random, height: int, width: int) -> Tensor:
    """A box of 1 (painted) on 0 (kept), (1, h, w)."""
    mask = torch.zeros(1, height, width)
    tall, wide = draw.randint(3, height), draw.randint(3, width * 3 // 4)
    top, left = draw.randint(0, height - tall), draw.randint(0, width - wide)
    mask[:, top : top + tall, left : left + wide] = 1
    return mask


def random_window(draw: random.Random, height: int, width: int) -> tuple[slice, slice]:
    """Mostly the whole frame; sometimes a wider ratio, or a narrower one."""
    rows, columns = height, width
    if width > height and draw.random() < 0.25:
        rows = draw.randint(13, height)
    elif draw.random() < 0.12:
        columns = draw.randint(min(16, width), width)
    top, left = draw.randint(0, height - rows), draw.randint(0, width - columns)
    return slice(top, top + rows), slice(left, left + columns)


def assemble(
    frames: LatentFrames,
    indices: list[int],
    mirrored: list[bool],
    modes: list[str],
    masks: list[Tensor],
    window: tuple[slice, slice],
) -> tuple[Tensor, Tensor]:
    """Latents (b, 8, h, w) and condition planes (b, 25, h, w) of the chosen frames inside the window."""
    rows, columns = window
    double = (slice(rows.start * 2, rows.stop * 2), slice(columns.start * 2, columns.stop * 2))
    chosen = list(zip(indices, map(int, mirrored), strict=True))
    lit = torch.stack([frames.lit[i, m][:, rows, columns] for i, m in chosen]).float()
    unlit = torch.stack([frames.unlit[i, m][:, rows, columns] for i, m in chosen]).float()
    near = torch.stack([frames.near[i].flip(-1) if m else frames.near[i] for i, m in chosen])
    sky = torch.stack([frames.sky[i].flip(-1) if m else frames.sky[i] for i, m in chosen])
    conditions = Conditions(
        len(indices),
        rows.stop - rows.start,
        columns.stop - columns.start,
        unlit=unlit,
        picture=lit,
        mask=torch.stack(masks),
        depth=depth_planes(near[:, :, double[0], double[1]]),
        sky=sky[:, :, rows, columns],
    )

    def told(*names: str) -> Tensor:
        return torch.tensor([float(mode in names) for mode in modes])

    planes = conditions.planes(
        has_unlit=told("blockout", "inpaint in blockout"),
        has_picture=told("inpaint", "inpaint in blockout"),
        has_depth=told("blockout", "depth", "inpaint in blockout"),
    )
    return lit, planes


class BatchDrawer:
    """Endless seeded batches over wide and upright frames, each shape as often as it was rendered."""

    def __init__(self, frames: dict[str, LatentFrames], *, size: int, seed: int) -> None:
        self.frames, self.size = frames, size
        self.draw = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self.last = {
            shape: len(part) - (VALIDATION if shape == "wide" else 0) for shape, part in frames.items()
        }
        self.drawn_from = {
            shape: [
                index
                for index, caption in enumerate(part.captions[: self.last[shape]])
                for _ in range(2 if WEATHER & set(caption.split()) else 1)
            ]
            for shape, part in frames.items()
        }

    def next(self) -> Batch:
        draw = self.draw
        shapes = list(self.frames)
        shape = draw.choices(shapes, [self.last[name] for name in shapes])[0]
        frames = self.frames[shape]
        height, width = frames.lit.shape[-2:]
        window = random_window(draw, height, width)
        rows, columns = (part.stop - part.start for part in window)
        indices = draw.choices(self.drawn_from[shape], k=self.size)
        mirrored = [draw.random() < 0.5 for _ in indices]
        modes = draw.choices(MODES, SHARES, k=self.size)
        masks = [random_mask(draw, rows, columns) for _ in indices]
        latents, planes = assemble(frames, indices, mirrored, modes, masks, window)
        captions = ["" if draw.random() < CAPTION_DROP else frames.captions[i] for i in indices]
        return Batch(latents, planes, captions, torch.tensor([mode == "blockout" for mode in modes]))


def validation_batch(frames: dict[str, LatentFrames]) -> Batch:
    """The held-back wide frames, all told as in a render from a blockout."""
    wide = frames["wide"]
    indices = list(range(len(wide) - VALIDATION, len(wide)))
    height, width = wide.lit.shape[-2:]
    masks = [torch.ones(1, height, width)] * VALIDATION
    latents, planes = assemble(
        wide,
        indices,
        [False] * VALIDATION,
        ["blockout"] * VALIDATION,
        masks,
        (slice(0, height), slice(0, width)),
    )
    captions = [wide.captions[i] for i in indices]
    return Batch(latents, planes, captions, torch.ones(VALIDATION, dtype=torch.bool))
