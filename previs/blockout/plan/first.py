"""The first plan of a set: what the builder of its place puts up, as walls, pieces, lights and a camera."""

from __future__ import annotations

import copy
import math
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from previs.blockout import rooms
from previs.blockout.camera import aim, choose_view
from previs.blockout.description import Figure, SceneDescription
from previs.blockout.geometry import Array, Column
from previs.blockout.plan import lens
from previs.blockout.plan.document import MOST, SetPlan
from previs.blockout.plan.named import counted_props, named_kinds, with_piece
from previs.blockout.plan.parts import (
    CameraPosition,
    Colour,
    Opening,
    Piece,
    PlanFigure,
    PlanLight,
    Point2,
    Wall,
)
from previs.blockout.plan.shapes import bounds_of, solid_of
from previs.blockout.plan.staged import INDOOR_FALLOFF, OUTDOOR_FALLOFF
from previs.blockout.reader import Reading, read
from previs.blockout.stage import WINDOW_FRAME, Lamp, Stage, Window
from previs.blockout.staging import clear_view, place_people, set_props, stable_random, target_of

THICKNESS = 0.2  # metres of a wall
WIDTH, HEIGHT = 1280, 536  # pixels of the frame that camera A is chosen for
TAKES = 6  # of which the one with the freest view gives camera A
SMALLEST_OPENING = 0.2
FLAT = 0.02  # metres; an object that starts lower stands on the floor


def first_plan(description: SceneDescription) -> SetPlan:
    """Return the set of a description as a plan.

    The room becomes four walls with its windows, every object a piece with its own solids, every lamp a
    light, every person a figure. Camera A stands where the picture of the description is taken from, and
    what would be cleared out of its lens is left out. The damage stays in the description.
    """
    stage = _built(description)
    rows = len(stage.solids.rows)
    camera, kept = _camera(description, stage, rows)
    lights = _lights(stage)
    plan = SetPlan(
        place=description.place,
        interior=stage.room is not None,
        ceiling=None if stage.room is None else round(stage.room[4], 3),
        outline=_outline(stage),
        walls=_walls(stage),
        pieces=_pieces(stage, rows, kept),
        figures=_figures(stage),
        lights=lights,
        cameras=(camera,),
    )
    return SetPlan.from_json(plan.to_json())  # the document's own limits hold for it too


def plan_from_prompt(text: str) -> tuple[SetPlan, Reading]:
    """Return the first plan of a text such as "INT. CANNERY - NIGHT, belt, vats", and what was read in it.

    Kinds of pieces that the text names and the place does not have anyway are put on free floor.
    """
    reading = read(text, domain="scene")
    named = named_kinds(text)
    # A likeness that the reader found for such a kind is not wanted beside the kind itself.
    stand_ins = {reading.mapped.get(spoken) for _, spoken, _ in named}
    wanted = replace(
        reading.description, props=tuple(p for p in reading.description.props if p not in stand_ins)
    )
    plan = first_plan(wanted)
    used, ignored = list(reading.used), list(reading.ignored)
    mapped = {
        said: drawn for said, drawn in reading.mapped.items() if said not in {word for _, word, _ in named}
    }
    for kind, spoken, count in named:
        if kind not in {piece.kind for piece in plan.pieces}:
            for _ in range(count):
                plan = with_piece(plan, kind)
        if spoken not in used:
            used.append(spoken)
        ignored = [word for word in ignored if word.lower() not in spoken.lower().split()]
    for kind, count in counted_props(text):
        if kind in reading.description.props:  # where the text denies one, none is read
            for _ in range(count - sum(piece.kind == kind for piece in plan.pieces)):
                plan = with_piece(plan, kind)
    return plan, Reading(wanted, used, mapped, ignored)


def _built(description: SceneDescription) -> Stage:
    """Build the place and set the props down, as the picture of the description does."""
    stage = Stage(stable_random("set", description.place, description.stage_key))
    rooms.BUILDERS[description.place](stage)
    stage.rng = stable_random("props", description.place, description.stage_key)
    set_props(description, stage)
    return stage


@dataclass(frozen=True)
class _Try:
    camera: Array
    marks: list[tuple[Figure, float, float, float]]
    gone: frozenset[int]


