"""Exteriors of towns: streets, yards, stations, harbours, graveyards."""

from __future__ import annotations

import math

from previs.blockout import furniture as f
from previs.blockout import outdoors as o
from previs.blockout.geometry import SurfaceClass, Texture
from previs.blockout.rooms import builder
from previs.blockout.stage import Stage


def _houses_along(
    stage: Stage, *, half: float, low: float, high: float, first: float = 9.0, last: float = -50.0
) -> None:
    """Build both sides of a street whose house fronts stand at x = -half and half."""
    rng = stage.rng
    for side in (-1, 1):
        z = first
        while z > last:
            w, h = rng.uniform(6, 11), rng.uniform(low, high)
            tone = stage.vary(rng.choice(o.HOUSES))
            o.house(stage, side * (half + 4), z - w / 2, 8, h, w - 0.1, tone)
            f.door(stage, side * (half - 0.02), z - w / 2, -side * math.pi / 2, w=1.1, h=2.3)
            if rng.random() < 0.45:
                o.awning(stage, side * half, z - w * 0.22, w * 0.4, yaw=-side * math.pi / 2)
            z -= w


@builder("street")
def street(stage: Stage) -> None:
    """A city street with pavements, lamps and parked cars."""
    rng = stage.rng
    stage.ground, stage.ground_texture = (0.28, 0.28, 0.29), Texture.ROAD
    with stage.solids.object(SurfaceClass.GROUND, "pavements"):
        for side in (-1, 1):
            stage.solids.box(
                side * 5.4, 0, -8, 3, 0.15, 90, (0.48, 0.47, 0.45), shadow=False, texture=Texture.SLABS
            )
    _houses_along(stage, half=6.9, low=6, high=18)
    for i in range(4):
        for side in (-1, 1):
            o.street_lamp(
                stage, side * 4.3, 3 - i * 9 - (4 if side > 0 else 0), side, lit=len(stage.lamps) < 5
            )
    for _ in range(rng.randint(2, 4)):
        side = rng.choice((-1, 1))
        o.car(stage, side * 3.1, rng.uniform(-16, -2), 0 if side > 0 else math.pi)
    stage.action, stage.reach, stage.swing, stage.spread, stage.tall = (0.0, 0.0), 13.0, 0.28, 2.2, 0.8
    stage.spots = [(-2.4, 0.6), (2.4, -0.6), (1.6, 1.6)]


@builder("alley")
def alley(stage: Stage) -> None:
    """A narrow lane between brick walls: fire stairs, bins, one lamp."""
    rng = stage.rng
    stage.ground, stage.ground_texture = (0.25, 0.25, 0.25), Texture.SLABS
    for side in (-1, 1):
        with stage.solids.object(SurfaceClass.ARCHITECTURE, "brick wall"):
            stage.solids.box(
                side * 4.0,
                0,
                -11,
                4,
                rng.uniform(9, 13),
                44,
                stage.vary((0.42, 0.27, 0.21) if side < 0 else (0.40, 0.36, 0.33)),
                texture=Texture.BRICK,
            )
        for i in range(5):
            z = 5 - i * 5.5
            with stage.solids.object(SurfaceClass.WINDOW, "lit window"):
                stage.solids.box(
                    side * 1.98,
                    3.4,
                    z,
                    0.06,
                    1.5,
                    1.1,
                    (0.85, 0.62, 0.3) if rng.random() < 0.4 else (0.2, 0.24, 0.28),
                    glow=0.8,
                    lamp=True,
                    shadow=False,
                )
    with stage.solids.object(SurfaceClass.ARCHITECTURE, "fire stairs"):
        for y in (3.0, 6.0):
            stage.solids.box(-1.5, y, -5, 0.9, 0.06, 3.2, f.IRON)
            stage.solids.box(-1.08, y + 0.9, -5, 0.04, 0.05, 3.2, f.IRON)
            for i in range(5):
                stage.solids.limb(
                    (-1.08, y, -6.5 + i * 0.75),
                    (-1.08, y + 0.9, -6.5 + i * 0.75),
                    0.02,
                    0.02,
                    f.IRON,
                    shadow=False,
                )
        stage.solids.box(0, 0, -32, 8, 9, 1, (0.36, 0.33, 0.31), texture=Texture.FACADE)
    f.door(stage, 1.97, -3.5, -math.pi / 2, colour=(0.2, 0.24, 0.2))
    with stage.solids.object(SurfaceClass.PROP, "bin"):
        stage.solids.box(1.45, 0, -6.6, 0.9, 1.1, 1.8, (0.16, 0.28, 0.2))
        stage.solids.box(1.45, 1.1, -6.6, 0.95, 0.08, 1.85, f.IRON)
    for i in range(3):
        f.crate(stage, -1.5, -0.6 - i * 0.7, rng.uniform(-0.3, 0.3), w=0.6, h=0.45, d=0.5)
    f.barrel(stage, -1.4, 2.0, colour=(0.3, 0.32, 0.33))
    with stage.solids.object(SurfaceClass.PROP, "bulb"):
        stage.solids.ellipsoid(1.75, 2.9, -3.5, 0.13, 0.13, 0.13, f.BULB, glow=1.0, lamp=True, shadow=False)
    stage.lamp(1.6, 2.8, -3.4, (1.0, 0.72, 0.38), 2.3, falloff=0.12)
    stage.lamp(-1.2, 5, -14, (1.0, 0.72, 0.38), 1.6, falloff=0.07, shadows=False)
    stage.reach, stage.swing, stage.spread, stage.sky_share = 8.0, 0.12, 0.8, 0.7
    stage.spots, stage.tall = [(0.9, 1.2), (-0.7, -2.2)], 0.6


