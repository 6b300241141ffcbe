"""Pictures from anywhere are read by one reader, whole and upright, or refused in words."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from previs.engine.incoming import PictureError, open_whole, read_picture


def saved(picture: Image.Image, kind: str = "PNG", **how: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **how)
    return buffer.getvalue()


def bomb(side: int = 40_000) -> bytes:
    """A PNG of a hundred bytes that claims side x side pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("mode", "kind"), [("CMYK", "TIFF"), ("CMYK", "JPEG"), ("L", "WEBP"), ("P", "PNG"), ("1", "TIFF")]
)
def test_prints_scans_and_palettes_become_rgb(mode: str, kind: str) -> None:
    picture = Image.new("RGB", (80, 60), "white").convert(mode)
    read = read_picture(saved(picture, kind))
    assert read.mode == "RGB" and read.getpixel((40, 30))[1] > 240


def test_a_picture_stands_upright_and_says_nothing_of_camera_and_place() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "A camera"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    read = read_picture(saved(Image.new("RGB", (80, 60)), "JPEG", exif=exif, icc_profile=profile))
    assert read.size == (60, 80) and not read.getexif() and not read.info


def test_transparency_lies_on_white_in_a_photo_and_stays_in_a_mask() -> None:
    clear = saved(Image.new("RGBA", (20, 20), (0, 0, 0, 0)))
    assert read_picture(clear).getpixel((5, 5)) == (255, 255, 255)
    assert open_whole(clear, formats=("PNG",)).mode == "RGBA"


def test_a_large_photo_is_reduced_and_a_small_one_is_not_enlarged() -> None:
    assert read_picture(saved(Image.new("RGB", (900, 300))), largest_side=300).size == (300, 100)
    assert read_picture(saved(Image.new("RGB", (90, 30))), largest_side=300).size == (90, 30)


NOISE = Image.fromarray(np.random.default_rng(1).integers(0, 255, (90, 90, 3), dtype=np.uint8))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"not a picture", "no JPEG, PNG, WebP or TIFF"),
        (saved(Image.new("RGB", (20, 20)), "GIF"), "no JPEG"),
        (b"\0\0\0\x18ftypheic" + bytes(40), "Export the photo as JPEG"),
        (saved(NOISE)[:4000], "cut short"),
        (saved(NOISE, "JPEG")[:2000], "cut short"),
        (bomb(), "million pixels"),
        (bomb(8_000), "8000 × 8000"),
        (saved(Image.new("I;16", (20, 20))), "8 bit"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_whole_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(PictureError, match=words):
        read_picture(data)


def test_sizes_beyond_the_limits_are_named() -> None:
    with pytest.raises(PictureError, match="21 MB; at most 20 MB"):
        read_picture(b"\0" * (21 * 1024 * 1024))
    with pytest.raises(PictureError, match="40 x 30 px"):
        read_picture(saved(Image.new("RGB", (40, 30))), shortest=64)


def test_a_file_of_another_format_than_was_asked_for_names_that_one() -> None:
    with pytest.raises(PictureError, match="no PNG picture"):
        open_whole(saved(NOISE, "JPEG"), formats=("PNG",))
