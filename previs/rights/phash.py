"""A hash that is near for pictures that look alike, so that a withdrawn one is known again when saved anew (R08)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIDE, KEPT = 32, 8


def phash(picture: Image.Image) -> str:
    """16 hex digits: which of the 64 lowest frequencies of the grey picture lie above their median.

    After the discrete cosine transform of a 32 x 32 reduction; the mean brightness is left out of the median.
    """
    import numpy as np

    small = picture.convert("L").resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    grey = np.asarray(small, dtype=np.float64)
    basis = _cosines()
    low = (basis @ grey @ basis.T)[:KEPT, :KEPT].ravel()
    bits = low > np.median(low[1:])
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"


@cache
def _cosines() -> NDArray[Any]:
    """(32, 32): row k is the k-th cosine of the transform, unscaled."""
    import numpy as np

    places = np.arange(SIDE)
    return np.cos(np.pi * np.outer(places, 2 * places + 1) / (2 * SIDE))