@builder("square")
def square(stage: Stage) -> None:
    """A village square: gabled houses, a fountain, benches, trees."""
    rng = stage.rng
    stage.ground, stage.ground_texture = (0.45, 0.43, 0.40), Texture.SLABS
    for i in range(5):
        o.house(
            stage,
            -18 + i * 9,
            -20,
            8.5,
            rng.uniform(4.5, 7.5),
            8,
            stage.vary(rng.choice(o.HOUSES)),
            gable=True,
        )
    for side in (-1, 1):
        for i in range(2):
            o.house(
                stage,
                side * 15,
                -10 + i * 10,
                8,
                rng.uniform(4.5, 7),
                9,
                stage.vary(rng.choice(o.HOUSES)),
                gable=True,
                yaw=-side * math.pi / 2,
            )
    fountain(stage, 0.5, -6.5)
    for x in (-4.5, 4.5):
        f.bench(stage, x, -5, -math.copysign(0.5, x))
        o.leafy_tree(stage, x * 1.5, -9, 5.5)
        o.street_lamp(stage, x * 1.1, -2.5, 1 if x > 0 else -1)
    stage.reach, stage.spread, stage.spots, stage.swing = 12.0, 2.4, [(-2.2, -1.0), (2.0, -1.4)], 0.35


def fountain(stage: Stage, x: float, z: float) -> None:
    """Add a round basin with a column."""
    stone = (0.55, 0.53, 0.49)
    with stage.solids.object(SurfaceClass.PROP, "fountain"):
        stage.solids.cylinder(x, 0, z, 1.7, 0.5, stone)
        stage.solids.cylinder(
            x, 0.45, z, 1.5, 0.08, (0.25, 0.42, 0.50), shadow=False, surface=SurfaceClass.WATER
        )
        stage.solids.cylinder(x, 0.4, z, 0.25, 1.3, stone, taper=0.7)
        stage.solids.cylinder(x, 1.6, z, 0.35, 0.18, stone, taper=1.9)
        stage.solids.ellipsoid(x, 2.0, z, 0.16, 0.3, 0.16, stone)


