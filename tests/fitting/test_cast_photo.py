"""The drawn sitters of demo and tests: what the eyes see in them is what was drawn."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from previs.demo.cast_photo import mannequin_photo, sitting
from previs.demo.sitter import Hair, Sitter, Stance
from previs.engine.eyes import INDEX, find_faces, find_person, read_photo

STANCES: list[tuple[int, Stance, Hair]] = [
    (0, "apart", "short"),
    (1, "apart", "bun"),
    (4, "hips", "long"),
    (5, "crossed", "short"),
]


@pytest.mark.parametrize(("seed", "stance", "hair"), STANCES)
def test_the_eyes_see_one_person_and_one_face_where_they_were_drawn(
    seed: int, stance: Stance, hair: Hair
) -> None:
    drawn = sitting(Sitter.draw(seed, stance=stance, hair=hair), seed=seed)
    pose = find_person(drawn.photo)
    assert pose.people == 1
    faces = [face for face in find_faces(drawn.photo) if face.score > 0.7]
    assert len(faces) == 1 and faces[0].score > 0.85
    x, y = drawn.joints["nose"]
    assert faces[0].left < x < faces[0].right and faces[0].top < y < faces[0].bottom
    for name in (
        "nose",
        "left_shoulder",
        "right_shoulder",
        "left_elbow",
        "right_elbow",
        "left_hip",
        "right_hip",
    ):
        assert np.hypot(*(np.array(pose.point(name)) - drawn.joints[name])) < 30, name
    assert min(float(seen) for seen in pose.points[[INDEX[name] for name in drawn.joints], 2]) > 0.5
    shared = ((pose.mask > 0.5) & drawn.person).sum() / ((pose.mask > 0.5) | drawn.person).sum()
    assert shared > 0.95


def test_the_photo_is_a_png_that_an_upload_would_take_and_the_same_every_time() -> None:
    encoded = mannequin_photo(3)
    assert Image.open(io.BytesIO(encoded)).format == "PNG"
    pixels = read_photo(encoded, shortest=512)
    assert pixels.shape == (1365, 1024, 3)
    assert encoded == mannequin_photo(3) != mannequin_photo(4)
