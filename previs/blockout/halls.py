"""Interiors of work, school, care and custody, and the corners of a house."""

from __future__ import annotations

import math

from previs.blockout import furniture as f
from previs.blockout.geometry import Solid, SurfaceClass, Texture
from previs.blockout.rooms import builder
from previs.blockout.stage import Stage

COLD_LIGHT = (0.85, 0.95, 1.0)


def _steel_hall(stage: Stage, w: float, d: float, h: float) -> None:
    """Brick walls with tall windows on the left, steel columns and roof trusses."""
    stage.interior(w, d, h, wall=(0.40, 0.37, 0.34), floor=(0.34, 0.34, 0.33), ceiling=(0.2, 0.2, 0.2), wall_texture=Texture.BRICK, floor_texture=Texture.SLABS)
    steel = (0.18, 0.20, 0.20)
    for i in range(6):
        z = -d / 2 + 1.4 + i * 4
        stage.side_window(-1, z, z + 2.7, 1.9, h - 1.1, across=2, up=3)
    for i in range(5):
        z = -d / 2 + 2.2 + i * 4.6
        with stage.solids.object(SurfaceClass.ARCHITECTURE):
            for x in (-w * 0.3, w * 0.3):
                stage.solids.box(x, 0, z, 0.3, h, 0.3, steel)
                stage.solids.box(x, 0, z, 0.6, 0.25, 0.6, (0.24, 0.24, 0.23))
            stage.solids.box(0, h - 1.1, z, w, 0.18, 0.18, steel)
            for q in range(-3, 4):
                stage.solids.limb((q * 2.0, h - 1.0, z), (q * 2.0 + 1.0, h - 0.1, z), 0.04, 0.04, steel, shadow=False)
                stage.solids.limb((q * 2.0 + 1.0, h - 0.1, z), (q * 2.0 + 2.0, h - 1.0, z), 0.04, 0.04, steel, shadow=False)
    for i in range(4):
        stage.pendant(-0.4, 2.9, -d / 2 + 5 + i * 5.0, roof=h, power=2.0, radius=0.3)
    f.door(stage, 0.9, -d / 2 + 0.04, w=2.2, h=2.8, colour=(0.26, 0.3, 0.27))
    stage.reach, stage.swing, stage.tall = 9.5, 0.4, 0.5


@builder("cannery")
def cannery(stage: Stage) -> None:
    """A brick hall with a belt full of jars, crates of apples and two vats."""
    rng = stage.rng
    w, d, h = 15.0, rng.uniform(24, 28), rng.uniform(5.8, 6.6)
    _steel_hall(stage, w, d, h)
    x = -0.4
    with stage.solids.object(SurfaceClass.PROP):
        stage.solids.box(x, 0.78, -2.5, 1.0, 0.1, 19, (0.10, 0.10, 0.10))
        for side in (-1, 1):
            stage.solids.box(x + side * 0.55, 0.8, -2.5, 0.07, 0.16, 19, (0.16, 0.24, 0.36))
        for i in range(7):
            for side in (-1, 1):
                stage.solids.box(x + side * 0.45, 0, -11 + i * 3.0, 0.1, 0.8, 0.1, (0.14, 0.2, 0.3))
    with stage.solids.object(SurfaceClass.PROP):
        for i in range(26):
            z = 6.2 - i * 0.62 + rng.uniform(-0.08, 0.08)
            dx = rng.uniform(-0.2, 0.2)
            stage.solids.cylinder(x + dx, 0.88, z, 0.095, 0.24, (0.66, 0.34, 0.08) if i % 5 else (0.5, 0.08, 0.05))
            stage.solids.cylinder(x + dx, 1.12, z, 0.085, 0.035, (0.6, 0.55, 0.42), shadow=False)
    for i in range(4):
        for row in range(rng.randint(2, 5)):
            f.crate(stage, -w / 2 + 1.1 + i % 2 * 0.9, -5 + i * 2.3, rng.uniform(-0.1, 0.1), y=row * 0.42, w=0.75, h=0.4, d=0.55,
                    fill=(0.5, 0.07, 0.04) if row == 0 and i == 3 else None)  # fmt: skip
    for i in range(2):
        with stage.solids.object(SurfaceClass.PROP):
            stage.solids.cylinder(w / 2 - 1.6, 0.5, -7 + i * 4.2, 1.25, 3.2, (0.48, 0.50, 0.50))
            stage.solids.ellipsoid(w / 2 - 1.6, 3.7, -7 + i * 4.2, 1.25, 0.45, 1.25, (0.5, 0.52, 0.52))
            stage.solids.limb((w / 2 - 1.6, 3.9, -7 + i * 4.2), (w / 2 - 1.6, h, -7 + i * 4.2), 0.12, 0.12, f.IRON)
            stage.solids.ellipsoid(w / 2 - 2.75, 1.6, -6.6 + i * 4.2, 0.12, 0.12, 0.12, (0.6, 0.1, 0.07))
    stage.surfaces += [(x, 0.88, 0.8), (x, 0.88, 1.5), (x, 0.88, -0.2)]
    stage.action, stage.spots, stage.spread = (1.3, 1.4), [(3.0, 2.4), (3.3, -1.0), (2.0, 4.4)], 1.3


