"""What is seen on an uploaded picture, and whether it is one that was here before."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from previs.demo.cast_photo import mannequin_photo
from previs.rights.phash import phash
from previs.rights.pictures import PictureError, faces_on, opened
from previs.rights.policy import NEAR
from tests.generation.likeness_cast import drawing, jpeg


@pytest.fixture(scope="module")
def sitter() -> Image.Image:
    """A studio photo of nobody, whose face the detector sees as it sees anybody's."""
    return Image.open(io.BytesIO(mannequin_photo(2))).convert("RGB")


def head_and_shoulders() -> Image.Image:
    picture = Image.new("RGB", (600, 800), (190, 188, 180))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((230, 80, 370, 240), fill=(120, 100, 80))
    draw.rectangle((180, 240, 420, 640), fill=(60, 80, 120))
    return picture


def distance(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def test_a_face_is_counted_near_and_far_and_a_wall_has_none(sitter):
    wide = Image.new("RGB", (1600, 900), (120, 120, 110))
    wide.paste(sitter.resize((350, 466)), (1200, 300))
    assert (faces_on(sitter), faces_on(wide)) == (1, 1)
    assert faces_on(Image.new("RGB", (600, 800), (190, 188, 180))) == 0


def test_an_ellipse_on_a_block_is_nobody():
    assert faces_on(head_and_shoulders()) == 0


@pytest.mark.parametrize("tone", [(224, 172, 105), (120, 100, 80), (60, 40, 30)])
@pytest.mark.parametrize("size", [(90, 120), (140, 160), (200, 260)])
def test_drawn_heads_of_any_size_and_tone_are_nobody(tone, size):
    picture = Image.new("RGB", (600, 800), (190, 188, 180))
    ImageDraw.Draw(picture).ellipse((200, 100, 200 + size[0], 100 + size[1]), fill=tone)
    assert faces_on(picture) == 0


def test_when_nothing_can_look_nobody_says_that_there_is_no_face(monkeypatch, sitter):
    from previs.engine import eyes

    def blind(picture):
        raise eyes.EyesError("The models cannot be run on this machine.")

    monkeypatch.setattr(eyes, "find_faces", blind)
    assert faces_on(sitter) is None


@pytest.mark.parametrize("side", [256, 400, 900])
@pytest.mark.parametrize("quality", [40, 90])
def test_a_picture_saved_smaller_or_coarser_keeps_its_hash(side, quality):
    again = Image.open(io.BytesIO(jpeg(drawing(1).resize((side, side)), quality)))
    assert distance(phash(drawing(1)), phash(again)) <= NEAR


def test_other_pictures_are_far_apart():
    hashes = [phash(drawing(seed)) for seed in range(1, 7)]
    apart = [distance(one, other) for place, one in enumerate(hashes) for other in hashes[place + 1 :]]
    assert min(apart) > NEAR


def test_pictures_of_print_and_scanners_are_taken_in():
    for mode, kind in (("CMYK", "TIFF"), ("LA", "PNG"), ("CMYK", "JPEG"), ("P", "PNG"), ("L", "WEBP")):
        buffer = io.BytesIO()
        drawing().convert("L" if mode == "LA" else "RGB").convert(mode).save(buffer, kind)
        assert opened(buffer.getvalue()).mode == "RGB"


def test_a_file_of_too_many_megabytes_is_not_even_opened():
    with pytest.raises(PictureError, match="21 MB"):
        opened(b"\0" * (21 * 1024 * 1024))
