"""The catalogue and the shelf: what may be added, and what is noticed afterwards."""

from __future__ import annotations

import json
import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from previs.engine.cards import ModelCard, load_cards
from previs.engine.catalogue import add, available, shelved, verify
from previs.engine.families import FAMILIES
from previs.engine.port import EngineError

REVISION = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def download(tmp_path: Path) -> Path:
    """A folder in the diffusers layout, a few bytes small."""
    folder = tmp_path / "download"
    (folder / "unet").mkdir(parents=True)
    index = {"_class_name": "StableDiffusionPipeline", "unet": ["diffusers", "UNet2DConditionModel"]}
    (folder / "model_index.json").write_text(json.dumps(index))
    header = json.dumps({"weight": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode()
    (folder / "unet" / "model.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + bytes(8))
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "models"


def refused(home: Path, folder: Path, **how: Any) -> str:
    """Add, expect a permanent refusal that leaves nothing behind, and return its words."""
    with pytest.raises(EngineError) as error:
        add(home, folder, **{"card_id": "sd-1.5", "revision": REVISION} | how)
    assert error.value.permanent
    assert not home.exists() or list(home.iterdir()) == []
    return str(error.value)


def test_every_card_is_whole_and_names_stock_pipelines_of_its_family() -> None:
    import diffusers

    cards = load_cards()
    assert {
        "sd-1.5",
        "sd-1.5-inpainting",
        "sdxl-1.0",
        "commoncanvas-xl-c",
        "flux.1-schnell",
        "flux.1-dev",
        "pocket",
    } <= set(cards)
    assert {"flux.2-klein-4b", "qwen-image", "qwen-image-edit-2511", "z-image-turbo", "sd-turbo"} <= set(
        cards
    )
    for card in cards.values():
        assert card.problems() == []
        assert card.revision == "", "A revision is recorded with the weights it belongs to, never in advance."
        if card.family != "pocket":
            assert set(card.pipelines.values()) <= FAMILIES[card.family].pipelines
            assert card.licence_note and card.training_statement
    for family in FAMILIES.values():
        for name in (*family.pipelines, *family.schedulers, *filter(None, [family.controlnet])):
            assert hasattr(diffusers, name)


def test_the_cards_state_the_licences_that_policy_depends_on() -> None:
    cards = load_cards()
    assert cards["flux.1-dev"].commercial == "no"
    assert (cards["sd-turbo"].commercial, cards["sd-turbo"].revenue_cap_usd) == ("conditional", 1_000_000)
    assert cards["commoncanvas-xl-c"].training_tier == "T1"


def test_a_card_survives_json() -> None:
    for card in load_cards().values():
        assert ModelCard.from_json(json.loads(json.dumps(card.to_json()))) == card


def test_a_catalogue_card_without_a_local_folder_is_not_available(home: Path) -> None:
    assert "sd-1.5" not in available(home)
    with pytest.raises(EngineError, match="not installed"):
        shelved(home, "sd-1.5")


def test_an_added_model_is_recorded_with_revision_and_digests_and_verifies(
    home: Path, download: Path
) -> None:
    model = add(home, download, card_id="sd-1.5", revision=REVISION)
    assert (model.card.revision, model.folder) == (REVISION, home / "sd-1.5")
    assert set(model.digests) == {"model_index.json", "unet/model.safetensors"}
    assert shelved(home, "sd-1.5") == model
    assert available(home)["sd-1.5"] == model.card.with_folders({"unet"})
    assert verify(home, "sd-1.5").ok


def test_a_model_of_the_studios_own_is_added_with_its_own_card(home: Path, download: Path) -> None:
    fields = load_cards()["sd-1.5"].to_json() | {"id": "house-style", "title": "House style"}
    fields.pop("revision")
    assert add(home, download, card=fields, revision=REVISION).card.title == "House style"
    assert set(available(home)) >= {"house-style"}


def test_changed_missing_and_additional_files_are_named(home: Path, download: Path) -> None:
    folder = add(home, download, card_id="sd-1.5", revision=REVISION).folder
    weights = folder / "unet" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    (folder / "model_index.json").unlink()
    (folder / "notes.txt").write_text("mine")
    found = verify(home, "sd-1.5")
    assert (found.changed, found.missing, found.additional) == (
        ("unet/model.safetensors",), ("model_index.json",), ("notes.txt",),
    )  # fmt: skip
    assert not found.ok
    assert len(found.problems()) == 3


@pytest.mark.parametrize("name", ["unet/model.bin", "model.ckpt", "model.pt", "x.pkl", "x.PTH"])
def test_a_pickle_checkpoint_is_refused_by_name(home: Path, download: Path, name: str) -> None:
    (download / name).write_bytes(b"weights")
    words = refused(home, download)
    assert name in words
    assert "safetensors" in words


def test_a_pickle_in_disguise_is_refused_by_its_content(home: Path, download: Path) -> None:
    (download / "tokenizer.json").write_bytes(pickle.dumps({"weights": [1, 2]}))
    assert "tokenizer.json is a pickle" in refused(home, download)


def test_a_zipped_checkpoint_in_disguise_is_refused(home: Path, download: Path) -> None:
    with zipfile.ZipFile(download / "notes.txt", "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps([1]))
    assert "notes.txt is a pickle checkpoint or an archive" in refused(home, download)


def test_weights_that_only_call_themselves_safetensors_are_refused(home: Path, download: Path) -> None:
    (download / "unet" / "model.safetensors").write_bytes(pickle.dumps([1.0] * 99))
    assert "not a whole safetensors file" in refused(home, download)


def test_weights_cut_short_are_refused(home: Path, download: Path) -> None:
    weights = download / "unet" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-3])
    assert "not a whole safetensors file" in refused(home, download)


def test_a_program_among_the_files_is_refused(home: Path, download: Path) -> None:
    (download / "unet" / "pipeline.py").write_text("print('hello')")
    assert "is a program" in refused(home, download)


def test_an_index_that_names_foreign_classes_is_refused(home: Path, download: Path) -> None:
    (download / "model_index.json").write_text(json.dumps({"unet": ["os", "system"]}))
    assert "'os'" in refused(home, download)


def test_a_link_that_leads_out_of_the_folder_is_refused(home: Path, download: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text("{}")
    (download / "config.json").symlink_to(tmp_path / "secret.json")
    assert "leads out of the model folder" in refused(home, download)


def test_a_link_to_a_folder_outside_is_refused(home: Path, download: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (download / "vae").symlink_to(tmp_path / "elsewhere")
    assert "leads out of the model folder" in refused(home, download)


def test_a_link_within_the_folder_is_copied_as_a_file(home: Path, download: Path) -> None:
    (download / "unet" / "same.safetensors").symlink_to(download / "unet" / "model.safetensors")
    model = add(home, download, card_id="sd-1.5", revision=REVISION)
    assert not (model.folder / "unet" / "same.safetensors").is_symlink()
    assert verify(home, "sd-1.5").ok


@pytest.mark.parametrize("revision", ["", "main", "0123456", "g" * 40])
def test_a_revision_that_is_no_commit_is_refused(home: Path, download: Path, revision: str) -> None:
    assert "40 hex digits" in refused(home, download, revision=revision)


def test_an_unknown_card_is_refused_with_the_choices(home: Path, download: Path) -> None:
    words = refused(home, download, card_id="sd-9")
    assert "sd-9" in words
    assert "sdxl-1.0" in words


@pytest.mark.parametrize("model_id", ["../outside", "/etc", "A B", ".hidden", ""])
def test_an_id_cannot_lead_out_of_the_shelf(home: Path, download: Path, model_id: str) -> None:
    fields = load_cards()["sd-1.5"].to_json() | {"id": model_id}
    fields.pop("revision")
    assert "model id" in refused(home, download, card=fields)
    with pytest.raises(EngineError, match="not installed"):
        shelved(home, model_id)


def test_a_folder_that_is_no_model_is_refused(home: Path, download: Path) -> None:
    (download / "model_index.json").unlink()
    assert "model_index.json" in refused(home, download)
    assert "There is no folder" in refused(home, download / "nowhere")


def test_a_model_cannot_be_added_over_another(home: Path, download: Path) -> None:
    add(home, download, card_id="sd-1.5", revision=REVISION)
    with pytest.raises(EngineError, match="installed already"):
        add(home, download, card_id="sd-1.5", revision="f" * 40)
    assert shelved(home, "sd-1.5").card.revision == REVISION


@pytest.mark.parametrize(
    "damage",
    [
        lambda record: record["files"].update({"../../secret": "0" * 64}),
        lambda record: record["card"].update(revision=""),
        lambda record: record["card"].update(id="other"),
        lambda record: record["card"].update(commercial="perhaps"),
        lambda record: record.pop("files"),
    ],
)
def test_a_record_that_was_tampered_with_is_not_trusted(
    home: Path, download: Path, damage: Callable[[dict[str, Any]], object]
) -> None:
    folder = add(home, download, card_id="sd-1.5", revision=REVISION).folder
    record = json.loads((folder / "previs-model.json").read_text())
    damage(record)
    (folder / "previs-model.json").write_text(json.dumps(record))
    with pytest.raises(EngineError):
        shelved(home, "sd-1.5")
    assert "sd-1.5" not in available(home)


def test_the_embedded_model_cannot_be_added(home: Path, download: Path) -> None:
    assert "part of the product" in refused(home, download, card_id="pocket")
