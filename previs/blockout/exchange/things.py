"""What stands on a set, thing by thing: each with its name, its place and its solids in its own axes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from previs.blockout.description import Figure
from previs.blockout.geometry import Column, Solid, Solids
from previs.blockout.mannequin import Mannequin
from previs.blockout.plan.document import SetPlan
from previs.blockout.plan.floor import direction, yaw_of
from previs.blockout.plan.parts import Mesh, Piece, PlanFigure, PlanSolid, Stairs, Vector, Wall
from previs.blockout.plan.piecebook import LIBRARY
from previs.blockout.plan.shapes import put
from previs.blockout.plan.shell import Surface, add_stairs, add_wall
from previs.blockout.staging import stable_random

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Shape:
    """One solid: axes (3, 3) with its own directions as columns, half sizes along them, metres."""

    kind: Solid
    centre: Floats
    axes: Floats
    half: Floats
    taper: float
    colour: tuple[float, float, float]
    glow: float


@dataclass(frozen=True)
class Thing:
    """One wall, flight, piece, mesh or figure. place: where its origin stands; yaw: radians about y."""

    kind: str
    id: str
    name: str
    place: Vector
    yaw: float
    shapes: tuple[Shape, ...]


def things_of(plan: SetPlan) -> list[Thing]:
    """Return everything that stands on the set, in the order of the plan."""
    return [
        *(wall_thing(wall) for wall in plan.walls),
        *(_stairs(flight) for flight in plan.stairs),
        *(piece_thing(piece) for piece in plan.pieces),
        *(mesh_thing(mesh) for mesh in plan.meshes),
        *(figure_thing(figure) for figure in plan.figures),
    ]


def wall_thing(wall: Wall) -> Thing:
    """Return a wall in axes with the origin in its middle on the floor, x towards b."""
    dx, dz = direction(wall)
    level = Wall(wall.id, (-wall.length / 2, 0.0), (wall.length / 2, 0.0), wall.height, wall.thickness, wall.colour,
                 wall.openings)  # fmt: skip
    solids = Solids()
    add_wall(solids, level, Surface())
    middle = (wall.a[0] + dx * wall.length / 2, 0.0, wall.a[1] + dz * wall.length / 2)
    return Thing("wall", wall.id, f"Wall {wall.id}", middle, yaw_of(wall), shapes_of(solids))


def _stairs(flight: Stairs) -> Thing:
    solids = Solids()
    level = Stairs(flight.id, 0.0, 0.0, 0.0, 0.0, flight.width, flight.rise, flight.run, flight.steps)
    add_stairs(solids, level)
    place = (flight.x, flight.y, flight.z)
    return Thing(
        "stairs", flight.id, f"Stairs {flight.id}", place, math.radians(flight.yaw), shapes_of(solids)
    )


def solids_of_piece(piece: Piece) -> tuple[PlanSolid, ...]:
    """Return a piece's own solids or those of its kind, before it takes its size."""
    return piece.solids if piece.solids is not None else LIBRARY[piece.kind].solids


def piece_thing(piece: Piece) -> Thing:
    """Return a piece, scaled and coloured as the plan says."""
    solids = Solids()
    put(solids, solids_of_piece(piece), x=0.0, y=0.0, z=0.0, yaw=0.0, size=piece.size, colour=piece.colour)
    place = (piece.x, piece.y, piece.z)
    name = piece.name or piece.kind.capitalize()
    return Thing("piece", piece.id, name, place, math.radians(piece.yaw), shapes_of(solids))


def mesh_thing(mesh: Mesh) -> Thing:
    """Return the boxes that stand for an imported model."""
    solids = Solids()
    put(solids, mesh.boxes, x=0.0, y=0.0, z=0.0, yaw=0.0, factor=mesh.scale)
    place = (mesh.x, mesh.y, mesh.z)
    return Thing("mesh", mesh.id, mesh.name or "Model", place, math.radians(mesh.yaw), shapes_of(solids))


def figure_thing(figure: PlanFigure) -> Thing:
    """Return a person in the pose and the clothes of the plan."""
    solids = Solids()
    person = Figure(build=figure.build, garments=figure.garments, pose=figure.pose)
    Mannequin(solids, person, stable_random("exchange", figure.id), x=0.0, z=0.0, yaw=0.0)
    place = (figure.x, figure.y, figure.z)
    return Thing(
        "figure",
        figure.id,
        figure.name or f"Figure {figure.id}",
        place,
        math.radians(figure.yaw),
        shapes_of(solids),
    )


def shapes_of(solids: Solids) -> tuple[Shape, ...]:
    """Return the rows of a solids table one by one."""
    found = []
    for row in solids.table():
        half = row[Column.SCALE : Column.SCALE + 3]
        axes = (row[Column.INVERSE : Column.INVERSE + 9].reshape(3, 3) * half[:, None]).T
        red, green, blue = (float(channel) for channel in row[Column.COLOUR : Column.COLOUR + 3])
        found.append(
            Shape(Solid(int(row[Column.SHAPE])), row[Column.CENTRE : Column.CENTRE + 3], axes, half,
                  float(row[Column.TAPER]), (red, green, blue), float(row[Column.EMISSION]))
        )  # fmt: skip
    return tuple(found)
