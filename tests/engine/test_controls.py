"""What a frame follows beside its words: a blockout, a mask with soft edges, a reference picture."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops

from previs.engine.blockouts import passes_of, pictures_of
from previs.engine.cards import load_cards
from previs.engine.catalogue import available
from previs.engine.loading import load_engine
from previs.engine.pictures import keep_outside
from previs.engine.port import Engine, EngineError
from previs.engine.request import FrameRequest, InputImage

Ask = Callable[..., FrameRequest]
Rooms = tuple[dict[str, Any], dict[str, Any]]
FOLLOWERS = ["pocket", "tiny-sd"]
_loaded: dict[str, Engine] = {}


@pytest.fixture
def engine_of(models_home: Path) -> Callable[[str], Engine]:
    def engine_of(model: str) -> Engine:
        if model not in _loaded:
            _loaded[model] = load_engine(model, models_home=models_home, allow_scripted=True, threads=1)
        return _loaded[model]

    return engine_of


@pytest.fixture
def follow(ask: Ask) -> Ask:
    """A request that follows a blockout, in the way of the model."""

    def follow(model: str, blockout: dict[str, Any], **changes: Any) -> FrameRequest:
        size = {"width": 256, "height": 144} if model == "pocket" else {}
        ability = "text" if model == "pocket" else "depth"
        return ask(model, blockout=blockout, **{"ability": ability, **size, **changes})

    return follow


def render(engine: Engine, request: FrameRequest, store: dict[str, bytes] | None = None) -> Any:
    (frame,) = engine.render([request], lambda step: None, open_input=(store or {}).__getitem__)
    return frame


def apart(one: Image.Image, other: Image.Image) -> float:
    """Mean absolute difference of two pictures, 0 to 255."""
    histogram = ImageChops.difference(one, other).convert("L").histogram()
    return sum(value * count for value, count in enumerate(histogram)) / sum(histogram)


@pytest.mark.parametrize("model", FOLLOWERS)
def test_a_frame_follows_its_blockout_without_a_stored_depth_picture(
    engine_of: Callable[[str], Engine], follow: Ask, blockouts: Rooms, model: str
) -> None:
    engine = engine_of(model)
    kitchen, again, church = (
        render(engine, follow(model, room)) for room in (blockouts[0], blockouts[0], blockouts[1])
    )
    assert kitchen.picture.tobytes() == again.picture.tobytes()
    assert apart(kitchen.picture, church.picture) > 0.3  # random weights follow weakly
    assert kitchen.blockout.size == kitchen.picture.size
    assert apart(kitchen.blockout, church.blockout) > 1
    assert "blockout" not in kitchen.settings.get("ignored", [])


@pytest.mark.parametrize("model", FOLLOWERS)
def test_at_strength_nought_the_blockout_says_nothing(
    engine_of: Callable[[str], Engine], follow: Ask, blockouts: Rooms, model: str
) -> None:
    engine = engine_of(model)
    changes: dict[str, Any] = {"control_strength": 0.0}
    # The caption of the embedded model is read from the blockout, so its two rooms must read alike.
    other = blockouts[0] | {"stage_key": "another"} if model == "pocket" else blockouts[1]
    rooms = [blockouts[0], other]
    off = [render(engine, follow(model, room, **changes)).picture for room in rooms]
    on = [render(engine, follow(model, room)).picture for room in rooms]
    assert off[0].tobytes() == off[1].tobytes()
    assert on[0].tobytes() != on[1].tobytes()


@pytest.mark.parametrize("model", FOLLOWERS)
def test_strength_and_step_range_count(
    engine_of: Callable[[str], Engine], follow: Ask, blockouts: Rooms, model: str
) -> None:
    engine = engine_of(model)
    ways: list[dict[str, Any]] = [
        {},
        {"control_strength": 0.4},
        {"control_end": 0.4},
        {"control_start": 0.4},
    ]
    pictures = [render(engine, follow(model, blockouts[0], **way)).picture.tobytes() for way in ways]
    assert len(set(pictures)) == len(ways)


def test_the_depth_pass_is_near_white_and_the_lines_are_dark_on_white(blockouts: Rooms) -> None:
    pictures = pictures_of(passes_of(blockouts[0], seed=7, size=(128, 72), samples=1))
    low, high = pictures.depth.convert("L").getextrema()
    assert (low < 60, high) == (True, 255)
    lines = pictures.lines.convert("L").histogram()
    assert lines[255] > sum(lines[:128]) > 0


def test_a_blockout_that_cannot_be_read_is_refused_in_words(
    engine_of: Callable[[str], Engine], follow: Ask
) -> None:
    for model in ("tiny-sd", "pocket", "scripted"):
        wrong = follow(model, {"place": "moon base"})
        assert any("blockout cannot be read" in words for words in engine_of(model).check(wrong)), model


def test_depth_without_picture_or_blockout_is_refused(engine_of: Callable[[str], Engine], ask: Ask) -> None:
    assert "add a depth picture or a blockout" in " ".join(engine_of("tiny-sd").check(ask(ability="depth")))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"control_strength": 1.5}, "strength of the blockout"),
        ({"control_start": 0.6, "control_end": 0.5}, "before it ends"),
        ({"ability": "reference"}, "Unknown way of working"),
    ],
)
def test_a_control_out_of_range_is_refused(ask: Ask, changes: dict[str, Any], words: str) -> None:
    assert any(words in problem for problem in ask(**changes).problems())


def test_a_request_stored_before_controls_existed_is_read_and_keeps_its_batch(ask: Ask) -> None:
    stored = ask().to_json()
    for field in ("control_strength", "control_start", "control_end"):
        stored.pop(field)
    assert FrameRequest.from_json(stored) == ask()
    assert len(ask().batch_key) == 9
    assert ask(control_strength=0.5).batch_key != ask().batch_key


# --- masks ---------------------------------------------------------------------------------------


@pytest.fixture
def soft() -> Image.Image:
    """A mask that fades from black over grey to white, left to right, with wide black and white margins."""
    ramp = Image.linear_gradient("L").rotate(90).resize((32, 64))
    mask = Image.new("L", (64, 64))
    mask.paste(255, (48, 0, 64, 64))
    mask.paste(ramp, (16, 0))
    return mask


@pytest.mark.parametrize(
    "model", ["pocket", "tiny-sd", "tiny-flux", "tiny-klein", "tiny-qwen", "tiny-z", "scripted"]
)
def test_a_soft_mask_blends_where_it_is_grey_and_keeps_every_pixel_where_it_is_black(
    engine_of: Callable[[str], Engine], ask: Ask, inputs: dict[str, bytes], soft: Image.Image, model: str
) -> None:
    from tests.engine.conftest import png

    size = (256, 144) if model == "pocket" else (64, 64)
    source = Image.open(io.BytesIO(next(iter(inputs.values())))).convert("RGB").resize(size)
    mask = soft.resize(size)
    stored = dict(png(picture) for picture in (source, mask))
    picture, masked = stored
    request = ask(
        model,
        ability="inpaint",
        strength=1.0,
        width=size[0],
        height=size[1],
        inputs=(InputImage("picture", picture), InputImage("mask", masked)),
    )
    frame = render(engine_of(model), request, stored)
    changed = ImageChops.difference(frame.picture, source).convert("L").point(lambda v: 255 * (v > 0))
    black = mask.point(lambda v: 255 * (v == 0))
    assert ImageChops.multiply(changed, black).getbbox() is None
    assert ImageChops.multiply(changed, mask.point(lambda v: 255 * (v == 255))).getbbox() is not None


def test_blending_follows_the_greys_of_the_mask() -> None:
    black, white = (Image.new("RGB", (4, 1), colour) for colour in ("black", "white"))
    mask = Image.frombytes("L", (4, 1), bytes([0, 64, 192, 255]))
    assert list(keep_outside(white, black, mask).convert("L").tobytes()) == [0, 64, 192, 255]


# --- references ----------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["tiny-sd", "tiny-klein"])
@pytest.mark.parametrize("ability", ["text", "refine"])
def test_a_reference_picture_changes_the_frame_and_leaves_no_trace_behind(
    engine_of: Callable[[str], Engine], ask: Ask, inputs: dict[str, bytes], model: str, ability: str
) -> None:
    engine = engine_of(model)
    assert "reference" in engine.abilities
    picture, _, other = inputs
    base = (InputImage("picture", picture),) if ability == "refine" else ()
    plain = ask(model, ability=ability, inputs=base, steps=4)
    before = render(engine, plain, inputs).picture
    one, two = (
        render(
            engine, dataclasses.replace(plain, inputs=(*base, InputImage("reference", sha256))), inputs
        ).picture
        for sha256 in (picture, other)
    )
    assert len({picture.tobytes() for picture in (before, one, two)}) == 3
    assert render(engine, plain, inputs).picture.tobytes() == before.tobytes()


def test_the_strength_of_a_reference_counts_where_it_goes_through_an_adapter(
    engine_of: Callable[[str], Engine], ask: Ask, inputs: dict[str, bytes]
) -> None:
    sha256 = list(inputs)[2]
    plain = render(engine_of("tiny-sd"), ask()).picture
    off, on = (
        render(engine_of("tiny-sd"), ask(inputs=(InputImage("reference", sha256, strength),)), inputs).picture
        for strength in (0.0, 1.0)
    )
    assert apart(plain, off) < apart(plain, on)


def test_frames_of_one_batch_follow_their_own_references(
    engine_of: Callable[[str], Engine], ask: Ask, inputs: dict[str, bytes]
) -> None:
    picture, _, other = inputs
    requests = [ask(inputs=(InputImage("reference", sha256),)) for sha256 in (picture, other)]
    both = engine_of("tiny-sd").render(requests, lambda step: None, open_input=inputs.__getitem__)
    for request, frame in zip(requests, both, strict=True):
        assert frame.picture.tobytes() == render(engine_of("tiny-sd"), request, inputs).picture.tobytes()


@pytest.mark.parametrize("model", ["pocket", "tiny-flux", "tiny-qwen", "tiny-z"])
def test_a_model_that_follows_no_reference_says_so(
    engine_of: Callable[[str], Engine], ask: Ask, inputs: dict[str, bytes], model: str
) -> None:
    request = ask(model, inputs=(InputImage("reference", next(iter(inputs))),))
    assert any("cannot follow a reference picture" in words for words in engine_of(model).check(request))
    with pytest.raises(EngineError, match="cannot follow a reference picture"):
        render(engine_of(model), request, inputs)


def test_a_card_offers_only_what_its_weights_allow(models_home: Path) -> None:
    here = available(models_home)
    assert {"depth", "reference"} <= here["tiny-sd"].abilities
    assert "depth" not in here["tiny-flux"].abilities
    card = load_cards()["sd-1.5"]
    assert "depth" not in card.with_folders({"unet", "ip_adapter"}).abilities
    assert "reference" not in card.with_folders({"unet", "controlnet"}).abilities
    assert any("one folder" in words for words in dataclasses.replace(card, ip_adapter="../x").problems())
