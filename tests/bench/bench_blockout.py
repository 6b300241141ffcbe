"""Blockout speed: images a second for training data, and milliseconds for one production frame.

Run with `python tests/bench/bench_blockout.py`. Each figure is the best of several rounds, because other
work on the machine only ever makes a round slower.
"""

import sys
import time
from collections.abc import Callable

from previs.blockout.reader import read
from previs.blockout.render import render
from previs.blockout.sampler import sample

TRAINING_TARGET = 17.0  # images a second and core, 512 x 288, one sample
FRAME_TARGET = 250.0  # ms, 1280 x 536 with depth, two cores
READ_TARGET = 5.0  # ms
PROMPT = "INT. CANNERY - NIGHT. Medium shot, eye level, 50 mm. Mara takes a jar off the belt. Mara wears a rust coat."


def best(work: Callable[[], object], rounds: int = 5) -> float:
    """Return the seconds of the fastest round."""
    times = []
    for _ in range(rounds):
        before = time.perf_counter()
        work()
        times.append(time.perf_counter() - before)
    return min(times)


def write(line: str) -> None:
    """Write one line of the report."""
    sys.stdout.write(line + "\n")


def main() -> None:
    """Write every figure with its ratio to the target; above 1 is better than asked."""
    descriptions = [sample(seed) for seed in range(32)]
    render(descriptions[0], seed=0, width=64, height=36, samples=1)
    seconds = sum(
        best(lambda d=d, s=s: render(d, seed=s, width=512, height=288, samples=1), 4)  # type: ignore[misc]
        for s, d in enumerate(descriptions)
    )
    rate = len(descriptions) / seconds
    write(
        f"training frames 512x288, one core: {rate:.1f} images/s, ratio to target {rate / TRAINING_TARGET:.2f}"
    )
    scenes = [d for d in descriptions if d.domain == "scene"][:10]
    for samples in (1, 2):
        frames = [
            best(lambda d=d, n=samples: render(d, seed=1, width=1280, height=536, samples=n, threads=2))
            for d in scenes
        ]  # type: ignore[misc]
        mean = sum(frames) / len(frames) * 1000
        write(
            f"production frame 1280x536, {samples} sample(s), two threads: {mean:.0f} ms, ratio {FRAME_TARGET / mean:.2f}"
        )
    read(PROMPT)
    milliseconds = best(lambda: read(PROMPT), 50) * 1000
    write(f"reading a prompt: {milliseconds:.2f} ms, ratio {READ_TARGET / milliseconds:.1f}")


if __name__ == "__main__":
    main()