@builder("factory")
def factory(stage: Stage) -> None:
    """A hall of heavy machines, pipes and pallets."""
    rng = stage.rng
    w, d, h = rng.uniform(14, 17), rng.uniform(24, 28), rng.uniform(6, 7)
    _steel_hall(stage, w, d, h)
    for i in range(3):
        for side in (-1, 1):
            x, z = side * w * 0.2, -7.5 + i * 3.6
            with stage.solids.object(SurfaceClass.PROP):
                tone = stage.vary(rng.choice(((0.22, 0.34, 0.28), (0.28, 0.32, 0.38), (0.5, 0.36, 0.12))))
                stage.solids.box(x, 0, z, 1.9, 1.0, 1.5, tone)
                stage.solids.box(x - 0.4, 1.0, z, 0.8, 0.9, 1.0, f.dim(tone, 0.85))
                stage.solids.limb((x + 0.45, 1.25, z - 0.4), (x + 0.45, 1.25, z + 0.4), 0.42, 0.42, f.IRON)
                stage.solids.box(x + 0.1, 1.1, z + 0.55, 0.35, 0.3, 0.1, (0.75, 0.75, 0.7))
                stage.solids.ellipsoid(x, 1.3, z + 0.62, 0.05, 0.05, 0.05, (0.9, 0.15, 0.1), glow=0.8, lamp=True, shadow=False)
    for x in (-w * 0.38, w * 0.36):
        with stage.solids.object(SurfaceClass.ARCHITECTURE):
            stage.solids.limb((x, h - 1.6, -d / 2), (x, h - 1.6, d / 2), 0.22, 0.22, (0.4, 0.28, 0.2), shadow=False)
    for i in range(5):
        f.crate(stage, w * 0.42, -4 + i * 1.6, rng.uniform(-0.2, 0.2), w=1.1, h=0.9, d=0.9)
    for i in range(3):
        f.barrel(stage, -w * 0.4 + i * 0.7, 2.2, colour=stage.vary((0.2, 0.3, 0.42)))
    stage.action, stage.spots = (0.0, 1.5), [(-2.2, 2.4), (2.4, 2.2), (0.8, -1.0)]


