"""Interiors people live, drink and work in. Each builder sets up one place on an empty stage."""

from __future__ import annotations

import math
from collections.abc import Callable

from previs.blockout import furniture as f
from previs.blockout.geometry import SurfaceClass, Texture
from previs.blockout.stage import Stage

BUILDERS: dict[str, Callable[[Stage], None]] = {}


def builder(place: str) -> Callable[[Callable[[Stage], None]], Callable[[Stage], None]]:
    """Register the builder of one place."""

    def register(build: Callable[[Stage], None]) -> Callable[[Stage], None]:
        BUILDERS[place] = build
        return build

    return register


@builder("kitchen")
def kitchen(stage: Stage) -> None:
    """Cabinets along the back wall, fridge, stove, a table in the middle."""
    rng = stage.rng
    w, d, h = rng.uniform(4.4, 5.6), rng.uniform(4.2, 5.2), 2.7
    stage.interior(w, d, h, wall=(0.78, 0.74, 0.64), floor=(0.60, 0.58, 0.54), floor_texture=Texture.TILES)
    cabinet = stage.vary(
        rng.choice(((0.80, 0.80, 0.77), (0.42, 0.53, 0.48), (0.55, 0.38, 0.25), (0.34, 0.40, 0.50)))
    )
    back = -d / 2
    f.counter(stage, -0.2, back + 0.3, w=w * 0.82, colour=cabinet)
    with stage.solids.object(SurfaceClass.PROP, "wall cabinets"):
        for side in (-1, 1):
            stage.solids.box(side * w * 0.3, 1.5, back + 0.18, w * 0.26, 0.75, 0.35, cabinet)
            stage.solids.box(
                side * w * 0.3, 1.54, back + 0.36, w * 0.12, 0.67, 0.02, f.dim(cabinet, 0.9), shadow=False
            )
    with stage.solids.object(SurfaceClass.PROP, "fridge"):
        stage.solids.box(w * 0.45 - 0.1, 0, back + 0.38, 0.72, 1.9, 0.7, (0.86, 0.87, 0.88))
        stage.solids.box(w * 0.45 - 0.38, 0.9, back + 0.75, 0.03, 0.6, 0.03, (0.3, 0.3, 0.3))
        stage.solids.box(w * 0.45 - 0.1, 1.3, back + 0.735, 0.7, 0.015, 0.01, (0.4, 0.4, 0.4), shadow=False)
    with stage.solids.object(SurfaceClass.PROP, "stove"):
        stage.solids.box(-w * 0.24, 0.02, back + 0.33, 0.6, 0.89, 0.6, (0.28, 0.28, 0.30))
        stage.solids.box(-w * 0.24, 0.15, back + 0.635, 0.5, 0.5, 0.02, f.IRON, shadow=False)
        stage.solids.cylinder(-w * 0.24 - 0.12, 0.91, back + 0.3, 0.11, 0.14, (0.6, 0.3, 0.2))
        stage.solids.cylinder(-w * 0.24 + 0.15, 0.91, back + 0.36, 0.09, 0.08, f.STEEL)
    stage.back_window(-0.65, 0.65, 1.12, 2.15)
    x, z = 0.1, 0.15
    f.table(stage, x, z, w=1.5, d=0.85, colour=stage.vary((0.5, 0.36, 0.22)))
    for side in (-1, 1):
        f.chair(stage, x + side * 0.4, z + 0.72, math.pi)
        f.chair(stage, x + side * 0.42, z - 0.7, 0)
    with stage.solids.object(SurfaceClass.PROP, "table setting"):
        stage.solids.cylinder(x, 0.75, z, 0.07, 0.22, (0.25, 0.45, 0.55))
        stage.solids.ellipsoid(x - 0.4, 0.8, z + 0.05, 0.14, 0.06, 0.14, (0.75, 0.55, 0.2))
    stage.pendant(x, 1.95, z, roof=h)
    stage.action, stage.spots = (-0.9, 0.9), [(-w * 0.36, 0.5), (w * 0.36, 0.4), (w * 0.3, 1.4)]


