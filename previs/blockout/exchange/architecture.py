"""Walls, doors, windows, arches and stairs as marks: the plan is cut 1.2 m above the floor."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from previs.blockout.exchange.marks import INK, PAPER, SOFT, Arc, Drawing, Layer, Line, Text, on_plan
from previs.blockout.plan.document import SetPlan
from previs.blockout.plan.floor import along, blocks_of, centre, contains, direction
from previs.blockout.plan.parts import Opening, Point2, Stairs, Wall

CUT = 1.2  # metres above the floor
MEET = 0.03  # metres between wall ends that count as one corner
SINGLE, DOUBLE = 1.25, 2.8  # widest door of one leaf, and of two; wider ones slide
LEAF = 0.04
DASH = (1.2, 0.8)
LOW_WALL = "#e9e6e0"
TAGS = {"door": "D", "window": "W", "arch": "A"}


@dataclass(frozen=True)
class Tagged:
    """An opening with the tag it has on the drawing and in the schedule."""

    tag: str
    wall: Wall
    opening: Opening


def tagged(plan: SetPlan) -> list[Tagged]:
    """Return all openings, numbered by kind in the order of the plan."""
    count: Counter[str] = Counter()
    found = []
    for wall in plan.walls:
        for opening in sorted(wall.openings, key=lambda o: o.at):
            count[opening.kind] += 1
            found.append(Tagged(f"{TAGS[opening.kind]}{count[opening.kind]}", wall, opening))
    return found


def draw_walls(drawing: Drawing, plan: SetPlan) -> None:
    """Add every wall: filled where the cut goes through it, light where it ends below the cut."""
    for wall in plan.walls:
        low = wall.height <= CUT
        runs = [(0.0, wall.length)] if low else _cut(wall)
        for start, end in runs:
            first = start - (_overlap(plan, wall, wall.a) if start <= 1e-6 else 0.0)
            last = end + (_overlap(plan, wall, wall.b) if end >= wall.length - 1e-6 else 0.0)
            half = wall.thickness / 2
            corners = ((first, half), (last, half), (last, -half), (first, -half))
            drawing.marks.append(
                Line(tuple(on_plan(*along(wall, at, aside)) for at, aside in corners), Layer.WALLS, closed=True,
                     pen=0.18 if low else 0.1, fill=LOW_WALL if low else INK, ref=wall.id)
            )  # fmt: skip


def _cut(wall: Wall) -> list[tuple[float, float]]:
    """Return the stretches of a wall that the cut goes through, joined where they touch."""
    joined: list[tuple[float, float]] = []
    for block in sorted(blocks_of(wall), key=lambda block: block.low):
        if not block.bottom <= CUT < block.top:
            continue
        if joined and block.low - joined[-1][1] < 1e-6:
            joined[-1] = (joined[-1][0], block.high)
        else:
            joined.append((block.low, block.high))
    return joined


def _overlap(plan: SetPlan, wall: Wall, end: Point2) -> float:
    """Return how far a wall runs on past a corner so that the corner is filled."""
    found = 0.0
    for other in plan.walls:
        if other is wall or min(math.dist(end, other.a), math.dist(end, other.b)) > MEET:
            continue
        (ax, az), (bx, bz) = direction(wall), direction(other)
        turn = math.asin(min(abs(ax * bz - az * bx), 1.0))
        found = max(found, other.thickness / 2 * math.tan(turn / 2))
    return found


def inside_of(plan: SetPlan, wall: Wall, at: float) -> int:
    """Return 1 if the room lies to the left of a-b at that place of the wall, -1 if to the right."""
    reach = wall.thickness / 2 + 0.3
    left, right = along(wall, at, reach), along(wall, at, -reach)
    if plan.outline:
        within = contains(plan.outline, *left), contains(plan.outline, *right)
        if within[0] != within[1]:
            return 1 if within[0] else -1
        middle = centre(plan.outline)
    else:
        ends = [point for each in plan.walls for point in (each.a, each.b)]
        middle = (sum(p[0] for p in ends) / len(ends), sum(p[1] for p in ends) / len(ends))
    return 1 if math.dist(left, middle) <= math.dist(right, middle) else -1


def draw_openings(drawing: Drawing, plan: SetPlan) -> None:
    """Add doors with their swings, windows, arches, and the tag of each outside its wall."""
    for each in tagged(plan):
        wall, opening = each.wall, each.opening
        side = inside_of(plan, wall, opening.at + opening.width / 2)
        if opening.kind == "door":
            _door(drawing, wall, opening, side)
        elif opening.kind == "window":
            _window(drawing, wall, opening)
        else:
            for face in (-1, 1):
                _across(drawing, wall, opening, face * wall.thickness / 2, dash=DASH)
        aside = -side * (wall.thickness / 2 + drawing.metres(2.6))
        at = on_plan(*along(wall, opening.at + opening.width / 2, aside))
        drawing.marks.append(Text(at, each.tag, 2.3, Layer.OPENINGS, bold=True, backed=True, ref=wall.id))


def _across(
    drawing: Drawing,
    wall: Wall,
    opening: Opening,
    aside: float,
    *,
    pen: float = 0.18,
    dash: tuple[float, ...] = (),
) -> None:
    ends = [on_plan(*along(wall, at, aside)) for at in (opening.at, opening.at + opening.width)]
    drawing.marks.append(Line(tuple(ends), Layer.OPENINGS, pen=pen, dash=dash, ref=wall.id))


def _window(drawing: Drawing, wall: Wall, opening: Opening) -> None:
    """Two faces and a pane; dashed where the window lies above or below the cut."""
    seen = opening.bottom <= CUT < opening.bottom + opening.height
    half = wall.thickness / 2
    if seen:
        for aside in (-half, half):
            _across(drawing, wall, opening, aside)
        for aside in (-min(0.03, half / 2), min(0.03, half / 2)):
            _across(drawing, wall, opening, aside, pen=0.13)
    else:
        for aside in (-half - drawing.metres(0.4), half + drawing.metres(0.4)):
            _across(drawing, wall, opening, aside, pen=0.13, dash=DASH)


def _door(drawing: Drawing, wall: Wall, opening: Opening, side: int) -> None:
    """The leaves stand open into the room, each with the quarter circle it sweeps."""
    face = side * wall.thickness / 2
    for aside in (face, -face):
        _across(drawing, wall, opening, aside, pen=0.1, dash=(0.6, 0.6))
    if opening.width > DOUBLE:
        for share, way in ((0.0, 1), (1.0, -1)):
            start = opening.at + share * opening.width
            _leaf_along(
                drawing,
                wall,
                start - way * opening.width * 0.42,
                start + way * opening.width * 0.08,
                face,
                side,
            )
        return
    near, far = opening.at, opening.at + opening.width
    if opening.width <= SINGLE:
        _leaf(drawing, wall, near, far, face, side)
        return
    middle = (near + far) / 2
    _leaf(drawing, wall, near, middle, face, side)
    _leaf(drawing, wall, far, middle, face, side)


def _leaf(drawing: Drawing, wall: Wall, hinge: float, latch: float, face: float, side: int) -> None:
    """Add a leaf that opens by 90 degrees about its hinge; hinge and latch in metres along the wall."""
    width, way = abs(latch - hinge), math.copysign(1.0, latch - hinge)
    corners = ((hinge, face), (hinge, face + side * width), (hinge + way * LEAF, face + side * width),
               (hinge + way * LEAF, face))  # fmt: skip
    points = tuple(on_plan(*along(wall, at, aside)) for at, aside in corners)
    drawing.marks.append(Line(points, Layer.OPENINGS, closed=True, pen=0.18, fill=PAPER, ref=wall.id))
    pivot = points[0]
    shut, open_ = on_plan(*along(wall, latch, face)), points[1]
    angles = [math.degrees(math.atan2(p[1] - pivot[1], p[0] - pivot[0])) for p in (shut, open_)]
    start, end = angles if (angles[1] - angles[0]) % 360 < 180 else angles[::-1]
    drawing.marks.append(
        Arc(
            pivot,
            width,
            Layer.OPENINGS,
            start % 360,
            start % 360 + (end - start) % 360,
            pen=0.13,
            ref=wall.id,
        )
    )


def _leaf_along(drawing: Drawing, wall: Wall, start: float, end: float, face: float, side: int) -> None:
    """Add a sliding leaf that runs beside the wall."""
    near, far = face + side * 0.02, face + side * (0.02 + LEAF * 1.5)
    corners = ((start, near), (end, near), (end, far), (start, far))
    points = tuple(on_plan(*along(wall, at, aside)) for at, aside in corners)
    drawing.marks.append(Line(points, Layer.OPENINGS, closed=True, pen=0.18, fill=PAPER, ref=wall.id))


def stairs_outline(flight: Stairs) -> tuple[Point2, ...]:
    """Return the four corners of a flight on the drawing, its foot first."""
    half, run = flight.width / 2, flight.run
    return tuple(
        _on_stairs(flight, x, z) for x, z in ((-half, 0.0), (half, 0.0), (half, -run), (-half, -run))
    )


def _on_stairs(flight: Stairs, x: float, z: float) -> Point2:
    cos, sin = math.cos(math.radians(flight.yaw)), math.sin(math.radians(flight.yaw))
    return on_plan(flight.x + cos * x + sin * z, flight.z - sin * x + cos * z)


def draw_stairs(drawing: Drawing, flight: Stairs) -> None:
    """Add the treads, and an arrow in the direction one climbs."""

    def at(x: float, z: float) -> Point2:
        return _on_stairs(flight, x, z)

    half, run = flight.width / 2, flight.run
    drawing.marks.append(
        Line(stairs_outline(flight), Layer.STAIRS, closed=True, pen=0.25, fill="#f4f2ee", ref=flight.id)
    )
    for step in range(1, flight.steps):
        z = -run * step / flight.steps
        drawing.marks.append(Line((at(-half, z), at(half, z)), Layer.STAIRS, pen=0.13, ref=flight.id))
    head = min(drawing.metres(2.2), run / 3)
    tip = at(0, -run * 0.94)
    drawing.marks.append(Line((at(0, -run * 0.06), tip), Layer.STAIRS, pen=0.25, ref=flight.id))
    drawing.marks.append(
        Line((at(-head / 2, -run * 0.94 + head), tip, at(head / 2, -run * 0.94 + head)), Layer.STAIRS, pen=0.25,
             ref=flight.id)
    )  # fmt: skip
    drawing.marks.append(Arc(at(0, -run * 0.06), drawing.metres(0.5), Layer.STAIRS, fill=INK, ref=flight.id))
    label = f"up {flight.rise:.2f}, {flight.steps} steps"
    drawing.marks.append(
        Text(at(0, drawing.metres(2.0)), label, 2.3, Layer.STAIRS, ink=SOFT, backed=True, ref=flight.id)
    )
