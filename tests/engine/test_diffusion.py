"""The diffusers engine on real pipelines with tiny random weights."""

from __future__ import annotations

import dataclasses
import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image, ImageChops

from previs.engine.diffusion import DiffusersEngine
from previs.engine.loading import load_engine
from previs.engine.port import EngineError, RenderCancelled
from previs.engine.request import FrameRequest, InputImage, Step

Ask = Callable[..., FrameRequest]
_engines: dict[str, DiffusersEngine] = {}


@pytest.fixture
def engine_of(models_home: Path) -> Callable[[str], DiffusersEngine]:
    def engine_of(model: str) -> DiffusersEngine:
        if model not in _engines:
            loaded = load_engine(model, models_home=models_home, threads=1)
            assert isinstance(loaded, DiffusersEngine)
            _engines[model] = loaded
        return _engines[model]

    return engine_of


@pytest.fixture
def fresh(models_home: Path) -> DiffusersEngine:
    """An engine of this test's own, since running out of memory changes how it works from then on."""
    engine = load_engine("tiny-sd", models_home=models_home, threads=1)
    assert isinstance(engine, DiffusersEngine)
    return engine


@pytest.fixture
def use(inputs: dict[str, bytes]) -> Callable[..., tuple[InputImage, ...]]:
    """The stored inputs by role."""
    digests = dict(zip(("picture", "mask", "depth"), inputs, strict=True))

    def use(*roles: Any, **changes: float) -> tuple[InputImage, ...]:
        return tuple(InputImage(role, digests[role], **changes) for role in roles)

    return use


def quietly(_step: Step) -> None:
    pass


def apart(one: Image.Image, other: Image.Image) -> float:
    """Mean absolute difference of two pictures, 0 to 255."""
    histogram = ImageChops.difference(one, other).convert("L").histogram()
    return sum(value * count for value, count in enumerate(histogram)) / sum(histogram)


@pytest.mark.parametrize("model", ["tiny-sd", "tiny-flux", "tiny-qwen", "tiny-z"])
def test_refine_stays_nearer_to_the_picture_at_a_lower_strength(
    engine_of: Callable[[str], DiffusersEngine], ask: Ask, use: Any, inputs: dict[str, bytes], model: str
) -> None:
    engine = engine_of(model)
    frames = [
        engine.render(
            [ask(model, ability="refine", strength=strength, steps=10, inputs=use("picture"))],
            quietly,
            open_input=inputs.__getitem__,
        )[0].picture
        for strength in (0.1, 0.3, 1.0)
    ]
    assert apart(frames[0], frames[1]) < apart(frames[0], frames[2])
    assert frames[0].tobytes() != frames[1].tobytes()


def test_a_family_that_takes_one_picture_at_a_time_still_renders_a_batch(
    engine_of: Callable[[str], DiffusersEngine], ask: Ask, use: Any, inputs: dict[str, bytes]
) -> None:
    pictures = (use("picture")[0], InputImage("picture", use("depth")[0].sha256))
    requests = [ask("tiny-klein", ability="refine", inputs=(picture,)) for picture in pictures]
    steps: list[tuple[int, int, int]] = []

    def look(step: Step) -> None:
        steps.append((step.number, step.of, len(step.previews())))

    frames = engine_of("tiny-klein").render(requests, look, open_input=inputs.__getitem__)
    assert frames[0].picture.tobytes() != frames[1].picture.tobytes()
    assert frames[0].settings["ignored"] == ["guidance", "strength"]
    assert steps == [(number, 6, 2) for number in range(1, 7)]


@pytest.mark.parametrize("model", ["tiny-sd", "tiny-flux", "tiny-klein", "tiny-qwen", "tiny-z"])
def test_inpaint_repaints_the_white_of_the_mask_and_keeps_every_other_pixel(
    engine_of: Callable[[str], DiffusersEngine], ask: Ask, use: Any, inputs: dict[str, bytes], model: str
) -> None:
    picture, mask, _ = (Image.open(io.BytesIO(encoded)) for encoded in inputs.values())
    request = ask(model, ability="inpaint", strength=1.0, inputs=use("picture", "mask"))
    steps: list[tuple[int, int]] = []
    (frame,) = engine_of(model).render(
        [request], lambda step: steps.append((step.number, step.of)), open_input=inputs.__getitem__
    )
    changed = (
        ImageChops.difference(frame.picture, picture.convert("RGB"))
        .convert("L")
        .point(lambda v: 255 * (v > 0))
    )
    assert changed.getbbox() is not None
    assert ImageChops.subtract(changed, mask).getbbox() is None
    assert [number for number, _ in steps] == list(range(1, steps[-1][1] + 1))