@builder("living room")
def living_room(stage: Stage) -> None:
    """Sofa against the back wall, rug, low table, bookcase, standing lamp."""
    rng = stage.rng
    w, d, h = rng.uniform(5.6, 7.4), rng.uniform(5.0, 6.4), 2.9
    stage.interior(w, d, h, wall=(0.64, 0.56, 0.47), floor=(0.46, 0.32, 0.2), floor_texture=Texture.PLANKS)
    f.rug(stage, 0, 0.1, 3.0, 2.2, stage.vary((0.5, 0.28, 0.25), 0.12))
    f.sofa(
        stage,
        0,
        -d / 2 + 0.55,
        colour=stage.vary(
            rng.choice(((0.3, 0.38, 0.45), (0.5, 0.22, 0.18), (0.36, 0.38, 0.28), (0.58, 0.52, 0.44)))
        ),
    )
    f.table(stage, 0, -d / 2 + 1.75, w=1.2, d=0.6, h=0.42)
    f.sofa(stage, w * 0.33, -0.3, -math.pi / 2.3, w=0.95, colour=stage.vary(rng.choice(f.CLOTHS)))
    f.bookcase(stage, -w / 2 + 0.25, -0.4, math.pi / 2)
    f.standing_lamp(stage, 1.75, -d / 2 + 0.5)
    f.painting(stage, rng.choice((-0.9, 0.6)), 1.45, -d / 2 + 0.03, w=1.2, h=0.8)
    f.cupboard(stage, w / 2 - 0.3, 1.5, -math.pi / 2, w=1.4, h=0.8)
    stage.side_window(1, -d * 0.38, -d * 0.38 + 1.6, 0.8, 2.3)
    stage.back_window(-w * 0.42, -w * 0.42 + 1.1, 0.9, 2.3)
    stage.lamp(0, 2.5, 0.3, power=0.6)
    stage.action, stage.spots = (0.2, 0.5), [(-w * 0.3, 1.2), (w * 0.25, 1.3), (-1.6, -0.2)]


@builder("bedroom")
def bedroom(stage: Stage) -> None:
    """A bed, night tables, wardrobe, a window beside."""
    rng = stage.rng
    w, d, h = rng.uniform(4.4, 5.4), rng.uniform(4.4, 5.2), 2.7
    stage.interior(
        w,
        d,
        h,
        wall=stage.vary((0.58, 0.60, 0.62), 0.1),
        floor=(0.45, 0.33, 0.22),
        floor_texture=Texture.PLANKS,
    )
    f.bed(stage, -0.3, -d / 2 + 1.1, w=1.5, blanket=stage.vary(rng.choice(f.CLOTHS), 0.08))
    for x in (-1.4, 0.8):
        f.table(stage, x, -d / 2 + 0.35, w=0.45, d=0.42, h=0.5)
    with stage.solids.object(SurfaceClass.PROP, "table lamp"):
        stage.solids.cylinder(0.8, 0.5, -d / 2 + 0.35, 0.03, 0.25, f.IRON)
        stage.solids.cylinder(
            0.8, 0.72, -d / 2 + 0.35, 0.14, 0.18, f.BULB, taper=0.6, glow=0.95, lamp=True, shadow=False
        )
    stage.lamp(0.8, 0.95, -d / 2 + 0.5, power=2.0, falloff=0.25, shadows=False)
    f.rug(stage, 0.2, 0.6, 2.2, 1.4, stage.vary(rng.choice(f.CLOTHS)))
    f.cupboard(stage, w / 2 - 0.35, -0.3, -math.pi / 2, w=1.5, h=2.1)
    f.chair(stage, -w / 2 + 0.5, 0.6, math.pi / 2.5)
    f.painting(stage, -0.3, 1.5, -d / 2 + 0.03, w=0.8, h=0.55)
    stage.side_window(-1, -1.5, 0.0, 0.85, 2.2)
    stage.lamp(0, 2.4, 0.4, power=0.35)
    stage.action, stage.spots = (0.6, 0.5), [(-w * 0.3, 1.3), (w * 0.28, 1.3)]


