"""The two shell commands: `models` and `imagine`."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image

REVISION = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> Path:
    settings.PREVIS_MODELS_HOME = tmp_path / "models"
    settings.PREVIS_ALLOW_SCRIPTED = True
    return tmp_path / "models"


def shell(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_imagine_writes_a_frame_and_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    files = [tmp_path / "one.png", tmp_path / "two.png"]
    for file in files:
        said = shell(
            "imagine",
            "a street",
            "--model",
            "scripted",
            "--seed",
            "7",
            "--size",
            "512x288",
            "--out",
            str(file),
        )
        assert f"{file}  seed 7  512x288" in said
    assert files[0].read_bytes() == files[1].read_bytes()
    assert Image.open(files[0]).size == (512, 288)


def test_imagine_numbers_the_files_and_counts_the_seeds_up(tmp_path: Path) -> None:
    said = shell(
        "imagine",
        "a street",
        "--model",
        "scripted",
        "--seed",
        "7",
        "--count",
        "10",
        "--out",
        str(tmp_path / "f.png"),
    )
    assert sorted(path.name for path in tmp_path.glob("*.png")) == [
        f"f-{number:02}.png" for number in range(1, 11)
    ]
    assert "f-10.png  seed 16" in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["", "--model", "scripted"], "prompt is empty"),
        (["x" * 50_000], "50,000 characters"),
        (["a street", "--seed", "4294967296"], "seed must lie"),
        (["a street", "--seed", "4294967295", "--count", "2"], "seed must lie"),
        (["a street", "--count", "0"], "count must lie between 1 and 64"),
        (["a street", "--count", "1000"], "count must lie between 1 and 64"),
        (["a street", "--size", "large"], "not of the form"),
        (["a street", "--size", "500x281"], "multiple of 8"),
        (["a street", "--model", "dream-9"], "There is no model 'dream-9'"),
        (["a street", "--out", "/nowhere/at/all.png"], "There is no folder"),
    ],
)
def test_imagine_refuses_in_words_with_exit_code_two(words: list[str], says: str, tmp_path: Path) -> None:
    out = [] if "--out" in words else ["--out", str(tmp_path / "frame.png")]
    with pytest.raises(CommandError, match=says) as refused:
        shell("imagine", *words, *out)
    assert refused.value.returncode == 2
    assert list(tmp_path.glob("*.png")) == []


def test_models_can_be_added_listed_and_verified(studio: Any, shelf: Path) -> None:
    assert "sd-1.5                 not installed" in shell("models", "list")
    said = shell("models", "add", str(studio.folder("tiny-sd")), "--card", "sd-1.5", "--revision", REVISION)
    assert "Added sd-1.5" in said
    listed = shell("models", "list")
    assert "sd-1.5                 installed" in listed
    assert REVISION in listed
    assert "every file is as it was added" in shell("models", "verify")
    (shelf / "sd-1.5" / "unet" / "config.json").write_text("{}")
    with pytest.raises(CommandError, match="1 of 1 models changed"):
        shell("models", "verify")


def test_models_add_takes_a_card_of_ones_own(studio: Any, tmp_path: Path) -> None:
    card = tmp_path / "card.toml"
    card.write_text(
        'id = "house-style"\ntitle = "House style"\nfamily = "stable-diffusion"\nlicence = "own"\nlicence_note = "Ours."\n'
        'commercial = "yes"\ntraining_tier = "T1"\ntraining_statement = "Our own plates."\n'
        'pipelines = { text = "StableDiffusionPipeline" }\n'
    )
    folder = str(studio.folder("tiny-sd"))
    assert "Added house-style" in shell(
        "models", "add", folder, "--card-file", str(card), "--revision", REVISION
    )


def test_models_refuses_what_is_wrong_in_words(studio: Any, tmp_path: Path) -> None:
    folder = str(studio.folder("tiny-sd"))
    for words, says in (
        ([folder, "--card", "sd-9", "--revision", REVISION], "no card 'sd-9'"),
        ([folder, "--card", "sd-1.5", "--revision", "main"], "40 hex digits"),
        ([str(tmp_path / "none"), "--card", "sd-1.5", "--revision", REVISION], "There is no folder"),
        ([folder, "--card-file", str(tmp_path / "none.toml"), "--revision", REVISION], "cannot be read"),
    ):
        with pytest.raises(CommandError, match=says) as refused:
            shell("models", "add", *words)
        assert refused.value.returncode == 2
    with pytest.raises(CommandError, match="not installed here"):
        shell("models", "verify", "sdxl-1.0")


def test_a_blockout_from_the_shell_is_the_grey_box_render_and_says_that_it_is_no_ai(tmp_path: Path) -> None:
    from previs.blockout.reader import read
    from previs.blockout.render import render

    out = tmp_path / "frame.png"
    prompt = "EXT. STREET - NIGHT, wide shot, snow"
    call_command("imagine", prompt, "--seed", "7", "--size", "128x72", "--out", str(out), "--blockout-only")
    picture = Image.open(out)
    expected = render(read(prompt).description, seed=7, width=128, height=72).picture
    assert (np.asarray(picture) == expected).all()
    assert picture.text["previs"] == "Blockout, not AI"
