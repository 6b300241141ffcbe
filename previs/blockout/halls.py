"""Interiors of work, trade, school and care."""

from __future__ import annotations

import math

from previs.blockout import furniture as f
from previs.blockout.geometry import Solid, SurfaceClass, Texture
from previs.blockout.rooms import builder
from previs.blockout.stage import Stage

COLD_LIGHT = (0.85, 0.95, 1.0)


def _steel_hall(stage: Stage, w: float, d: float, h: float) -> None:
    """Brick walls with tall windows on the left, steel columns and roof trusses."""
    stage.interior(
        w,
        d,
        h,
        wall=(0.40, 0.37, 0.34),
        floor=(0.34, 0.34, 0.33),
        ceiling=(0.2, 0.2, 0.2),
        wall_texture=Texture.BRICK,
        floor_texture=Texture.SLABS,
    )
    steel = (0.18, 0.20, 0.20)
    for i in range(6):
        z = -d / 2 + 1.4 + i * 4
        stage.side_window(-1, z, z + 2.7, 1.9, h - 1.1, across=2, up=3)
    for i in range(5):
        z = -d / 2 + 2.2 + i * 4.6
        with stage.solids.object(SurfaceClass.ARCHITECTURE, "truss and columns"):
            for x in (-w * 0.3, w * 0.3):
                stage.solids.box(x, 0, z, 0.3, h, 0.3, steel)
                stage.solids.box(x, 0, z, 0.6, 0.25, 0.6, (0.24, 0.24, 0.23))
            stage.solids.box(0, h - 1.1, z, w, 0.18, 0.18, steel)
            for q in range(-3, 4):
                stage.solids.limb(
                    (q * 2.0, h - 1.0, z), (q * 2.0 + 1.0, h - 0.1, z), 0.04, 0.04, steel, shadow=False
                )
                stage.solids.limb(
                    (q * 2.0 + 1.0, h - 0.1, z), (q * 2.0 + 2.0, h - 1.0, z), 0.04, 0.04, steel, shadow=False
                )
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
    with stage.solids.object(SurfaceClass.PROP, "belt"):
        stage.solids.box(x, 0.78, -2.5, 1.0, 0.1, 19, (0.10, 0.10, 0.10))
        for side in (-1, 1):
            stage.solids.box(x + side * 0.55, 0.8, -2.5, 0.07, 0.16, 19, (0.16, 0.24, 0.36))
        for i in range(7):
            for side in (-1, 1):
                stage.solids.box(x + side * 0.45, 0, -11 + i * 3.0, 0.1, 0.8, 0.1, (0.14, 0.2, 0.3))
    with stage.solids.object(SurfaceClass.PROP, "jars"):
        for i in range(26):
            z = 6.2 - i * 0.62 + rng.uniform(-0.08, 0.08)
            dx = rng.uniform(-0.2, 0.2)
            stage.solids.cylinder(
                x + dx, 0.88, z, 0.095, 0.24, (0.66, 0.34, 0.08) if i % 5 else (0.5, 0.08, 0.05)
            )
            stage.solids.cylinder(x + dx, 1.12, z, 0.085, 0.035, (0.6, 0.55, 0.42), shadow=False)
    for i in range(4):
        for row in range(rng.randint(2, 5)):
            f.crate(stage, -w / 2 + 1.1 + i % 2 * 0.9, -5 + i * 2.3, rng.uniform(-0.1, 0.1), y=row * 0.42, w=0.75, h=0.4, d=0.55,
                    fill=(0.5, 0.07, 0.04) if row == 0 and i == 3 else None)  # fmt: skip
    for i in range(2):
        with stage.solids.object(SurfaceClass.PROP, "vat"):
            stage.solids.cylinder(w / 2 - 1.6, 0.5, -7 + i * 4.2, 1.25, 3.2, (0.48, 0.50, 0.50))
            stage.solids.ellipsoid(w / 2 - 1.6, 3.7, -7 + i * 4.2, 1.25, 0.45, 1.25, (0.5, 0.52, 0.52))
            stage.solids.limb(
                (w / 2 - 1.6, 3.9, -7 + i * 4.2), (w / 2 - 1.6, h, -7 + i * 4.2), 0.12, 0.12, f.IRON
            )
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
            with stage.solids.object(SurfaceClass.PROP, "machine"):
                tone = stage.vary(rng.choice(((0.22, 0.34, 0.28), (0.28, 0.32, 0.38), (0.5, 0.36, 0.12))))
                stage.solids.box(x, 0, z, 1.9, 1.0, 1.5, tone)
                stage.solids.box(x - 0.4, 1.0, z, 0.8, 0.9, 1.0, f.dim(tone, 0.85))
                stage.solids.limb((x + 0.45, 1.25, z - 0.4), (x + 0.45, 1.25, z + 0.4), 0.42, 0.42, f.IRON)
                stage.solids.box(x + 0.1, 1.1, z + 0.55, 0.35, 0.3, 0.1, (0.75, 0.75, 0.7))
                stage.solids.ellipsoid(
                    x, 1.3, z + 0.62, 0.05, 0.05, 0.05, (0.9, 0.15, 0.1), glow=0.8, lamp=True, shadow=False
                )
    for x in (-w * 0.38, w * 0.36):
        with stage.solids.object(SurfaceClass.ARCHITECTURE, "pipe"):
            stage.solids.limb(
                (x, h - 1.6, -d / 2), (x, h - 1.6, d / 2), 0.22, 0.22, (0.4, 0.28, 0.2), shadow=False
            )
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
    with stage.solids.object(SurfaceClass.PROP, "blackboard"):
        stage.solids.box(0, 0.95, -d / 2 + 0.04, w * 0.55, 1.25, 0.05, f.DARK_WOOD)
        stage.solids.box(0, 1.0, -d / 2 + 0.07, w * 0.53, 1.15, 0.02, (0.10, 0.20, 0.16), shadow=False)
        for i in range(4):
            stage.solids.box(
                -0.8 + i * 0.35,
                1.85 - i * 0.14,
                -d / 2 + 0.085,
                0.9 - 0.15 * i,
                0.025,
                0.01,
                (0.7, 0.72, 0.68),
                shadow=False,
            )
    f.desk(stage, w * 0.18, -d / 2 + 1.3)
    for i in (-1, 0, 1):
        for j in range(2):
            x, z = i * w * 0.27, -d * 0.12 + j * 1.5
            f.table(stage, x, z, w=1.1, d=0.5, h=0.68)
            f.chair(stage, x, z + 0.5, math.pi)
    for i in range(3):
        stage.side_window(-1, -d * 0.4 + i * 2.4, -d * 0.4 + i * 2.4 + 1.8, 1.0, 2.7, across=2, up=2)
    with stage.solids.object(SurfaceClass.PROP, "globe"):
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
            f.bed(
                stage,
                side * (w / 2 - 1.1),
                z,
                -side * math.pi / 2,
                w=0.95,
                blanket=(0.62, 0.70, 0.76),
                frame=white,
            )
            with stage.solids.object(SurfaceClass.PROP, "night table"):
                stage.solids.box(side * (w / 2 - 0.3), 0, z + 1.0, 0.45, 0.7, 0.45, white)
                if i % 2 == 0:
                    stage.solids.cylinder(side * (w / 2 - 0.4), 0, z - 0.8, 0.02, 1.9, f.STEEL)
                    stage.solids.ellipsoid(
                        side * (w / 2 - 0.4), 1.75, z - 0.72, 0.07, 0.13, 0.04, (0.7, 0.78, 0.8)
                    )
    with stage.solids.object(SurfaceClass.PROP, "ward curtain"):
        stage.solids.box(-w / 2 + 1.1, 0.4, -d / 2 + 2.75, 1.9, 1.9, 0.05, (0.45, 0.62, 0.60))
    for i in range(2):
        stage.back_window(
            -w * 0.36 + i * w * 0.42, -w * 0.36 + i * w * 0.42 + w * 0.3, 1.0, 2.7, across=2, up=2
        )
    for z in (-2.5, 1.5):
        with stage.solids.object(SurfaceClass.PROP, "strip light"):
            stage.solids.box(
                0, h - 0.05, z, 0.5, 0.04, 1.5, (0.95, 0.98, 1.0), glow=1.0, lamp=True, shadow=False
            )
        stage.lamp(0, h - 0.25, z, COLD_LIGHT, 1.0, falloff=0.14)
    stage.action, stage.swing, stage.spots, stage.spread = (0.0, 0.8), 0.3, [(0.8, 2.0), (-0.7, -2.0)], 0.9