@builder("bathroom")
def bathroom(stage: Stage) -> None:
    """Tiled walls, bath, basin and mirror."""
    w, d, h = 3.6, 3.8, 2.6
    stage.interior(
        w,
        d,
        h,
        wall=(0.66, 0.76, 0.76),
        floor=(0.5, 0.52, 0.54),
        wall_texture=Texture.TILES,
        floor_texture=Texture.TILES,
    )
    china = (0.88, 0.88, 0.86)
    with stage.solids.object(SurfaceClass.PROP, "bath"):
        stage.solids.box(0.9, 0.1, -d / 2 + 0.45, 1.7, 0.5, 0.75, china)
        stage.solids.box(0.9, 0.55, -d / 2 + 0.45, 1.5, 0.07, 0.55, (0.55, 0.66, 0.70))
        stage.solids.limb((1.6, 0.6, -d / 2 + 0.1), (1.6, 0.85, -d / 2 + 0.2), 0.02, 0.02, f.STEEL)
    with stage.solids.object(SurfaceClass.PROP, "basin"):
        stage.solids.cylinder(-0.8, 0, -d / 2 + 0.35, 0.1, 0.75, china)
        stage.solids.ellipsoid(-0.8, 0.82, -d / 2 + 0.35, 0.32, 0.12, 0.25, china)
        stage.solids.box(-0.8, 1.2, -d / 2 + 0.03, 0.65, 0.85, 0.04, f.DARK_WOOD)
        stage.solids.box(-0.8, 1.24, -d / 2 + 0.055, 0.57, 0.77, 0.01, (0.66, 0.74, 0.76), shadow=False)
        stage.solids.ellipsoid(
            -0.8, 2.18, -d / 2 + 0.14, 0.14, 0.09, 0.09, f.BULB, glow=1.0, lamp=True, shadow=False
        )
    with stage.solids.object(SurfaceClass.PROP, "toilet"):
        stage.solids.cylinder(-w / 2 + 0.4, 0, 0.1, 0.2, 0.4, china, taper=1.25)
        stage.solids.box(-w / 2 + 0.15, 0.4, 0.1, 0.25, 0.45, 0.45, china)
    stage.back_window(0.35, 1.25, 1.4, 2.2)
    stage.lamp(-0.8, 2.1, -d / 2 + 0.35, power=1.6)
    stage.surfaces.append((-1.0, 0.93, -d / 2 + 0.4))
    stage.action, stage.spots = (0.0, 0.2), [(1.2, 0.6)]


@builder("office")
def office(stage: Stage) -> None:
    """Rows of desks with screens under strip lights."""
    rng = stage.rng
    w, d, h = rng.uniform(7.5, 10), rng.uniform(6.5, 8), 2.9
    stage.interior(w, d, h, wall=(0.70, 0.73, 0.76), floor=(0.36, 0.38, 0.42))
    for i in (-1, 0, 1):
        for j in range(2):
            x, z = i * w * 0.29, -d * 0.3 + j * d * 0.34
            f.desk(stage, x, z, colour=(0.66, 0.62, 0.55), screen=True)
            f.chair(stage, x + 0.1, z + 0.65, math.pi, colour=(0.15, 0.16, 0.18))
            if rng.random() < 0.7:
                with stage.solids.object(SurfaceClass.ARCHITECTURE, "partition"):
                    stage.solids.box(x, 0, z - 0.5, 1.7, 1.25, 0.05, (0.45, 0.52, 0.56))
    f.cupboard(stage, -w / 2 + 0.35, d * 0.1, math.pi / 2, w=1.2, h=1.4, colour=(0.5, 0.53, 0.55))
    for q in range(4):
        stage.back_window(-w * 0.45 + q * w * 0.23, -w * 0.45 + q * w * 0.23 + w * 0.19, 0.9, 2.4)
    for i in (-1, 1):
        with stage.solids.object(SurfaceClass.PROP, "strip light"):
            stage.solids.box(
                i * w * 0.22,
                h - 0.04,
                -0.3,
                1.3,
                0.03,
                0.5,
                (0.95, 0.98, 1.0),
                glow=1.0,
                lamp=True,
                shadow=False,
            )
        stage.lamp(i * w * 0.22, h - 0.2, -0.3, (0.85, 0.95, 1.0), 1.0, falloff=0.12)
    stage.action, stage.spots = (0.0, 1.3), [(-w * 0.35, 1.6), (w * 0.35, 1.6), (1.6, 1.8)]


@builder("corridor")
def corridor(stage: Stage) -> None:
    """A long passage with doors and strip lights."""
    rng = stage.rng
    w, d, h = rng.uniform(2.2, 2.8), rng.uniform(15, 22), 2.6
    stage.interior(w, d, h, wall=(0.58, 0.63, 0.58), floor=(0.43, 0.45, 0.43), floor_texture=Texture.TILES)
    for i in range(int(d / 2.6)):
        z = -d / 2 + 1.2 + i * 2.6
        for side in (-1, 1):
            f.door(
                stage,
                side * (w / 2 - 0.02),
                z,
                -side * math.pi / 2,
                colour=stage.vary((0.36, 0.26, 0.2), 0.03),
            )
        with stage.solids.object(SurfaceClass.PROP, "strip light"):
            stage.solids.box(
                0, h - 0.05, z + 1.3, 0.4, 0.04, 1.2, (0.95, 0.98, 1.0), glow=1.0, lamp=True, shadow=False
            )
        if i % 2 == 0 and len(stage.lamps) < 5:
            stage.lamp(0, h - 0.25, z + 1.3, (0.85, 0.95, 1.0), 0.85, falloff=0.28)
    stage.back_window(-0.5, 0.5, 0.9, 2.1)
    f.bench(stage, -w / 2 + 0.3, -1.4, math.pi / 2, w=1.5)
    stage.action, stage.reach, stage.swing, stage.spread = (0.0, d * 0.12), 8.0, 0.14, 0.6
    stage.spots = [(w * 0.3, -2.0), (-w * 0.3, -3.5)]


