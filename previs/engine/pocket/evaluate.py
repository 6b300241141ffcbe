"""Measure the packaged weights: `python -m previs.engine.pocket.evaluate`.

Writes the figures into `weights/MODEL_CARD.md` and `docs/pocket/figures.json`, which keeps those of earlier revisions,
and the contact sheet to `docs/pocket/contact-sheet.jpg`.
All scenes are held out: their seeds were never trained on.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import resource
import time
from collections import defaultdict
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
from PIL import Image

from previs.blockout.description import PLACES, SceneDescription
from previs.engine.pocket.card import FIGURES, SCORES, write_card
from previs.engine.pocket.contact_sheet import contact_sheet
from previs.engine.pocket.data import HELD_OUT
from previs.engine.pocket.edges import TOLERANCE, edge_f1
from previs.engine.pocket.engine import MODEL, PocketEngine
from previs.engine.pocket.weights import PACKAGED
from previs.engine.request import FrameRequest, RenderedFrame

SIZE = (512, 288)
SCENES = 60
DARKER = 0.75
"""The bar: night at most this share of the brightness of day."""


def request_for(description: SceneDescription, *, seed: int, **changes: Any) -> FrameRequest:
    """A frame of a description at the native size."""
    blockout = json.loads(description.to_json())
    values: dict[str, Any] = {
        "prompt": description.caption(),
        "model": MODEL,
        "seed": seed,
        "width": SIZE[0],
        "height": SIZE[1],
    }
    return FrameRequest(**{**values, "blockout": blockout, **changes})


def held_out_scenes(count: int) -> list[tuple[int, SceneDescription]]:
    """Seeds and descriptions of held-out scenes; costume pictures are left out, they have no place."""
    from previs.blockout.sampler import sample

    found: list[tuple[int, SceneDescription]] = []
    seed = HELD_OUT
    while len(found) < count:
        description = sample(seed)
        if description.domain == "scene":
            found.append((seed, description))
        seed += 1
    return found


def make(engine: PocketEngine, request: FrameRequest) -> RenderedFrame:
    return engine.render([request], lambda step: None)[0]


def brightness(picture: Image.Image) -> float:
    """Mean of Rec. 709 luma over the picture, 0 to 255, on the encoded values that people see."""
    return float(np.asarray(picture, np.float64).mean((0, 1)) @ (0.2126, 0.7152, 0.0722))


def measure_edges(engine: PocketEngine, count: int) -> dict[str, float]:
    """Edge F1 of frames against the line pass, and the same of the lit blockout itself: the ceiling."""
    from previs.blockout.render import render

    scores, ceilings, likeness = [], [], []
    for seed, description in held_out_scenes(count):
        frame = make(engine, request_for(description, seed=seed))
        passes = render(description, seed=seed, width=SIZE[0], height=SIZE[1], samples=2)
        scores.append(edge_f1(np.asarray(frame.picture), passes.lines))
        ceilings.append(edge_f1(passes.picture, passes.lines))
        error = np.mean((np.asarray(frame.picture, np.float64) - passes.picture) ** 2)
        likeness.append(10 * np.log10(255**2 / max(float(error), 1e-9)))
    drawn = [score for score in scores if score == score]
    return {
        "scenes": count,
        "tolerance_px": TOLERANCE,
        "edge_f1": round(fmean(drawn), 3),
        "edge_f1_lowest": round(min(drawn), 3),
        "edge_f1_of_the_lit_blockout": round(fmean(score for score in ceilings if score == score), 3),
        "psnr_to_the_lit_blockout_db": round(float(np.mean(likeness)), 2),
    }


def measure_night(engine: PocketEngine) -> dict[str, float]:
    """Brightness of night over day for every place: same set, same camera, same noise, one word changed."""
    from previs.blockout.words import INTERIORS

    ratios: dict[str, float] = {}
    for number, place in enumerate(PLACES):
        values: dict[str, float] = {}
        for moment in ("day", "night"):
            description = SceneDescription(
                place=place, interior=place in INTERIORS, time_of_day=moment, stage_key="night and day"
            )
            values[moment] = brightness(
                make(engine, request_for(description, seed=HELD_OUT + number)).picture
            )
        ratios[place] = round(values["night"] / values["day"], 3)
    return ratios


def measure_decoder(engine: PocketEngine, count: int = 24) -> dict[str, float]:
    """PSNR of encoding and decoding held-out pictures, with the guide and without, at the size of the frame and at
    the half of it that is encoded."""
    from torch.nn.functional import avg_pool2d

    from previs.blockout.render import render
    from previs.engine.pocket.passes import disparity_bytes, guide_tensor, picture_tensor
    from previs.engine.pocket.train_decoder import psnr

    pipeline = engine.load()
    found: dict[str, list[float]] = defaultdict(list)
    for seed, description in held_out_scenes(count):
        passes = render(description, seed=seed, width=SIZE[0], height=SIZE[1], samples=2)
        truth = picture_tensor(passes.picture[None])
        latents = pipeline.encode(truth)
        guide = guide_tensor(passes.unlit[None], disparity_bytes(passes.depth)[None])
        for words, given in (("with_guide_db", guide), ("without_guide_db", None)):
            painted = pipeline.decode(latents, given)
            found[words].append(psnr(painted, truth))
            found[f"encoded_size_{words}"].append(psnr(avg_pool2d(painted, 2), avg_pool2d(truth, 2)))
    return {words: round(fmean(values), 2) for words, values in found.items()}


def measure_speed(engine: PocketEngine) -> dict[str, float]:
    """Milliseconds a frame alone and in a batch of four, blockout included, after warming up; peak memory."""
    scenes = held_out_scenes(8)

    def milliseconds(requests: list[FrameRequest]) -> float:
        began = time.perf_counter()
        engine.render(requests, lambda step: None)
        return (time.perf_counter() - began) * 1000 / len(requests)

    requests = [request_for(description, seed=seed) for seed, description in scenes]
    make(engine, requests[0])
    single = min(milliseconds([request]) for request in requests[:4])
    batched = min(milliseconds(part) for part in (requests[:4], requests[4:]))
    return {
        "one_at_a_time_ms": round(single),
        "four_at_a_time_ms_each": round(batched),
        "threads": engine.threads,
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def same_bytes(engine: PocketEngine, count: int = 4) -> bool:
    """Whether a second render of the same requests gives the same bytes."""
    return all(
        make(engine, request).picture.tobytes() == make(engine, request).picture.tobytes()
        for request in (request_for(description, seed=seed) for seed, description in held_out_scenes(count))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=PACKAGED)
    parser.add_argument("--scenes", type=int, default=SCENES)
    parser.add_argument("--sheet", type=Path, default=Path("docs/pocket/contact-sheet.jpg"))
    parser.add_argument("--sheet-only", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    engine = PocketEngine(arguments.weights, arguments.threads)
    arguments.sheet.parent.mkdir(parents=True, exist_ok=True)
    contact_sheet(engine).save(arguments.sheet, quality=88)
    if arguments.sheet_only:
        return
    figures: dict[str, Any] = {"speed": measure_speed(engine), "same_seed_same_bytes": same_bytes(engine)}
    figures["night_over_day"] = measure_night(engine)
    figures["decoder_psnr"] = measure_decoder(engine)
    figures["edges"] = measure_edges(engine, arguments.scenes)
    print(json.dumps(figures, indent=1))  # noqa: T201
    scores, known = (json.loads(path.read_text()) if path.exists() else {} for path in (SCORES, FIGURES))
    known[engine.manifest.revision] = figures
    FIGURES.write_text(json.dumps(known, indent=1) + "\n")
    write_card(arguments.weights, dataclasses.asdict(engine.manifest), known, scores)


if __name__ == "__main__":
    main()
