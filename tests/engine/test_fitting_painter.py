"""The diffusion pass of a fitting on real pipelines: tiny random weights, and the pocket model's own."""

from __future__ import annotations

import dataclasses
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

sys.path.append(str(Path(__file__).resolve().parents[1] / "fitting"))

import wardrobe

from costumes.fitting.anchors import guess_anchors
from costumes.fitting.garments import Garment, cut_out
from costumes.fitting.ground import Ground, prepare
from costumes.fitting.outfit import FittingStep, Layer, dress
from costumes.fitting.painter import Crop, painter_for, passes_of, prompt_of
from costumes.fitting.repaint import repaint, strengths
from costumes.fitting.report import assess
from costumes.fitting.trouble import FittingError
from previs.engine.cards import load_cards
from previs.engine.diffusion import DiffusersEngine
from previs.engine.loading import load_engine
from previs.engine.port import EngineFacts, RenderCancelled
from previs.engine.request import FrameRequest, RenderedFrame, Step

PROMPT = prompt_of(["blue shirt"])


class Recorder:
    """An engine that keeps what it is asked for and gives every picture back as it came."""

    batch_limit = 1

    def __init__(self, model: str, abilities: Sequence[str]) -> None:
        self.model, self.abilities = model, frozenset(abilities)
        self.asked: list[FrameRequest] = []
        self.pictures: list[dict[str, Image.Image]] = []

    def facts(self) -> EngineFacts:
        return EngineFacts(self.model, "", {}, {}, "cpu", "float32")

    def check(self, request: FrameRequest) -> list[str]:
        return request.problems()

    def render(self, requests: Sequence[FrameRequest], on_step: Any, *, open_input: Any = None) -> list[Any]:
        (request,) = requests
        assert self.check(request) == []
        self.asked.append(request)
        opened = {image.role: Image.open(io.BytesIO(open_input(image.sha256))) for image in request.inputs}
        self.pictures.append(opened)
        on_step(Step(1, 2, list))
        on_step(Step(2, 2, list))
        return [RenderedFrame(request, opened["picture"].convert("RGB"))]


@pytest.fixture(scope="module")
def dressed() -> tuple[Ground, list[Layer], list[FittingStep]]:
    figure, cut = wardrobe.mannequin(1), wardrobe.cut(1, sleeve=0.5, pattern="plain", colour=(40, 90, 150))
    picture = cut.flat()[0]
    alpha = cut_out(picture)
    ground = prepare(figure.photo, figure.pose())
    layers = [Layer(Garment("top", picture, alpha, guess_anchors(alpha, "top")), seed=11)]
    return ground, layers, dress(ground, layers)


def test_a_model_with_masks_is_asked_for_the_rim_first_and_then_for_the_cloth(dressed: Any) -> None:
    ground, layers, steps = dressed
    engine, told = Recorder("sdxl-1.0", ["text", "inpaint"]), []
    engine.model = next(card.id for card in load_cards().values() if card.family == "sdxl")
    painter = painter_for(engine, prompt=PROMPT, on_step=lambda step: told.append(step.number / step.of))
    result = repaint(ground, layers, steps, painter)
    first, last = engine.asked[0], engine.asked[-1]
    assert first.ability == "inpaint" and first.strength == 0.95 and last.strength == 0.3
    assert {request.seed for request in engine.asked} == {11} and first.prompt == PROMPT
    assert first.width % 8 == first.height % 8 == 0 and first.height < ground.size[1]
    assert told == sorted(told) and told[-1] == 1
    mask = np.asarray(engine.pictures[0]["mask"])
    assert mask.max() == 255 and 0 < (mask > 0).mean() < 0.6
    # The engine changed nothing, so nothing may have moved, scaled or been blended.
    assert np.abs(result.picture.astype(int) - steps[-1].picture).mean() < 0.5


def test_an_editing_model_gets_person_and_garment_and_is_told_what_to_keep(dressed: Any) -> None:
    ground, layers, steps = dressed
    (model,) = [card.id for card in load_cards().values() if card.family == "qwen-image-edit"]
    engine = Recorder(model, load_cards()[model].abilities)
    garments = [layer.garment.picture for layer in layers] * 2
    repaint(ground, layers, steps, painter_for(engine, prompt=PROMPT, garments=garments))
    (request,) = engine.asked
    assert request.ability == "refine" and "Keep the person, the pose, the face" in request.prompt
    assert [image.role for image in request.inputs] == ["picture", "reference"]
    sheet = engine.pictures[0]["reference"]
    assert sheet.width > sheet.height, "both garments lie side by side"
    ratio = request.width / request.height
    assert abs(ratio - ground.size[0] / ground.size[1]) < 0.02