@builder("classroom")
def classroom(stage: Stage) -> None:
    """Rows of school desks before a blackboard."""
    w, d, h = stage.rng.uniform(7.4, 8.6), stage.rng.uniform(7.5, 9), 3.1
    stage.interior(w, d, h, wall=(0.70, 0.68, 0.52), floor=(0.48, 0.36, 0.24), floor_texture=Texture.PLANKS)
    with stage.solids.object(SurfaceClass.PROP):
        stage.solids.box(0, 0.95, -d / 2 + 0.04, w * 0.55, 1.25, 0.05, f.DARK_WOOD)
        stage.solids.box(0, 1.0, -d / 2 + 0.07, w * 0.53, 1.15, 0.02, (0.10, 0.20, 0.16), shadow=False)
        for i in range(4):
            stage.solids.box(-0.8 + i * 0.35, 1.85 - i * 0.14, -d / 2 + 0.085, 0.9 - 0.15 * i, 0.025, 0.01, (0.7, 0.72, 0.68), shadow=False)
    f.desk(stage, w * 0.18, -d / 2 + 1.3)
    for i in (-1, 0, 1):
        for j in range(2):
            x, z = i * w * 0.27, -d * 0.12 + j * 1.5
            f.table(stage, x, z, w=1.1, d=0.5, h=0.68)
            f.chair(stage, x, z + 0.5, math.pi)
    for i in range(3):
        stage.side_window(-1, -d * 0.4 + i * 2.4, -d * 0.4 + i * 2.4 + 1.8, 1.0, 2.7, across=2, up=2)
    with stage.solids.object(SurfaceClass.PROP):
        stage.solids.ellipsoid(w * 0.27, 0.98, -d / 2 + 1.3, 0.16, 0.16, 0.16, (0.2, 0.4, 0.55))
    for i in (-1, 1):
        stage.pendant(i * w * 0.2, 2.5, -0.6, roof=h, power=1.3, radius=0.26)
    stage.action, stage.spots = (-0.5, 1.6), [(w * 0.36, 0.5), (-w * 0.36, 2.0)]


@builder("hospital ward")
def hospital_ward(stage: Stage) -> None:
    """White beds in a row, a curtain rail, a drip."""
    w, d, h = stage.rng.uniform(6.5, 7.6), stage.rng.uniform(9, 11), 3.2
    stage.interior(w, d, h, wall=(0.66, 0.75, 0.72), floor=(0.55, 0.57, 0.56), floor_texture=Texture.TILES)
    white = (0.85, 0.86, 0.86)
    for i in range(3):
        for side in (-1, 1):
            z = -d / 2 + 1.5 + i * 2.4
            f.bed(stage, side * (w / 2 - 1.1), z, -side * math.pi / 2, w=0.95, blanket=(0.62, 0.70, 0.76), frame=white)
            with stage.solids.object(SurfaceClass.PROP):
                stage.solids.box(side * (w / 2 - 0.3), 0, z + 1.0, 0.45, 0.7, 0.45, white)
                if i % 2 == 0:
                    stage.solids.cylinder(side * (w / 2 - 0.4), 0, z - 0.8, 0.02, 1.9, f.STEEL)
                    stage.solids.ellipsoid(side * (w / 2 - 0.4), 1.75, z - 0.72, 0.07, 0.13, 0.04, (0.7, 0.78, 0.8))
    with stage.solids.object(SurfaceClass.PROP):
        stage.solids.box(-w / 2 + 1.1, 0.4, -d / 2 + 2.75, 1.9, 1.9, 0.05, (0.45, 0.62, 0.60))
    for i in range(2):
        stage.back_window(-w * 0.36 + i * w * 0.42, -w * 0.36 + i * w * 0.42 + w * 0.3, 1.0, 2.7, across=2, up=2)
    for z in (-2.5, 1.5):
        with stage.solids.object(SurfaceClass.PROP):
            stage.solids.box(0, h - 0.05, z, 0.5, 0.04, 1.5, (0.95, 0.98, 1.0), glow=1.0, lamp=True, shadow=False)
        stage.lamp(0, h - 0.25, z, COLD_LIGHT, 1.0, falloff=0.14)
    stage.action, stage.swing, stage.spots, stage.spread = (0.0, 0.8), 0.3, [(0.8, 2.0), (-0.7, -2.0)], 0.9


