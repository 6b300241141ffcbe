"""The floor plan as lines, for drawings: walls with their gaps, openings, stairs, pieces, people, cameras."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from previs.blockout.plan import lens
from previs.blockout.plan.document import SetPlan
from previs.blockout.plan.floor import along
from previs.blockout.plan.parts import Point2, Vector
from previs.blockout.plan.piecebook import LIBRARY
from previs.blockout.plan.shapes import bounds_of

LAYERS = ("outline", "walls", "openings", "stairs", "pieces", "figures", "cameras")
SIGHT = 1.2  # metres of the wedge that shows where a camera looks
SHOULDERS = 0.25  # metres from a figure's middle to its shoulder


@dataclass(frozen=True)
class Segment:
    """One straight line of the drawing, (x, z) metres; owner: id of what it belongs to, "" for the outline."""

    layer: str
    owner: str
    a: Point2
    b: Point2


def line_segments(plan: SetPlan) -> list[Segment]:
    """Return every line of the floor plan, layer by layer."""
    return [*_outline(plan), *_walls(plan), *_stairs(plan), *_pieces(plan), *_people(plan), *_cameras(plan)]


def segments_json(plan: SetPlan) -> list[dict[str, Any]]:
    """Return the lines as plain JSON values: [{"layer", "owner", "a": [x, z], "b": [x, z]}]."""
    return [{**asdict(line), "a": list(line.a), "b": list(line.b)} for line in line_segments(plan)]


def _closed(layer: str, owner: str, points: list[Point2]) -> list[Segment]:
    return [Segment(layer, owner, a, b) for a, b in zip(points, [*points[1:], *points[:1]], strict=True)]


def _outline(plan: SetPlan) -> list[Segment]:
    return _closed("outline", "", list(plan.outline)) if plan.outline else []


def _walls(plan: SetPlan) -> Iterator[Segment]:
    """Both faces of each wall, cut where an opening is, and closed at the cuts; a line across each opening."""
    for wall in plan.walls:
        half = wall.thickness / 2
        reached = 0.0
        stops = [(o.at, o.at + o.width) for o in sorted(wall.openings, key=lambda o: o.at)]
        for low, high in [*stops, (wall.length, wall.length)]:
            if low - reached > 1e-6:
                corners = [along(wall, reached, half), along(wall, low, half), along(wall, low, -half),
                           along(wall, reached, -half)]  # fmt: skip
                yield from _closed("walls", wall.id, corners)
            reached = high
        for opening in wall.openings:
            ends = along(wall, opening.at), along(wall, opening.at + opening.width)
            yield Segment("openings", opening.id, *ends)


def _turned(x: float, z: float, yaw: float, dx: float, dz: float) -> Point2:
    turn = math.radians(yaw)
    return x + math.cos(turn) * dx + math.sin(turn) * dz, z - math.sin(turn) * dx + math.cos(turn) * dz


def _rectangle(
    layer: str, owner: str, at: Point2, yaw: float, low: Vector, high: Vector, scale: Point2
) -> list[Segment]:
    corners = [(low[0], low[2]), (high[0], low[2]), (high[0], high[2]), (low[0], high[2])]
    return _closed(layer, owner, [_turned(*at, yaw, dx * scale[0], dz * scale[1]) for dx, dz in corners])


def _stairs(plan: SetPlan) -> Iterator[Segment]:
    for flight in plan.stairs:
        half = flight.width / 2
        for step in range(flight.steps + 1):
            deep = -step * flight.run / flight.steps
            ends = (_turned(flight.x, flight.z, flight.yaw, side * half, deep) for side in (-1, 1))
            yield Segment("stairs", flight.id, *ends)
        for side in (-1, 1):
            ends = (_turned(flight.x, flight.z, flight.yaw, side * half, deep) for deep in (0.0, -flight.run))
            yield Segment("stairs", flight.id, *ends)


def _pieces(plan: SetPlan) -> Iterator[Segment]:
    for piece in plan.pieces:
        solids = piece.solids if piece.solids is not None else LIBRARY[piece.kind].solids
        low, high = bounds_of(solids)
        scale = (1.0, 1.0)
        if piece.size is not None:
            scale = (piece.size[0] / max(high[0] - low[0], 1e-3), piece.size[2] / max(high[2] - low[2], 1e-3))
        yield from _rectangle("pieces", piece.id, (piece.x, piece.z), piece.yaw, low, high, scale)
    for mesh in plan.meshes:
        low, high = bounds_of(mesh.boxes)
        yield from _rectangle(
            "pieces", mesh.id, (mesh.x, mesh.z), mesh.yaw, low, high, (mesh.scale, mesh.scale)
        )


def _people(plan: SetPlan) -> Iterator[Segment]:
    for figure in plan.figures:
        points = [(-SHOULDERS, 0.0), (0.0, SHOULDERS * 1.4), (SHOULDERS, 0.0)]
        yield from _closed(
            "figures", figure.id, [_turned(figure.x, figure.z, figure.yaw, *p) for p in points]
        )


def _cameras(plan: SetPlan) -> Iterator[Segment]:
    for camera in plan.cameras:
        wide, _ = lens.tangents(camera.sensor, camera.focal_mm)
        ends = [_turned(camera.x, camera.z, camera.pan, side * wide * SIGHT, -SIGHT) for side in (-1, 1)]
        yield from _closed("cameras", camera.id, [(camera.x, camera.z), *ends])
