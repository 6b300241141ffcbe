"""Narrow interiors: cell, stairs, attic, cellar, library, train."""

from __future__ import annotations

import math

from previs.blockout import furniture as f
from previs.blockout.geometry import Solid, SurfaceClass, Texture
from previs.blockout.rooms import builder
from previs.blockout.stage import Stage

COLD_LIGHT = (0.85, 0.95, 1.0)


@builder("cell")
def cell(stage: Stage) -> None:
    """A prison cell: cot, bucket, high window, bars at the side."""
    w, d, h = 3.2, stage.rng.uniform(3.8, 4.6), 2.8
    stage.interior(
        w,
        d,
        h,
        wall=(0.42, 0.43, 0.40),
        floor=(0.33, 0.33, 0.32),
        ceiling=(0.4, 0.4, 0.38),
        wall_texture=Texture.BRICK,
    )
    f.bed(stage, -w / 2 + 0.5, -d / 2 + 1.1, w=0.85, blanket=(0.36, 0.35, 0.3), frame=f.IRON)
    with stage.solids.object(SurfaceClass.PROP, "bucket"):
        stage.solids.cylinder(w / 2 - 0.4, 0, -d / 2 + 0.4, 0.16, 0.32, f.STEEL, taper=1.2)
    f.stool(stage, w / 2 - 0.5, -0.6, h=0.45, colour=f.WOOD)
    with stage.solids.object(SurfaceClass.ARCHITECTURE, "bars"):
        for i in range(13):
            stage.solids.limb(
                (w / 2 - 0.06, 0, -1.4 + i * 0.2), (w / 2 - 0.06, h, -1.4 + i * 0.2), 0.025, 0.025, f.IRON
            )
        for y in (0.5, 1.5, 2.4):
            stage.solids.box(w / 2 - 0.06, y, -0.2, 0.04, 0.06, 2.5, f.IRON)
    stage.back_window(-0.05, 0.75, 1.75, 2.35, across=4)
    with stage.solids.object(SurfaceClass.PROP, "bulb"):
        stage.solids.ellipsoid(
            0.2, h - 0.15, 0.0, 0.09, 0.09, 0.09, f.BULB, glow=1.0, lamp=True, shadow=False
        )
    stage.lamp(0.2, h - 0.3, 0.0, power=1.3, falloff=0.3)
    stage.action, stage.spots, stage.spread = (0.15, 0.1), [(0.9, 0.9)], 0.8


@builder("stairs")
def stairs(stage: Stage) -> None:
    """A stairwell: two flights and a landing."""
    w, d, h = 4.4, 8.0, 5.6
    stage.interior(w, d, h, wall=(0.60, 0.55, 0.45), floor=(0.42, 0.38, 0.34), floor_texture=Texture.TILES)
    tone = stage.vary((0.42, 0.30, 0.2))
    with stage.solids.object(SurfaceClass.ARCHITECTURE, "stairs"):
        for i in range(14):
            stage.solids.box(
                -0.75, 0, 0.3 - i * 0.28, 1.9, 0.18 * (i + 1), 0.28, f.dim(tone, 1.0 if i % 2 else 0.88)
            )
        stage.solids.box(0, 2.34, -d / 2 + 0.2 - 0.02, w, 0.18, 0.5, tone)
    with stage.solids.object(SurfaceClass.PROP, "railing"):
        for i in range(8):
            z = 0.3 - i * 0.56
            stage.solids.limb((0.25, 0.18 + i * 0.36, z), (0.25, 1.1 + i * 0.36, z), 0.022, 0.022, f.IRON)
        stage.solids.limb((0.25, 1.1, 0.3), (0.25, 1.1 + 7 * 0.36, 0.3 - 7 * 0.56), 0.04, 0.04, f.DARK_WOOD)
        stage.solids.limb((0.25, 0, 0.34), (0.25, 1.25, 0.34), 0.06, 0.06, f.DARK_WOOD)
    f.door(stage, 1.35, -d / 2 + 0.04)
    stage.back_window(-1.5, -0.3, 3.4, 5.0, up=2)
    stage.pendant(0.9, 3.4, -0.6, roof=h, power=1.8)
    stage.action, stage.spread, stage.tall, stage.reach = (1.1, 0.9), 0.5, 0.5, 5.0
    stage.spots, stage.swing = [(1.4, -1.6)], 0.3


