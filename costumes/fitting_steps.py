"""Saved steps of fittings: what a layer came to, kept by hash, so that a later run goes on from there."""

from __future__ import annotations

import io
import logging
import zlib
from collections.abc import Sequence
from typing import cast

import numpy as np
from django.db.models import Q
from PIL import Image

from costumes.fitting.filters import Uint8
from costumes.fitting.ground import Region
from costumes.fitting.outfit import FittingStep
from costumes.fitting.wear import Worn
from costumes.fitting_inputs import grey
from costumes.models import Fitting, FittingLayer
from previs.generation import imaging, store

logger = logging.getLogger(__name__)


def keep_step(row: FittingLayer, step: FittingStep) -> None:
    """Keep what a layer of a fitting came to; keeping it twice changes nothing."""
    row.digest, row.bend = step.digest, step.bend
    row.mask_sha256 = grey(step.mask)
    row.thumb_sha256 = store.put(imaging.thumbnail(Image.fromarray(step.picture)))
    row.step_sha256 = store.put(packed(step))
    row.save(update_fields=["digest", "bend", "mask_sha256", "thumb_sha256", "step_sha256"])


def kept_steps(
    fitting: Fitting, layers: Sequence[FittingLayer], digests: Sequence[str], ground: Uint8
) -> list[FittingStep]:
    """Steps of this and earlier fittings on the same photo that come out the same, the lowest first.

    digests: of the layers, as `costumes.fitting.outfit.digests`.  ground: (h, w, 3) uint8, the photo they lie on.
    A step whose file is gone is left out, with everything above it.
    """
    made = FittingLayer.objects.filter(fitting__photo=fitting.photo_id).exclude(step_sha256="")
    by_digest = {row.digest: row for row in made.filter(digest__in=digests)}
    found, canvas = [], ground
    for number, digest in enumerate(digests, start=1):
        row = by_digest.get(digest)
        step = _opened(row, number, canvas) if row is not None else None
        if step is None:
            break
        found.append(step)
        canvas = step.picture
    garments = [row.garment_id for row in layers[len(found) :]]
    bent = made.filter(Q(garment__in=garments) & ~Q(digest__in=digests)).order_by("-pk")
    # How a garment bends depends on no other layer, so the newest of each is worth having too.
    seen: set[str] = set()
    for row in bent[: 4 * len(garments)]:
        if row.bend not in seen:
            seen.add(row.bend)
            found += [step] if (step := _opened(row, row.number, ground)) is not None else []
    return found


def packed(step: FittingStep) -> bytes:
    """A step as bytes, without what lies outside its rectangle: there the picture is what it was below."""
    place = step.worn.place
    buffer = io.BytesIO()
    np.savez(
        buffer,
        lab=step.worn.lab,
        alpha=step.worn.alpha,
        corner=np.array([step.worn.left, step.worn.top]),
        strain=np.array([step.worn.folded, step.worn.stretch]),
        region=np.array(step.worn.region),
        picture=step.picture[place],
        mask=step.mask[place],
    )
    return zlib.compress(buffer.getvalue(), level=1)


def unpacked(data: bytes, row: FittingLayer, number: int, canvas: Uint8) -> FittingStep:
    """The step again. canvas: (h, w, 3) uint8, the picture below it. Raises ValueError for other bytes."""
    with np.load(io.BytesIO(zlib.decompress(data)), allow_pickle=False) as kept:
        left, top = (int(value) for value in kept["corner"])
        folded, stretch = (float(value) for value in kept["strain"])
        worn = Worn(
            left, top, kept["lab"], kept["alpha"], folded, stretch, cast("Region", str(kept["region"]))
        )
        picture, mask = canvas.copy(), np.zeros(canvas.shape[:2], np.uint8)
        picture[worn.place], mask[worn.place] = kept["picture"], kept["mask"]
    return FittingStep(number, row.digest, row.bend, row.seed, picture, mask, worn)


def _opened(row: FittingLayer, number: int, canvas: Uint8) -> FittingStep | None:
    try:
        return unpacked(store.read(row.step_sha256), row, number, canvas)
    except (KeyError, ValueError, zlib.error):
        logger.warning("The saved step of layer %s cannot be read; it is made again.", row.pk)
        return None
