"""What damage does to a plan: rubble, fallen beams, toppled furniture and houses without their upper floors.

Everything is drawn by the ids of what is hit, never by the take, so that two cameras see one ruin.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from previs.blockout.geometry import Colour, Solid, Solids, SurfaceClass
from previs.blockout.plan.document import SetPlan
from previs.blockout.plan.floor import action_of, area, contains, ground_of
from previs.blockout.plan.parts import PlanSolid, Vector
from previs.blockout.staging import stable_random

STONES: Colour = (0.48, 0.44, 0.40)
BEAMS: Colour = (0.28, 0.20, 0.15)
CLEAR = 0.6  # metres around figures and cameras where nothing large falls
WIDEST = 9.0  # metres around the action that are strewn on open ground
HEAVY = 1.2  # metres of half height from which a box of a building breaks
SMALLEST_FALL = 0.2  # metres of height below which nothing topples


@dataclass(frozen=True)
class Fall:
    """How a toppled piece lies: radians, and metres that it is lifted so as not to sink into the floor."""

    roll: float = 0.0
    pitch: float = 0.0
    lift: float = 0.0


def topple(key: str, size: Vector, damage: str) -> Fall:
    """Return how a loose piece of a size lies after the damage; most still stand."""
    rng = stable_random("topple", key)
    chance = {"damaged": 0.07, "ruined": 0.36}.get(damage, 0.0)
    width, height, depth = size
    if rng.random() >= chance or not SMALLEST_FALL < height < 2.7 or max(width, depth) > 3.0:
        return Fall()
    angle = rng.choice((-1, 1)) * rng.uniform(1.2, 1.6)
    if rng.random() < 0.5:
        return Fall(roll=angle, lift=width / 2 * abs(math.sin(angle)) - min(0.0, height * math.cos(angle)))
    return Fall(pitch=angle, lift=depth / 2 * abs(math.sin(angle)) - min(0.0, height * math.cos(angle)))


def broken(solids: Sequence[PlanSolid], key: str) -> tuple[PlanSolid, ...]:
    """Return a building whose large boxes end in jagged stumps and whose roof is gone."""
    heavy = [solid for solid in solids if _is_heavy(solid)]
    if not heavy:
        return tuple(solids)
    rng = stable_random("broken", key)
    kept: list[PlanSolid] = []
    reach = 0.0
    for solid in heavy:
        parts = _stumps(solid, rng)
        reach = max(reach, *(part.centre[1] - part.half[1] for part in parts))
        kept += parts
    return (*kept, *(s for s in solids if not _is_heavy(s) and s.centre[1] < reach))


def _is_heavy(solid: PlanSolid) -> bool:
    return (
        solid.shape == "box"
        and solid.class_ == SurfaceClass.ARCHITECTURE
        and solid.half[1] > HEAVY
        and max(solid.half[0], solid.half[2]) > HEAVY
        and (solid.turn is None or abs(solid.turn[4]) > 0.999)
    )


def _stumps(solid: PlanSolid, rng: random.Random) -> list[PlanSolid]:
    """Cut an upright box into a block and, above it, a ring of columns of uneven height."""
    hx, hy, hz = solid.half
    base = rng.uniform(0.3, 0.5)
    across, deep = (max(1, min(6, round(half / 0.9))) for half in (hx, hz))
    turn = solid.turn or (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)

    def part(dx: float, dz: float, w: float, d: float, low: float, high: float) -> PlanSolid:
        x = solid.centre[0] + turn[0] * dx + turn[2] * dz
        z = solid.centre[2] + turn[6] * dx + turn[8] * dz
        y = solid.centre[1] + hy * (low + high - 1)
        return PlanSolid(
            "box", (x, y, z), (w, hy * (high - low), d), solid.turn, solid.colour, class_=solid.class_,
            texture=solid.texture, glow=solid.glow, lamp=solid.lamp,
        )  # fmt: skip

    found = [part(0, 0, hx, hz, 0.0, base)]
    for i in range(across):
        for j in range(deep):
            rim = i in (0, across - 1) or j in (0, deep - 1)
            top = base + (1 - base) * (rng.uniform(0.05, 0.75) if rim else rng.uniform(-0.5, 0.2))
            if top > base:
                found.append(part(hx * (2 * i + 1 - across) / across, hz * (2 * j + 1 - deep) / deep,
                                  hx / across, hz / deep, base, top))  # fmt: skip
    return found


def strew(table: Solids, plan: SetPlan, damage: str) -> None:
    """Strew stones and beams over the floor, clear of figures and cameras."""
    rng = stable_random("rubble", plan.place)
    ground, (ax, az) = ground_of(plan), action_of(plan)
    size = min(abs(area(ground)), math.pi * WIDEST**2)
    stones = int(
        min(max(size * (0.35 if damage == "damaged" else 1.0), 12), 60 if damage == "damaged" else 170)
    )
    xs, zs = [p[0] for p in ground], [p[1] for p in ground]
    x0, x1 = max(min(xs), ax - WIDEST), min(max(xs), ax + WIDEST)
    z0, z1 = max(min(zs), az - WIDEST), min(max(zs), az + WIDEST)
    keep = [(f.x, f.z) for f in plan.figures] + [(c.x, c.z) for c in plan.cameras]

    def spot(reach: float) -> tuple[float, float] | None:
        for _ in range(12):
            x, z = rng.uniform(x0, x1), rng.uniform(z0, z1)
            if contains(ground, x, z) and all(math.hypot(x - kx, z - kz) > CLEAR + reach for kx, kz in keep):
                return x, z
        return None

    with table.object(SurfaceClass.PROP):
        for _ in range(stones):
            stone = rng.uniform(0.08, 0.28 if damage == "damaged" else 0.5)
            tone = 1.0 + rng.uniform(-0.16, 0.16)
            where = spot(stone)
            if where is None:
                continue
            table.add(
                Solid.BOX, (where[0], stone * 0.25, where[1]),
                (stone * rng.uniform(0.4, 1.2), stone * 0.4, stone * rng.uniform(0.4, 1.0)),
                (STONES[0] * tone, STONES[1] * tone, STONES[2] * tone), yaw=rng.uniform(0, 3),
                pitch=rng.uniform(-0.5, 0.5), roll=rng.uniform(-0.5, 0.5),
            )  # fmt: skip
    with table.object(SurfaceClass.ARCHITECTURE):
        for index in range(2 if damage == "damaged" else 6):
            where = spot(1.2)
            if where is None:
                continue
            table.add(
                Solid.BOX, (where[0], rng.uniform(0.6, 1.1), where[1]), (0.09, rng.uniform(1.1, 2.0), 0.12), BEAMS,
                yaw=rng.uniform(0, 3), roll=(-1 if index % 2 else 1) * rng.uniform(0.5, 1.1),
            )  # fmt: skip
