"""What every engine promises, run over every engine: the port's one contract suite."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from previs.engine.catalogue import POCKET_WEIGHTS
from previs.engine.loading import load_engine
from previs.engine.port import Engine, EngineError, RenderCancelled
from previs.engine.request import FrameRequest, RenderedFrame, Step

STEPS = 3
_loaded: dict[str, Engine] = {}


@pytest.fixture(params=["pocket", "tiny-sd", "tiny-flux", "tiny-klein", "tiny-qwen", "tiny-z", "scripted"])
def model(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def engine(model: str, models_home: Path) -> Engine:
    if model == "pocket" and not (POCKET_WEIGHTS / "manifest.json").is_file():
        pytest.fail(
            "The embedded model has no weights in previs/engine/pocket/weights: train and export it first."
        )
    if model not in _loaded:
        _loaded[model] = load_engine(model, models_home=models_home, allow_scripted=True, threads=1)
    return _loaded[model]


@pytest.fixture
def request_for(model: str) -> Callable[..., FrameRequest]:
    size = {"width": 256, "height": 144} if model == "pocket" else {"width": 88, "height": 64}

    def request_for(**changes: Any) -> FrameRequest:
        values: dict[str, Any] = {
            "prompt": "INT. KITCHEN - NIGHT, wide shot",
            "model": model,
            "seed": 7,
            "steps": STEPS,
        }
        return FrameRequest(**values | size | changes)

    return request_for


def quietly(_step: Step) -> None:
    pass


def pixels(frames: list[RenderedFrame]) -> list[bytes]:
    return [frame.picture.tobytes() for frame in frames]


def test_the_same_request_gives_the_same_bytes(
    engine: Engine, request_for: Callable[..., FrameRequest]
) -> None:
    first, second = (engine.render([request_for()], quietly) for _ in range(2))
    assert pixels(first) == pixels(second)


def test_another_seed_gives_other_bytes(engine: Engine, request_for: Callable[..., FrameRequest]) -> None:
    assert pixels(engine.render([request_for()], quietly)) != pixels(
        engine.render([request_for(seed=8)], quietly)
    )


def test_a_batch_can_be_replayed_frame_by_frame(
    engine: Engine, request_for: Callable[..., FrameRequest]
) -> None:
    batch = [request_for(seed=seed) for seed in (7, 8)]
    first, second = engine.render(batch, quietly), engine.render(batch, quietly)
    assert pixels(first) == pixels(second)
    assert pixels(first)[0] != pixels(first)[1]
    assert [frame.request for frame in first] == batch
    assert [(frame.settings["batch_size"], frame.settings["batch_index"]) for frame in first] == [
        (2, 0),
        (2, 1),
    ]


def test_on_step_is_called_once_a_step_and_counts_to_the_end(
    engine: Engine, request_for: Callable[..., FrameRequest]
) -> None:
    steps: list[tuple[int, int]] = []
    engine.render([request_for()], lambda step: steps.append((step.number, step.of)))
    assert steps == [(number, STEPS) for number in range(1, STEPS + 1)]


def test_a_step_shows_one_small_preview_for_each_request(
    engine: Engine, request_for: Callable[..., FrameRequest]
) -> None:
    seen: list[list[tuple[int, int]]] = []

    def look(step: Step) -> None:
        seen.append([picture.size for picture in step.previews()])

    batch = [request_for(seed=seed) for seed in (7, 8)]
    engine.render(batch, look)
    assert len(seen) == STEPS
    for sizes in seen:
        assert len(sizes) == len(batch)
        for width, height in sizes:
            assert 100 <= width <= 512
            assert width / height == pytest.approx(batch[0].width / batch[0].height, rel=0.1)


def test_looking_at_previews_does_not_change_the_frame(
    engine: Engine, request_for: Callable[..., FrameRequest]
) -> None:
    looked = engine.render([request_for()], lambda step: bool(step.previews()) and None)
    assert pixels(looked) == pixels(engine.render([request_for()], quietly))


def test_a_cancelled_render_stops_at_that_step_and_the_engine_renders_again(
    engine: Engine, request_for: Callable[..., FrameRequest]
) -> None:
    before = pixels(engine.render([request_for()], quietly))
    seen: list[int] = []

    def cancel(step: Step) -> None:
        seen.append(step.number)
        if step.number == 2:
            raise RenderCancelled

    with pytest.raises(RenderCancelled):
        engine.render([request_for()], cancel)
    assert seen == [1, 2]
    assert pixels(engine.render([request_for()], quietly)) == before


def test_the_frame_has_exactly_the_size_that_was_asked_for(
    engine: Engine, request_for: Callable[..., FrameRequest]
) -> None:
    (frame,) = engine.render([request_for(width=136, height=72)], quietly)
    assert (frame.picture.size, frame.picture.mode) == ((136, 72), "RGB")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"prompt": "  "}, "prompt is empty"),
        ({"prompt": "x" * 50_000}, "50,000 characters"),
        ({"seed": 2**32}, "seed must lie"),
        ({"width": 100}, "width must be a multiple of 8"),
        ({"steps": 0}, "Steps must lie"),
        ({"guidance": 31}, "Guidance must lie"),
        ({"ability": "inpaint"}, "add: mask, picture"),
    ],
)
def test_a_request_nobody_can_render_is_refused_in_words(
    engine: Engine, request_for: Callable[..., FrameRequest], changes: dict[str, Any], words: str
) -> None:
    wrong = request_for(**changes)
    assert any(words in problem for problem in engine.check(wrong))
    with pytest.raises(EngineError, match=words) as refused:
        engine.render([wrong], lambda step: pytest.fail("It rendered a step."))
    assert refused.value.permanent


def test_a_good_request_has_no_problems(engine: Engine, request_for: Callable[..., FrameRequest]) -> None:
    assert "text" in engine.abilities
    assert engine.batch_limit >= 1
    assert engine.check(request_for()) == []


def test_the_facts_name_the_weights(engine: Engine, model: str) -> None:
    facts = engine.facts()
    assert facts.model == model
    assert facts.revision
    assert facts.digests
    assert all(len(digest) == 64 and int(digest, 16) >= 0 for digest in facts.digests.values())
    assert facts.versions
    assert facts.device
    assert facts.dtype


def test_the_settings_record_what_the_request_left_open(
    engine: Engine, request_for: Callable[..., FrameRequest]
) -> None:
    (frame,) = engine.render([request_for()], quietly)
    assert {"scheduler", "guidance", "device", "dtype", "threads", "batch_size", "batch_index"} <= set(
        frame.settings
    )
