"""Walls, windows, doors, stairs and ceilings of a plan as solids."""

from __future__ import annotations

import math
import random
from collections.abc import Collection
from dataclasses import dataclass

from previs.blockout import furniture as f
from previs.blockout.furniture import Frame
from previs.blockout.geometry import Colour, Solids, SurfaceClass, Texture
from previs.blockout.plan.document import SetPlan
from previs.blockout.plan.floor import Block, along, blocks_of, strips, yaw_of
from previs.blockout.plan.parts import Opening, Stairs, Wall
from previs.blockout.staging import stable_random

PLASTER: Colour = (0.62, 0.6, 0.56)
CEILING: Colour = (0.8, 0.8, 0.78)
GLASS: Colour = (0.52, 0.62, 0.68)
BARS: Colour = (0.30, 0.28, 0.26)
STEPS: Colour = f.dim(f.WOOD, 1.05)
SLAB = 0.2  # metres of a ceiling
BROKEN_CELL = 1.1  # metres between the places where a ruined wall or ceiling breaks


@dataclass(frozen=True)
class Surface:
    """What walls are made of where the plan does not say."""

    colour: Colour = PLASTER
    texture: Texture = Texture.PLAIN
    ceiling: Colour = CEILING


def frame_of(wall: Wall, solids: Solids) -> Frame:
    """Return local axes with the origin at a, x along the wall and z across it."""
    return Frame(solids, wall.a[0], wall.a[1], yaw_of(wall))


def add_wall(solids: Solids, wall: Wall, surface: Surface, *, broken: random.Random | None = None) -> None:
    """Add one wall as boxes around its openings; broken: where it has lost its upper parts."""
    with solids.object(SurfaceClass.ARCHITECTURE):
        here = frame_of(wall, solids)
        for block in blocks_of(wall):
            for part in _jagged(block, wall.height, broken) if broken else [block]:
                here.box(
                    (part.low + part.high) / 2, part.bottom, 0.0, part.high - part.low, part.top - part.bottom,
                    wall.thickness, wall.colour or surface.colour, texture=surface.texture,
                )  # fmt: skip


def _jagged(block: Block, height: float, rng: random.Random) -> list[Block]:
    """Cut a slice of wall into columns of uneven height."""
    count = max(1, round((block.high - block.low) / (BROKEN_CELL * 0.5)))
    step = (block.high - block.low) / count
    found = []
    level = rng.uniform(0.45, 1.0)
    for i in range(count):
        level = min(max(level + rng.uniform(-0.22, 0.22), 0.3), 1.08)
        top = min(block.top, height * level)
        if top - block.bottom > 0.02:
            found.append(Block(block.low + i * step, block.low + (i + 1) * step, block.bottom, top))
    return found


def bars_of(opening: Opening) -> tuple[int, int]:
    """Return how many panes a window has across and up."""
    return max(1, round(opening.width / 0.75)), max(1, round(opening.height / 1.1))


def add_window(solids: Solids, wall: Wall, opening: Opening, *, glazed: bool = True) -> None:
    """Add the frame, the bars and the glass of a window, in the middle of its wall."""
    here = frame_of(wall, solids)
    middle, width, height = opening.at + opening.width / 2, opening.width, opening.height
    across, up = bars_of(opening)
    with solids.object(SurfaceClass.WINDOW):
        if glazed:
            here.box(
                middle, opening.bottom, 0, width, height, 0.012, GLASS, texture=Texture.PANE, shadow=False
            )
        for i in range(across + 1):
            x = opening.at + min(max(i * width / across, 0.025), width - 0.025)
            here.box(x, opening.bottom, 0, 0.05, height, 0.06, BARS, surface=SurfaceClass.ARCHITECTURE)
        for i in range(up + 1):
            y = opening.bottom + min(i * height / up, height - 0.05)
            here.box(middle, y, 0, width, 0.05, 0.06, BARS, surface=SurfaceClass.ARCHITECTURE)


