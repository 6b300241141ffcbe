"""Framing, edges, conditions and the autoencoder, each by itself."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from previs.engine.pocket.autoencoder import PatchAutoencoder
from previs.engine.pocket.conditions import CONDITION, Conditions, depth_planes
from previs.engine.pocket.data import manifest_hash
from previs.engine.pocket.edges import edge_f1
from previs.engine.pocket.export import MOST_BYTES
from previs.engine.pocket.framing import Framing
from previs.engine.pocket.networks import TOKENS, build_tokenizer
from previs.engine.pocket.passes import disparity_bytes
from previs.engine.pocket.weights import PACKAGED


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def test_the_native_size_needs_no_cropping() -> None:
    framing = Framing.of(512, 288)
    assert (framing.columns, framing.rows, framing.box) == (32, 18, (0, 0, 512, 288))


@pytest.mark.parametrize("size", [(2048, 858), (288, 512), (64, 256), (1024, 1024), (2048, 512)])
def test_a_framing_keeps_the_ratio_and_lies_inside_what_is_painted(size: tuple[int, int]) -> None:
    framing = Framing.of(*size)
    left, top, right, bottom = framing.box
    width, height = framing.painted
    assert 0 <= left < right <= width and 0 <= top < bottom <= height
    assert (right - left) / (bottom - top) == pytest.approx(size[0] / size[1], rel=0.02)


def square() -> tuple[np.ndarray, np.ndarray]:
    picture = np.zeros((120, 200, 3), np.uint8)
    picture[30:90, 50:150] = 180
    lines = np.zeros((120, 200), np.uint8)
    lines[30, 50:150] = lines[89, 50:150] = 255
    lines[30:90, 50] = lines[30:90, 149] = 255
    return picture, lines


def test_a_frame_that_keeps_its_lines_scores_near_one() -> None:
    assert edge_f1(*square()) > 0.95


def test_noise_and_shifted_frames_score_low() -> None:
    picture, lines = square()
    noise = np.random.default_rng(0).integers(0, 256, picture.shape, np.uint8)
    assert edge_f1(noise, lines) < 0.3
    assert edge_f1(np.roll(picture, 12, axis=(0, 1)), lines) < 0.3
    assert edge_f1(np.full_like(picture, 90), lines) == 0


def test_edges_of_a_dark_frame_count_as_much_as_those_of_a_bright_one() -> None:
    picture, lines = square()
    assert edge_f1(picture // 9, lines) == pytest.approx(edge_f1(picture, lines), abs=0.05)


def test_the_linear_encoder_gives_back_what_its_basis_can_hold() -> None:
    torch.manual_seed(0)
    autoencoder = PatchAutoencoder()
    autoencoder.fit(torch.randn(4000, 192) * torch.linspace(1, 0.01, 192) ** 2)
    latents = torch.randn(2, 8, 3, 4)
    assert torch.allclose(autoencoder.encode(autoencoder.linear_picture(latents)), latents, atol=1e-3)


def test_an_empty_row_of_a_guide_decodes_as_no_guide() -> None:
    autoencoder = PatchAutoencoder()
    autoencoder.fit(torch.randn(500, 192))
    latents = torch.randn(1, 8, 2, 3)
    with torch.no_grad():
        assert torch.equal(
            autoencoder.decode(latents), autoencoder.decode(latents, torch.zeros(1, 4, 32, 48))
        )


def test_depth_planes_do_not_depend_on_the_unit_of_depth() -> None:
    disparity = torch.rand(1, 1, 8, 12)
    assert torch.allclose(depth_planes(disparity * 50 + 3), depth_planes(disparity * 100 + 9), atol=0.01)


def test_the_picture_condition_shows_nothing_of_what_is_to_be_painted() -> None:
    mask = torch.zeros(1, 1, 4, 4)
    mask[..., 1:3, 1:3] = 1
    planes = Conditions(1, 4, 4, picture=torch.ones(1, 8, 4, 4), mask=mask).planes()
    assert planes.shape == (1, CONDITION, 4, 4)
    assert (planes[:, 8:16, 1:3, 1:3] == 0).all() and (planes[:, 8:16, 0] == 1).all()
    assert torch.equal(planes[:, 16:17], mask)


def test_sky_is_the_only_zero_of_the_disparity() -> None:
    levels = disparity_bytes(np.array([[0.0, 3.0, 1e6, np.inf]], np.float32))
    assert levels.tolist() == [[255, 128, 1, 0]]


def test_every_word_of_the_vocabulary_is_one_token() -> None:
    from previs.blockout.description import VOCABULARY

    tokenizer = build_tokenizer(VOCABULARY)
    for word in VOCABULARY:
        assert len(tokenizer(word)["input_ids"]) == 3, word
        assert tokenizer.unk_token_id not in tokenizer(word)["input_ids"], word
    assert TOKENS >= 44


def test_the_packaged_tokenizer_knows_every_word_that_the_reader_can_pass() -> None:
    from transformers import PreTrainedTokenizerFast

    from previs.blockout.description import VOCABULARY

    tokenizer = PreTrainedTokenizerFast.from_pretrained(PACKAGED / "tokenizer", local_files_only=True)
    assert [word for word in VOCABULARY if tokenizer.unk_token_id in tokenizer(word)["input_ids"]] == []


def test_the_manifest_hash_does_not_depend_on_the_order_of_the_shards() -> None:
    records = [{"seed": 2, "sha256": "b"}, {"seed": 1, "sha256": "a"}]
    assert manifest_hash(records) == manifest_hash(records[::-1])
    assert manifest_hash(records) != manifest_hash([{"seed": 2, "sha256": "c"}, records[1]])


def test_the_packaged_weights_are_small_and_listed() -> None:
    manifest = json.loads((PACKAGED / "manifest.json").read_text())
    files = list(PACKAGED.rglob("*.safetensors"))
    assert {path.relative_to(PACKAGED).as_posix() for path in files} <= set(manifest["digests"])
    assert sum(path.stat().st_size for path in files) <= MOST_BYTES
