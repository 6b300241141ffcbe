"""An extended frame goes on from its picture, and what is painted anew meets the light of what is kept."""

from __future__ import annotations

import dataclasses
import hashlib
import io
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from PIL import Image

from previs.engine.pocket.engine import MODEL, PocketEngine
from previs.engine.pocket.mending import Bytes, continued, kept_box, mended
from previs.engine.request import FrameRequest, InputImage

SEAM = 176
STREET = "EXT. STREET - DAY. Wide shot"


@pytest.fixture(scope="module")
def engine() -> Iterator[PocketEngine]:
    made = PocketEngine(threads=1)
    pipeline = made.load()
    pipeline.sampling = dataclasses.replace(pipeline.sampling, mends_edges=True)
    yield made


def asked(**changes: object) -> FrameRequest:
    values: dict[str, object] = {
        "prompt": STREET,
        "model": MODEL,
        "seed": 7,
        "width": 256,
        "height": 144,
        "steps": 4,
    }
    return FrameRequest(**{**values, **changes})  # type: ignore[arg-type]


def repainted(engine: PocketEngine, picture: Bytes, mask: Bytes, **changes: object) -> Bytes:
    stored, inputs = {}, []
    for role, pixels in (("picture", picture), ("mask", mask)):
        held = io.BytesIO()
        Image.fromarray(pixels).save(held, "PNG")
        digest = hashlib.sha256(held.getvalue()).hexdigest()
        stored[digest] = held.getvalue()
        inputs.append(InputImage(role, digest))  # type: ignore[arg-type]
    request = asked(ability="inpaint", inputs=tuple(inputs), **changes)
    return np.asarray(engine.render([request], lambda step: None, open_input=stored.__getitem__)[0].picture)


def to_extend(engine: PocketEngine) -> tuple[Bytes, Bytes]:
    """A frame whose right part is cut away and drawn out of its border, and the mask of that part."""
    frame = np.asarray(engine.render([asked()], lambda step: None)[0].picture)
    mask = np.zeros((144, 256), np.uint8)
    mask[:, SEAM:] = 255
    return np.pad(frame[:, :SEAM], ((0, 0), (0, 256 - SEAM), (0, 0)), mode="edge"), mask


def seam_step(picture: Bytes) -> float:
    light = picture.astype(float).mean(2)
    return float(np.abs(light[:, SEAM - 8 : SEAM].mean(1) - light[:, SEAM : SEAM + 8].mean(1)).mean())


def test_an_extension_has_no_seam_and_keeps_the_frame_to_the_pixel(engine: PocketEngine) -> None:
    canvas, mask = to_extend(engine)
    smooth = repainted(engine, canvas, mask)
    assert (smooth[:, :SEAM] == canvas[:, :SEAM]).all()
    assert seam_step(smooth) < 6
    pipeline = engine.load()
    mending = pipeline.sampling
    pipeline.sampling = dataclasses.replace(mending, mends_edges=False)
    try:
        before = repainted(engine, canvas, mask)
    finally:
        pipeline.sampling = mending
    assert seam_step(smooth) < 0.6 * seam_step(before)


def test_an_extension_does_not_depend_on_how_strongly_a_blockout_would_act(engine: PocketEngine) -> None:
    canvas, mask = to_extend(engine)
    assert (repainted(engine, canvas, mask) == repainted(engine, canvas, mask, control_strength=0.0)).all()


def test_a_kept_rectangle_is_mirrored_outwards_and_softer_with_distance() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (144, 256, 3), np.uint8)
    mask = np.zeros((144, 256), np.uint8)
    mask[:, SEAM:] = 255
    guess = continued(picture, mask)
    assert kept_box(mask) == (0, 0, SEAM, 144)
    assert (guess[:, :SEAM] == picture[:, :SEAM]).all()
    assert guess[:, SEAM : SEAM + 8].std() > 2 * guess[:, -16:].std()


def test_what_is_painted_too_dark_is_drawn_to_the_light_around_the_mask() -> None:
    kept = torch.full((1, 3, 96, 96), 0.4)
    mask = torch.zeros(1, 1, 96, 96)
    mask[..., 32:64, 24:72] = 1
    done = mended(kept - 0.5 * mask - 0.3, kept, mask)
    assert abs(float(done[..., 40:56, 32:64].mean()) - (0.4 - 0.5)) < 0.02