@builder("shop")
def shop(stage: Stage) -> None:
    """A general store: counter, shelves of goods, a till, barrels."""
    w, d, h = stage.rng.uniform(6, 7.5), stage.rng.uniform(6, 7), 3.0
    stage.interior(w, d, h, wall=(0.60, 0.58, 0.44), floor=(0.42, 0.30, 0.2), floor_texture=Texture.PLANKS)
    f.counter(
        stage, 0.4, -d / 2 + 1.5, w=w * 0.6, h=1.0, colour=stage.vary((0.38, 0.46, 0.40)), top=f.DARK_WOOD
    )
    for x, goods in ((-w * 0.28, "jars"), (w * 0.1, "boxes"), (w * 0.38, "bottles")):
        f.shelf(stage, x, -d / 2 + 0.3, w=w * 0.28, h=2.4, colour=f.DARK_WOOD, goods=goods)
    f.shelf(stage, w / 2 - 0.3, 0.4, -math.pi / 2, w=2.2, h=1.8, colour=f.WOOD)
    with stage.solids.object(SurfaceClass.PROP, "till"):
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
    with stage.solids.object(SurfaceClass.PROP, "tool board"):
        stage.solids.box(-0.4, 1.25, -d / 2 + 0.04, w * 0.5, 1.0, 0.04, (0.5, 0.38, 0.24))
        for i in range(9):
            x = -0.4 - w * 0.22 + i * w * 0.055
            stage.solids.box(
                x,
                1.45 + 0.12 * (i % 3),
                -d / 2 + 0.08,
                0.05,
                rng.uniform(0.25, 0.5),
                0.03,
                rng.choice((f.IRON, f.STEEL, (0.55, 0.1, 0.06))),
                shadow=False,
            )
    with stage.solids.object(SurfaceClass.PROP, "timber"):
        for i in range(6):
            stage.solids.add(
                Solid.BOX,
                (w / 2 - 0.35 - 0.06 * i, 1.3, -d / 2 + 0.8 + 0.16 * i),
                (0.06, 1.35, 0.05),
                stage.vary((0.5, 0.36, 0.2)),
                roll=-0.15,
            )
    with stage.solids.object(SurfaceClass.PROP, "wheel"):
        stage.solids.limb((w / 2 - 0.15, 0.5, 0.4), (w / 2 - 0.3, 0.5, 0.4), 0.48, 0.48, f.DARK_WOOD)
    f.table(stage, 1.6, -0.2, 0.3, w=1.4, d=0.5, h=0.7)
    f.shelf(stage, -w / 2 + 0.35, 0.4, math.pi / 2, w=2.2, h=2.0)
    f.barrel(stage, -w / 2 + 0.6, 2.0)
    stage.side_window(1, -d * 0.1, -d * 0.1 + 1.8, 1.0, 2.5, across=3, up=2)
    stage.back_window(w * 0.16, w * 0.34, 1.3, 2.5)
    stage.pendant(-0.2, 2.3, -d / 2 + 1.6, roof=h, power=2.0)
    stage.action, stage.spots = (0.0, 0.6), [(-1.6, 1.6), (1.8, 1.8)]
