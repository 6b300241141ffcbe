"""What things look like from straight above."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from previs.blockout.exchange.hull import convex_hull
from previs.blockout.exchange.marks import on_plan
from previs.blockout.exchange.things import Shape, Thing, mesh_thing, piece_thing
from previs.blockout.geometry import Solid
from previs.blockout.plan.document import SetPlan
from previs.blockout.plan.parts import Colour, Point2

AROUND = 24
MOST_SHAPES = 60  # of one thing; what is smaller is hidden or too fine for paper
SIGNS = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], dtype=np.float64)
TURN = np.linspace(0.0, 2 * math.pi, AROUND, endpoint=False)
RING = np.stack([np.cos(TURN), np.zeros(AROUND), np.sin(TURN)], axis=1)


@dataclass(frozen=True)
class Footprint:
    """One solid from above: its outline on the plan, and the heights it reaches from and to, metres."""

    outline: tuple[Point2, ...]
    bottom: float
    top: float
    colour: Colour

    @property
    def area(self) -> float:
        """Square metres it covers."""
        points = self.outline
        return (
            abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, (*points[1:], points[0]), strict=True)))
            / 2
        )


@dataclass(frozen=True)
class FromAbove:
    """A piece or a model from above. lowest: metres above the floor where it begins."""

    thing: Thing
    parts: tuple[Footprint, ...]
    outline: tuple[Point2, ...]
    lowest: float


@lru_cache(maxsize=4)
def seen_from_above(plan: SetPlan) -> tuple[FromAbove, ...]:
    """Return the pieces and models of a plan from above, those that have any width."""
    found = []
    for thing in (
        *(piece_thing(piece) for piece in plan.pieces),
        *(mesh_thing(mesh) for mesh in plan.meshes),
    ):
        parts = footprints(thing)
        if parts:
            lowest = min(part.bottom for part in parts)
            found.append(FromAbove(thing, tuple(_uncovered(parts)), tuple(outline_of(parts)), lowest))
    return tuple(found)


def footprints(thing: Thing) -> list[Footprint]:
    """Return the solids of a thing from above, the highest last."""
    cos, sin = math.cos(thing.yaw), math.sin(thing.yaw)
    x0, y0, z0 = thing.place
    found = []
    for shape in thing.shapes:
        corners = _outermost(shape)
        world = [on_plan(x0 + cos * x + sin * z, z0 - sin * x + cos * z) for x, _, z in corners]
        outline = convex_hull(world)
        if len(outline) > 2:
            heights = corners[:, 1] + y0
            found.append(Footprint(tuple(outline), float(heights.min()), float(heights.max()), shape.colour))
    found.sort(key=lambda part: -part.area)
    return sorted(found[:MOST_SHAPES], key=lambda part: part.top)


def _uncovered(parts: list[Footprint]) -> list[Footprint]:
    """Return the footprints that no single higher one hides."""
    return [
        part
        for i, part in enumerate(parts)
        if not any(_covers(above.outline, part.outline) for above in parts[i + 1 :])
    ]


def outline_of(parts: list[Footprint]) -> list[Point2]:
    """Return the convex outline around several footprints."""
    return convex_hull(point for part in parts for point in part.outline)


def _outermost(shape: Shape) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return (n, 3) points whose hull from above is the solid's outline, in its thing's axes."""
    if shape.kind is Solid.BOX:
        unit = SIGNS
    elif shape.kind is Solid.CONE:
        unit = np.vstack([RING - (0, 1, 0), RING * shape.taper + (0, 1, 0)])
    else:
        spread = shape.axes * shape.half  # columns: where the half axes point
        level = spread[[0, 2]]
        down = np.linalg.cholesky(
            level @ level.T + np.eye(2) * 1e-12
        )  # the shadow of an ellipsoid is an ellipse
        flat = down @ np.stack([np.cos(TURN), np.sin(TURN)])
        tall = float(np.linalg.norm(spread[1]))
        ups = np.where(np.arange(AROUND) % 2, tall, -tall)
        shadow: np.ndarray[tuple[int, int], np.dtype[np.float64]] = (
            np.stack([flat[0], ups, flat[1]], axis=1) + shape.centre
        )
        return shadow
    placed: np.ndarray[tuple[int, int], np.dtype[np.float64]] = (
        unit * shape.half
    ) @ shape.axes.T + shape.centre
    return placed


def _covers(above: tuple[Point2, ...], below: tuple[Point2, ...]) -> bool:
    """Say whether a convex outline, counter-clockwise, holds every corner of another."""
    for axis in (0, 1):  # the boxes around them settle nearly all pairs
        ours, theirs = [p[axis] for p in above], [p[axis] for p in below]
        if min(theirs) < min(ours) - 1e-6 or max(theirs) > max(ours) + 1e-6:
            return False
    edges = list(zip(above, (*above[1:], above[0]), strict=True))
    return all(
        (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= -1e-6 for x, y in below for (ax, ay), (bx, by) in edges
    )