def test_a_large_area_is_shared_out_in_tiles_that_a_small_model_can_render() -> None:
    strength = np.zeros((1365, 1024), np.float32)
    strength[200:1200, 150:900] = 0.95
    pocket = load_cards()["pocket"]
    passes = passes_of(strength, pocket.abilities, pocket)
    assert len(passes) > 3
    covered = np.maximum.reduce([one.mask for one in passes])
    assert (covered[200:1200, 150:900] > 0).all() and not covered[:200].any()
    for one in passes:
        assert one.way == "settle"
        assert one.crop.width * one.crop.height < 2.2 * pocket.width * pocket.height
        inside = one.mask[one.crop.top : one.crop.bottom, one.crop.left : one.crop.right]
        assert inside.sum() == one.mask.sum(), "a tile is painted within its own crop"
    assert passes_of(np.zeros((600, 600), np.float32), pocket.abilities, pocket) == []


def test_a_crop_at_the_edge_of_a_picture_stays_in_it_and_comes_back_to_its_place() -> None:
    crop = Crop.round(980, 10, 1020, 700, (1024, 1365))
    assert 0 <= crop.left < crop.right <= 1024 and 0 <= crop.top < crop.bottom <= 1365
    assert (crop.bottom - crop.top) / (crop.right - crop.left) < 2.1
    picture = np.random.default_rng(1).integers(0, 255, (1365, 1024, 3), dtype=np.uint8)
    white = crop.put(Image.new("RGB", (crop.width, crop.height), "white"), picture)
    outside = np.ones(picture.shape[:2], bool)
    outside[crop.top : crop.bottom, crop.left : crop.right] = False
    assert (white[~outside] == 255).all() and (white[outside] == picture[outside]).all()


def test_a_model_that_only_draws_from_words_is_refused_with_what_to_do() -> None:
    with pytest.raises(FittingError, match="stay with the composite"):
        painter_for(Recorder("pocket", ["text", "refine"]), prompt=PROMPT)
    with pytest.raises(FittingError, match="Nothing is known of the model"):
        painter_for(Recorder("nameless", ["inpaint"]), prompt=PROMPT)


def test_painting_stops_between_two_steps_when_it_is_cancelled(dressed: Any) -> None:
    ground, layers, steps = dressed
    engine = Recorder("pocket", ["inpaint"])

    def stop(step: Step) -> None:
        raise RenderCancelled

    with pytest.raises(RenderCancelled):
        repaint(ground, layers, steps, painter_for(engine, prompt=PROMPT, on_step=stop))
    assert len(engine.asked) == 1


@pytest.fixture(scope="module")
def patch() -> tuple[np.ndarray, np.ndarray]:
    """A picture of 192 x 256 and how strongly a part of it is repainted."""
    ramp = np.linspace(40, 210, 256)[:, None, None] * np.ones((1, 192, 3))
    strength = np.zeros((256, 192), np.float32)
    strength[80:180, 60:130] = 0.95
    strength[100:160, 80:110] = 0.3
    return ramp.astype(np.uint8), strength


@pytest.mark.parametrize("model", ["tiny-sd", "tiny-klein"])
def test_stock_inpainting_follows_the_garment_and_changes_only_what_is_masked(
    models_home: Path, patch: Any, model: str
) -> None:
    picture, strength = patch
    engine = load_engine(model, models_home=models_home, threads=1)
    assert isinstance(engine, DiffusersEngine) and "reference" in engine.abilities
    results = []
    for shade in (30, 220):
        garment = np.full((90, 60, 3), (shade, 90, 250 - shade), np.uint8)
        painter = painter_for(engine, prompt="a street", garments=[garment], card=engine.card)
        results.append(painter(picture.copy(), strength.copy(), 5))
    one, other = results
    assert one.shape == picture.shape and (one[strength > 0] != other[strength > 0]).any()
    for result in results:
        changed = (np.abs(result.astype(int) - picture) > 1).any(axis=2)
        assert changed[strength > 0].mean() > 0.5 and not changed[strength == 0].any()


