"""Render the training base: `python -m previs.engine.pocket.data --frames 8000`.

Every frame is one seed of `previs.blockout.sampler`; shards of SHARD seeds are written whole or not at all, so
the command may be stopped and repeated. Costume figures are drawn upright, everything else wide.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import subprocess
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

SHARD = 50
HELD_OUT = 10_000_000
"""Seeds from here on are never trained on."""
WORKPLACE = Path(".work/pocket")
FRAMES = WORKPLACE / "frames"
WIDE, UPRIGHT = (512, 288), (288, 512)


@dataclass(frozen=True)
class Sample:
    """One rendered seed. picture, unlit: (h, w, 3) uint8.  disparity: (h, w) uint8.  lines: (h, w) uint8."""

    seed: int
    caption: str
    domain: str
    picture: npt.NDArray[np.uint8]
    unlit: npt.NDArray[np.uint8]
    disparity: npt.NDArray[np.uint8]
    lines: npt.NDArray[np.uint8]
    description: Any


def frame_size(domain: str) -> tuple[int, int]:
    """Width and height that this domain is trained at."""
    return UPRIGHT if domain == "croquis" else WIDE


def render_seed(seed: int, *, samples: int = 1, scale: int = 1) -> Sample:
    """Stage and render one seed of the training distribution, at 1 / scale of its size."""
    from previs.blockout.render import render
    from previs.blockout.sampler import sample
    from previs.engine.pocket.passes import disparity_bytes, to_bytes

    description = sample(seed)
    width, height = (side // scale for side in frame_size(description.domain))
    passes = render(description, seed=seed, width=width, height=height, samples=samples)
    lines = np.asarray(passes.lines)
    return Sample(
        seed,
        description.caption(),
        description.domain,
        to_bytes(np.asarray(passes.picture)),
        to_bytes(np.asarray(passes.unlit)),
        disparity_bytes(np.asarray(passes.depth)),
        lines if lines.dtype == np.uint8 else (np.clip(lines, 0, 1) * 255).astype(np.uint8),
        description,
    )


def write_shard(start: int, folder: Path, full: bool) -> int:
    """Render SHARD seeds from `start`; write `<start>-wide` and `<start>-upright` files, the record last.

    full: at 512x288, kept for the decoder too; else at 256x144, which costs a quarter and is all the UNet sees.
    """
    from previs.engine.pocket.passes import block_mean, half

    records = []
    rendered = [render_seed(seed, scale=1 if full else 2) for seed in range(start, start + SHARD)]
    for name, size in (("wide", WIDE), ("upright", UPRIGHT)):
        frames = [frame for frame in rendered if frame_size(frame.domain) == size]
        if not frames:
            continue
        stem = f"{start:08d}-{name}"
        cell = 16 if full else 8
        np.savez(
            folder / f"{stem}.npz",
            picture=np.stack([half(frame.picture) if full else frame.picture for frame in frames]),
            unlit=np.stack([half(frame.unlit) if full else frame.unlit for frame in frames]),
            near=np.stack([block_mean(frame.disparity, cell // 2) for frame in frames]),
            sky=np.stack(
                [block_mean((frame.disparity == 0).astype(np.uint8) * 255, cell) for frame in frames]
            ),
        )
        if full:
            for kind in ("picture", "unlit", "disparity"):
                np.save(
                    folder / f"{stem}-full-{kind}.npy", np.stack([getattr(frame, kind) for frame in frames])
                )
        for frame in frames:
            pixels = hashlib.sha256(frame.picture.tobytes() + frame.unlit.tobytes()).hexdigest()
            records.append({"seed": frame.seed, "shape": name, "caption": frame.caption, "sha256": pixels})
    text = "".join(json.dumps(record, sort_keys=True) + "\n" for record in records)
    (folder / f"{start:08d}.jsonl").write_text(text)
    return len(records)


def generator_record() -> dict[str, str]:
    """Which renderer makes the frames: its last commit, and a digest of its sources as they are now."""
    from previs import blockout

    folder = Path(blockout.__path__[0])
    names = "".join(
        f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n"
        for path in sorted(folder.glob("*.py"))
    )
    command = ["git", "log", "-1", "--format=%H", "--", str(folder)]
    commit = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False).stdout.strip()  # noqa: S603
    return {"commit": commit or "unknown", "sha256": hashlib.sha256(names.encode()).hexdigest()}


def read_records(folder: Path = FRAMES) -> list[dict[str, Any]]:
    """All records of finished shards, in the order of their shards: wide before upright inside each."""
    return [
        json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text().splitlines()
    ]


def manifest_hash(records: list[dict[str, Any]]) -> str:
    """SHA-256 over seed and pixel digest of every frame in the order of the seeds."""
    lines = sorted(f"{record['seed']:010d} {record['sha256']}\n" for record in records)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=8000)
    parser.add_argument("--full", type=int, default=800, help="of these, so many at 512x288, for the decoder")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=FRAMES)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    (arguments.folder / "generator.json").write_text(json.dumps(generator_record()))
    starts = [
        start
        for start in range(0, arguments.frames, SHARD)
        if not (arguments.folder / f"{start:08d}.jsonl").exists()
    ]
    began, done = time.monotonic(), 0
    os.environ.setdefault("NUMBA_NUM_THREADS", "1")  # one core a process, instead of all cores twice
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(arguments.processes, mp_context=context) as pool:
        jobs = [pool.submit(write_shard, start, arguments.folder, start < arguments.full) for start in starts]
        for job in jobs:
            done += job.result()
            print(f"{done} frames, {done / (time.monotonic() - began):.1f} a second", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
