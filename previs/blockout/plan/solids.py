"""Everything a plan holds as solids: shell, stairs, pieces, imported models, people, extras, traffic, damage."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from previs.blockout import furniture as f
from previs.blockout.description import MOST_CROWD, MOST_VEHICLES, Figure
from previs.blockout.geometry import Solids
from previs.blockout.mannequin import Mannequin
from previs.blockout.plan.document import SetPlan
from previs.blockout.plan.extras import add_crowd, add_vehicles
from previs.blockout.plan.parts import Piece, PlanFigure, PlanSolid
from previs.blockout.plan.piecebook import LIBRARY
from previs.blockout.plan.shapes import put, size_of
from previs.blockout.plan.shell import Surface, add_ceiling, add_shell, add_stairs
from previs.blockout.plan.wreck import Fall, broken, strew, topple
from previs.blockout.stage import Stage
from previs.blockout.staging import stable_random
from previs.blockout.words import DAMAGES

SEAT = 0.49  # metres of a seat under a sitting figure
NEAR_SEAT = 0.7  # metres within which a piece is what a sitting figure sits on
MOST_GAZE = math.radians(70)


def solids_of(
    plan: SetPlan,
    *,
    damage: str = "intact",
    crowd: int = 0,
    vehicles: int = 0,
    seed: int = 0,
    roof: bool = False,
    surface: Surface | None = None,
    skip: Collection[str] = (),
    faces: dict[str, float] | None = None,
    figures: Sequence[Figure] = (),
) -> Solids:
    """Build a plan.

    damage: "intact", "damaged" or "ruined"; it strikes by the ids of what it hits, so it is the same in every
    take. crowd: 0 to 400 extras, vehicles: 0 to 60; they find places by the seed, as many as there is floor
    for. roof: with the ceiling of an interior. surface: what walls are made of where the plan does not say.
    skip, faces: see `shell.add_shell`. figures: clothes for the plan's figures that have none, in their order.
    Raises ValueError for a number or a word out of range.
    """
    if damage not in DAMAGES:
        raise ValueError(f"damage is {damage!r}; use one of: {', '.join(DAMAGES)}")
    if not 0 <= crowd <= MOST_CROWD:
        raise ValueError(f"the crowd is {crowd}; use 0 to {MOST_CROWD}")
    if not 0 <= vehicles <= MOST_VEHICLES:
        raise ValueError(f"{vehicles} vehicles; use 0 to {MOST_VEHICLES}")
    solids = Solids()
    surface = surface or Surface()
    add_shell(solids, plan, surface, damage=damage, skip=skip, faces=faces)
    if roof:
        add_ceiling(solids, plan, surface, damage=damage)
    for flight in plan.stairs:
        add_stairs(solids, flight)
    for piece in plan.pieces:
        add_piece(solids, piece, damage)
    for mesh in plan.meshes:
        boxes = broken(mesh.boxes, mesh.id) if damage == "ruined" else mesh.boxes
        put(solids, boxes, x=mesh.x, y=mesh.y, z=mesh.z, yaw=math.radians(mesh.yaw), factor=mesh.scale)
    if damage != "intact":
        strew(solids, plan, damage)
    for index, figure in enumerate(plan.figures):
        add_figure(solids, plan, figure, figures[index] if index < len(figures) else None)
    if vehicles:
        add_vehicles(solids, plan, vehicles, seed)
    if crowd:
        add_crowd(solids, plan, crowd, seed)
    return solids


def shapes_of(piece: Piece) -> tuple[PlanSolid, ...]:
    """Return a piece's own solids, or those of its kind."""
    return piece.solids if piece.solids is not None else LIBRARY[piece.kind].solids


def add_piece(solids: Solids, piece: Piece, damage: str = "intact") -> None:
    """Add one piece, fallen over or broken where the damage says so."""
    shapes = shapes_of(piece)
    fall = Fall()
    if damage != "intact":
        fall = topple(piece.id, piece.size or size_of(shapes), damage) if piece.y < 0.3 else fall
        shapes = broken(shapes, piece.id) if damage == "ruined" else shapes
    put(solids, shapes, x=piece.x, y=piece.y + fall.lift, z=piece.z, yaw=math.radians(piece.yaw), size=piece.size,
        colour=piece.colour, pitch=fall.pitch, roll=fall.roll)  # fmt: skip


def add_figure(solids: Solids, plan: SetPlan, figure: PlanFigure, lent: Figure | None = None) -> Mannequin:
    """Add one figure; it sits on the piece under it, or else on a chair of its own."""
    garments, build = figure.garments, figure.build
    if lent is not None and not garments:
        garments, build = lent.garments, lent.build if build == "person" else build
    seat = SEAT if figure.pose == "sit" else None
    if seat is not None and not any(
        math.hypot(piece.x - figure.x, piece.z - figure.z) < NEAR_SEAT for piece in plan.pieces
    ):
        stool = Stage(stable_random("chair", figure.id), solids=solids)
        f.chair(stool, figure.x, figure.z, math.radians(figure.yaw))
    return Mannequin(
        solids, Figure(build, garments, figure.pose), stable_random("figure", figure.id, figure.name), x=figure.x,
        z=figure.z, yaw=math.radians(figure.yaw), floor=figure.y, seat=seat, gaze=gaze_of(plan, figure),
    )  # fmt: skip


def gaze_of(plan: SetPlan, figure: PlanFigure) -> float:
    """Return how far a figure's head is turned against its chest, radians; at most 70 degrees."""
    other = next((known for known in plan.figures if known.id == figure.looks_at), None)
    if other is None:
        return 0.0
    bearing = math.atan2(other.x - figure.x, other.z - figure.z) - math.radians(figure.yaw)
    turned = math.remainder(bearing, 2 * math.pi)
    return min(max(turned, -MOST_GAZE), MOST_GAZE)