@builder("church")
def church(stage: Stage) -> None:
    """A nave: pews, columns, altar, tall windows, candles."""
    rng = stage.rng
    w, d, h = rng.uniform(9.5, 12), rng.uniform(20, 25), rng.uniform(8.5, 11)
    stage.interior(
        w,
        d,
        h,
        wall=(0.58, 0.55, 0.5),
        floor=(0.44, 0.42, 0.4),
        ceiling=(0.5, 0.46, 0.42),
        floor_texture=Texture.SLABS,
    )
    for i in range(7):
        z = -d / 2 + 7 + i * 1.8
        for side in (-1, 1):
            with stage.solids.object(SurfaceClass.PROP, "pew"):
                stage.solids.box(side * w * 0.22, 0.4, z, w * 0.27, 0.06, 0.42, (0.36, 0.22, 0.13))
                stage.solids.box(side * w * 0.22, 0, z - 0.24, w * 0.27, 0.95, 0.06, (0.33, 0.2, 0.12))
    for i in range(5):
        z = -d / 2 + 4 + i * d / 5.5
        for side in (-1, 1):
            with stage.solids.object(SurfaceClass.ARCHITECTURE, "column"):
                stage.solids.cylinder(side * w * 0.42, 0, z, 0.32, h, (0.6, 0.57, 0.52))
                stage.solids.box(side * w * 0.42, 0, z, 0.85, 0.4, 0.85, (0.53, 0.5, 0.46))
                stage.solids.box(side * w * 0.42, h - 1.2, z, 0.9, 0.35, 0.9, (0.56, 0.53, 0.48))
    with stage.solids.object(SurfaceClass.PROP, "altar"):
        stage.solids.box(0, 0, -d / 2 + 2.2, w * 0.6, 0.3, 3.2, (0.48, 0.46, 0.43))
        stage.solids.box(0, 0.3, -d / 2 + 2.0, 2.2, 1.0, 0.9, (0.82, 0.8, 0.75))
        stage.solids.box(0, 2.2, -d / 2 + 0.3, 0.22, 3.0, 0.18, (0.3, 0.2, 0.12))
        stage.solids.box(0, 4.0, -d / 2 + 0.3, 1.5, 0.22, 0.18, (0.3, 0.2, 0.12))
        for side in (-1, 1):
            stage.solids.cylinder(side * 0.9, 1.3, -d / 2 + 2, 0.05, 0.35, (0.95, 0.9, 0.75))
            stage.solids.ellipsoid(
                side * 0.9, 1.74, -d / 2 + 2, 0.05, 0.09, 0.05, (1.0, 0.75, 0.3), glow=1.0, shadow=False
            )
    with stage.solids.object(SurfaceClass.GROUND, "carpet"):
        stage.solids.box(0, 0, 1, 1.5, 0.02, d * 0.7, (0.42, 0.1, 0.11), shadow=False)
    for i in range(4):
        for side in (-1, 1):
            stage.side_window(side, -d / 2 + 3 + i * 5, -d / 2 + 4.3 + i * 5, 2.8, h - 1.8, up=3)
    for side in (-1, 1):
        stage.back_window(side * 0.8 - 0.4, side * 0.8 + 0.4, 5.2, h - 0.8, up=2)
    stage.lamp(0, 2.6, -d / 2 + 2.8, (1.0, 0.7, 0.35), 1.5, falloff=0.05, shadows=False, always=True)
    stage.lamp(0, 5, 2, (1.0, 0.8, 0.5), 0.55, falloff=0.03, shadows=False)
    stage.action, stage.reach, stage.swing, stage.tall = (0.0, 1.0), 10.0, 0.16, 1.2
    stage.spread, stage.spots = 0.7, [(0.0, -d / 2 + 4.6), (0.6, 3.0)]


