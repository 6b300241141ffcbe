"""Extras and traffic as numbers: a crowd and vehicles that find their own places on the free floor."""

from __future__ import annotations

import math
import random

import numpy as np
import numpy.typing as npt

from previs.blockout.description import MOST_CROWD
from previs.blockout.geometry import Array, Colour, Column, Solid, Solids, SurfaceClass, Texture, rotation
from previs.blockout.mannequin import HAIRS, PLAIN_BOTTOMS, PLAIN_TOPS, SKINS
from previs.blockout.outdoors import PAINTS
from previs.blockout.plan.document import SetPlan
from previs.blockout.plan.floor import action_of, contains, distance, ground_of
from previs.blockout.plan.piecebook import LIBRARY
from previs.blockout.plan.shapes import put
from previs.blockout.staging import stable_random
from previs.blockout.words import COLOURS

SPACING = (0.62, 0.48, 0.38)  # metres between the middles of two extras; closer only when the floor is full
TRIES = 40  # candidates drawn for each extra
LANE = 2.9  # metres
FROM_LENS = 1.6  # metres around each camera that stay empty
SIGHT = 3.5  # metres before a camera, within 20 degrees of its axis, that stay empty too
FLEET = ("car",) * 14 + ("truck",) * 3 + ("bus",)
FARTHEST = 26.0  # metres from the action that traffic reaches on open ground

Spot = tuple[float, float]


def obstacles(table: Array) -> Array:
    """Return the rectangles (n, 4) x0, z0, x1, z1 of everything a person would walk into.

    table: rows of the solids table, (n, COLUMNS). What lies flat on the floor or hangs above heads is left out.
    """
    if not len(table):
        return np.empty((0, 4))
    half = table[:, Column.SCALE : Column.SCALE + 3].copy()
    cones = table[:, Column.SHAPE] == Solid.CONE
    widest = np.maximum(1.0, table[:, Column.TAPER])
    half[cones, 0] *= widest[cones]
    half[cones, 2] *= widest[cones]
    inverse = table[:, Column.INVERSE : Column.INVERSE + 9].reshape(-1, 3, 3)
    axes = np.abs(inverse) * table[:, Column.SCALE : Column.SCALE + 3][:, :, None]
    reach = np.einsum("nki,nk->ni", axes, half)
    centre = table[:, 1:4]
    in_the_way = (
        (centre[:, 1] + reach[:, 1] > 0.2)
        & (centre[:, 1] - reach[:, 1] < 1.8)
        & (table[:, Column.CLASS] != SurfaceClass.GROUND)
    )
    low, high = (centre - reach)[in_the_way], (centre + reach)[in_the_way]
    return np.column_stack([low[:, 0], low[:, 2], high[:, 0], high[:, 2]])


def _free(spots: Array, blocked: Array, margin: Spot) -> npt.NDArray[np.bool_]:
    """Say for each of (n, 2) spots whether nothing blocks a rectangle of half sizes `margin` around it."""
    if not len(blocked):
        return np.ones(len(spots), dtype=bool)
    x, z = spots[:, :1], spots[:, 1:]
    hit = (
        (x > blocked[:, 0] - margin[0])
        & (x < blocked[:, 2] + margin[0])
        & (z > blocked[:, 1] - margin[1])
        & (z < blocked[:, 3] + margin[1])
    )
    clear: npt.NDArray[np.bool_] = ~np.any(hit, axis=1)
    return clear


def _in_the_lens(plan: SetPlan, x: float, z: float) -> bool:
    for camera in plan.cameras:
        dx, dz = x - camera.x, z - camera.z
        away = math.hypot(dx, dz)
        pan = math.radians(camera.pan)
        ahead = -math.sin(pan) * dx - math.cos(pan) * dz
        if away < FROM_LENS or (away < SIGHT and ahead > away * 0.94):
            return True
    return False


