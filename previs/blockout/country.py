"""Exteriors of the country: roads, farmland, coast and wilderness."""

from __future__ import annotations

import math

from previs.blockout import furniture as f
from previs.blockout import outdoors as o
from previs.blockout.geometry import Colour, Solid, SurfaceClass, Texture
from previs.blockout.rooms import builder
from previs.blockout.stage import Stage


@builder("road")
def road(stage: Stage) -> None:
    """A country road with fences, poles and a far farmhouse."""
    stage.ground, stage.ground_texture = stage.vary((0.34, 0.36, 0.19)), Texture.EARTH
    with stage.solids.object(SurfaceClass.GROUND, "road"):
        stage.solids.box(0, 0, -30, 3.6, 0.02, 110, (0.42, 0.36, 0.28), shadow=False, texture=Texture.EARTH)
        for side in (-1, 1):
            stage.solids.box(side * 0.78, 0.005, -30, 0.36, 0.02, 110, (0.30, 0.25, 0.19), shadow=False)
        stage.solids.box(0, 0.005, -30, 0.7, 0.02, 110, (0.30, 0.33, 0.17), shadow=False)
    for side in (-1, 1):
        o.fence(stage, side * 2.6, 7, side * 2.6, -38)
    o.power_poles(stage, 3.6)
    o.house(stage, -6, -46, 9, 3.4, 6, stage.vary((0.55, 0.5, 0.44)), gable=True)
    for i in range(7):
        x = stage.rng.choice((-1, 1)) * stage.rng.uniform(5, 16)
        o.leafy_tree(stage, x, -6 - i * 6.0, stage.rng.uniform(4, 7))
    o.hills(stage, (0.30, 0.36, 0.26))
    stage.lamp(-6, 2, -41, (1.0, 0.7, 0.35), 3.0, falloff=0.02, shadows=False)
    stage.reach, stage.swing, stage.spread, stage.spots = 11.0, 0.25, 1.1, [(-0.9, -2), (1.0, 1.0)]


@builder("garden")
def garden(stage: Stage) -> None:
    """A walled garden behind a house: path, beds, bench, trees."""
    rng = stage.rng
    stage.ground, stage.ground_texture = (0.22, 0.36, 0.14), Texture.EARTH
    o.house(stage, 0.5, -18, 13, 5, 7, stage.vary(rng.choice(o.HOUSES)), gable=True)
    with stage.solids.object(SurfaceClass.GROUND, "path"):
        stage.solids.box(0.5, 0, -6, 1.5, 0.02, 22, (0.55, 0.50, 0.42), shadow=False, texture=Texture.SLABS)
    for side in (-1, 1):
        with stage.solids.object(SurfaceClass.ARCHITECTURE, "garden wall"):
            stage.solids.box(side * 9, 0, -6, 0.35, 1.9, 26, (0.5, 0.36, 0.29), texture=Texture.BRICK)
        o.leafy_tree(stage, side * 6.4, -9 + side, 5.5)
        for i in range(5):
            o.bush(stage, side * (1.9 + 0.2 * (i % 2)), -1 - i * 2.4, 0.45)
            with stage.solids.object(SurfaceClass.VEGETATION, "flowers"):
                for _ in range(5):
                    stage.solids.ball(
                        (
                            side * rng.uniform(1.5, 2.6),
                            rng.uniform(0.35, 0.6),
                            -2 - i * 2.4 + rng.uniform(-0.7, 0.7),
                        ),
                        0.07,
                        rng.choice(
                            ((0.7, 0.12, 0.15), (0.85, 0.7, 0.2), (0.8, 0.5, 0.65), (0.85, 0.85, 0.85))
                        ),
                        shadow=False,
                    )
    f.bench(stage, -3.4, -2.6, 0.5)
    stage.lamp(0.5, 2.4, -13.8, (1.0, 0.75, 0.4), 2.6, falloff=0.05, shadows=False)
    stage.action, stage.reach, stage.spread, stage.spots = (0.4, 0.6), 10.0, 1.8, [(-3.0, 0.6), (3.4, -0.4)]


