"""The floor of a plan as geometry: what lies inside the outline, and how walls are split around openings.

Pure Python; points are (x, z) in metres.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from previs.blockout.plan.document import SetPlan
from previs.blockout.plan.parts import Opening, Point2, Wall

Polygon = Sequence[Point2]
THIN = 1e-6  # metres; thinner slices of a wall are left out


@dataclass(frozen=True)
class Block:
    """A slice of a wall: metres along it from a, and above the floor."""

    low: float
    high: float
    bottom: float
    top: float


def blocks_of(wall: Wall) -> list[Block]:
    """Split a wall around its openings.

    The rule that the editor shares: openings in the order of `at`; boxes of full height between them, and
    boxes of the opening's width below its sill and above its head.
    """
    found: list[Block] = []
    reached = 0.0
    for opening in sorted(wall.openings, key=lambda o: o.at):
        low, high = max(opening.at, 0.0), min(opening.at + opening.width, wall.length)
        head = opening.bottom + opening.height
        found.append(Block(reached, low, 0.0, wall.height))
        found.append(Block(low, high, 0.0, opening.bottom))
        found.append(Block(low, high, head, wall.height))
        reached = high
    found.append(Block(reached, wall.length, 0.0, wall.height))
    return [block for block in found if block.high - block.low > THIN and block.top - block.bottom > THIN]


def along(wall: Wall, metres: float, aside: float = 0.0) -> Point2:
    """Return the point so many metres from a along a wall's middle line, `aside` metres to the left of a-b.

    Left as seen from above with x to the right and z downwards, the way the plan is drawn.
    """
    dx, dz = direction(wall)
    return wall.a[0] + dx * metres + dz * aside, wall.a[1] + dz * metres - dx * aside


def direction(wall: Wall) -> Point2:
    """Return the unit vector from a to b."""
    length = wall.length
    return (wall.b[0] - wall.a[0]) / length, (wall.b[1] - wall.a[1]) / length


def yaw_of(wall: Wall) -> float:
    """Return the turn, radians, that lays local x along a-b."""
    dx, dz = direction(wall)
    return math.atan2(-dz, dx)


def middle_of(wall: Wall, opening: Opening) -> tuple[float, float, float]:
    """Return the middle of an opening in the world."""
    x, z = along(wall, opening.at + opening.width / 2)
    return x, opening.bottom + opening.height / 2, z


def area(polygon: Polygon) -> float:
    """Return the signed area, square metres; positive when x turns towards z."""
    total = 0.0
    for (ax, az), (bx, bz) in _edges(polygon):
        total += ax * bz - bx * az
    return total / 2


def centre(polygon: Polygon) -> Point2:
    """Return the centre of gravity; the mean of the points where the area is nothing."""
    size = area(polygon)
    if abs(size) < THIN:
        count = max(len(polygon), 1)
        return sum(p[0] for p in polygon) / count, sum(p[1] for p in polygon) / count
    x = z = 0.0
    for (ax, az), (bx, bz) in _edges(polygon):
        part = ax * bz - bx * az
        x, z = x + (ax + bx) * part, z + (az + bz) * part
    return x / (6 * size), z / (6 * size)


def _edges(polygon: Polygon) -> list[tuple[Point2, Point2]]:
    return list(zip(polygon, [*polygon[1:], *polygon[:1]], strict=True))


def contains(polygon: Polygon, x: float, z: float) -> bool:
    """Say whether a point lies inside a polygon."""
    inside = False
    for (ax, az), (bx, bz) in _edges(polygon):
        if (az > z) != (bz > z) and x < ax + (z - az) * (bx - ax) / (bz - az):
            inside = not inside
    return inside


def distance(polygon: Polygon, x: float, z: float) -> float:
    """Return the distance from a point to the polygon's edge, metres."""
    nearest = math.inf
    for (ax, az), (bx, bz) in _edges(polygon):
        dx, dz = bx - ax, bz - az
        share = ((x - ax) * dx + (z - az) * dz) / ((dx * dx + dz * dz) or 1.0)
        share = min(max(share, 0.0), 1.0)
        nearest = min(nearest, math.hypot(x - ax - share * dx, z - az - share * dz))
    return nearest


