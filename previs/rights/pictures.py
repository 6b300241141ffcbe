"""Photographs that come in: checked before they are opened, turned upright, and kept as pixels alone."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

MEGABYTE = 1024 * 1024
LARGEST_FILE = 20 * MEGABYTE
# A file of a few kilobytes can claim billions of pixels; 60 million is a 60 megapixel camera.
MOST_PIXELS = 60_000_000
LARGEST_SIDE = 4096
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF")


class PictureError(Exception):
    """A file that is not taken in; the message says why and what to do."""


def opened(data: bytes) -> Image.Image:
    """A photograph as RGB, upright, at most 4096 px a side, without what its file says of place and camera.

    Raises PictureError for what is empty, too large, cut off, or no JPEG, PNG, WebP or TIFF.
    """
    if not data:
        raise PictureError("This file is empty. Choose the picture again.")
    if len(data) > LARGEST_FILE:
        raise PictureError(too_large(len(data)))
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc"):
        raise PictureError("HEIC pictures of a phone cannot be read here. Save it as JPEG and choose that.")
    try:
        with warnings.catch_warnings():
            # The limit below is stricter than the one that Pillow warns of.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            file = Image.open(io.BytesIO(data), formats=FORMATS)
        width, height = file.size
        if width * height > MOST_PIXELS:
            raise PictureError(
                f"This picture has {width} × {height} pixels; at most {MOST_PIXELS // 1_000_000} million are taken "
                "in. Save it smaller and choose it again."
            )
        file.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))  # JPEGs can be decoded small, which saves memory
        picture = ImageOps.exif_transpose(file)
        picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.LANCZOS)
        return picture.convert("RGB")
    except PictureError:
        raise
    except Exception as error:
        # Broken files make Pillow raise anything from OSError to struct.error.
        raise PictureError(
            "This is no JPEG, PNG, WebP or TIFF picture that can be read whole. Export it again."
        ) from error


def too_large(size: int) -> str:
    """size: in bytes."""
    return (
        f"This file has {size / MEGABYTE:.0f} MB; at most {LARGEST_FILE // MEGABYTE} MB are taken in. "
        "Save it smaller and choose it again."
    )


def encoded(picture: Image.Image) -> bytes:
    """The kept bytes: WebP without loss of note, from pixels alone."""
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=95, method=2)
    return buffer.getvalue()


def faces_on(picture: Image.Image) -> int | None:
    """How many faces are seen; None when nothing here can look, which counts like an unlinked face."""
    import numpy as np

    from previs.engine.eyes import EyesError, find_faces

    try:
        return len(find_faces(np.asarray(picture.convert("RGB"))))
    except (EyesError, ImportError):
        return None