@builder("orchard")
def orchard(stage: Stage) -> None:
    """Rows of apple trees with a grass lane between."""
    rng = stage.rng
    stage.ground, stage.ground_texture = (0.28, 0.31, 0.14), Texture.EARTH
    for x in (-6.8, -3.6, 3.6, 6.8):
        z = 4.0
        while z > -36:
            o.fruit_tree(
                stage,
                x + rng.uniform(-0.3, 0.3),
                z + rng.uniform(-0.4, 0.4),
                rng.uniform(2.9, 3.8),
                leaf=(0.24, 0.31, 0.11),
                fruit=(0.55, 0.07, 0.04),
                detail=2 if z > -9 else 0,
            )
            z -= 3.7
    for i in range(3):
        f.crate(stage, -2.2 + 0.1 * i, -1.4 - i * 0.7, rng.uniform(-0.3, 0.3), fill=(0.55, 0.08, 0.04))
    with stage.solids.object(SurfaceClass.PROP, "ladder"):
        for side in (-1, 1):
            stage.solids.limb(
                (2.7 + side * 0.25, 0, -1.6), (3.1 + side * 0.15, 2.6, -2.4), 0.035, 0.03, f.WOOD
            )
        for i in range(6):
            stage.solids.limb(
                (2.5 + 0.06 * i, 0.35 + i * 0.38, -1.72 - 0.115 * i),
                (2.95 + 0.06 * i, 0.35 + i * 0.38, -1.72 - 0.115 * i),
                0.022,
                0.022,
                f.WOOD,
            )
    o.hills(stage, (0.30, 0.36, 0.28))
    stage.lamp(0, 3.2, -7, (1.0, 0.75, 0.42), 1.3, falloff=0.08, shadows=False)
    stage.action, stage.swing, stage.spread, stage.reach, stage.sky_share = (0.0, 0.0), 0.22, 1.4, 10.0, 0.85
    stage.spots = [(-1.6, 0.8), (1.8, -0.4)]


@builder("field")
def field(stage: Stage) -> None:
    """A ploughed or ripe field with a barn and hay bales."""
    rng = stage.rng
    ripe = rng.random() < 0.6
    stage.ground, stage.ground_texture = ((0.62, 0.50, 0.22) if ripe else (0.34, 0.25, 0.17)), Texture.FURROWS
    o.house(stage, 10, -34, 11, 4.5, 8, (0.48, 0.16, 0.12), gable=True)
    for _ in range(5):
        x, z = rng.choice((-1, 1)) * rng.uniform(3.5, 13), rng.uniform(-22, -4)
        with stage.solids.object(SurfaceClass.PROP, "hay bale"):
            stage.solids.limb((x - 0.6, 0.7, z), (x + 0.6, 0.7, z), 0.7, 0.7, stage.vary((0.66, 0.54, 0.26)))
    for i in range(6):
        o.leafy_tree(stage, -28 + i * 11, -42 + rng.uniform(-4, 4), rng.uniform(6, 9))
    o.fence(stage, -20, -13, 20, -15)
    o.hills(stage, (0.36, 0.40, 0.26))
    stage.reach, stage.spread, stage.spots = 12.0, 2.4, [(-2.6, 0.4), (2.6, -0.6)]


