"""An outfit put on layer by layer. Every layer is a saved step, so that what lies below a change is not done again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from costumes.fitting.filters import Bools, Floats, Uint8
from costumes.fitting.garments import Garment
from costumes.fitting.ground import Ground
from costumes.fitting.trouble import FittingError
from costumes.fitting.wear import Worn, bend_onto, lay_over

VERSION = "3"  # part of every digest: a step made by another algorithm is not reused


@dataclass(frozen=True, slots=True)
class Layer:
    """One garment of an outfit, lowest first.

    size: 0.7 to 1.5; 1 lets the shoulders (or hips) meet the body's.  length: 0.6 to 1.6.
    light: 0 to 1, how much of the old clothing's folds it takes over.
    seed: of the diffusion pass over this layer.
    """

    garment: Garment
    size: float = 1.0
    length: float = 1.0
    light: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not (0.7 <= self.size <= 1.5 and 0.6 <= self.length <= 1.6 and 0 <= self.light <= 1):
            raise FittingError(
                "Size must lie between 0.7 and 1.5, length between 0.6 and 1.6, light between 0 and 1."
            )


@dataclass(frozen=True, slots=True)
class FittingStep:
    """A layer that is on.

    digest: SHA-256 of everything below it and of itself.  bend: of what decides how its garment bends alone.
    picture: (h, w, 3) uint8 with this layer on.
    mask: (h, w) uint8, where this layer may have changed the picture, 0 nowhere, 255 wholly.
    """

    number: int
    digest: str
    bend: str
    seed: int
    picture: Uint8
    mask: Uint8
    worn: Worn


@dataclass(frozen=True, slots=True)
class Progress:
    """One step is done: number 1 to `of`. step: what it made; reused: it was taken over from an earlier run."""

    number: int
    of: int
    step: FittingStep
    reused: bool


OnStep = Callable[[Progress], None]


def digests(ground: Ground, layers: Sequence[Layer]) -> list[str]:
    """The digest of every step; a changed layer changes its own and all above it."""
    found = []
    below = hashlib.sha256(f"{VERSION} {ground.digest}".encode()).hexdigest()
    for layer in layers:
        settings = f"{layer.size:.4f} {layer.length:.4f} {layer.light:.4f} {layer.seed}"
        below = hashlib.sha256(f"{below} {layer.garment.digest} {settings}".encode()).hexdigest()
        found.append(below)
    return found


def dress(
    ground: Ground,
    layers: Sequence[Layer],
    *,
    kept: Sequence[FittingStep] = (),
    on_step: OnStep | None = None,
) -> list[FittingStep]:
    """Put an outfit on.

    kept: steps of an earlier run; each that would come out the same is taken over instead of made again.
    on_step: told after every step; whatever it raises ends the fitting (FittingCancelled, to stop it).
    Returns one step a layer, in order.  Raises FittingError, naming the layer, if one cannot be put on.
    """
    if not layers:
        raise FittingError("The outfit is empty. Add a garment.")
    known = {step.digest: step for step in kept}
    # How a garment bends depends on no other layer: one that stays is only laid over the new one below it.
    bends = {step.bend: step.worn for step in kept}
    steps: list[FittingStep] = []
    canvas = ground.photo
    for number, (layer, digest) in enumerate(zip(layers, digests(ground, layers), strict=True), start=1):
        step = known.get(digest)
        reused = step is not None
        if step is None:
            step = _put_on(ground, canvas, layer, number, digest, bends)
        steps.append(step)
        canvas = step.picture
        if on_step is not None:
            on_step(Progress(number, len(layers), step, reused))
    return steps


def _put_on(
    ground: Ground, canvas: Uint8, layer: Layer, number: int, digest: str, bends: Mapping[str, Worn]
) -> FittingStep:
    settings = f"{VERSION} {ground.digest} {layer.garment.digest} {layer.size:.4f} {layer.length:.4f}"
    bend = hashlib.sha256(settings.encode()).hexdigest()
    try:
        worn = bends.get(bend) or bend_onto(ground, layer.garment, size=layer.size, length=layer.length)
    except FittingError as trouble:
        raise FittingError(f"Layer {number}: {trouble}") from None
    picture, mask = lay_over(ground, canvas, worn, light=layer.light)
    return FittingStep(number, digest, bend, layer.seed, picture, mask, worn)


def changed(steps: Sequence[FittingStep]) -> Uint8:
    """Where any layer may have changed the photo, (h, w) uint8."""
    result: Uint8 = np.maximum.reduce([step.mask for step in steps])
    return result


def visible(steps: Sequence[FittingStep], number: int) -> Floats:
    """How much of layer `number` (1 first) is seen under the layers above it, over its own rectangle."""
    worn = steps[number - 1].worn
    seen = np.zeros(steps[0].mask.shape, np.float32)
    seen[worn.place] = worn.alpha
    for above in steps[number:]:
        seen[above.worn.place] *= 1 - above.worn.alpha
    return seen[worn.place]


def replaced(ground: Ground, steps: Sequence[FittingStep]) -> Bools:
    """The old clothing that an outfit takes the place of, (h, w)."""
    old = np.zeros(ground.protected.shape, np.bool_)
    for region in {step.worn.region for step in steps}:
        old |= ground.old(region).cloth
    return old


def leftovers(ground: Ground, steps: Sequence[FittingStep]) -> Bools:
    """What of it still shows, (h, w): the diffusion pass must paint it over."""
    return replaced(ground, steps) & (changed(steps) < 128) & ~ground.protected