class PicturesAndWords:
    """What Qwen2VLProcessor does with still pictures; the whole of it cannot be loaded without torchvision."""

    def __init__(self, words: Any) -> None:
        from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

        self.words, self.eyes = words, Qwen2VLImageProcessorPil()

    def __call__(self, *, text: list[str], images: list[Any], padding: bool, return_tensors: str) -> Any:
        from transformers import BatchFeature

        seen = self.eyes(images=images, return_tensors=return_tensors)
        (line,) = text
        for rows in seen["image_grid_thw"].tolist():
            tokens = " ".join(["<seen>"] * (int(np.prod(rows)) // 4))
            line = line.replace("<|image_pad|>", f" {tokens} ", 1)
        line = line.replace("<seen>", "<|image_pad|>")
        read = self.words([line], padding=padding, return_tensors=return_tensors)
        kept = {name: read[name] for name in ("input_ids", "attention_mask")}
        return BatchFeature({**kept, **seen})


def tiny_qwen_edit(tokenizer: Path) -> Any:
    """A Qwen-Image-Edit-Plus with random weights."""
    import torch
    from diffusers import (
        AutoencoderKLQwenImage,
        FlowMatchEulerDiscreteScheduler,
        QwenImageEditPlusPipeline,
        QwenImageTransformer2DModel,
    )
    from transformers import PreTrainedTokenizerFast, Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

    torch.manual_seed(0)
    words = PreTrainedTokenizerFast.from_pretrained(tokenizer, model_max_length=1024)
    marks = ["<|vision_start|>", "<|image_pad|>", "<|vision_end|>", "<|video_pad|>"]
    words.add_special_tokens({"additional_special_tokens": marks})
    start, image, end, video = words.convert_tokens_to_ids(marks)
    text = {
        "vocab_size": 64,
        "hidden_size": 16,
        "intermediate_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "rope_parameters": {"rope_type": "default", "mrope_section": [1, 1, 2], "rope_theta": 10_000.0},
    }
    eyes = {"depth": 1, "hidden_size": 16, "intermediate_size": 16, "num_heads": 2, "out_hidden_size": 16}
    config = Qwen2_5_VLConfig(
        text_config=text,
        vision_config=eyes,
        image_token_id=image,
        video_token_id=video,
        vision_start_token_id=start,
        vision_end_token_id=end,
    )
    return QwenImageEditPlusPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        vae=AutoencoderKLQwenImage(
            base_dim=8,
            z_dim=4,
            dim_mult=[1, 2],
            num_res_blocks=1,
            temperal_downsample=[False],
            latents_mean=[0.0] * 4,
            latents_std=[1.0] * 4,
        ),
        text_encoder=Qwen2_5_VLForConditionalGeneration(config),
        tokenizer=words,
        processor=PicturesAndWords(words),
        transformer=QwenImageTransformer2DModel(
            patch_size=2,
            in_channels=16,
            out_channels=4,
            num_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=16,
            axes_dims_rope=(8, 4, 4),
        ),
    )


def test_an_editing_pipeline_takes_the_person_and_the_garment_as_its_pictures(
    studio: Any, patch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from diffusers.pipelines.qwenimage import pipeline_qwenimage_edit_plus as edit

    from previs.engine.pipelines import Pipelines

    # It conditions on pictures of a million pixels; a tiny one is as good a proof.
    monkeypatch.setattr(edit, "VAE_IMAGE_SIZE", 64 * 64)
    monkeypatch.setattr(edit, "CONDITION_IMAGE_SIZE", 84 * 84)
    pipeline = tiny_qwen_edit(studio.folder("tiny-sd") / "tokenizer")
    monkeypatch.setattr(Pipelines, "_load", lambda self, ability: pipeline)
    (card,) = [card for card in load_cards().values() if card.family == "qwen-image-edit"]
    engine = DiffusersEngine(
        dataclasses.replace(card, steps=2), studio.folder("tiny-sd"), digests={}, threads=1
    )
    assert engine.abilities == {"refine", "reference"}
    picture, strength = patch
    results = []
    for shade in (30, 220):
        garment = np.full((90, 60, 3), (shade, 90, 250 - shade), np.uint8)
        painter = painter_for(engine, prompt="a street", garments=[garment], card=engine.card)
        results.append(painter(picture.copy(), strength.copy(), 5))
    assert results[0].shape == picture.shape
    assert (results[0] != results[1]).any(), "the garment counts"


def test_the_pocket_model_settles_a_fitting_and_leaves_face_hands_and_colours_alone(dressed: Any) -> None:
    ground, layers, steps = dressed
    engine = load_engine("pocket", models_home="/nowhere", threads=2)
    whole = painter_for(engine, prompt=PROMPT)

    def collar(picture: np.ndarray, strength: np.ndarray, seed: int) -> np.ndarray:
        strength[430:] = 0  # one tile is enough, and what is costly is the number of tiles
        return whole(picture, strength, seed)

    result = repaint(ground, layers, steps, collar)
    assert (strengths(ground, layers, steps)[:430] > 0).any()
    assert (result.picture != steps[-1].picture).any(axis=2).sum() > 3_000
    report = assess(ground, layers, steps, result.picture, result.mask)
    assert report.failed == [] and report.grade == "pass"
    assert report.protected_changed == report.outside_changed == 0