@builder("forest")
def forest(stage: Stage) -> None:
    """Tall trees around a clearing, ferns and a fallen trunk."""
    rng = stage.rng
    pines = rng.random() < 0.5
    stage.ground, stage.ground_texture = (
        ((0.20, 0.24, 0.12) if rng.random() < 0.6 else (0.30, 0.22, 0.13)),
        Texture.EARTH,
    )
    leaf: Colour = rng.choice(((0.2, 0.36, 0.12), (0.16, 0.3, 0.12), (0.42, 0.30, 0.09)))
    for _ in range(34):
        x, z = 0.0, 0.0
        for _ in range(20):
            x, z = rng.uniform(-14, 14), rng.uniform(-28, 4)
            if abs(x) > 2.0 and x * x + z * z > 9:
                break
        if pines:
            o.pine(stage, x, z, rng.uniform(7, 12))
        else:
            o.leafy_tree(stage, x, z, rng.uniform(6, 11), leaf)
    for _ in range(9):
        x = rng.choice((-1, 1)) * rng.uniform(1.6, 6)
        o.bush(stage, x, rng.uniform(-8, 2), rng.uniform(0.25, 0.5), (0.16, 0.3, 0.1))
    o.rock(stage, -2.2, -2.0, 0.6)
    with stage.solids.object(SurfaceClass.VEGETATION, "log"):
        stage.solids.add(
            Solid.CONE,
            (2.4, 0.25, -2.6),
            (0.26, 1.9, 0.26),
            (0.3, 0.2, 0.13),
            roll=math.pi / 2,
            yaw=rng.uniform(0, 1),
        )
    stage.reach, stage.sky_share, stage.spread, stage.spots, stage.tall = (
        10.0,
        0.7,
        1.6,
        [(-1.6, 0.9), (1.7, 0.7)],
        0.6,
    )


@builder("river")
def river(stage: Stage) -> None:
    """A river bank with reeds, stones, a wooden bridge."""
    rng = stage.rng
    stage.ground, stage.ground_texture = (0.28, 0.34, 0.16), Texture.EARTH
    with stage.solids.object(SurfaceClass.WATER, "river"):
        stage.solids.box(0, 0, -9, 120, 0.015, 9, (0.16, 0.27, 0.30), texture=Texture.WAVES, shadow=False)
    with stage.solids.object(SurfaceClass.ARCHITECTURE, "bridge"):
        stage.solids.box(5, 0.55, -9, 2.2, 0.12, 12, f.WOOD, texture=Texture.PLANKS)
        for side in (-1, 1):
            stage.solids.box(5 + side * 1.05, 1.4, -9, 0.08, 0.08, 12, f.DARK_WOOD)
            for i in range(7):
                stage.solids.box(5 + side * 1.05, 0, -14.8 + i * 1.95, 0.1, 1.5, 0.1, f.DARK_WOOD)
    for _ in range(12):
        o.rock(stage, rng.uniform(-11, 11), -4.4 + rng.uniform(-0.6, 0.5), rng.uniform(0.2, 0.6))
    for _ in range(8):
        o.bush(stage, rng.choice((-1, 1)) * rng.uniform(2.5, 12), rng.uniform(-4, -2), 0.5, (0.3, 0.36, 0.14))
    for i in range(11):
        o.leafy_tree(stage, -26 + i * 5.2, -18 + rng.uniform(-4, 3), rng.uniform(6, 10))
    o.hills(stage, (0.28, 0.36, 0.28))
    stage.reach, stage.spread, stage.spots = 10.0, 2.0, [(-2.4, 0.2), (2.2, 0.8)]


@builder("beach")
def beach(stage: Stage) -> None:
    """Sand, sea, rocks and a boat drawn up."""
    rng = stage.rng
    stage.ground, stage.ground_texture = (0.70, 0.60, 0.42), Texture.DUNES
    with stage.solids.object(SurfaceClass.WATER, "sea"):
        stage.solids.box(0, 0, -207, 800, 0.02, 400, (0.10, 0.30, 0.38), texture=Texture.WAVES, shadow=False)
        stage.solids.box(0, 0.004, -7.2, 800, 0.02, 0.8, (0.85, 0.88, 0.88), shadow=False)
        stage.solids.box(0, 0.006, -11, 800, 0.02, 0.4, (0.7, 0.78, 0.8), shadow=False)
    o.boat(stage, rng.choice((-1, 1)) * 3.4, -3.0, 0.5)
    for _ in range(7):
        o.rock(stage, rng.choice((-1, 1)) * rng.uniform(5, 14), rng.uniform(-12, -3), rng.uniform(0.4, 1.3))
    with stage.solids.object(SurfaceClass.GROUND, "headland"):
        stage.solids.ellipsoid(rng.choice((-1, 1)) * 48, -2, -95, 34, 15, 22, (0.34, 0.36, 0.33))
    stage.reach, stage.spread, stage.spots = 12.0, 2.4, [(-2.2, 0.8), (2.2, 0.6)]