@builder("cell")
def cell(stage: Stage) -> None:
    """A prison cell: cot, bucket, high window, bars at the side."""
    w, d, h = 3.2, stage.rng.uniform(3.8, 4.6), 2.8
    stage.interior(w, d, h, wall=(0.42, 0.43, 0.40), floor=(0.33, 0.33, 0.32), ceiling=(0.4, 0.4, 0.38), wall_texture=Texture.BRICK)
    f.bed(stage, -w / 2 + 0.5, -d / 2 + 1.1, w=0.85, blanket=(0.36, 0.35, 0.3), frame=f.IRON)
    with stage.solids.object(SurfaceClass.PROP):
        stage.solids.cylinder(w / 2 - 0.4, 0, -d / 2 + 0.4, 0.16, 0.32, f.STEEL, taper=1.2)
    f.stool(stage, w / 2 - 0.5, -0.6, h=0.45, colour=f.WOOD)
    with stage.solids.object(SurfaceClass.ARCHITECTURE):
        for i in range(13):
            stage.solids.limb((w / 2 - 0.06, 0, -1.4 + i * 0.2), (w / 2 - 0.06, h, -1.4 + i * 0.2), 0.025, 0.025, f.IRON)
        for y in (0.5, 1.5, 2.4):
            stage.solids.box(w / 2 - 0.06, y, -0.2, 0.04, 0.06, 2.5, f.IRON)
    stage.back_window(-0.05, 0.75, 1.75, 2.35, across=4)
    with stage.solids.object(SurfaceClass.PROP):
        stage.solids.ellipsoid(0.2, h - 0.15, 0.0, 0.09, 0.09, 0.09, f.BULB, glow=1.0, lamp=True, shadow=False)
    stage.lamp(0.2, h - 0.3, 0.0, power=1.3, falloff=0.3)
    stage.action, stage.spots, stage.spread = (0.15, 0.1), [(0.9, 0.9)], 0.8


@builder("stairs")
def stairs(stage: Stage) -> None:
    """A stairwell: two flights and a landing."""
    w, d, h = 4.4, 8.0, 5.6
    stage.interior(w, d, h, wall=(0.60, 0.55, 0.45), floor=(0.42, 0.38, 0.34), floor_texture=Texture.TILES)
    tone = stage.vary((0.42, 0.30, 0.2))
    with stage.solids.object(SurfaceClass.ARCHITECTURE):
        for i in range(14):
            stage.solids.box(-0.75, 0, 0.3 - i * 0.28, 1.9, 0.18 * (i + 1), 0.28, f.dim(tone, 1.0 if i % 2 else 0.88))
        stage.solids.box(0, 2.34, -d / 2 + 0.2 - 0.02, w, 0.18, 0.5, tone)
    with stage.solids.object(SurfaceClass.PROP):
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
    stage.interior(w, d, h, wall=(0.42, 0.32, 0.23), floor=(0.38, 0.28, 0.19), ceiling=(0.36, 0.27, 0.19), wall_texture=Texture.PLANKS, floor_texture=Texture.PLANKS)
    slope = math.atan2(h - 0.9, w / 2)
    long = math.hypot(h - 0.9, w / 2)
    with stage.solids.object(SurfaceClass.ARCHITECTURE):
        for side in (-1, 1):
            stage.solids.add(Solid.BOX, (side * w / 4, (h + 0.9) / 2 + 0.12, 0), (long / 2 + 0.2, 0.05, d / 2), (0.34, 0.25, 0.17), roll=-side * slope, texture=Texture.PLANKS, shadow=False)
            for i in range(6):
                stage.solids.add(Solid.BOX, (side * w / 4, (h + 0.9) / 2, -d / 2 + 0.5 + i * 1.5), (long / 2, 0.09, 0.06), (0.26, 0.18, 0.12), roll=-side * slope, shadow=False)
        for i in range(3):
            stage.solids.box(0, 2.35, -d / 2 + 1.5 + i * 2.2, w * 0.45, 0.14, 0.12, (0.26, 0.18, 0.12))
    for i in range(6):
        f.crate(stage, rng.choice((-1, 1)) * rng.uniform(1.7, 2.4), -d / 2 + 0.8 + i * 0.95, rng.uniform(-0.4, 0.4), w=rng.uniform(0.5, 0.9), h=rng.uniform(0.35, 0.6), d=0.5)
    f.chair(stage, 1.3, -1.5, -0.6)
    with stage.solids.object(SurfaceClass.PROP):
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
    stage.interior(w, d, h, wall=(0.38, 0.36, 0.33), floor=(0.30, 0.28, 0.26), ceiling=(0.3, 0.28, 0.26), wall_texture=Texture.BRICK, floor_texture=Texture.SLABS)
    for i in range(3):
        with stage.solids.object(SurfaceClass.ARCHITECTURE):
            for side in (-1, 1):
                stage.solids.box(side * 1.9, 0, -d / 2 + 1.6 + i * 2.2, 0.4, h, 0.4, (0.36, 0.34, 0.31), texture=Texture.BRICK)
            stage.solids.box(0, h - 0.3, -d / 2 + 1.6 + i * 2.2, 4.2, 0.3, 0.4, (0.34, 0.32, 0.3))
    for i in range(4):
        f.barrel(stage, w / 2 - 0.5, -d / 2 + 0.6 + i * 0.8, h=0.95)
    f.shelf(stage, -w / 2 + 0.35, -0.8, math.pi / 2, w=2.4, h=1.8, colour=f.DARK_WOOD, goods="jars")
    f.shelf(stage, 0, -d / 2 + 0.3, w=1.8, h=1.9, colour=f.DARK_WOOD, goods="bottles")
    stage.back_window(1.2, 1.9, 1.85, 2.3)
    with stage.solids.object(SurfaceClass.PROP):
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
            f.bookcase(stage, side * (w / 2 - 0.22), -d / 2 + 1.6 + i * 2.6, -side * math.pi / 2, w=2.3, h=2.9, rows=6)
    for side in (-1, 1):
        f.bookcase(stage, side * w * 0.3, -d / 2 + 0.25, w=1.9, h=2.9, rows=6)
    stage.back_window(-0.75, 0.75, 1.0, 3.2, across=2, up=3)
    for x in (-1.4, 1.4):
        f.table(stage, x, -1.2, w=1.7, d=0.85, colour=f.DARK_WOOD)
        f.chair(stage, x, -0.4, math.pi)
        with stage.solids.object(SurfaceClass.PROP):
            stage.solids.cylinder(x, 0.75, -1.3, 0.02, 0.3, (0.6, 0.5, 0.2))
            stage.solids.ellipsoid(x, 1.06, -1.3, 0.16, 0.07, 0.09, (0.2, 0.5, 0.3), glow=0.7, lamp=True, shadow=False)
        stage.lamp(x, 1.0, -1.15, power=1.2, falloff=0.5)
    stage.lamp(0, 3.1, 0.4, power=1.0, falloff=0.12)
    stage.action, stage.spots = (0.0, 1.1), [(-2.2, 1.4), (2.3, 1.2)]