@builder("yard")
def yard(stage: Stage) -> None:
    """The yard of a works: brick hall, chimney, truck, crates, a lamp."""
    stage.ground, stage.ground_texture = (0.33, 0.31, 0.29), Texture.EARTH
    with stage.solids.object(SurfaceClass.ARCHITECTURE, "works hall"):
        stage.solids.box(-5, 0, -13, 14, 6.5, 9, stage.vary((0.42, 0.26, 0.2)), texture=Texture.BRICK)
        stage.solids.box(-5, 6.5, -13, 14.4, 0.3, 9.4, (0.2, 0.18, 0.18))
        stage.solids.cylinder(-10, 6.5, -14, 0.7, 6, (0.40, 0.24, 0.18), taper=0.8)
        stage.solids.box(-2, 0, -8.45, 3, 3.4, 0.1, (0.2, 0.24, 0.25))
        for i in range(3):
            stage.solids.box(
                -10.4 + i * 2.6,
                3.2,
                -8.47,
                1.6,
                2.0,
                0.1,
                (0.85, 0.62, 0.32),
                glow=0.8,
                lamp=True,
                shadow=False,
                surface=SurfaceClass.WINDOW,
            )
    o.house(stage, 10, -15, 9, 5.5, 8, stage.vary(o.HOUSES[3]))
    o.truck(stage, 3.2, -5.4, 0.5)
    for i, (x, z) in enumerate(((-5.0, -5.4), (-5.7, -5.2), (-5.2, -4.6), (-4.2, -5.9))):
        for row in range(1 + i % 3):
            f.crate(stage, x, z, 0.2 * i, y=row * 0.42, w=0.7, h=0.4, d=0.5)
    f.barrel(stage, 5.4, -3.2)
    o.street_lamp(stage, 5.0, -7, 1)
    stage.lamp(-2, 4.1, -7.9, (1.0, 0.75, 0.42), 1.9, falloff=0.06, shadows=False)
    stage.reach, stage.spread, stage.spots = 10.0, 2.2, [(-2.4, -1.0), (2.2, 0.6)]


@builder("car")
def car(stage: Stage) -> None:
    """A car at the roadside, its doors the backdrop of the dialogue."""
    stage.ground, stage.ground_texture = (0.30, 0.30, 0.30), Texture.EARTH
    o.car(stage, 0.2, -1.6, math.pi / 2 + 0.25, stage.vary(stage.rng.choice(o.PAINTS)))
    with stage.solids.object(SurfaceClass.GROUND, "road"):
        stage.solids.box(0, 0, -9, 90, 0.02, 6, (0.20, 0.20, 0.21), shadow=False)
        for i in range(12):
            stage.solids.box(-22 + i * 4, 0.01, -9, 2, 0.02, 0.14, (0.75, 0.73, 0.6), shadow=False)
    for i in range(9):
        o.pine(
            stage,
            -22 + i * 5.5 + stage.rng.uniform(-1, 1),
            -17 - stage.rng.uniform(0, 6),
            stage.rng.uniform(6, 10),
        )
    o.hills(stage, (0.26, 0.33, 0.28))
    o.street_lamp(stage, 4.4, -4.6, 1)
    stage.lamp(-3.6, 0.7, -0.4, (1.0, 0.9, 0.65), 2.2, falloff=0.08, shadows=False)
    stage.action, stage.reach, stage.spread, stage.spots = (0.0, 0.3), 9.0, 1.6, [(-2.8, 0.6), (2.8, 0.4)]


@builder("station")
def station(stage: Stage) -> None:
    """A railway platform with a canopy, a waiting train, a clock."""
    stage.ground, stage.ground_texture = (0.32, 0.30, 0.28), Texture.EARTH
    with stage.solids.object(SurfaceClass.ARCHITECTURE, "platform and canopy"):
        stage.solids.box(
            3.2,
            0,
            -10,
            6.4,
            0.02,
            60,
            (0.52, 0.50, 0.46),
            texture=Texture.SLABS,
            shadow=False,
            surface=SurfaceClass.GROUND,
        )
        stage.solids.box(
            0.1, 0.0, -10, 0.25, 0.03, 60, (0.75, 0.7, 0.4), shadow=False, surface=SurfaceClass.GROUND
        )
        stage.solids.box(10, 0, -12, 6, 5, 40, stage.vary((0.5, 0.36, 0.28)), texture=Texture.FACADE)
        stage.solids.box(5, 3.9, -10, 5, 0.16, 42, (0.28, 0.32, 0.3))
        for i in range(6):
            stage.solids.cylinder(3.2, 0, 4 - i * 6.0, 0.11, 3.9, (0.2, 0.3, 0.26))
            stage.solids.limb((3.2, 3.1, 4 - i * 6.0), (4.2, 3.9, 4 - i * 6.0), 0.05, 0.05, (0.2, 0.3, 0.26))
    with stage.solids.object(SurfaceClass.VEHICLE, "train"):
        tone = stage.vary(stage.rng.choice(((0.14, 0.26, 0.2), (0.36, 0.1, 0.1), (0.16, 0.2, 0.34))))
        for i in range(3):
            z = -6 - i * 15.0
            stage.solids.box(-2.1, 0.3, z, 2.7, 2.9, 14.4, tone)
            stage.solids.box(-2.1, 3.2, z, 2.4, 0.3, 14.4, (0.3, 0.3, 0.3))
            for k in range(6):
                stage.solids.box(
                    -0.74,
                    1.5,
                    z - 5.5 + k * 2.2,
                    0.06,
                    0.9,
                    1.4,
                    (0.9, 0.72, 0.42),
                    glow=0.75,
                    lamp=True,
                    shadow=False,
                    surface=SurfaceClass.WINDOW,
                )
    f.bench(stage, 5.6, -2.5, -math.pi / 2)
    with stage.solids.object(SurfaceClass.PROP, "clock"):
        stage.solids.box(3.2, 2.6, -2.0, 0.06, 0.5, 0.06, f.IRON)
        stage.solids.limb((3.2, 2.5, -2.05), (3.2, 2.5, -1.95), 0.34, 0.34, (0.88, 0.87, 0.8))
    for i in range(3):
        with stage.solids.object(SurfaceClass.PROP, "platform lamp"):
            stage.solids.ellipsoid(
                4.2, 3.7, 1 - i * 6.0, 0.2, 0.1, 0.2, f.BULB, glow=1.0, lamp=True, shadow=False
            )
        stage.lamp(4.0, 3.5, 1 - i * 6.0, (1.0, 0.8, 0.5), 1.8, falloff=0.1)
    stage.action, stage.swing, stage.spread, stage.reach = (1.7, 0.0), 0.18, 1.0, 9.0
    stage.spots = [(4.4, 0.8), (2.4, -3.0)]