@builder("attic")
def attic(stage: Stage) -> None:
    """Sloping rafters, trunks and boxes under a gable window."""
    rng = stage.rng
    w, d, h = 6.0, rng.uniform(7, 8.5), 3.4
    stage.interior(
        w,
        d,
        h,
        wall=(0.42, 0.32, 0.23),
        floor=(0.38, 0.28, 0.19),
        ceiling=(0.36, 0.27, 0.19),
        wall_texture=Texture.PLANKS,
        floor_texture=Texture.PLANKS,
    )
    slope = math.atan2(h - 0.9, w / 2)
    long = math.hypot(h - 0.9, w / 2)
    with stage.solids.object(SurfaceClass.ARCHITECTURE, "rafters"):
        for side in (-1, 1):
            stage.solids.add(
                Solid.BOX,
                (side * w / 4, (h + 0.9) / 2 + 0.12, 0),
                (long / 2 + 0.2, 0.05, d / 2),
                (0.34, 0.25, 0.17),
                roll=-side * slope,
                texture=Texture.PLANKS,
                shadow=False,
            )
            for i in range(6):
                stage.solids.add(
                    Solid.BOX,
                    (side * w / 4, (h + 0.9) / 2, -d / 2 + 0.5 + i * 1.5),
                    (long / 2, 0.09, 0.06),
                    (0.26, 0.18, 0.12),
                    roll=-side * slope,
                    shadow=False,
                )
        for i in range(3):
            stage.solids.box(0, 2.35, -d / 2 + 1.5 + i * 2.2, w * 0.45, 0.14, 0.12, (0.26, 0.18, 0.12))
    for i in range(6):
        f.crate(
            stage,
            rng.choice((-1, 1)) * rng.uniform(1.7, 2.4),
            -d / 2 + 0.8 + i * 0.95,
            rng.uniform(-0.4, 0.4),
            w=rng.uniform(0.5, 0.9),
            h=rng.uniform(0.35, 0.6),
            d=0.5,
        )
    f.chair(stage, 1.3, -1.5, -0.6)
    with stage.solids.object(SurfaceClass.PROP, "trunk"):
        stage.solids.box(-1.2, 0, -d / 2 + 0.8, 1.1, 0.55, 0.6, (0.3, 0.18, 0.1))
        stage.solids.box(-1.2, 0.55, -d / 2 + 0.8, 1.14, 0.1, 0.64, (0.24, 0.14, 0.08))
    stage.surfaces.append((-1.2, 0.66, -d / 2 + 0.8))
    stage.back_window(-0.5, 0.5, 0.9, 2.0, up=2)
    stage.pendant(0.4, 2.0, -0.4, roof=2.4, power=1.7, radius=0.16)
    stage.action, stage.spread, stage.spots = (0.0, 0.7), 0.9, [(0.9, 1.6)]


@builder("cellar")
def cellar(stage: Stage) -> None:
    """Stone vaults, barrels, shelves of jars, one bulb."""
    rng = stage.rng
    w, d, h = 6.0, rng.uniform(7, 8.5), 2.5
    stage.interior(
        w,
        d,
        h,
        wall=(0.38, 0.36, 0.33),
        floor=(0.30, 0.28, 0.26),
        ceiling=(0.3, 0.28, 0.26),
        wall_texture=Texture.BRICK,
        floor_texture=Texture.SLABS,
    )
    for i in range(3):
        with stage.solids.object(SurfaceClass.ARCHITECTURE, "vault"):
            for side in (-1, 1):
                stage.solids.box(
                    side * 1.9,
                    0,
                    -d / 2 + 1.6 + i * 2.2,
                    0.4,
                    h,
                    0.4,
                    (0.36, 0.34, 0.31),
                    texture=Texture.BRICK,
                )
            stage.solids.box(0, h - 0.3, -d / 2 + 1.6 + i * 2.2, 4.2, 0.3, 0.4, (0.34, 0.32, 0.3))
    for i in range(4):
        f.barrel(stage, w / 2 - 0.5, -d / 2 + 0.6 + i * 0.8, h=0.95)
    f.shelf(stage, -w / 2 + 0.35, -0.8, math.pi / 2, w=2.4, h=1.8, colour=f.DARK_WOOD, goods="jars")
    f.shelf(stage, 0, -d / 2 + 0.3, w=1.8, h=1.9, colour=f.DARK_WOOD, goods="bottles")
    stage.back_window(1.2, 1.9, 1.85, 2.3)
    with stage.solids.object(SurfaceClass.PROP, "bulb"):
        stage.solids.ellipsoid(0, 2.0, -0.2, 0.08, 0.1, 0.08, f.BULB, glow=1.0, lamp=True, shadow=False)
        stage.solids.cylinder(0, 2.08, -0.2, 0.012, 0.4, f.IRON, shadow=False)
    stage.lamp(0, 1.9, -0.2, power=1.7, falloff=0.22)
    stage.action, stage.spread, stage.spots = (0.2, 1.0), 1.0, [(1.2, 1.4), (-1.0, 1.6)]