def test_depth_control_changes_the_frame_and_its_strength_counts(
    engine_of: Callable[[str], DiffusersEngine], ask: Ask, use: Any, inputs: dict[str, bytes]
) -> None:
    engine = engine_of("tiny-sd")
    assert "depth" in engine.abilities
    plain = engine.render([ask()], quietly)[0].picture
    off, on = (
        engine.render(
            [ask(ability="depth", inputs=use("depth", strength=strength))],
            quietly,
            open_input=inputs.__getitem__,
        )[0].picture
        for strength in (0.0, 1.0)
    )
    assert apart(plain, off) < 1
    assert apart(plain, on) > 1


def test_a_model_without_a_controlnet_folder_says_that_it_cannot_follow_depth(
    engine_of: Callable[[str], DiffusersEngine], ask: Ask, use: Any
) -> None:
    engine = engine_of("tiny-flux")
    assert "depth" not in engine.abilities
    assert "without a controlnet folder" in " ".join(
        engine.check(ask("tiny-flux", ability="depth", inputs=use("depth")))
    )


@pytest.mark.parametrize("roles", [("picture",), ("picture", "mask")])
def test_each_request_of_a_batch_is_made_from_its_own_picture(
    engine_of: Callable[[str], DiffusersEngine], ask: Ask, inputs: dict[str, bytes], use: Any, roles: Any
) -> None:
    depth_as_picture = InputImage("picture", use("depth")[0].sha256)
    ability = "inpaint" if "mask" in roles else "refine"
    requests = [
        ask(ability=ability, strength=0.4, steps=5, inputs=use(*roles)),
        ask(ability=ability, strength=0.4, steps=5, inputs=(depth_as_picture, *use(*roles[1:]))),
    ]
    one, other = DiffusersEngine.render(
        engine_of("tiny-sd"), requests, quietly, open_input=inputs.__getitem__
    )
    assert one.picture.tobytes() != other.picture.tobytes()


def test_the_weights_are_in_memory_once_for_all_abilities(
    engine_of: Callable[[str], DiffusersEngine],
) -> None:
    pipelines = engine_of("tiny-sd").pipelines
    addresses = []
    for ability in ("text", "refine", "inpaint", "depth"):
        pipeline = pipelines.ready(ability)  # type: ignore[arg-type]
        weights = [
            parameter
            for part in (pipeline.unet, pipeline.vae, pipeline.text_encoder)
            for parameter in part.parameters()
        ]
        assert {weight.dtype for weight in weights} == {torch.float32}
        addresses.append([weight.data_ptr() for weight in weights])
    assert all(row == addresses[0] for row in addresses)