def _camera(description: SceneDescription, stage: Stage, rows: int) -> tuple[CameraPosition, frozenset[int]]:
    """Choose camera A: of a few takes the one that fewest objects stand in the way of.

    Returns it and the numbers of the objects that are kept. The people of that take stay in `stage.marks`.
    """
    everything = frozenset(int(row[Column.OBJECT]) for row in stage.solids.rows[:rows])
    best: _Try | None = None
    for number in range(TAKES):
        trial = copy.copy(stage)
        trial.solids, trial.marks = copy.copy(stage.solids), []
        trial.solids.rows = list(stage.solids.rows)
        take = stable_random("take", number)
        view = choose_view(description, trial, take, WIDTH, HEIGHT)
        heads = place_people(description, trial, view, take)
        target = target_of(description, trial, view, heads, None, take)
        row = aim(description, trial, view, target, take, HEIGHT / WIDTH)
        if description.lens_mm is None:
            row[12:] *= _widening(float(row[12]))
        table = trial.solids.table()[:rows]
        left = clear_view(table, rows, row, target, description.shot_size)
        gone = everything - {int(number) for number in left[:, Column.OBJECT]}
        if best is None or len(gone) < len(best.gone):
            best = _Try(row, list(trial.marks), gone)
        if not best.gone:
            break
    assert best is not None
    stage.marks = best.marks
    return _position(best.camera), everything - best.gone


def _widening(wide: float) -> float:
    """How many times as wide as the tangent `wide` the next lens that can be rented sees."""
    return lens.tangents("super35", lens.carried(lens.focal_for("super35", wide)))[0] / wide


def _position(row: Array) -> CameraPosition:
    """Return camera A for a camera row of the kernels."""
    x, y, z = (round(float(value), 3) for value in row[:3])
    forward, right = row[9:12], row[3:6]
    pan, tilt = math.atan2(-forward[0], -forward[2]), math.asin(max(-1.0, min(1.0, float(forward[1]))))
    level = np.array([math.cos(pan), 0.0, -math.sin(pan)])
    up = np.cross(level, forward)
    roll = math.atan2(float(right @ up), float(right @ level))
    focal = round(lens.focal_for("super35", float(row[12])), 1)
    return CameraPosition("A", x, y, z, _degrees(pan), _degrees(tilt), _degrees(roll), "super35", focal)


def _degrees(angle: float) -> float:
    return round(math.degrees(angle), 2) + 0.0


def _outline(stage: Stage) -> tuple[Point2, ...]:
    if stage.room is None:
        return ()
    x0, _, z0, x1, _, z1 = (round(value, 3) for value in stage.room)
    return (x0, z0), (x1, z0), (x1, z1), (x0, z1)


def _walls(stage: Stage) -> tuple[Wall, ...]:
    """Return the four walls whose inner faces are those of the room."""
    if stage.room is None:
        return ()
    x0, _, z0, x1, height, z1 = (round(value, 3) for value in stage.room)
    out = THICKNESS / 2
    red, green, blue = (round(channel, 3) for channel in stage.wall)
    colour: Colour = (red, green, blue)
    back, front, left, right = z0 - out, z1 + out, x0 - out, x1 + out
    sides: tuple[tuple[str, Point2, Point2, int, float, float], ...] = (
        ("back", (left, back), (right, back), 2, z0, left),
        ("right", (right, back), (right, front), 0, x1, back),
        ("front", (left, front), (right, front), 2, z1, left),
        ("left", (left, back), (left, front), 0, x0, back),
    )
    return tuple(
        Wall(
            name,
            a,
            b,
            height,
            THICKNESS,
            colour,
            _openings(stage, axis, plane, start, math.dist(a, b), height),
        )
        for name, a, b, axis, plane, start in sides
    )


def _openings(
    stage: Stage, axis: int, plane: float, start: float, length: float, height: float
) -> tuple[Opening, ...]:
    """Return a wall's windows, cut to what fits inside the room and beside each other."""
    found: list[Opening] = []
    reached = THICKNESS
    own = [w for w in stage.windows if w.axis == axis and abs(w.plane - plane) < 0.01]
    for window in sorted(own, key=lambda w: w.low):
        low = max(window.low - WINDOW_FRAME - start, reached)
        high = min(window.high + WINDOW_FRAME - start, length - THICKNESS)
        bottom, top = _heights(window, height)
        if high - low < SMALLEST_OPENING or top - bottom < SMALLEST_OPENING:
            continue
        found.append(
            Opening(f"o{len(found) + 1}", "window", round(low, 3), round(high - low, 3), round(bottom, 3),
                    round(top - bottom, 3))
        )  # fmt: skip
        reached = high + 0.01
    return tuple(found)