@builder("library")
def library(stage: Stage) -> None:
    """Bookcases to the ceiling and reading tables."""
    w, d, h = stage.rng.uniform(7.5, 9), stage.rng.uniform(8, 10), 3.6
    stage.interior(w, d, h, wall=(0.46, 0.38, 0.28), floor=(0.36, 0.24, 0.16), floor_texture=Texture.PLANKS)
    for side in (-1, 1):
        for i in range(2):
            f.bookcase(
                stage,
                side * (w / 2 - 0.22),
                -d / 2 + 1.6 + i * 2.6,
                -side * math.pi / 2,
                w=2.3,
                h=2.9,
                rows=6,
            )
    for side in (-1, 1):
        f.bookcase(stage, side * w * 0.3, -d / 2 + 0.25, w=1.9, h=2.9, rows=6)
    stage.back_window(-0.75, 0.75, 1.0, 3.2, across=2, up=3)
    for x in (-1.4, 1.4):
        f.table(stage, x, -1.2, w=1.7, d=0.85, colour=f.DARK_WOOD)
        f.chair(stage, x, -0.4, math.pi)
        with stage.solids.object(SurfaceClass.PROP, "reading lamp"):
            stage.solids.cylinder(x, 0.75, -1.3, 0.02, 0.3, (0.6, 0.5, 0.2))
            stage.solids.ellipsoid(
                x, 1.06, -1.3, 0.16, 0.07, 0.09, (0.2, 0.5, 0.3), glow=0.7, lamp=True, shadow=False
            )
        stage.lamp(x, 1.0, -1.15, power=1.2, falloff=0.5)
    stage.lamp(0, 3.1, 0.4, power=1.0, falloff=0.12)
    stage.action, stage.spots = (0.0, 1.1), [(-2.2, 1.4), (2.3, 1.2)]


@builder("train")
def train(stage: Stage) -> None:
    """The aisle of a railway carriage."""
    w, d, h = 3.0, 15.0, 2.5
    stage.interior(w, d, h, wall=(0.42, 0.30, 0.20), floor=(0.30, 0.27, 0.25), ceiling=(0.72, 0.70, 0.62))
    cloth = stage.vary(stage.rng.choice(((0.2, 0.3, 0.26), (0.42, 0.12, 0.1), (0.2, 0.24, 0.4))))
    for i in range(7):
        z = -d / 2 + 1.0 + i * 1.9
        for side in (-1, 1):
            with stage.solids.object(SurfaceClass.PROP, "train bench"):
                stage.solids.box(side * 0.95, 0.15, z, 0.95, 0.3, 0.5, cloth)
                stage.solids.box(side * 0.95, 0.4, z - 0.3, 0.95, 0.75, 0.14, f.dim(cloth, 0.9))
                stage.solids.box(side * 1.25, 1.85, z + 0.3, 0.45, 0.04, 1.7, f.STEEL, shadow=False)
            stage.seats.append((side * 0.8, 0.47, z, 0.0))
            stage.side_window(side, z + 0.1, z + 1.5, 0.95, 1.75, across=1)
        if i % 2 == 0:
            with stage.solids.object(SurfaceClass.PROP, "ceiling lamp"):
                stage.solids.ellipsoid(
                    0, h - 0.06, z, 0.14, 0.06, 0.14, f.BULB, glow=1.0, lamp=True, shadow=False
                )
            stage.lamp(0, h - 0.25, z, power=0.9, falloff=0.3)
    f.door(stage, 0, -d / 2 + 0.04, w=0.8)
    stage.action, stage.swing, stage.spread, stage.reach = (0.0, 1.2), 0.12, 0.25, 5.5
    stage.spots = [(0.0, -2.0)]