def crowd_spots(plan: SetPlan, table: Array, count: int, seed: int) -> list[Spot]:
    """Return where `count` extras stand; fewer where the floor has no more room.

    A larger crowd of the same seed keeps the places of the smaller one.
    """
    rng = stable_random("crowd", plan.place, seed)
    ground, (ax, az) = ground_of(plan), action_of(plan)
    xs, zs = [p[0] for p in ground], [p[1] for p in ground]
    box = (min(xs), max(xs), min(zs), max(zs))
    if not plan.outline:
        box = (min(box[0], ax - 13), max(box[1], ax + 13), min(box[2], az - 16), max(box[3], az + 9))
    drawn = [
        (rng.uniform(box[0], box[1]), rng.uniform(box[2], box[3])) for _ in range(TRIES * MOST_CROWD // 4)
    ]
    spots = np.array(drawn)
    blocked = obstacles(table)
    usable = _free(spots, blocked, (0.26, 0.26))
    people = [(f.x, f.z) for f in plan.figures]
    kept: list[Spot] = []
    for gap in SPACING:
        cells: dict[tuple[int, int], list[Spot]] = {}
        for spot in (*kept, *people):
            cells.setdefault((math.floor(spot[0]), math.floor(spot[1])), []).append(spot)
        for (x, z), free in zip(drawn, usable, strict=True):
            if len(kept) >= count:
                return kept
            if not free or not _has_room(cells, x, z, gap) or _in_the_lens(plan, x, z):
                continue
            if plan.outline and (not contains(ground, x, z) or distance(ground, x, z) < 0.3):
                continue
            kept.append((x, z))
            cells.setdefault((math.floor(x), math.floor(z)), []).append((x, z))
    return kept


def free_spot(plan: SetPlan, table: Array, margin: Spot) -> Spot:
    """Return the free place nearest to the action for something of half sizes `margin`, out of every lens.

    Where nothing is free, a place beside the action.
    """
    ax, az = action_of(plan)
    ground = ground_of(plan)
    blocked = obstacles(table)
    rings = [
        (ax + reach * math.sin(angle * math.pi / 12), az - reach * math.cos(angle * math.pi / 12))
        for reach in np.arange(1.0, 14.0, 0.5).tolist()
        for angle in range(24)
    ]
    free = _free(np.array(rings), blocked, (margin[0] + 0.2, margin[1] + 0.2))
    for (x, z), clear in zip(rings, free, strict=True):
        if not clear or _in_the_lens(plan, x, z):
            continue
        if plan.outline and (not contains(ground, x, z) or distance(ground, x, z) < max(margin) + 0.1):
            continue
        return x, z
    return ax + 1.2, az


def _has_room(cells: dict[tuple[int, int], list[Spot]], x: float, z: float, gap: float) -> bool:
    column, row = math.floor(x), math.floor(z)
    for i in (-1, 0, 1):
        for j in (-1, 0, 1):
            for ox, oz in cells.get((column + i, row + j), ()):
                if (ox - x) ** 2 + (oz - z) ** 2 < gap * gap:
                    return False
    return True


def add_crowd(solids: Solids, plan: SetPlan, count: int, seed: int) -> int:
    """Put extras on the free floor and return how many found room."""
    spots = crowd_spots(plan, solids.table(), count, seed)
    rng = stable_random("extras", plan.place, seed)
    ax, az = action_of(plan)
    for x, z in spots:
        towards = math.atan2(ax - x, az - z)
        yaw = towards + rng.uniform(-0.8, 0.8) if rng.random() < 0.6 else rng.uniform(-math.pi, math.pi)
        _extra(solids, x, z, yaw, rng)
    return len(spots)


def _extra(solids: Solids, x: float, z: float, yaw: float, rng: random.Random) -> None:
    """Add one extra of eight solids, as tall as people are."""
    k = rng.uniform(0.93, 1.06)
    top, bottom = COLOURS[rng.choice(PLAIN_TOPS)], COLOURS[rng.choice(PLAIN_BOTTOMS)]
    skin, hair = rng.choice(SKINS), rng.choice(HAIRS)
    long = rng.random() < 0.4
    turn = rotation(yaw, 0.0, 0.0)
    cos, sin = math.cos(yaw), math.sin(yaw)

    def shape(shape: Solid, at: tuple[float, float, float], half: tuple[float, float, float], tone: Colour,
              taper: float = 1.0, surface: SurfaceClass | None = None) -> None:  # fmt: skip
        dx, dy, dz = at[0] * k, at[1] * k, at[2] * k
        solids.add(shape, (x + cos * dx + sin * dz, dy, z - sin * dx + cos * dz), [h * k for h in half], tone, turn=turn,
                   taper=taper, texture=Texture.FIGURE, surface=surface)  # fmt: skip

    with solids.object(SurfaceClass.GARMENT):
        for side in (-1, 1):
            shape(Solid.CONE, (side * 0.09, 0.45, 0.03 * side), (0.062, 0.45, 0.07), bottom, 1.25)
            shape(Solid.CONE, (side * 0.225, 1.12, 0.03), (0.042, 0.28, 0.05), top, 1.25)
        low = 0.62 if long else 0.84
        shape(
            Solid.CONE, (0, (low + 1.4) / 2, 0), (0.19 if long else 0.15, (1.4 - low) / 2, 0.115), top, 1.12
        )
        shape(Solid.ELLIPSOID, (0, 1.385, 0), (0.21, 0.085, 0.11), top)
        shape(Solid.ELLIPSOID, (0, 1.59, 0.015), (0.085, 0.125, 0.1), skin, surface=SurfaceClass.FIGURE)
        shape(Solid.ELLIPSOID, (0, 1.635, -0.02), (0.092, 0.1, 0.1), hair, surface=SurfaceClass.FIGURE)


def add_vehicles(solids: Solids, plan: SetPlan, count: int, seed: int) -> int:
    """Put vehicles in lanes along the longer side of the ground and return how many found room."""
    rng = stable_random("traffic", plan.place, seed)
    ax, az = action_of(plan)
    if plan.outline:
        xs, zs = [p[0] for p in plan.outline], [p[1] for p in plan.outline]
        box = (min(xs), max(xs), min(zs), max(zs))
    else:
        box = (ax - FARTHEST * 0.6, ax + FARTHEST * 0.6, az - FARTHEST * 1.6, az + FARTHEST * 0.4)
    lengthwise = box[3] - box[2] >= box[1] - box[0]
    middle = (box[0] + box[1]) / 2 if lengthwise else (box[2] + box[3]) / 2
    half_width = ((box[1] - box[0]) if lengthwise else (box[3] - box[2])) / 2
    blocked = obstacles(solids.table())
    placed = 0
    lanes = max(1, int(half_width / LANE))
    for attempt in range(count * TRIES):
        if placed >= count:
            break
        kind = rng.choice(FLEET)
        width, _, length = LIBRARY[kind].size
        side = rng.choice((-1, 1))
        lane = min(lanes - 1, int(rng.random() * (1 + attempt * lanes // max(1, count * 4))))
        aside = middle + side * (LANE * (lane + 0.5) + rng.uniform(-0.15, 0.15))
        low, high = (box[2], box[3]) if lengthwise else (box[0], box[1])
        ahead = rng.uniform(low + length / 2, max(high - length / 2, low + length / 2))
        x, z = (aside, ahead) if lengthwise else (ahead, aside)
        yaw = (math.pi if side > 0 else 0.0) if lengthwise else (math.pi / 2) * side
        margin = (width / 2 + 0.2, length / 2 + 0.5) if lengthwise else (length / 2 + 0.5, width / 2 + 0.2)
        paint = rng.choice(PAINTS) if kind == "car" else None
        if not _free(np.array([[x, z]]), blocked, margin)[0] or _in_the_lens(plan, x, z):
            continue
        if any(abs(f.x - x) < margin[0] + 0.3 and abs(f.z - z) < margin[1] + 0.3 for f in plan.figures):
            continue
        put(solids, LIBRARY[kind].solids, x=x, y=0.0, z=z, yaw=yaw, colour=paint)
        blocked = np.vstack([blocked, [x - margin[0], z - margin[1], x + margin[0], z + margin[1]]])
        placed += 1
    return placed