def _heights(window: Window, height: float) -> tuple[float, float]:
    return max(window.bottom - WINDOW_FRAME, 0.0), min(window.top + WINDOW_FRAME, height - 0.02)


def _pieces(stage: Stage, rows: int, kept: frozenset[int]) -> tuple[Piece, ...]:
    """Return one piece for each object that is kept."""
    groups: dict[int, list[tuple[float, ...]]] = {}
    for row in stage.solids.rows[:rows]:
        number = int(row[Column.OBJECT])
        if number in kept:
            groups.setdefault(number, []).append(row)
    counts: Counter[str] = Counter()
    found: list[Piece] = []
    for number, group in groups.items():
        name = stage.solids.names.get(number, "piece")
        counts[name] += 1
        found.append(_piece(f"p{len(found) + 1}", name, counts[name], group))
    return tuple(found[: MOST["pieces"]])


def _piece(key: str, name: str, count: int, group: list[tuple[float, ...]]) -> Piece:
    """Return one object as a piece that stands on the middle of its footprint, turned as its first box is."""
    yaw = _yaw(group[0])
    low, high = bounds_of(solid_of(row, 0.0, 0.0, yaw) for row in group)
    middle, deep = (low[0] + high[0]) / 2, (low[2] + high[2]) / 2
    x = math.cos(yaw) * middle + math.sin(yaw) * deep
    z = -math.sin(yaw) * middle + math.cos(yaw) * deep
    x, z = round(x, 3), round(z, 3)
    base = round(low[1], 3) if low[1] > FLAT else 0.0
    solids = [solid_of(row, x, z, yaw) for row in group]
    if base:
        solids = [replace(s, centre=(s.centre[0], round(s.centre[1] - base, 4), s.centre[2])) for s in solids]
    title = name.capitalize() + (f" {count}" if count > 1 else "")
    return Piece(key, name, title, x, base, z, round(math.degrees(yaw), 3) + 0.0, solids=tuple(solids))


def _yaw(row: tuple[float, ...]) -> float:
    """Return the turn about y of a solid, radians; 0 if it is turned otherwise too, or round."""
    solid = solid_of(row)
    if solid.turn is None or solid.shape != "box" or abs(solid.turn[4] - 1.0) > 1e-4:
        return 0.0
    return round(math.radians(round(math.degrees(math.atan2(solid.turn[2], solid.turn[0])), 3)), 8)


def _figures(stage: Stage) -> tuple[PlanFigure, ...]:
    names: Counter[str] = Counter()
    found: list[PlanFigure] = []
    for index, (figure, x, z, yaw) in enumerate(stage.marks, 1):
        names[figure.build] += 1
        found.append(
            PlanFigure(
                f"f{index}", f"{figure.build} {names[figure.build]}".upper(), round(x, 2), round(z, 2),
                round(stage.floor_height, 2), round(math.degrees(math.remainder(yaw, 2 * math.pi)), 1), figure.pose,
                figure.build, figure.garments,
            )
        )  # fmt: skip
    return tuple(found)


def _lights(stage: Stage) -> tuple[PlanLight, ...]:
    return tuple(
        _light(f"l{i}", lamp, stage.room is not None)
        for i, lamp in enumerate(stage.lamps[: MOST["lights"]], 1)
    )


def _light(key: str, lamp: Lamp, inside: bool) -> PlanLight:
    """Return a lamp as a light of the plan, as bright as it was a few metres away.

    A plan's lights all fall off alike; the power makes up for the difference.
    """
    away = 2.5 if inside else 5.0
    falloff = INDOOR_FALLOFF if inside else OUTDOOR_FALLOFF
    strongest = max(*lamp.colour, 1e-3)
    power = strongest * (1 + falloff * away**2) / (1 + lamp.falloff * away**2)
    red, green, blue = (round(min(1.0, channel / strongest), 3) for channel in lamp.colour)
    return PlanLight(key, "lamp", round(lamp.x, 3), round(lamp.y, 3), round(lamp.z, 3), round(power, 2), (red, green, blue))  # fmt: skip
