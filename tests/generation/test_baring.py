"""A mask over the trunk of somebody real is measured, so that no repaint undresses anybody."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from previs.demo.cast_photo import mannequin_photo
from previs.engine.request import FrameRequest, InputImage
from previs.generation import imaging, store
from previs.generation.baring import body_repainted


@pytest.fixture(scope="module")
def photo() -> Image.Image:
    return Image.open(io.BytesIO(mannequin_photo(0)))


def repaint(picture: Image.Image, box: tuple[int, int, int, int]) -> FrameRequest:
    mask = Image.new("L", picture.size, 0)
    ImageDraw.Draw(mask).rectangle(box, fill=255)
    addresses = [store.put(imaging.png(image)) for image in (picture, mask)]
    inputs = (InputImage("picture", addresses[0]), InputImage("mask", addresses[1]))
    return FrameRequest("On the pier", "pocket", 1, 1024, 1360, ability="inpaint", inputs=inputs)


def test_a_mask_over_the_whole_photo_gives_the_trunk_free(photo):
    assert body_repainted(repaint(photo, (0, 0, *photo.size))) == 1.0


def test_a_mask_beside_the_person_touches_nothing(photo):
    assert body_repainted(repaint(photo, (0, 0, 200, photo.height))) == 0.0


def test_where_nobody_is_seen_nobody_is_undressed():
    assert body_repainted(repaint(Image.new("RGB", (512, 512), "grey"), (0, 0, 512, 512))) == 0.0


def test_without_a_mask_nothing_is_measured():
    picture = (InputImage("picture", "0" * 64),)
    request = FrameRequest("On the pier", "pocket", 1, 512, 512, ability="refine", inputs=picture)
    assert body_repainted(request) == 0.0


def test_a_picture_that_cannot_be_read_counts_as_all_of_it():
    inputs = (InputImage("picture", "a" * 64), InputImage("mask", "b" * 64))
    request = FrameRequest("On the pier", "pocket", 1, 512, 512, ability="inpaint", inputs=inputs)
    assert body_repainted(request) == 1.0