@builder("shop")
def shop(stage: Stage) -> None:
    """A general store: counter, shelves of goods, a till, barrels."""
    w, d, h = stage.rng.uniform(6, 7.5), stage.rng.uniform(6, 7), 3.0
    stage.interior(w, d, h, wall=(0.60, 0.58, 0.44), floor=(0.42, 0.30, 0.2), floor_texture=Texture.PLANKS)
    f.counter(stage, 0.4, -d / 2 + 1.5, w=w * 0.6, h=1.0, colour=stage.vary((0.38, 0.46, 0.40)), top=f.DARK_WOOD)
    for x, goods in ((-w * 0.28, "jars"), (w * 0.1, "boxes"), (w * 0.38, "bottles")):
        f.shelf(stage, x, -d / 2 + 0.3, w=w * 0.28, h=2.4, colour=f.DARK_WOOD, goods=goods)
    f.shelf(stage, w / 2 - 0.3, 0.4, -math.pi / 2, w=2.2, h=1.8, colour=f.WOOD)
    with stage.solids.object(SurfaceClass.PROP):
        stage.solids.box(1.0, 1.0, -d / 2 + 1.5, 0.4, 0.3, 0.35, (0.3, 0.3, 0.32))
    for i in range(2):
        f.barrel(stage, -w / 2 + 0.6, -0.9 + i * 0.8)
        f.crate(stage, -w / 2 + 0.7, 0.9 + i * 0.7, fill=(0.45, 0.1, 0.05) if i else (0.5, 0.45, 0.12))
    stage.side_window(-1, -d * 0.35, -d * 0.35 + 1.6, 0.9, 2.4, across=2, up=2)
    stage.pendant(0, 2.3, -0.8, roof=h, power=1.9)
    stage.action, stage.spots = (-0.2, 0.5), [(1.6, 1.2), (-1.5, 1.4)]