def strips(polygon: Polygon) -> list[tuple[float, float, float, float]]:
    """Return rectangles x0, z0, x1, z1 that cover a polygon, exactly where its edges lie along the axes."""
    levels = sorted({z for _, z in polygon})
    found: list[tuple[float, float, float, float]] = []
    for top, bottom in pairwise(levels):
        if bottom - top < THIN:
            continue
        inner = (top + THIN / 4, (top + bottom) / 2, bottom - THIN / 4)
        rows = [_crossings(polygon, z) for z in inner]
        for pair in zip(*[zip(row[::2], row[1::2], strict=False) for row in rows], strict=False):
            found.append((min(low for low, _ in pair), top, max(high for _, high in pair), bottom))
    return found


def _crossings(polygon: Polygon, z: float) -> list[float]:
    return sorted(
        ax + (z - az) * (bx - ax) / (bz - az)
        for (ax, az), (bx, bz) in _edges(polygon)
        if (az > z) != (bz > z)
    )


def ground_of(plan: SetPlan) -> tuple[Point2, ...]:
    """Return the polygon that people and vehicles may use: the outline, or a square around what stands there."""
    if plan.outline:
        return plan.outline
    points = [point for wall in plan.walls for point in (wall.a, wall.b)]
    points += [(figure.x, figure.z) for figure in plan.figures] or [(0.0, 0.0)]
    points += [(piece.x, piece.z) for piece in plan.pieces if math.hypot(piece.x, piece.z) < 30]
    x0, x1 = min(p[0] for p in points) - 4, max(p[0] for p in points) + 4
    z0, z1 = min(p[1] for p in points) - 4, max(p[1] for p in points) + 4
    return (x0, z0), (x1, z0), (x1, z1), (x0, z1)


def action_of(plan: SetPlan) -> Point2:
    """Return where the scene plays: the middle of the figures, or else of the floor."""
    if plan.figures:
        count = len(plan.figures)
        return sum(f.x for f in plan.figures) / count, sum(f.z for f in plan.figures) / count
    return centre(plan.outline) if plan.outline else (0.0, 0.0)


@dataclass(frozen=True)
class Room:
    """A rectangle of four walls, seen from inside: its corners (x0, z0, x1, z1) and the walls by id."""

    x0: float
    z0: float
    x1: float
    z1: float
    walls: frozenset[str]


def room_of(plan: SetPlan) -> Room | None:
    """Return the plan's one rectangular room, or None where its shape or an open arch asks for real walls.

    It is one when four walls along the axes lie on the four edges of a rectangular outline, each with its
    inner face on the edge or its middle line on it, and none of them holds an arch.
    """
    if not plan.interior or plan.ceiling is None or len(plan.outline) != 4:
        return None
    xs, zs = sorted({round(p[0], 3) for p in plan.outline}), sorted({round(p[1], 3) for p in plan.outline})
    if len(xs) != 2 or len(zs) != 2:
        return None
    found: dict[str, tuple[Wall, float]] = {}
    for wall in plan.walls:
        side = _side(wall, xs, zs)
        if side is None:
            continue
        if side[0] in found or wall.height < plan.ceiling - 0.01:
            return None
        if any(opening.kind == "arch" for opening in wall.openings):
            return None
        found[side[0]] = (wall, side[1])
    if len(found) != 4:
        return None
    return Room(
        found["left"][1], found["back"][1], found["right"][1], found["front"][1],
        frozenset(wall.id for wall, _ in found.values()),
    )  # fmt: skip


def _side(wall: Wall, xs: list[float], zs: list[float]) -> tuple[str, float] | None:
    """Return which edge of a rectangle a wall closes, and where its inner face lies."""
    half = wall.thickness / 2
    for axis, low_word, high_word, here, across in (
        (0, "left", "right", xs, zs),
        (1, "back", "front", zs, xs),
    ):
        if abs(wall.a[axis] - wall.b[axis]) > 0.005:
            continue
        ends = sorted((wall.a[1 - axis], wall.b[1 - axis]))
        if ends[0] > across[0] + 0.05 or ends[1] < across[1] - 0.05:
            continue
        for word, edge, sign in ((low_word, here[0], 1), (high_word, here[1], -1)):
            face = wall.a[axis] + sign * half
            if abs(face - edge) < 0.03 or abs(wall.a[axis] - edge) < 0.03:
                return word, face
    return None