@builder("rooftop")
def rooftop(stage: Stage) -> None:
    """A flat roof with parapet, water tower, and the city behind."""
    rng = stage.rng
    stage.ground, stage.ground_texture = (0.36, 0.36, 0.37), Texture.SLABS
    with stage.solids.object(SurfaceClass.ARCHITECTURE, "parapet"):
        for x, z, w, d in ((0, -7, 16, 0.3), (-8, 0, 0.3, 14), (8, 0, 0.3, 14)):
            stage.solids.box(x, 0, z, w, 0.9, d, (0.48, 0.42, 0.38), texture=Texture.BRICK)
            stage.solids.box(x, 0.9, z, w + 0.1, 0.08, d + 0.1, (0.55, 0.54, 0.52))
    for i in range(22):
        angle, far = -1.3 + i * 0.124, rng.uniform(20, 62)
        h = rng.uniform(1.5, 17)
        o.house(
            stage,
            math.sin(angle) * far,
            -8 - math.cos(angle) * far,
            rng.uniform(5, 11),
            h,
            rng.uniform(5, 11),
            stage.vary(rng.choice(o.HOUSES)),
        )
    side = rng.choice((-1, 1)) * 4.6
    with stage.solids.object(SurfaceClass.ARCHITECTURE, "stair house"):
        stage.solids.box(side, 0, -4.4, 2.6, 2.5, 2.4, (0.52, 0.49, 0.47), texture=Texture.BRICK)
    f.door(stage, side, -3.18, colour=(0.3, 0.12, 0.1))
    with stage.solids.object(SurfaceClass.ARCHITECTURE, "water tower"):
        stage.solids.cylinder(-side, 1.4, -4.8, 1.2, 2.0, (0.4, 0.27, 0.18))
        stage.solids.cylinder(-side, 3.4, -4.8, 1.3, 0.9, (0.3, 0.22, 0.16), taper=0.02)
        for a in (-1, 1):
            for b in (-1, 1):
                stage.solids.box(-side + a * 0.8, 0, -4.8 + b * 0.8, 0.1, 1.4, 0.1, f.IRON)
    for _ in range(2):
        with stage.solids.object(SurfaceClass.PROP, "roof unit"):
            stage.solids.box(
                rng.uniform(-2.5, 2.5), 0, rng.uniform(-5.5, -3.4), 1.2, 0.8, 0.9, (0.6, 0.62, 0.63)
            )
    with stage.solids.object(SurfaceClass.PROP, "bulb"):
        stage.solids.ellipsoid(side, 2.3, -3.0, 0.1, 0.1, 0.1, f.BULB, glow=1.0, lamp=True, shadow=False)
    stage.lamp(side, 2.5, -2.6, (1.0, 0.75, 0.4), 1.7, falloff=0.09)
    stage.reach, stage.spread, stage.spots = 9.0, 2.4, [(-2.4, 0.6), (2.4, 0.4)]