def test_deriving_a_pipeline_keeps_sixteen_bit_weights_sixteen_bit(
    models_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from previs.engine.hardware import Hardware

    monkeypatch.setattr("previs.engine.hardware.CPU_WORKSPACE", 0)
    home = models_home / "tiny-sd"
    from previs.engine.catalogue import shelved
    from previs.engine.hardware import count_weights

    model = shelved(models_home, "tiny-sd")
    tight = Hardware("cpu", "tight", sum(count_weights(home, variant=None).values()) * 3, True)
    engine = DiffusersEngine(model.card, model.folder, digests=model.digests, threads=1, found=tight)
    assert engine.plan.dtype == "bfloat16"
    engine.pipelines.ready("refine")
    assert engine.pipelines.ready("text").unet.dtype == torch.bfloat16
    assert engine.pipelines.ready("text").vae.dtype == torch.bfloat16


def test_another_scheduler_from_the_list_is_used_and_recorded(
    engine_of: Callable[[str], DiffusersEngine], ask: Ask
) -> None:
    engine = engine_of("tiny-sd")
    own = engine.render([ask()], quietly)[0]
    (frame,) = engine.render([ask(scheduler="EulerAncestralDiscreteScheduler")], quietly)
    (again,) = engine.render([ask(scheduler="EulerAncestralDiscreteScheduler")], quietly)
    assert frame.settings["scheduler"] == "EulerAncestralDiscreteScheduler"
    assert own.settings["scheduler"] == "DDIMScheduler"
    assert own.picture.tobytes() != frame.picture.tobytes() == again.picture.tobytes()
    assert engine.render([ask()], quietly)[0].picture.tobytes() == own.picture.tobytes()


@pytest.mark.parametrize(("model", "scheduler"), [("tiny-sd", "os.system"), ("tiny-flux", "DDIMScheduler")])
def test_a_scheduler_outside_the_family_is_refused(
    engine_of: Callable[[str], DiffusersEngine], ask: Ask, model: str, scheduler: str
) -> None:
    assert any(
        "does not run with the scheduler" in words
        for words in engine_of(model).check(ask(model, scheduler=scheduler))
    )


def test_every_scheduler_of_the_list_renders_and_counts_its_steps(
    engine_of: Callable[[str], DiffusersEngine], ask: Ask
) -> None:
    engine = engine_of("tiny-sd")
    for scheduler in engine.family.schedulers:
        seen: list[tuple[int, int]] = []
        engine.render(
            [ask(scheduler=scheduler, steps=4)], lambda step, seen=seen: seen.append((step.number, step.of))
        )  # type: ignore[misc]
        assert seen == [(number, len(seen)) for number in range(1, len(seen) + 1)], scheduler


def test_a_strength_that_leaves_no_step_is_refused(
    engine_of: Callable[[str], DiffusersEngine], ask: Ask, use: Any
) -> None:
    request = ask(ability="refine", strength=0.1, steps=5, inputs=use("picture"))
    assert any("leave none to run" in words for words in engine_of("tiny-sd").check(request))


def test_what_a_family_cannot_use_is_recorded_as_ignored(
    engine_of: Callable[[str], DiffusersEngine], ask: Ask
) -> None:
    plain, negative = (
        engine_of("tiny-flux").render([ask("tiny-flux", negative_prompt=words)], quietly)[0]
        for words in ("", "snow")
    )
    assert negative.settings["ignored"] == ["negative_prompt"]
    assert "ignored" not in plain.settings
    assert negative.picture.tobytes() == plain.picture.tobytes()


def test_a_negative_prompt_counts_where_the_family_has_one(
    engine_of: Callable[[str], DiffusersEngine], ask: Ask
) -> None:
    plain, negative = (
        engine_of("tiny-sd").render([ask(negative_prompt=words)], quietly)[0] for words in ("", "snow street")
    )
    assert negative.picture.tobytes() != plain.picture.tobytes()


def test_an_input_that_is_gone_changed_or_no_picture_is_refused_in_words(
    engine_of: Callable[[str], DiffusersEngine], ask: Ask, use: Any, inputs: dict[str, bytes]
) -> None:
    engine, request = engine_of("tiny-sd"), ask(ability="refine", inputs=use("picture"))
    with pytest.raises(EngineError, match="not stored any more"):
        engine.render([request], quietly, open_input={}.__getitem__)
    with pytest.raises(EngineError, match="was changed since"):
        engine.render([request], quietly, open_input=lambda _sha256: b"other bytes")
    words = ask(ability="refine", inputs=(InputImage("picture", hashlib.sha256(b"words").hexdigest()),))
    with pytest.raises(EngineError, match="cannot be read as a picture"):
        engine.render([words], quietly, open_input=lambda _sha256: b"words")


def test_requests_that_do_not_agree_are_not_rendered_as_one_batch(
    engine_of: Callable[[str], DiffusersEngine], ask: Ask
) -> None:
    with pytest.raises(EngineError, match="must agree"):
        engine_of("tiny-sd").render([ask(), ask(steps=4)], quietly)


class FullDevice:
    """Stands before a real UNet and runs out of memory for a while. until: calls that fail; above: batch that fails."""

    def __init__(self, unet: torch.nn.Module, *, until: int = 0, above: int = 10**9) -> None:
        self.forward, self.until, self.above, self.calls = unet.forward, until, above, 0

    def __call__(self, sample: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
        self.calls += 1
        if self.calls <= self.until or len(sample) > self.above:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return self.forward(sample, *args, **kwargs)


def fill(engine: DiffusersEngine, monkeypatch: pytest.MonkeyPatch, **how: int) -> FullDevice:
    unet = engine.pipelines.ready("text").unet
    full = FullDevice(unet, **how)
    monkeypatch.setattr(unet, "forward", full)
    return full


def test_a_batch_too_big_for_the_device_is_rendered_in_halves(
    fresh: DiffusersEngine, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = [ask(seed=seed) for seed in (1, 2, 3)]
    halves = [frame.picture for part in (requests[:2], requests[2:]) for frame in fresh.render(part, quietly)]
    fill(fresh, monkeypatch, above=4)
    steps: list[tuple[int, int, int]] = []
    frames = fresh.render(requests, lambda step: steps.append((step.number, step.of, len(step.previews()))))
    assert [frame.picture.tobytes() for frame in frames] == [picture.tobytes() for picture in halves]
    assert [frame.settings["batch_index"] for frame in frames] == [0, 1, 2]
    assert {frame.settings["parts"] for frame in frames} == {2}
    assert steps == [(number, 6, 3) for number in range(1, 7)]


def test_one_frame_too_big_is_tried_again_with_slices_and_tiles(
    fresh: DiffusersEngine, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(fresh, monkeypatch, until=1)
    (frame,) = fresh.render([ask()], quietly)
    assert (frame.settings["slicing"], frame.settings["tiling"]) == (True, True)
    assert frame.picture.size == (64, 64)
    assert fresh.pipelines.ready("text").vae.use_tiling


def test_when_everything_is_saved_already_the_frame_is_rendered_smaller_and_says_so(
    fresh: DiffusersEngine, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fresh.pipelines.save_memory()
    fill(fresh, monkeypatch, until=1)
    (frame,) = fresh.render([ask(width=128, height=96)], quietly)
    assert frame.settings["rendered_at"] == 0.75
    assert frame.picture.size == (128, 96)


def test_a_second_time_out_of_memory_is_a_clear_permanent_error(
    fresh: DiffusersEngine, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = fill(fresh, monkeypatch, until=10**9)
    with pytest.raises(EngineError, match="ran out of memory at 64x64") as failed:
        fresh.render([ask()], quietly)
    assert failed.value.permanent
    assert full.calls == 2
    full.until = 0
    assert len(fresh.render([ask()], quietly)) == 1


def test_a_fault_that_is_not_memory_is_not_tried_again(
    fresh: DiffusersEngine, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def broken(*_: Any, **__: Any) -> None:
        calls.append(1)
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    monkeypatch.setattr(fresh.pipelines.ready("text").unet, "forward", broken)
    with pytest.raises(RuntimeError, match="shapes"):
        fresh.render([ask()], quietly)
    assert calls == [1]


def test_hooks_are_released_when_a_render_is_cancelled(
    fresh: DiffusersEngine, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    released: list[bool] = []
    monkeypatch.setattr(
        fresh.pipelines.ready("text"), "maybe_free_model_hooks", lambda: released.append(True)
    )

    def cancel(_step: Step) -> None:
        raise RenderCancelled

    with pytest.raises(RenderCancelled):
        fresh.render([ask()], cancel)
    assert released == [True]


def test_a_card_that_names_a_class_outside_its_family_is_refused(models_home: Path) -> None:
    from previs.engine.catalogue import shelved

    model = shelved(models_home, "tiny-sd")
    card = dataclasses.replace(model.card, pipelines={"text": "StableDiffusionUpscalePipeline"})
    with pytest.raises(
        EngineError, match="StableDiffusionUpscalePipeline, which is no pipeline of its family"
    ):
        DiffusersEngine(card, model.folder, digests=model.digests)
