"""The packaged pocket model behind the engine port, on one thread."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from previs.blockout.reader import read
from previs.engine.pocket.engine import MODEL, PocketEngine
from previs.engine.pocket.takes import prepare
from previs.engine.pocket.weights import PACKAGED
from previs.engine.port import EngineError, RenderCancelled
from previs.engine.request import FrameRequest, InputImage, Step

STREET = "EXT. STREET - DAY. Wide shot, two figures"


def quiet(step: Step) -> None:
    pass


def ask(prompt: str = STREET, **changes: object) -> FrameRequest:
    values: dict[str, object] = {
        "prompt": prompt,
        "model": MODEL,
        "seed": 7,
        "width": 256,
        "height": 144,
        "steps": 4,
    }
    return FrameRequest(**{**values, **changes})  # type: ignore[arg-type]


class Shelf:
    """Input pictures by their digest."""

    def __init__(self) -> None:
        self.stored: dict[str, bytes] = {}

    def put(self, picture: Image.Image) -> str:
        held = io.BytesIO()
        picture.save(held, "PNG")
        digest = hashlib.sha256(held.getvalue()).hexdigest()
        self.stored[digest] = held.getvalue()
        return digest

    def open(self, digest: str) -> bytes:
        return self.stored[digest]


@pytest.fixture(scope="module")
def engine() -> PocketEngine:
    return PocketEngine(threads=1)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def brightness(picture: Image.Image) -> float:
    return float(np.asarray(picture.convert("L"), float).mean())


def test_the_same_seed_gives_the_same_bytes(engine: PocketEngine) -> None:
    first, second = (engine.render([ask()], quiet)[0] for _ in range(2))
    assert first.picture.tobytes() == second.picture.tobytes()


def test_another_seed_gives_another_picture(engine: PocketEngine) -> None:
    first, second = (engine.render([ask(seed=seed)], quiet)[0] for seed in (1, 2))
    assert first.picture.tobytes() != second.picture.tobytes()


def test_a_changed_weight_file_is_refused_before_anything_is_loaded(tmp_path: Path) -> None:
    folder = shutil.copytree(PACKAGED, tmp_path / "weights")
    broken = next(iter(sorted(folder.glob("unet/*.safetensors"))))
    broken.write_bytes(broken.read_bytes()[:-1] + b"?")
    engine = PocketEngine(folder, threads=1)
    with pytest.raises(EngineError, match="was changed") as refused:
        engine.load()
    assert refused.value.permanent
    assert engine._pipeline is None


def test_a_weight_file_that_the_manifest_does_not_list_is_refused(tmp_path: Path) -> None:
    folder = shutil.copytree(PACKAGED, tmp_path / "weights")
    (folder / "unet" / "extra.safetensors").write_bytes(b"x")
    with pytest.raises(EngineError, match=r"extra\.safetensors"):
        PocketEngine(folder).load()


def test_a_missing_weight_file_is_named(tmp_path: Path) -> None:
    folder = shutil.copytree(PACKAGED, tmp_path / "weights")
    (folder / "autoencoder" / "diffusion_pytorch_model.safetensors").unlink()
    with pytest.raises(EngineError, match=r"autoencoder.*is missing"):
        PocketEngine(folder).load()


@pytest.mark.parametrize("place", ["INT. KITCHEN", "EXT. STREET", "INT. CHURCH", "EXT. FOREST"])
def test_night_is_a_quarter_darker_than_day(engine: PocketEngine, place: str) -> None:
    night, day = (
        brightness(engine.render([ask(f"{place} - {time}. Wide shot", steps=8)], quiet)[0].picture)
        for time in ("NIGHT", "DAY")
    )
    assert night <= 0.75 * day


def test_inpainting_keeps_every_pixel_outside_the_mask(engine: PocketEngine, shelf: Shelf) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (144, 256, 3), np.uint8)
    mask = np.zeros((144, 256), np.uint8)
    mask[40:100, 90:170] = 255
    inputs = (
        InputImage("picture", shelf.put(Image.fromarray(pixels))),
        InputImage("mask", shelf.put(Image.fromarray(mask))),
    )
    frame = engine.render([ask(ability="inpaint", inputs=inputs)], quiet, open_input=shelf.open)[0]
    made = np.asarray(frame.picture)
    assert (made[mask == 0] == pixels[mask == 0]).all()
    assert (made[60:80, 110:150] != pixels[60:80, 110:150]).any(axis=-1).mean() > 0.9


def test_an_empty_mask_is_refused_in_words(engine: PocketEngine, shelf: Shelf) -> None:
    black = shelf.put(Image.new("L", (256, 144)))
    grey = shelf.put(Image.new("RGB", (256, 144), "grey"))
    inputs = (InputImage("picture", grey), InputImage("mask", black))
    with pytest.raises(EngineError, match="mask is empty"):
        engine.render([ask(ability="inpaint", inputs=inputs)], quiet, open_input=shelf.open)


def test_refining_gently_stays_closer_to_the_picture_than_refining_strongly(
    engine: PocketEngine, shelf: Shelf
) -> None:
    source = engine.render([ask("INT. OFFICE - DAY. Wide shot")], quiet)[0].picture
    inputs = (InputImage("picture", shelf.put(source)),)

    def distance(strength: float) -> float:
        request = ask(
            "INT. OFFICE - NIGHT. Wide shot", ability="refine", inputs=inputs, strength=strength, steps=8
        )
        made = engine.render([request], quiet, open_input=shelf.open)[0].picture
        return float(np.abs(np.asarray(made, float) - np.asarray(source, float)).mean())

    assert distance(0.25) < distance(1.0)


def test_a_weaker_blockout_makes_a_vaguer_picture_of_the_same_place_and_no_noise(
    engine: PocketEngine,
) -> None:
    asked = {"steps": 8, "blockout": json.loads(read(STREET).description.to_json())}

    def pixels(strength: float) -> NDArray[np.float64]:
        made = engine.render([ask(control_strength=strength, **asked)], quiet)[0].picture
        return np.asarray(made, float)

    def detail(picture: NDArray[np.float64]) -> float:
        return float(np.abs(np.diff(picture, axis=1)).mean())

    full, weak, weaker = pixels(1.0), pixels(0.6), pixels(0.2)
    assert detail(weaker) < detail(weak) < detail(full)
    for picture in (weak, weaker):
        masses = [one.reshape(3, 48, 4, 64, 3).mean((1, 3)) for one in (full, picture)]
        assert np.corrcoef(masses[0].ravel(), masses[1].ravel())[0, 1] > 0.8


def test_depth_alone_makes_a_frame_without_a_blockout(engine: PocketEngine, shelf: Shelf) -> None:
    ramp = np.tile(np.linspace(0, 255, 144).astype(np.uint8)[:, None], (1, 256))
    inputs = (InputImage("depth", shelf.put(Image.fromarray(ramp))),)
    frame = engine.render([ask(ability="depth", inputs=inputs)], quiet, open_input=shelf.open)[0]
    assert frame.blockout is None
    assert frame.picture.size == (256, 144)


def test_an_input_that_is_not_stored_is_a_permanent_error(engine: PocketEngine, shelf: Shelf) -> None:
    inputs = (InputImage("picture", "0" * 64),)
    with pytest.raises(EngineError, match="no longer stored") as refused:
        engine.render([ask(ability="refine", inputs=inputs)], quiet, open_input=shelf.open)
    assert refused.value.permanent


def test_what_on_step_raises_ends_the_render(engine: PocketEngine) -> None:
    seen = []

    def stop(step: Step) -> None:
        seen.append(step.number)
        if step.number == 2:
            raise RenderCancelled

    with pytest.raises(RenderCancelled):
        engine.render([ask()], stop)
    assert seen == [1, 2]


def test_every_step_is_reported_with_one_preview_a_request(engine: PocketEngine) -> None:
    steps = []

    def look(step: Step) -> None:
        steps.append((step.number, step.of, [picture.size for picture in step.previews()]))

    engine.render([ask(seed=1), ask(seed=2)], look)
    assert [number for number, _, _ in steps] == [1, 2, 3, 4]
    assert all(of == 4 and sizes == [(256, 144)] * 2 for _, of, sizes in steps)


@pytest.mark.parametrize("size", [(512, 216), (288, 512), (640, 360), (256, 256), (64, 64), (1024, 432)])
def test_a_frame_has_exactly_the_size_that_was_asked_for(engine: PocketEngine, size: tuple[int, int]) -> None:
    frame = engine.render([ask(width=size[0], height=size[1], steps=1)], quiet)[0]
    assert frame.picture.size == size
    assert frame.blockout is not None and frame.blockout.size == size


def test_a_batch_replays_from_its_recorded_settings(engine: PocketEngine) -> None:
    requests = [ask(seed=seed) for seed in (3, 4, 5)]
    frames = engine.render(requests, quiet)
    assert [frame.settings["batch_index"] for frame in frames] == [0, 1, 2]
    index, size = frames[1].settings["batch_index"], frames[1].settings["batch_size"]
    again = engine.render([frames[1].request] * size, quiet)[index]
    assert again.picture.tobytes() == frames[1].picture.tobytes()


def test_a_given_blockout_makes_the_frame_that_reading_the_prompt_made(engine: PocketEngine) -> None:
    read = engine.render([ask()], quiet)[0]
    given = engine.render([ask("anything", blockout=read.settings["blockout"])], quiet)[0]
    assert given.picture.tobytes() == read.picture.tobytes()


def test_a_blockout_that_cannot_be_read_is_refused(engine: PocketEngine) -> None:
    with pytest.raises(EngineError, match="blockout cannot be read"):
        engine.render([ask(blockout={"place": "the moon"})], quiet)


def test_unknown_words_are_named_in_the_reading(engine: PocketEngine) -> None:
    frame = engine.render([ask("EXT. STREET - NIGHT, wide shot, quixotic", steps=1)], quiet)[0]
    assert "quixotic" in frame.reading["ignored"]
    assert frame.reading["caption"].startswith("ext street night")


def test_another_scheduler_and_an_extreme_ratio_are_refused_without_loading() -> None:
    engine = PocketEngine(threads=1)
    assert engine.check(ask()) == []
    assert "DDIMScheduler" in engine.check(ask(scheduler="EulerDiscreteScheduler"))[0]
    assert "4 : 1" in engine.check(ask(width=2048, height=64))[0]
    assert engine._pipeline is None


def test_importing_and_checking_needs_no_torch() -> None:
    code = (
        "import sys; from previs.engine.pocket.engine import PocketEngine; engine = PocketEngine();"
        "engine.facts(); engine.abilities; sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_snow_is_drawn_over_a_frame_and_its_record_says_so(engine: PocketEngine) -> None:
    snow, clear = (
        engine.render([ask(f"EXT. STREET - DAY, wide shot, {weather}", steps=1)], quiet)[0]
        for weather in ("snow", "clear sky")
    )
    assert "falling snow" in snow.settings["drawn_over"]
    assert "drawn_over" not in clear.settings


def test_at_night_the_windows_of_a_street_are_lit_as_in_its_blockout(engine: PocketEngine) -> None:
    night = engine.render([ask("EXT. STREET - NIGHT, wide shot", steps=1, width=512, height=288)], quiet)[0]
    assert night.settings["drawn_over"] == "lamps and lit windows, by the renderer"
    take = prepare(ask("EXT. STREET - NIGHT, wide shot", steps=1, width=512, height=288), None, threads=1)
    assert take.lamps is not None
    lit, mask = take.lamps
    shining = np.asarray(mask) > 220
    assert 50 < shining.sum() < 0.2 * shining.size
    away = np.abs(np.asarray(night.picture, np.float32) - np.asarray(lit, np.float32)).mean(2)
    assert away[shining].mean() < 12 < np.asarray(lit, np.float32)[shining].mean()


def test_a_frame_in_noir_has_no_colours(engine: PocketEngine) -> None:
    noir = engine.render([ask("INT. BAR - NIGHT, wide shot, noir", steps=1)], quiet)[0]
    assert "black and white" in noir.settings["drawn_over"]
    pixels = np.asarray(noir.picture, np.int16)
    assert int(np.ptp(pixels, axis=2).max()) == 0
