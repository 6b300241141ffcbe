"""Faces and people in a public-domain portrait that ships with scikit-image."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from previs.engine.eyes import EyesError, find_faces, find_person
from previs.engine.eyes import networks as looking


@pytest.fixture(scope="module")
def portrait() -> Image.Image:
    found = importlib.util.find_spec("skimage")
    assert found is not None and found.origin is not None, "scikit-image is in the dev extra"
    folder = Path(found.origin).parent / "data"
    picture = Image.open(folder / "astronaut.png").convert("RGB")
    picture.info["folder"] = folder
    return picture


def grey(width: int, height: int) -> Image.Image:
    return Image.new("RGB", (width, height), (150, 150, 148))


def test_the_one_face_is_found_where_it_is(portrait: Image.Image) -> None:
    (face,) = find_faces(np.asarray(portrait))
    assert face.score > 0.8
    assert face.left < 190 and face.right > 255 and face.top < 100 and face.bottom > 150
    assert face.right - face.left < 160


def test_a_small_face_in_the_corner_of_a_wide_picture_is_found(portrait: Image.Image) -> None:
    wide = grey(1600, 1200)
    wide.paste(portrait.resize((200, 200)), (1380, 980))
    (face,) = find_faces(np.asarray(wide))
    assert 1380 < face.left < face.right < 1580
    assert 980 < face.top < face.bottom < 1180


def test_every_face_of_two_is_found(portrait: Image.Image) -> None:
    pair = grey(1024, 700)
    pair.paste(portrait, (0, 94))
    pair.paste(portrait.transpose(Image.Transpose.FLIP_LEFT_RIGHT), (512, 94))
    assert len(find_faces(np.asarray(pair))) == 2
    assert find_person(np.asarray(pair)).people == 2


@pytest.mark.parametrize("name", ["brick", "coffee", "gravel"])
def test_no_face_is_seen_where_there_is_none(portrait: Image.Image, name: str) -> None:
    picture = Image.open(Path(str(portrait.info["folder"])) / f"{name}.png").convert("RGB")
    assert find_faces(np.asarray(picture)) == []


def test_the_points_of_a_body_lie_on_it(portrait: Image.Image) -> None:
    pose = find_person(np.asarray(portrait))
    assert pose.people == 1
    truth = {
        "nose": (216, 128),
        "left_shoulder": (306, 246),
        "right_shoulder": (101, 229),
        "right_ear": (183, 105),
    }
    for name, (x, y) in truth.items():
        found = pose.point(name)
        assert np.hypot(found[0] - x, found[1] - y) < 15, name
        assert pose.visibility(name) > 0.9, name
    assert pose.visibility("left_wrist") < 0.5, "the helmet hides it"


def test_the_mask_holds_the_body_and_neither_the_wall_nor_the_helmet(portrait: Image.Image) -> None:
    mask = find_person(np.asarray(portrait)).mask
    assert mask.shape == (512, 512) and mask.min() >= 0 and mask.max() <= 1
    assert mask[130, 215] > 0.9 and mask[350, 150] > 0.9
    assert mask[40, 330] < 0.1 and mask[450, 440] < 0.5


def test_points_move_with_the_picture(portrait: Image.Image) -> None:
    alone = find_person(np.asarray(portrait))
    moved = grey(900, 800)
    moved.paste(portrait, (300, 200))
    again = find_person(np.asarray(moved))
    # The portrait ends at the hips: where a body goes on unseen, shoulders are less sure than a nose.
    for name, most in {"nose": 10, "left_ear": 15, "left_shoulder": 30, "right_shoulder": 30}.items():
        assert np.allclose(np.subtract(again.point(name), alone.point(name)), (300, 200), atol=most), name


def test_an_empty_wall_is_refused_with_what_to_do() -> None:
    with pytest.raises(EyesError, match="Choose a photo of one person"):
        find_person(np.asarray(grey(800, 900)))


@pytest.mark.parametrize("shape", [(40, 40), (40, 40, 4), (8, 40, 3)])
def test_what_is_no_rgb_picture_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(EyesError, match="RGB picture"):
        find_faces(np.zeros(shape, np.uint8))


def test_a_model_that_was_exchanged_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pose_detection.tflite").write_bytes(b"something else")
    monkeypatch.setattr(looking, "FOLDER", tmp_path)
    with pytest.raises(EyesError, match="not the file that Previs was measured with"):
        looking.Network("pose_detection")
    with pytest.raises(EyesError, match="missing from this installation"):
        looking.Network("selfie_segmentation")