@builder("desert")
def desert(stage: Stage) -> None:
    """Dunes, mesas, cactus and stones."""
    rng = stage.rng
    stage.ground, stage.ground_texture = stage.vary((0.76, 0.56, 0.35), 0.03), Texture.DUNES
    o.hills(stage, (0.76, 0.56, 0.35), count=5, high=5, far=60)
    for i in range(3):
        with stage.solids.object(SurfaceClass.GROUND, "mesa"):
            stage.solids.add(
                Solid.CONE,
                (-45 + i * 40 + rng.uniform(-10, 10), 6, -100),
                (rng.uniform(9, 16), rng.uniform(7, 12), 11),
                stage.vary((0.6, 0.35, 0.22)),
                taper=0.75,
            )
    for _ in range(6):
        x, z = rng.choice((-1, 1)) * rng.uniform(2.6, 9), rng.uniform(-14, -1)
        if rng.random() < 0.55:
            h = rng.uniform(1.6, 3)
            green = stage.vary((0.25, 0.38, 0.2), 0.03)
            with stage.solids.object(SurfaceClass.VEGETATION, "cactus"):
                stage.solids.cylinder(x, 0, z, 0.2, h, green)
                stage.solids.ellipsoid(x, h, z, 0.2, 0.2, 0.2, green)
                for side in (-1, 1):
                    y = h * rng.uniform(0.4, 0.6)
                    stage.solids.limb((x, y, z), (x + side * 0.6, y, z), 0.12, 0.12, green)
                    stage.solids.cylinder(x + side * 0.6, y, z, 0.12, h * 0.3, green)
        else:
            o.rock(stage, x, z, rng.uniform(0.4, 1.0), (0.55, 0.4, 0.28))
    stage.reach, stage.spread, stage.spots = 12.0, 2.4, [(-2.2, 0.6), (2.2, 0.4)]


@builder("mountain")
def mountain(stage: Stage) -> None:
    """A high pass: peaks with white tops, boulders, a few pines."""
    rng = stage.rng
    stage.ground, stage.ground_texture = (0.38, 0.38, 0.33), Texture.EARTH
    for i in range(6):
        x, h = -75 + i * 30 + rng.uniform(-8, 8), rng.uniform(22, 40)
        with stage.solids.object(SurfaceClass.GROUND, "peak"):
            stage.solids.cylinder(
                x,
                -2,
                -95 + rng.uniform(-12, 12),
                h * 0.95,
                h,
                stage.vary((0.36, 0.36, 0.38), 0.03),
                taper=0.03,
            )
            stage.solids.cylinder(
                x, -2 + h * 0.68, -95, h * 0.33, h * 0.36, (0.85, 0.87, 0.90), taper=0.02, shadow=False
            )
    for _ in range(12):
        o.rock(stage, rng.choice((-1, 1)) * rng.uniform(2, 11), rng.uniform(-16, -1), rng.uniform(0.4, 1.5))
    for _ in range(8):
        o.pine(stage, rng.choice((-1, 1)) * rng.uniform(5, 20), rng.uniform(-30, -8), rng.uniform(4, 8))
    stage.reach, stage.spread, stage.spots, stage.tall = 12.0, 2.2, [(-2.2, 0.4), (2.0, 0.8)], 0.8