@builder("harbour")
def harbour(stage: Stage) -> None:
    """A pier with boats, bollards, nets and warehouses."""
    rng = stage.rng
    stage.ground, stage.ground_texture = (0.10, 0.22, 0.27), Texture.WAVES
    with stage.solids.object(SurfaceClass.GROUND, "pier"):
        stage.solids.box(0, 0.02, -4, 5.2, 0.1, 34, (0.40, 0.32, 0.24), texture=Texture.PLANKS)
    with stage.solids.object(SurfaceClass.ARCHITECTURE, "bollards"):
        for i in range(8):
            for side in (-1, 1):
                stage.solids.cylinder(side * 2.65, 0, 6 - i * 3.4, 0.16, 1.1, (0.26, 0.2, 0.15))
    for i, (x, z) in enumerate(((-4.2, -2.5), (4.3, -6.5), (-4.3, -11), (4.2, 0.8))):
        o.boat(stage, x, z, rng.uniform(-0.2, 0.2), paint=stage.vary(o.PAINTS[i]))
        if i % 2 == 0:
            with stage.solids.object(SurfaceClass.VEHICLE, "mast"):
                stage.solids.limb((x, 0.5, z), (x, 5.4, z), 0.06, 0.04, f.WOOD)
    for i in range(6):
        o.house(
            stage, -30 + i * 11.5, -46, 10, rng.uniform(5, 9), 8, stage.vary(rng.choice(o.HOUSES)), gable=True
        )
    f.barrel(stage, 1.9, -2.4)
    f.barrel(stage, 1.95, -3.2)
    for i in range(3):
        f.crate(stage, -1.9, -1.2 - i * 0.7, rng.uniform(-0.3, 0.3))
    o.street_lamp(stage, 2.3, -4.5, 1)
    stage.reach, stage.swing, stage.spread, stage.spots = 10.0, 0.22, 1.2, [(-1.4, 0.6), (1.5, 0.8)]
    stage.floor_height = 0.12


@builder("cemetery")
def cemetery(stage: Stage) -> None:
    """Rows of headstones, bare trees, a chapel behind."""
    rng = stage.rng
    stage.ground, stage.ground_texture = (0.24, 0.30, 0.15), Texture.EARTH
    for i in range(5):
        for x in (-5.2, -3.6, -2.0, 2.0, 3.6, 5.2):
            grave(stage, x + rng.uniform(-0.15, 0.15), -1.2 - i * 2.3, cross=rng.random() < 0.35)
    o.house(stage, -6, -24, 6, 5.5, 9, (0.5, 0.48, 0.44), gable=True, yaw=math.pi / 2)
    with stage.solids.object(SurfaceClass.ARCHITECTURE, "church tower"):
        stage.solids.box(-6, 0, -18, 3, 9, 3, (0.5, 0.48, 0.44))
        stage.solids.cylinder(-6, 9, -18, 2.2, 4, (0.26, 0.24, 0.24), taper=0.02)
    for x, z in ((6, -11), (-9, -9), (9, -18), (3, -26)):
        o.fruit_tree(stage, x, z, 6.5, leaf=None, fruit=None)
    o.fence(stage, -16, -15, 16, -15, colour=f.IRON)
    o.hills(stage, (0.26, 0.32, 0.28))
    stage.lamp(-6, 2.5, -15.6, (1.0, 0.72, 0.38), 1.6, falloff=0.05, shadows=False)
    stage.reach, stage.swing, stage.spread, stage.spots = 10.0, 0.3, 1.2, [(-1.0, -2.5), (1.1, 0.8)]


def grave(stage: Stage, x: float, z: float, *, cross: bool = False) -> None:
    """Add a headstone or a cross."""
    stone = stage.vary((0.46, 0.46, 0.44), 0.04)
    lean = stage.rng.uniform(-0.06, 0.06)
    with stage.solids.object(SurfaceClass.PROP, "grave cross" if cross else "grave"):
        if cross:
            stage.solids.box(x, 0, z, 0.14, 1.15, 0.1, stone, roll=lean)
            stage.solids.box(x, 0.72, z, 0.6, 0.14, 0.1, stone, roll=lean)
        else:
            stage.solids.box(x, 0, z, 0.6, 0.7, 0.14, stone, roll=lean)
            stage.solids.limb((x, 0.7, z - 0.07), (x, 0.7, z + 0.07), 0.3, 0.3, stone)
        stage.solids.ellipsoid(x, 0, z + 0.7, 0.4, 0.1, 0.8, (0.26, 0.26, 0.16))
