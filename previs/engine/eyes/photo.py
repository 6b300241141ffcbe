"""An uploaded photo as pixels, or a refusal in words before anything is kept."""

from __future__ import annotations

import numpy as np

from previs.engine.eyes.seen import EyesError, Uint8
from previs.engine.incoming import PictureError, read_picture


def read_photo(encoded: bytes, *, shortest: int = 64) -> Uint8:
    """Decode a photo: upright as its camera held it, colours in sRGB, transparency on white.

    shortest: the least its shorter side may measure, px.
    Returns (h, w, 3) uint8.  Raises EyesError for whatever `previs.engine.incoming` refuses.
    """
    try:
        picture = read_picture(encoded, largest_file=None, shortest=shortest)
    except PictureError as refused:
        raise EyesError(str(refused)) from None
    return np.asarray(picture).copy()
