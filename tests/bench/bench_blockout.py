"""Blockout speed: pictures a second for training data, milliseconds for one production frame, with and without a plan.

Run with `python tests/bench/bench_blockout.py`. Each figure is the best of several rounds, because other work on the
machine only ever makes a round slower; CPU seconds stand beside the clock where the machine may be shared.
"""

import multiprocessing
import sys
import time
from collections.abc import Callable

from previs.blockout.description import SceneDescription
from previs.blockout.plan.first import first_plan
from previs.blockout.plan.staged import stage_plan
from previs.blockout.reader import read
from previs.blockout.render import render
from previs.blockout.sampler import sample

TRAINING_TARGET = 60.0  # pictures a second on two cores, 256 x 144 at two by two samples
FRAME_TARGET = 250.0  # ms, 1280 x 536 with depth, two cores
READ_TARGET = 5.0  # ms
PICTURES = 48
PROMPT = "INT. CANNERY - NIGHT. Medium shot, eye level, 50 mm. Mara takes a jar off the belt. Mara wears a rust coat."


def best(
    work: Callable[[], object], rounds: int = 5, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Return the seconds of the fastest round."""
    times = []
    for _ in range(rounds):
        before = clock()
        work()
        times.append(clock() - before)
    return min(times)


def write(line: str) -> None:
    """Write one line of the report."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def training_picture(seed: int) -> None:
    """Render one picture of the training data."""
    render(sample(seed), seed=seed, width=256, height=144, samples=2)


def training() -> None:
    """Report pictures a second: on one core by CPU time, on two processes by the clock."""
    training_picture(0)
    cpu = sum(best(lambda s=s: training_picture(s), 5, time.process_time) for s in range(24)) / 24  # type: ignore[misc]
    write(
        f"training pictures 256x144, 2x2 samples: {cpu * 1000:.1f} ms of CPU each, {1 / cpu:.1f} a second and core"
    )
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.map(training_picture, range(4))
        seconds = best(lambda: pool.map(training_picture, range(PICTURES), chunksize=2), 3)
    rate = PICTURES / seconds
    write(f"  on two processes: {rate:.1f} a second, ratio to target {rate / TRAINING_TARGET:.2f}")


def frames(name: str, descriptions: list[SceneDescription], samples: int) -> None:
    """Report the milliseconds of production frames."""
    times = [
        best(lambda d=d: render(d, seed=1, width=1280, height=536, samples=samples, threads=2), 3)  # type: ignore[misc]
        for d in descriptions
    ]
    mean = sum(times) / len(times) * 1000
    write(
        f"{name} 1280x536, {samples} sample(s), two threads: {mean:.0f} ms, ratio {FRAME_TARGET / mean:.2f}"
    )


def planned(place: str, **fields: object) -> SceneDescription:
    """Return a description that is staged in the first plan of a place."""
    bare = SceneDescription(place=place, interior=place == "cannery")
    return SceneDescription(place=place, interior=bare.interior, plan=first_plan(bare).to_json(), **fields)  # type: ignore[arg-type]


def main() -> None:
    """Write every figure with its ratio to the target; above 1 is better than asked."""
    training()
    scenes = [d for d in map(sample, range(32)) if d.domain == "scene"][:8]
    plans = [planned("cannery", time_of_day="night"), planned("street"), planned("forest")]
    frames("frame from words", scenes, 1)
    frames("frame from words", scenes, 2)
    frames("frame of a plan", plans, 1)
    frames("frame of a plan", plans, 2)
    crowded = planned("street", crowd=200, vehicles=12)
    frames("street with 200 extras and 12 vehicles", [crowded], 1)
    staging = best(lambda: stage_plan(crowded, seed=1, width=1280, height=536), 3, time.process_time) * 1000
    write(f"  of which staging: {staging:.0f} ms of CPU")
    document = crowded.plan
    reading = best(lambda: SceneDescription(place="street", plan=document), 5) * 1000
    write(f"reading and checking a plan: {reading:.1f} ms")
    read(PROMPT)
    milliseconds = best(lambda: read(PROMPT), 50) * 1000
    write(f"reading a prompt: {milliseconds:.2f} ms, ratio {READ_TARGET / milliseconds:.1f}")


if __name__ == "__main__":
    main()
