"""The diffusion pass over a composite: where it may paint, how much, and what is kept of what comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from costumes.fitting.filters import Floats, Uint8, grown
from costumes.fitting.ground import Ground
from costumes.fitting.outfit import FittingStep, Layer, changed, leftovers
from costumes.fitting.paste import paste_back
from costumes.fitting.registration import Registration, register

# px to each side of a silhouette, at 1024 px of height.
RING = 12.0
EDGES, INSIDE = 0.95, 0.3
# Share of the height by which a model's result may stray.
STRAY = 0.02

Painter = Callable[[Uint8, Floats, int], Uint8]
"""Composite (h, w, 3) uint8, strength (h, w) float32 0 to 1, seed -> a picture of any size, as the model gives it."""


@dataclass(frozen=True, slots=True)
class Repainted:
    """The second candidate beside the composite.

    picture: (h, w, 3) uint8, registered and pasted back.  mask: (h, w) uint8, where it may differ from the photo.
    """

    picture: Uint8
    mask: Uint8
    registration: Registration


def strengths(
    ground: Ground, layers: Sequence[Layer], steps: Sequence[FittingStep], *, inside: float = INSIDE
) -> Floats:
    """How strongly each pixel is repainted, (h, w) float32, 0 to 1; 0 wherever the photo is protected.

    Strong on a ring round every silhouette and on leftovers of the old clothing, weak on the cloth.
    inside: 0 to 1; 0 keeps a pattern to the thread.
    """
    k = ground.size[1] / 1024
    strength = np.zeros(ground.protected.shape, np.float32)
    ring = np.zeros(ground.protected.shape, np.bool_)
    for step in steps:
        cloth = np.zeros(ring.shape, np.bool_)
        cloth[step.worn.place] = step.worn.alpha > 0.5
        strength[cloth] = inside
        edge = grown(cloth, RING * k) & ~grown(cloth, -RING * k)
        ring = (ring & ~grown(cloth, -RING * k)) | edge
    strength[ring | grown(leftovers(ground, steps), 3 * k)] = EDGES
    strength[ground.protected] = 0
    return strength


def repaint(
    ground: Ground, layers: Sequence[Layer], steps: Sequence[FittingStep], painter: Painter, *,
    inside: float = INSIDE, seed: int | None = None,
) -> Repainted:  # fmt: skip
    """Have a model repaint the composite, and keep only what was asked for.

    seed: of the model; without one, the last layer's.
    Raises FittingError if what comes back cannot be moved onto the photo again.
    """
    composite = steps[-1].picture
    strength = strengths(ground, layers, steps, inside=inside)
    seed = steps[-1].seed if seed is None else seed
    painted = painter(composite.copy(), strength.copy(), seed)
    # What was painted may come back shifted, out over the mask; only what lies farther off tells by how much.
    still = ~grown(strength > 0, STRAY * ground.size[1])
    moved, found = register(painted, composite, still)
    soft = np.where(strength > 0, 255, 0).astype(np.uint8)
    over = paste_back(moved, composite, soft, ground.protected)
    mask = np.maximum(changed(steps), soft)
    mask[ground.protected] = 0
    return Repainted(
        paste_back(over, ground.photo, np.where(mask > 0, 255, 0).astype(np.uint8), ground.protected),
        mask,
        found,
    )
