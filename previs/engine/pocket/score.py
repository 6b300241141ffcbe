"""What the judges read in frames, against what they read in renders: `python -m previs.engine.pocket.score`.

Two kinds of frames: guided, as the application makes them, and from the text alone. All descriptions are held out.
The figures go to `docs/pocket/scores.json` under the revision of the weights; `evaluate` puts them into the model card.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from previs.blockout.description import SceneDescription
from previs.blockout.sampler import sample
from previs.engine.pocket.card import SCORES
from previs.engine.pocket.conditions import Conditions
from previs.engine.pocket.data import HELD_OUT, frame_size
from previs.engine.pocket.engine import PocketEngine
from previs.engine.pocket.evaluate import request_for
from previs.engine.pocket.judge import (
    JUDGES,
    SUBJECTS,
    Pictures,
    Subject,
    hits,
    load_judge,
    render_of,
    seeds_of,
    shares,
)
from previs.engine.pocket.passes import half
from previs.engine.pocket.weights import PACKAGED, folder_of

TOGETHER = 4
BARS = {
    "place": 0.95,
    "shot size": 0.95,
    "time of day": 0.90,
    "weather": 0.85,
    "garment and its colour": 0.85,
}

Scene = tuple[int, SceneDescription]


def guided_frames(engine: PocketEngine, scenes: list[Scene]) -> Pictures:
    """(n, h, w, 3) at half size: frames as the application makes them, with the blockout of the description."""
    frames = []
    for first in range(0, len(scenes), TOGETHER):
        requests = []
        for seed, description in scenes[first : first + TOGETHER]:
            width, height = frame_size(description.domain)
            requests.append(request_for(description, seed=seed, width=width, height=height))
        frames += [half(np.asarray(frame.picture)) for frame in engine.render(requests, lambda step: None)]
    return np.stack(frames)


def text_frames(engine: PocketEngine, scenes: list[Scene]) -> Pictures:
    """(n, h, w, 3) at half size: frames from the caption alone, without any pass of a blockout."""
    pipeline, frames = engine.load(), []
    usual = request_for(scenes[0][1], seed=0)
    columns, rows = (side // 16 for side in frame_size(scenes[0][1].domain))
    for first in range(0, len(scenes), TOGETHER):
        part = scenes[first : first + TOGETHER]
        latents = pipeline.denoise(
            [description.caption() for _, description in part],
            [""] * len(part),
            Conditions(len(part), rows, columns),
            [torch.Generator().manual_seed(seed) for seed, _ in part],
            steps=usual.steps,
            guidance=usual.guidance,
        )
        painted = (pipeline.decode(latents, None) + 1) * 127.5
        levels = painted.round().clamp(0, 255).byte().permute(0, 2, 3, 1).numpy()
        frames += [half(picture) for picture in levels]
    return np.stack(frames)


def _kept(path: Path | None, number: int, make: Callable[[], Pictures]) -> Pictures:
    """What is kept at path, if it is of that many frames, else made and kept: frames cost far more than their judging."""
    if path is not None and path.exists():
        found: Pictures = np.load(path)
        if len(found) == number:
            return found
    made = make()
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as file:
            np.save(file, made)
        unfinished.rename(path)
    return made


def score(
    engine: PocketEngine, subject: Subject, number: int, judges: Path = JUDGES, keep: Path | None = None
) -> dict[str, Any]:
    """For each question: how many were asked, the share read rightly in renders and frames, and their ratio.

    keep: folder of the frames, so that another judge can be asked about the same ones.
    """
    judge = load_judge(subject.domain, judges)
    seeds = seeds_of(subject.domain, number, HELD_OUT)
    scenes = [(seed, sample(seed)) for seed in seeds]
    right = subject.right([description for _, description in scenes])
    made: dict[str, Callable[[], Pictures]] = {
        "renders": lambda: np.stack([render_of(seed) for seed in seeds]),
        "guided": lambda: guided_frames(engine, scenes),
        "text": lambda: text_frames(engine, scenes),
    }
    pictures = {
        kind: _kept(keep / f"{subject.domain}-{kind}.npy" if keep else None, number, make)
        for kind, make in made.items()
    }
    found = {kind: hits(judge, shown, right) for kind, shown in pictures.items()}
    if subject.domain == "croquis":
        coloured = right[:, 1] >= 0
        for one in found.values():
            one["garment and its colour"] = one["garment"][coloured] & one["garment colour"]
    read = {kind: shares(one) for kind, one in found.items()}
    return {
        question: {
            "asked": all_right["asked"],
            "bar": BARS.get(question),
            **{kind: read[kind][question]["right"] for kind in read},
            **{
                f"{kind}_over_renders": round(
                    read[kind][question]["right"] / max(all_right["right"], 1e-6), 3
                )
                for kind in ("guided", "text")
            },
        }
        for question, all_right in read["renders"].items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--revision", default="", help="of former weights; without it the present ones")
    parser.add_argument("--judges", type=Path, default=JUDGES)
    parser.add_argument("--prompts", type=int, default=400)
    parser.add_argument("--croquis", type=int, default=120)
    parser.add_argument("--keep", type=Path, help="folder to keep the frames in, for another judge")
    parser.add_argument("--out", type=Path, default=SCORES)
    arguments = parser.parse_args()
    folder = folder_of(arguments.revision) if arguments.revision else PACKAGED
    engine = PocketEngine(folder, 2)
    questions: dict[str, Any] = {}
    for domain, number in (("scene", arguments.prompts), ("croquis", arguments.croquis)):
        questions |= score(engine, SUBJECTS[domain], number, arguments.judges, arguments.keep)
    known = json.loads(arguments.out.read_text()) if arguments.out.exists() else {}
    known[engine.manifest.revision] = {
        "prompts": arguments.prompts,
        "croquis": arguments.croquis,
        "judge_on_held_out_renders": json.loads((arguments.judges / "measured.json").read_text()),
        "questions": questions,
    }
    arguments.out.write_text(json.dumps(known, indent=1) + "\n")
    print(json.dumps(questions, indent=1))  # noqa: T201


if __name__ == "__main__":
    main()
