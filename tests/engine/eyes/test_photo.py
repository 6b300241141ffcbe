"""Uploaded photos: what is read, and what is refused in words."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from previs.engine.eyes import EyesError, read_photo


def encoded(image: Image.Image, format: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def two_halves(mode: str = "RGB") -> Image.Image:
    picture = Image.new("RGB", (120, 80), (200, 40, 40))
    picture.paste((30, 60, 190), (60, 0, 120, 80))
    return picture.convert(mode)


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "TIFF", "BMP"])
def test_common_formats_come_back_with_their_colours(format: str) -> None:
    pixels = read_photo(encoded(two_halves(), format))
    assert pixels.shape == (80, 120, 3)
    assert np.abs(pixels[40, 20].astype(int) - (200, 40, 40)).max() <= 8


def test_a_print_file_in_cmyk_becomes_rgb() -> None:
    pixels = read_photo(encoded(two_halves("CMYK"), "TIFF"))
    assert np.abs(pixels[40, 20].astype(int) - (200, 40, 40)).max() <= 3


def test_a_photo_taken_sideways_comes_back_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    pixels = read_photo(encoded(two_halves(), "JPEG", exif=exif, quality=95))
    assert pixels.shape == (120, 80, 3)
    assert pixels[20, 40, 0] > 150 and pixels[100, 40, 2] > 150


def test_what_is_transparent_becomes_white() -> None:
    pixels = read_photo(encoded(Image.new("RGBA", (90, 90), (0, 0, 0, 0)), "PNG"))
    assert (pixels == 255).all()


def test_a_small_file_that_unpacks_to_gigabytes_is_refused_before_it_does() -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    bomb += struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
    with pytest.raises(EyesError, match="million pixels"):
        read_photo(bomb)
    with pytest.raises(EyesError, match="million pixels"):
        read_photo(encoded(Image.new("1", (9_000, 8_000)), "PNG"))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF"])
def test_a_file_cut_short_is_refused(format: str) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (300, 300, 3), dtype=np.uint8)
    whole = encoded(Image.fromarray(noise), format)
    with pytest.raises(EyesError, match=r"cut short|no JPEG"):
        read_photo(whole[: len(whole) // 2])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), "Export the photo as JPEG"),
        (b"", "empty"),
        (b"%PDF-1.7 and so on", "no JPEG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 90 90\n", "no JPEG"),
    ],
)
def test_what_is_no_photo_is_refused_with_what_to_do(content: bytes, says: str) -> None:
    with pytest.raises(EyesError, match=says):
        read_photo(content)


def test_a_photo_below_the_least_side_is_refused_with_its_size() -> None:
    with pytest.raises(EyesError, match="120 x 80 px"):
        read_photo(encoded(two_halves(), "PNG"), shortest=512)
