"""What is asked of a fitting: garments with their settings, and the layers they are frozen into."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from costumes.cutting import CuttingError, cut_garment
from costumes.models import FittingLayer, Garment
from previs.engine.request import MAX_SEED

if TYPE_CHECKING:
    from previs.accounts.models import User

INSIDE = 0.3
Points = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """One garment to put on. size: 0.7 to 1.5.  length: 0.6 to 1.6.  light: 0 to 1.  seed: None draws one."""

    garment: Garment
    size: float = 1.0
    length: float = 1.0
    light: float = 1.0
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """How a fitting is to be made, beside its outfit.

    inside: 0 to 1, how strongly the diffusion pass paints on the cloth.  realism: also make the repainted candidate,
    where the model can.  model: that paints, "" for the production's own.
    points: of the body that somebody set, px of the photo as `fitting_inputs.pixels_of` reads it.
    protect, release: what the brush painted, PNG, b"" for nothing.  Of these three, None is what it was before.
    """

    inside: float = INSIDE
    realism: bool = True
    model: str = ""
    points: Points | None = None
    protect: bytes | None = None
    release: bytes | None = None
    urgent: bool = False


def frozen(plan: LayerPlan, by: User) -> FittingLayer:
    """A garment as it is now. Raises CuttingError in words when it cannot be cut out of its photo."""
    garment = plan.garment
    if not garment.is_cut:
        cut_garment(garment, by=by)
    if garment.photo is None:
        raise CuttingError(f"{garment.name} has no photo yet. Add one in the closet.")
    return FittingLayer(
        garment=garment,
        photo=garment.photo,
        shape=garment.shape,
        anchors=garment.anchors,
        cut_sha256=garment.cut_sha256,
        size=plan.size,
        length=plan.length,
        light=plan.light,
        seed=secrets.randbelow(MAX_SEED) if plan.seed is None else plan.seed,
    )


def copied(rows: Iterable[FittingLayer]) -> list[FittingLayer]:
    """Layers as they were asked for before, without what came of them."""
    return [
        FittingLayer(
            garment=row.garment,
            photo=row.photo,
            shape=row.shape,
            anchors=row.anchors,
            cut_sha256=row.cut_sha256,
            size=row.size,
            length=row.length,
            light=row.light,
            seed=row.seed,
        )
        for row in rows
    ]
