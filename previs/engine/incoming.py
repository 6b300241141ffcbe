"""Pictures that come in from anywhere: one reader, which trusts neither the file's name, its size nor its camera.

A file of a few kilobytes can claim billions of pixels, end in the middle, lie on its side or carry inks instead of
light. What cannot be read whole is refused in words before anything is kept.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Collection

from PIL import Image, ImageCms, ImageOps

MEGABYTE = 1024 * 1024
LARGEST_FILE = 20 * MEGABYTE
# A 60 megapixel camera; 180 MB once it is unpacked.
MOST_PIXELS = 60_000_000
# Only what a camera, a scanner or a phone writes; every other reader is a way in for a stranger's bytes.
PHOTO_FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "TIFF", "BMP", "AVIF")
APPLE = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")
# Broken files make Pillow's readers raise any of these.
BROKEN = (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, TypeError, OverflowError)


class PictureError(Exception):
    """A file that is not taken in; the message says why and what to do."""


def read_picture(
    data: bytes,
    *,
    formats: Collection[str] = PHOTO_FORMATS,
    largest_file: int | None = LARGEST_FILE,
    largest_side: int | None = None,
    shortest: int = 1,
) -> Image.Image:
    """A photograph as RGB: upright as its camera held it, in sRGB, transparency on white, pixels alone.

    largest_file: bytes, None for any.  largest_side: px that it is reduced to, None to leave it.  shortest: the least
    its shorter side may measure, px.
    Raises PictureError for what is empty, too large or too small, of another format, cut short or damaged.
    """
    file = open_whole(
        data, formats=formats, largest_file=largest_file, largest_side=largest_side, shortest=shortest
    )
    if file.mode.startswith("I") or file.mode == "F":
        raise PictureError(
            "The picture has 16 or 32 bits a channel in grey. Save it as an 8 bit JPEG or PNG."
        )
    try:
        upright = ImageOps.exif_transpose(file)
        if largest_side is not None:
            upright.thumbnail((largest_side, largest_side), Image.Resampling.LANCZOS)
        picture = _in_srgb(upright)
    except BROKEN:
        raise _damaged() from None
    picture.info.clear()
    return picture


def open_whole(
    data: bytes,
    *,
    formats: Collection[str] = PHOTO_FORMATS,
    largest_file: int | None = LARGEST_FILE,
    largest_side: int | None = None,
    shortest: int = 1,
) -> Image.Image:
    """The same file read to its end, in the colours and the position that it has. Raises PictureError as above."""
    if not data:
        raise PictureError("This file is empty. Choose the picture again.")
    if largest_file is not None and len(data) > largest_file:
        raise PictureError(too_large(len(data), largest_file))
    Image.init()
    readable = [name for name in formats if name in Image.OPEN]
    try:
        with warnings.catch_warnings():
            # Pillow warns first and raises at twice its limit; ours is lower and checked before anything unpacks.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            file = Image.open(io.BytesIO(data), formats=readable)
    except Image.DecompressionBombError:
        raise PictureError(
            f"This picture unpacks to more than {MOST_PIXELS // 1_000_000} million pixels. Save it smaller and choose "
            "it again."
        ) from None
    except BROKEN:
        raise _unknown(data, formats) from None
    width, height = file.size
    if width * height > MOST_PIXELS:
        raise PictureError(
            f"This picture has {width} × {height} pixels; at most {MOST_PIXELS // 1_000_000} million pixels are taken "
            "in. Save it smaller and choose it again."
        )
    if min(width, height) < shortest:
        raise PictureError(
            f"The picture is {width} x {height} px; its shorter side must have at least {shortest} px. Choose a larger "
            "one."
        )
    try:
        if largest_side is not None and file.mode == "RGB":
            file.draft("RGB", (largest_side, largest_side))  # JPEGs can be decoded small, which saves memory
        file.load()
    except (*BROKEN, Image.DecompressionBombError):
        raise _damaged() from None
    return file


def too_large(size: int, largest: int = LARGEST_FILE) -> str:
    """size, largest: in bytes."""
    return (
        f"This file has {size / MEGABYTE:.0f} MB; at most {largest // MEGABYTE} MB are taken in. Nothing was stored. "
        "Save it smaller and choose it again."
    )


def _in_srgb(image: Image.Image) -> Image.Image:
    """RGB by the picture's own colour profile; without one, inks and greys are converted plainly."""
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError):
            converted = None  # a broken profile says nothing; everybody else shows the plain conversion
        if converted is not None:
            return converted
    if "transparency" in image.info or image.mode in ("LA", "PA", "RGBA", "RGBa", "La"):
        layered = image.convert("RGBA")
        white = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(white, layered).convert("RGB")
    return image.convert("RGB")


def _damaged() -> PictureError:
    return PictureError("The picture is cut short or damaged. Copy it again from where it came.")


def _unknown(data: bytes, formats: Collection[str]) -> PictureError:
    if data[4:8] == b"ftyp" and data[8:12] in APPLE:
        return PictureError("HEIC photos cannot be read here. Export the photo as JPEG and choose that file.")
    names = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WebP", "TIFF": "TIFF"}
    *most, last = [words for name, words in names.items() if name in formats]
    listed = f"{', '.join(most)} or {last}" if most else last
    return PictureError(f"This is no {listed} picture that can be read. Export it again and choose that.")
