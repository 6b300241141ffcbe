"""What was asked to change, changed; everything else, the photo's own pixels to the last bit."""

from __future__ import annotations

import numpy as np

from costumes.fitting.filters import Bools, Uint8
from costumes.fitting.trouble import FittingError


def paste_back(result: Uint8, photo: Uint8, mask: Uint8, protected: Bools) -> Uint8:
    """Lay a result over the photo through a soft mask that is forced to nothing on protected pixels.

    result, photo: (h, w, 3) uint8.  mask: (h, w) uint8, 0 keeps the photo.  protected: (h, w) bool.
    Raises FittingError if the sizes differ: a stretched result would move everything.
    """
    if not result.shape == photo.shape or mask.shape != photo.shape[:2] or protected.shape != mask.shape:
        raise FittingError(
            "The result has another size than the photo. Register it first, or render it again."
        )
    share = (mask.astype(np.float32) / 255)[..., None]
    mixed = np.round(result * share + photo * (1 - share)).astype(np.uint8)
    kept = (mask == 0) | protected
    return np.where(kept[..., None], photo, mixed)