def add_door(solids: Solids, wall: Wall, opening: Opening, *, face: float | None = None) -> None:
    """Hang a closed leaf in a door. face: metres from the wall's middle line, where it shall lie flush."""
    colour = f.DARK_WOOD
    with solids.object(SurfaceClass.ARCHITECTURE):
        here = frame_of(wall, solids)
        middle, across = (
            opening.at + opening.width / 2,
            0.0 if face is None else face - math.copysign(0.02, face),
        )
        here.box(middle, opening.bottom, across, opening.width, opening.height, 0.05, colour)
        for side in (-1, 1):
            if face is not None and side * face < 0:
                continue
            for base, tall in ((0.08, 0.36), (0.52, 0.4)):
                for half in (-1, 1):
                    here.box(
                        middle + half * opening.width * 0.23, opening.bottom + base * opening.height,
                        across + side * 0.028, opening.width * 0.34, tall * opening.height, 0.012,
                        f.dim(colour, 0.8), shadow=False,
                    )  # fmt: skip
            here.ellipsoid(
                middle + opening.width * 0.42, opening.bottom + 0.49 * opening.height, across + side * 0.05,
                0.03, 0.03, 0.03, (0.7, 0.62, 0.35),
            )  # fmt: skip


def add_shell(
    solids: Solids,
    plan: SetPlan,
    surface: Surface,
    *,
    damage: str = "intact",
    skip: Collection[str] = (),
    faces: dict[str, float] | None = None,
) -> None:
    """Add all walls with their windows and doors.

    skip: ids of walls that are not built. faces: of skipped walls, metres from the middle line to the face
    that is seen; their doors are hung there.
    """
    for wall in plan.walls:
        if wall.id in skip:
            if faces and wall.id in faces:
                for opening in wall.openings:
                    if opening.kind == "door":
                        add_door(solids, wall, opening, face=faces[wall.id])
            continue
        rng = stable_random("wreck", wall.id) if damage == "ruined" else None
        add_wall(solids, wall, surface, broken=rng)
        for opening in wall.openings:
            if opening.kind == "window":
                add_window(solids, wall, opening, glazed=damage != "ruined")
            elif opening.kind == "door" and damage != "ruined":
                add_door(solids, wall, opening)


def add_ceiling(solids: Solids, plan: SetPlan, surface: Surface, *, damage: str = "intact") -> None:
    """Close an interior above, a little beyond the outline; a ruined ceiling has lost most of itself."""
    if plan.ceiling is None or not plan.outline:
        return
    rng = stable_random("wreck", "ceiling")
    margin = 0.3
    with solids.object(SurfaceClass.ARCHITECTURE):
        for x0, z0, x1, z1 in strips(plan.outline):
            x0, z0, x1, z1 = x0 - margin, z0 - margin, x1 + margin, z1 + margin
            across, deep = (max(1, round(side / (BROKEN_CELL * 1.6))) for side in (x1 - x0, z1 - z0))
            if damage != "ruined":
                across = deep = 1
            w, d = (x1 - x0) / across, (z1 - z0) / deep
            for i in range(across):
                for j in range(deep):
                    if damage == "ruined" and rng.random() < 0.62:
                        continue
                    solids.box(
                        x0 + (i + 0.5) * w, plan.ceiling, z0 + (j + 0.5) * d, w, SLAB, d, surface.ceiling
                    )


def add_stairs(solids: Solids, flight: Stairs, colour: Colour = STEPS) -> None:
    """Add one flight: each step a box down to the foot of the flight."""
    with solids.object(SurfaceClass.ARCHITECTURE):
        here = Frame(solids, flight.x, flight.z, math.radians(flight.yaw), flight.y)
        rise, run = flight.rise / flight.steps, flight.run / flight.steps
        for i in range(flight.steps):
            here.box(
                0,
                0,
                -(i + 0.5) * run,
                flight.width,
                (i + 1) * rise,
                run,
                f.dim(colour, 1.0 if i % 2 else 0.9),
            )


def openings_to_sky(plan: SetPlan) -> list[tuple[Wall, Opening]]:
    """Return the windows, the largest first."""
    found = [(wall, opening) for wall in plan.walls for opening in wall.openings if opening.kind == "window"]
    return sorted(found, key=lambda pair: -pair[1].width * pair[1].height)


def inward(wall: Wall, opening: Opening, towards: tuple[float, float]) -> tuple[float, float]:
    """Return the unit vector across a wall that points to the side where `towards` lies."""
    x, z = along(wall, opening.at + opening.width / 2)
    px, pz = along(wall, opening.at + opening.width / 2, 1.0)
    nx, nz = px - x, pz - z
    if nx * (towards[0] - x) + nz * (towards[1] - z) < 0:
        return -nx, -nz
    return nx, nz