@builder("workshop")
def workshop(stage: Stage) -> None:
    """A bench with tools, timber, wheels and a sawhorse."""
    rng = stage.rng
    w, d, h = rng.uniform(6.5, 8), rng.uniform(6.5, 8), 3.4
    stage.interior(w, d, h, wall=(0.46, 0.40, 0.33), floor=(0.36, 0.33, 0.29), wall_texture=Texture.PLANKS)
    f.table(stage, -0.4, -d / 2 + 0.6, w=w * 0.55, d=0.8, h=0.92, colour=(0.40, 0.28, 0.17))
    with stage.solids.object(SurfaceClass.PROP):
        stage.solids.box(-0.4, 1.25, -d / 2 + 0.04, w * 0.5, 1.0, 0.04, (0.5, 0.38, 0.24))
        for i in range(9):
            x = -0.4 - w * 0.22 + i * w * 0.055
            stage.solids.box(x, 1.45 + 0.12 * (i % 3), -d / 2 + 0.08, 0.05, rng.uniform(0.25, 0.5), 0.03, rng.choice((f.IRON, f.STEEL, (0.55, 0.1, 0.06))), shadow=False)
    with stage.solids.object(SurfaceClass.PROP):
        for i in range(6):
            stage.solids.add(Solid.BOX, (w / 2 - 0.35 - 0.06 * i, 1.3, -d / 2 + 0.8 + 0.16 * i), (0.06, 1.35, 0.05), stage.vary((0.5, 0.36, 0.2)), roll=-0.15)
    with stage.solids.object(SurfaceClass.PROP):
        stage.solids.limb((w / 2 - 0.15, 0.5, 0.4), (w / 2 - 0.3, 0.5, 0.4), 0.48, 0.48, f.DARK_WOOD)
    f.table(stage, 1.6, -0.2, 0.3, w=1.4, d=0.5, h=0.7)
    f.shelf(stage, -w / 2 + 0.35, 0.4, math.pi / 2, w=2.2, h=2.0)
    f.barrel(stage, -w / 2 + 0.6, 2.0)
    stage.side_window(1, -d * 0.1, -d * 0.1 + 1.8, 1.0, 2.5, across=3, up=2)
    stage.back_window(w * 0.16, w * 0.34, 1.3, 2.5)
    stage.pendant(-0.2, 2.3, -d / 2 + 1.6, roof=h, power=2.0)
    stage.action, stage.spots = (0.0, 0.6), [(-1.6, 1.6), (1.8, 1.8)]


@builder("train")
def train(stage: Stage) -> None:
    """The aisle of a railway carriage."""
    w, d, h = 3.0, 15.0, 2.5
    stage.interior(w, d, h, wall=(0.42, 0.30, 0.20), floor=(0.30, 0.27, 0.25), ceiling=(0.72, 0.70, 0.62))
    cloth = stage.vary(stage.rng.choice(((0.2, 0.3, 0.26), (0.42, 0.12, 0.1), (0.2, 0.24, 0.4))))
    for i in range(7):
        z = -d / 2 + 1.0 + i * 1.9
        for side in (-1, 1):
            with stage.solids.object(SurfaceClass.PROP):
                stage.solids.box(side * 0.95, 0.15, z, 0.95, 0.3, 0.5, cloth)
                stage.solids.box(side * 0.95, 0.4, z - 0.3, 0.95, 0.75, 0.14, f.dim(cloth, 0.9))
                stage.solids.box(side * 1.25, 1.85, z + 0.3, 0.45, 0.04, 1.7, f.STEEL, shadow=False)
            stage.seats.append((side * 0.8, 0.47, z, 0.0))
            stage.side_window(side, z + 0.1, z + 1.5, 0.95, 1.75, across=1)
        if i % 2 == 0:
            with stage.solids.object(SurfaceClass.PROP):
                stage.solids.ellipsoid(0, h - 0.06, z, 0.14, 0.06, 0.14, f.BULB, glow=1.0, lamp=True, shadow=False)
            stage.lamp(0, h - 0.25, z, power=0.9, falloff=0.3)
    f.door(stage, 0, -d / 2 + 0.04, w=0.8)
    stage.action, stage.swing, stage.spread, stage.reach = (0.0, 1.2), 0.12, 0.25, 5.5
    stage.spots = [(0.0, -2.0)]
