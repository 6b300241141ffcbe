"""Photographs that come in: read by the one reader, kept as pixels alone, and looked at for faces."""

from __future__ import annotations

import io

from PIL import Image

from previs.engine.incoming import LARGEST_FILE as LARGEST_FILE
from previs.engine.incoming import MEGABYTE as MEGABYTE
from previs.engine.incoming import PictureError as PictureError
from previs.engine.incoming import read_picture
from previs.engine.incoming import too_large as too_large

LARGEST_SIDE = 4096


def opened(data: bytes) -> Image.Image:
    """A photograph as RGB, upright, at most 4096 px a side, without what its file says of place and camera.

    Raises PictureError for what is empty, too large, cut off, or no JPEG, PNG, WebP or TIFF.
    """
    return read_picture(data, largest_side=LARGEST_SIDE)


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
