"""How much of somebody's trunk a mask gives free to be painted: what a repaint could undress (R15)."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageDraw

from previs.engine.request import FrameRequest
from previs.generation import store

# From the shoulders and the hips outwards, as a share of their width: points lie inside the body.
WIDER = 0.15


def body_repainted(request: FrameRequest) -> float:
    """0 to 1: the share of the trunk, shoulders to hips, that the request's mask paints anew.

    0 without a mask, or where nobody is seen in the picture. A file that cannot be read counts as all of it.
    """
    inputs = {image.role: image.sha256 for image in request.inputs}
    if "mask" not in inputs or "picture" not in inputs:
        return 0.0
    return _share(inputs["picture"], inputs["mask"])


@lru_cache(maxsize=64)
def _share(picture_sha256: str, mask_sha256: str) -> float:
    """By content address, so that the four times it is asked for one job it is looked at once in a process."""
    import numpy as np

    from previs.engine.eyes import EyesError, find_person

    try:
        picture = Image.open(io.BytesIO(store.read(picture_sha256))).convert("RGB")
        mask = Image.open(io.BytesIO(store.read(mask_sha256))).convert("L").resize(picture.size)
    except (KeyError, OSError):
        return 1.0
    try:
        pose = find_person(np.asarray(picture))
    except EyesError:
        return 0.0
    names = ("left_shoulder", "right_shoulder", "right_hip", "left_hip")
    corners = np.array([pose.point(name) for name in names])
    corners += WIDER * (corners - corners.mean(axis=0))
    trunk = Image.new("L", picture.size, 0)
    ImageDraw.Draw(trunk).polygon([tuple(corner) for corner in corners.tolist()], fill=255)
    inside = np.asarray(trunk) > 0
    return float((np.asarray(mask)[inside] > 127).mean()) if inside.any() else 0.0