@builder("bar")
def bar(stage: Stage) -> None:
    """A bar counter with bottles behind, stools, small tables, warm lamps, a neon sign."""
    rng = stage.rng
    w, d, h = rng.uniform(7, 9), rng.uniform(6, 7), 3.1
    stage.interior(
        w,
        d,
        h,
        wall=(0.34, 0.2, 0.15),
        floor=(0.3, 0.2, 0.14),
        ceiling=(0.25, 0.2, 0.18),
        wall_texture=Texture.BRICK,
        floor_texture=Texture.PLANKS,
    )
    f.counter(stage, 0, -d / 2 + 1.5, w=w * 0.75, h=1.1, colour=(0.32, 0.18, 0.1), top=(0.2, 0.11, 0.07))
    for i in range(5):
        f.stool(stage, -w * 0.3 + i * w * 0.15, -d / 2 + 2.2)
    f.shelf(stage, 0, -d / 2 + 0.25, w=w * 0.68, h=2.4, rows=4, colour=(0.25, 0.15, 0.1), goods="bottles")
    for side in (-1, 1):
        f.table(stage, side * w * 0.32, d * 0.14, w=0.8, d=0.8, colour=(0.3, 0.18, 0.1))
        f.chair(stage, side * w * 0.32 + 0.62, d * 0.14, -math.pi / 2)
        f.chair(stage, side * w * 0.32 - 0.62, d * 0.14, math.pi / 2)
    for i in (-1, 0, 1):
        with stage.solids.object(SurfaceClass.PROP, "pendant"):
            stage.solids.cylinder(
                i * 1.6,
                2.05,
                -d / 2 + 1.6,
                0.17,
                0.18,
                (1.0, 0.7, 0.35),
                taper=0.3,
                glow=0.95,
                lamp=True,
                shadow=False,
            )
            stage.solids.cylinder(i * 1.6, 2.23, -d / 2 + 1.6, 0.012, h - 2.23, (0.1, 0.1, 0.1), shadow=False)
    for i in (-1, 1):
        stage.lamp(i * 1.5, 1.95, -d / 2 + 1.7, (1.0, 0.62, 0.28), 1.5, falloff=0.22)
    neon = rng.choice(((1.0, 0.15, 0.4), (0.2, 0.6, 1.0), (0.3, 1.0, 0.5)))
    with stage.solids.object(SurfaceClass.PROP, "neon sign"):
        stage.solids.box(
            w * 0.42, 2.0, -d / 2 + 0.05, 0.8, 0.35, 0.06, neon, glow=1.0, lamp=True, shadow=False
        )
    stage.lamp(w * 0.42, 2.1, -d / 2 + 0.8, neon, 0.7, falloff=0.5, shadows=False)
    stage.side_window(-1, -0.5, 1.4, 1.0, 2.3)
    stage.action, stage.spots = (0.0, 0.4), [(-w * 0.12, 1.4), (w * 0.15, 1.6)]


@builder("restaurant")
def restaurant(stage: Stage) -> None:
    """White-clothed tables and tall windows."""
    rng = stage.rng
    w, d, h = rng.uniform(8, 9.5), rng.uniform(7.5, 9), 3.3
    stage.interior(w, d, h, wall=(0.52, 0.3, 0.26), floor=(0.38, 0.26, 0.17), floor_texture=Texture.PLANKS)
    for i in (-1, 0, 1):
        for j in (0, 1):
            x, z = i * w * 0.31, -d * 0.3 + j * d * 0.3
            if i == 0 and j == 1:
                continue
            with stage.solids.object(SurfaceClass.PROP, "laid table"):
                stage.solids.cylinder(x, 0.03, z, 0.52, 0.72, (0.84, 0.83, 0.8), taper=0.96)
                stage.solids.cylinder(x, 0.75, z, 0.06, 0.05, f.STEEL)
                stage.solids.cylinder(x, 0.78, z, 0.03, 0.16, (0.95, 0.9, 0.75))
                stage.solids.ellipsoid(
                    x, 0.98, z, 0.03, 0.06, 0.03, (1.0, 0.75, 0.3), glow=1.0, lamp=True, shadow=False
                )
                for side in (-1, 1):
                    stage.solids.cylinder(x + side * 0.3, 0.75, z, 0.13, 0.015, (0.9, 0.9, 0.9), shadow=False)
            stage.surfaces.append((x + 0.1, 0.76, z + 0.25))
            for side in (-1, 1):
                f.chair(stage, x + side * 0.75, z, -side * math.pi / 2, colour=f.DARK_WOOD)
    for q in range(3):
        stage.back_window(
            -w * 0.42 + q * w * 0.3, -w * 0.42 + q * w * 0.3 + w * 0.22, 0.6, 2.7, across=2, up=2
        )
    for i in (-1, 1):
        stage.pendant(i * w * 0.25, 2.2, -d * 0.1, roof=h, power=1.4, radius=0.28)
        f.painting(stage, i * (w / 2 - 0.03), 1.4, 0.8, -i * math.pi / 2)
    stage.action, stage.spots = (0.0, 0.9), [(-1.4, 2.2), (1.6, 2.0)]
