"""What the judge reads in frames, against what it reads in renders: `python -m previs.engine.pocket.score --prompts 400`.

Two kinds of frames: guided, as the application makes them, and from the text alone. All descriptions are held out.
The figures go to `docs/pocket/scores.json` under the revision of the weights; `evaluate` puts them into the model card.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from previs.blockout.description import SceneDescription
from previs.engine.pocket.card import SCORES
from previs.engine.pocket.conditions import Conditions
from previs.engine.pocket.engine import PocketEngine
from previs.engine.pocket.evaluate import SIZE, held_out_scenes, request_for
from previs.engine.pocket.judge import ANSWERS, JUDGE, Judge, questions, verdicts
from previs.engine.pocket.passes import half
from previs.engine.pocket.weights import PACKAGED

TOGETHER = 4
BARS = {"place": 0.95, "shot size": 0.95, "time of day": 0.90, "weather": 0.85}

Scene = tuple[int, SceneDescription]
Pictures = npt.NDArray[np.uint8]


def renders_of(scenes: list[Scene]) -> Pictures:
    """(n, 144, 256, 3): what the frames should look like."""
    from previs.blockout.render import render

    return np.stack(
        [
            half(render(description, seed=seed, width=SIZE[0], height=SIZE[1], samples=1, threads=2).picture)
            for seed, description in scenes
        ]
    )


def guided_frames(engine: PocketEngine, scenes: list[Scene], **settings: Any) -> Pictures:
    """(n, 144, 256, 3): frames as the application makes them, with the blockout of the description."""
    frames = []
    for first in range(0, len(scenes), TOGETHER):
        part = scenes[first : first + TOGETHER]
        requests = [request_for(description, seed=seed, **settings) for seed, description in part]
        frames += [half(np.asarray(frame.picture)) for frame in engine.render(requests, lambda step: None)]
    return np.stack(frames)


def text_frames(engine: PocketEngine, scenes: list[Scene], *, steps: int, guidance: float) -> Pictures:
    """(n, 144, 256, 3): frames from the caption alone, without any pass of a blockout."""
    pipeline, frames = engine.load(), []
    rows, columns = SIZE[1] // 16, SIZE[0] // 16
    for first in range(0, len(scenes), TOGETHER):
        part = scenes[first : first + TOGETHER]
        latents = pipeline.denoise(
            [description.caption() for _, description in part],
            [""] * len(part),
            Conditions(len(part), rows, columns),
            [torch.Generator().manual_seed(seed) for seed, _ in part],
            steps=steps,
            guidance=guidance,
        )
        painted = (pipeline.decode(latents, None) + 1) * 127.5
        levels = painted.round().clamp(0, 255).byte().permute(0, 2, 3, 1).numpy()
        frames += [half(picture) for picture in levels]
    return np.stack(frames)


def score(engine: PocketEngine, judge: Judge, count: int) -> dict[str, Any]:
    """For each question: how many were asked, the share read rightly in renders and frames, and their ratio."""
    scenes = held_out_scenes(count)
    answers = np.array([list(questions(description).values()) for _, description in scenes])
    request = request_for(scenes[0][1], seed=0)
    read = {
        "renders": verdicts(judge, renders_of(scenes), answers),
        "guided": verdicts(judge, guided_frames(engine, scenes), answers),
        "text": verdicts(
            judge, text_frames(engine, scenes, steps=request.steps, guidance=request.guidance), answers
        ),
    }
    return {
        question: {
            "asked": read["renders"][question]["asked"],
            "bar": BARS[question],
            **{kind: read[kind][question]["right"] for kind in read},
            "guided_over_renders": round(
                read["guided"][question]["right"] / max(read["renders"][question]["right"], 1e-6), 3
            ),
            "text_over_renders": round(
                read["text"][question]["right"] / max(read["renders"][question]["right"], 1e-6), 3
            ),
        }
        for question in ANSWERS
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=PACKAGED)
    parser.add_argument("--judge", type=Path, default=JUDGE)
    parser.add_argument("--prompts", type=int, default=400)
    parser.add_argument("--out", type=Path, default=SCORES)
    arguments = parser.parse_args()
    judge = Judge()
    judge.load_state_dict(torch.load(arguments.judge, weights_only=True))
    engine = PocketEngine(arguments.weights, 2)
    found = score(engine, judge, arguments.prompts)
    known = json.loads(arguments.out.read_text()) if arguments.out.exists() else {}
    known[engine.manifest.revision] = {"prompts": arguments.prompts, "questions": found}
    arguments.out.write_text(json.dumps(known, indent=1) + "\n")
    print(json.dumps(found, indent=1))  # noqa: T201


if __name__ == "__main__":
    main()
