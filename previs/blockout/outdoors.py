"""Trees, houses, vehicles and street furniture."""

from __future__ import annotations

import math

from previs.blockout.furniture import BULB, CLOTHS, IRON, WOOD, Frame, dim
from previs.blockout.geometry import Colour, Solid, SurfaceClass, Texture
from previs.blockout.stage import Stage

BARK: Colour = (0.24, 0.17, 0.12)
HOUSES: tuple[Colour, ...] = (
    (0.55, 0.35, 0.28),
    (0.60, 0.55, 0.48),
    (0.50, 0.50, 0.52),
    (0.66, 0.60, 0.50),
    (0.42, 0.38, 0.36),
)
PAINTS: tuple[Colour, ...] = (
    (0.55, 0.10, 0.09),
    (0.14, 0.24, 0.42),
    (0.70, 0.70, 0.69),
    (0.12, 0.12, 0.13),
    (0.58, 0.48, 0.20),
    (0.2, 0.34, 0.28),
)


def leafy_tree(stage: Stage, x: float, z: float, h: float = 6.0, leaf: Colour = (0.18, 0.32, 0.12)) -> None:
    """Add a round-crowned tree."""
    rng = stage.rng
    with stage.solids.object(SurfaceClass.VEGETATION, "tree"):
        stage.solids.limb((x, 0, z), (x + rng.uniform(-0.2, 0.2), h * 0.6, z), h * 0.035, h * 0.02, BARK)
        tone = stage.vary(leaf, 0.04)
        for _ in range(4):
            dx, dz = rng.uniform(-0.16, 0.16) * h, rng.uniform(-0.16, 0.16) * h
            size = h * rng.uniform(0.14, 0.22)
            stage.solids.ellipsoid(
                x + dx,
                h * rng.uniform(0.62, 0.85),
                z + dz,
                size,
                size * 0.85,
                size,
                dim(tone, rng.uniform(0.85, 1.15)),
            )


def pine(stage: Stage, x: float, z: float, h: float = 8.0, leaf: Colour = (0.12, 0.25, 0.14)) -> None:
    """Add a conifer of three cones."""
    with stage.solids.object(SurfaceClass.VEGETATION, "pine"):
        stage.solids.cylinder(x, 0, z, h * 0.025, h * 0.4, BARK)
        tone = stage.vary(leaf, 0.03)
        for j in range(3):
            stage.solids.cylinder(
                x,
                h * (0.18 + 0.25 * j),
                z,
                h * (0.19 - 0.045 * j),
                h * 0.4,
                dim(tone, 0.9 + 0.1 * j),
                taper=0.02,
            )


def fruit_tree(stage: Stage, x: float, z: float, h: float = 3.3, *, leaf: Colour | None, fruit: Colour | None,
               detail: int = 2) -> None:  # fmt: skip
    """Add a low, branching orchard tree; `detail` 0 is for the far rows."""
    rng = stage.rng
    with stage.solids.object(SurfaceClass.VEGETATION, "fruit tree"):
        trunk = h * 0.34
        top = (x + rng.uniform(-0.12, 0.12), trunk, z + rng.uniform(-0.12, 0.12))
        stage.solids.limb((x, 0, z), top, h * 0.045, h * 0.034, BARK)
        arms, start = 4, rng.uniform(0, 6)
        for i in range(arms):
            a = start + i * 2 * math.pi / arms + rng.uniform(-0.3, 0.3)
            out = h * rng.uniform(0.2, 0.3)
            end = (
                top[0] + math.cos(a) * out,
                trunk + h * rng.uniform(0.22, 0.32),
                top[2] + math.sin(a) * out,
            )
            stage.solids.limb(top, end, h * 0.026, h * 0.014, BARK)
            for _ in range(detail):
                b = a + rng.uniform(-0.9, 0.9)
                tip = (
                    end[0] + math.cos(b) * h * 0.16,
                    end[1] + h * rng.uniform(0.06, 0.26),
                    end[2] + math.sin(b) * h * 0.16,
                )
                stage.solids.limb(end, tip, h * 0.014, h * 0.005, BARK)
            if leaf is not None:
                stage.solids.ellipsoid(*end, h * 0.17, h * 0.13, h * 0.17, dim(leaf, rng.uniform(0.8, 1.2)))
                if fruit is not None and detail:
                    for _ in range(2):
                        b = rng.uniform(0, 6.28)
                        stage.solids.ball(
                            (
                                end[0] + math.cos(b) * h * 0.16,
                                end[1] - h * 0.07,
                                end[2] + math.sin(b) * h * 0.16,
                            ),
                            0.055,
                            fruit,
                            shadow=False,
                        )


def bush(stage: Stage, x: float, z: float, size: float = 0.5, leaf: Colour = (0.17, 0.30, 0.12)) -> None:
    """Add a shrub."""
    with stage.solids.object(SurfaceClass.VEGETATION, "bush"):
        for _ in range(3):
            stage.solids.ellipsoid(x + stage.rng.uniform(-0.5, 0.5) * size, size * stage.rng.uniform(0.4, 0.7), z + stage.rng.uniform(-0.4, 0.4) * size,
                                   size * 0.65, size * 0.6, size * 0.6, stage.vary(leaf, 0.03))  # fmt: skip


def rock(stage: Stage, x: float, z: float, size: float = 0.5, tone: Colour = (0.42, 0.41, 0.39)) -> None:
    """Add a boulder of overlapping blocks."""
    rng = stage.rng
    with stage.solids.object(SurfaceClass.GROUND, "rock"):
        stage.solids.ellipsoid(
            x, size * 0.15, z, size, size * 0.6, size * 0.8, stage.vary(tone, 0.03), yaw=rng.uniform(0, 3)
        )
        stage.solids.add(Solid.BOX, (x + size * 0.2, size * 0.25, z), (size * 0.5, size * 0.35, size * 0.5), stage.vary(tone, 0.03),
                         yaw=rng.uniform(0, 3), roll=rng.uniform(-0.5, 0.5), pitch=rng.uniform(-0.4, 0.4))  # fmt: skip


def house(
    stage: Stage,
    x: float,
    z: float,
    w: float,
    h: float,
    d: float,
    tone: Colour,
    *,
    gable: bool = False,
    yaw: float = 0.0,
) -> None:
    """Add a house with rows of windows, flat or with a gabled roof whose ridge runs along its width."""
    with stage.solids.object(SurfaceClass.ARCHITECTURE, "gabled house" if gable else "house"):
        here = Frame(stage.solids, x, z, yaw)
        here.box(0, 0, 0, w, h, d, tone, texture=Texture.FACADE)
        if gable:
            rise = d * 0.32
            slope = math.atan2(rise, d / 2)
            for side in (-1, 1):
                here.box(
                    0,
                    h + rise / 2 - 0.06,
                    side * d * 0.25,
                    w + 0.5,
                    0.16,
                    d / 2 / math.cos(slope) + 0.35,
                    (0.26, 0.16, 0.13),
                    pitch=side * slope,
                )
            here.box(0, h, 0, w * 0.98, rise * 0.55, d * 0.42, dim(tone, 0.9))
            here.box(w * 0.3, h + rise * 0.3, 0, 0.6, rise + 0.6, 0.6, (0.38, 0.24, 0.19))
        else:
            here.box(0, h, 0, w + 0.3, 0.35, d + 0.3, dim(tone, 0.75))


def car(stage: Stage, x: float, z: float, yaw: float = 0.0, paint: Colour | None = None) -> None:
    """Add a saloon car whose front looks towards `yaw`."""
    tone = paint or stage.vary(stage.rng.choice(PAINTS), 0.03)
    with stage.solids.object(SurfaceClass.VEHICLE, "car"):
        here = Frame(stage.solids, x, z, yaw)
        here.box(0, 0.32, 0, 1.72, 0.5, 4.2, tone)
        here.box(0, 0.82, 1.3, 1.6, 0.06, 1.4, dim(tone, 1.05))
        here.box(0, 0.82, -0.25, 1.5, 0.52, 2.0, (0.12, 0.15, 0.17))
        here.box(0, 1.3, -0.25, 1.42, 0.07, 1.9, tone)
        for side in (-1, 1):
            for dz in (0.76, -0.25, -1.24):
                here.box(side * 0.72, 0.82, dz, 0.07, 0.5, 0.08, tone)
            for dz in (1.32, -1.3):
                here.wheel(side * 0.8, 0.33, dz, 0.33, 0.2)
                here.wheel(side * 0.91, 0.33, dz, 0.16, 0.02, (0.5, 0.5, 0.5))
            here.box(
                side * 0.6, 0.55, 2.11, 0.32, 0.16, 0.03, (1.0, 0.93, 0.7), glow=1.0, lamp=True, shadow=False
            )
            here.box(
                side * 0.62,
                0.55,
                -2.11,
                0.3,
                0.14,
                0.03,
                (0.7, 0.05, 0.04),
                glow=0.7,
                lamp=True,
                shadow=False,
            )
        here.box(0, 0.38, 2.12, 1.6, 0.12, 0.06, (0.45, 0.45, 0.46))
        here.box(0, 0.38, -2.12, 1.6, 0.12, 0.06, (0.45, 0.45, 0.46))


def truck(stage: Stage, x: float, z: float, yaw: float = 0.0, paint: Colour = (0.20, 0.30, 0.30)) -> None:
    """Add an old flat-bed truck."""
    with stage.solids.object(SurfaceClass.VEHICLE, "truck"):
        here = Frame(stage.solids, x, z, yaw)
        here.box(0, 0.45, 1.35, 1.6, 0.62, 1.3, paint)
        here.box(0, 0.45, 0.2, 1.7, 0.75, 1.2, paint)
        here.box(0, 1.2, 0.15, 1.5, 0.55, 1.05, dim(paint, 0.9))
        here.box(0, 1.25, 0.69, 1.36, 0.42, 0.04, (0.1, 0.13, 0.15))
        for side in (-1, 1):
            here.box(side * 0.76, 1.25, 0.15, 0.03, 0.4, 0.8, (0.1, 0.13, 0.15))
            here.box(side * 0.85, 0.6, -1.4, 0.06, 0.4, 2.2, WOOD)
            for dz in (1.25, -1.5):
                here.wheel(side * 0.75, 0.36, dz, 0.36, 0.2)
            here.ellipsoid(
                side * 0.6, 0.82, 2.03, 0.12, 0.12, 0.06, (1.0, 0.88, 0.6), glow=0.95, lamp=True, shadow=False
            )
        here.box(0, 0.5, -1.4, 1.75, 0.12, 2.2, dim(WOOD, 0.8))
        here.box(0, 0.6, -2.48, 1.7, 0.4, 0.06, WOOD)
        here.box(0, 0.55, 2.01, 1.3, 0.3, 0.05, IRON)
        here.box(0, 0.38, 2.05, 1.7, 0.12, 0.1, (0.4, 0.4, 0.4))


def boat(
    stage: Stage, x: float, z: float, yaw: float = 0.0, *, y: float = 0.0, paint: Colour = (0.16, 0.32, 0.42)
) -> None:
    """Add a small wooden boat."""
    with stage.solids.object(SurfaceClass.VEHICLE, "boat"):
        here = Frame(stage.solids, x, z, yaw, y)
        here.ellipsoid(0, 0.3, 0, 0.75, 0.45, 2.1, paint)
        here.ellipsoid(0, 0.62, 0, 0.66, 0.2, 1.9, dim(WOOD, 0.7))
        for side in (-1, 1):
            here.box(side * 0.68, 0.5, 0, 0.06, 0.16, 2.6, (0.75, 0.73, 0.68))
        for dz in (-0.8, 0.1, 0.9):
            here.box(0, 0.66, dz, 1.2, 0.05, 0.24, WOOD)


def street_lamp(stage: Stage, x: float, z: float, side: int, *, lit: bool = True) -> None:
    """Add a lamp post whose arm reaches over the road; side -1 stands on the left."""
    with stage.solids.object(SurfaceClass.PROP, "street lamp"):
        stage.solids.cylinder(x, 0, z, 0.06, 4.6, IRON)
        stage.solids.box(x - side * 0.4, 4.55, z, 0.9, 0.08, 0.12, IRON)
        stage.solids.ellipsoid(
            x - side * 0.7, 4.5, z, 0.18, 0.09, 0.18, BULB, glow=1.0, lamp=True, shadow=False
        )
    if lit:
        stage.lamp(x - side * 0.7, 4.3, z, (1.0, 0.72, 0.38), 2.1, falloff=0.07, shadows=z > -10)


def fence(
    stage: Stage,
    x0: float,
    z0: float,
    x1: float,
    z1: float,
    *,
    h: float = 1.0,
    colour: Colour = (0.24, 0.19, 0.15),
) -> None:
    """Add a post-and-rail fence."""
    length = math.hypot(x1 - x0, z1 - z0)
    posts = max(2, int(length / 2.4) + 1)
    with stage.solids.object(SurfaceClass.ARCHITECTURE, "fence"):
        for i in range(posts):
            f = i / (posts - 1)
            stage.solids.box(
                x0 + (x1 - x0) * f, 0, z0 + (z1 - z0) * f, 0.1, h, 0.1, colour, roll=0.04 * ((i * 7) % 3 - 1)
            )
        for y in (0.45, 0.82):
            stage.solids.limb((x0, y * h, z0), (x1, y * h, z1), 0.035, 0.035, colour)


def power_poles(stage: Stage, x: float, count: int = 5) -> None:
    """Add a line of poles with wires, going away from the camera."""
    with stage.solids.object(SurfaceClass.ARCHITECTURE, "power poles"):
        for i in range(count):
            z = 2 - i * 11.0
            stage.solids.limb((x, 0, z), (x + 0.04, 6.2, z), 0.09, 0.07, BARK)
            stage.solids.box(x, 5.6, z, 1.3, 0.08, 0.08, BARK)
            for dx in (-0.5, 0.5):
                stage.solids.limb((x + dx, 5.66, z), (x + dx, 5.3, z - 5.5), 0.012, 0.012, IRON, shadow=False)
                stage.solids.limb(
                    (x + dx, 5.3, z - 5.5), (x + dx, 5.66, z - 11), 0.012, 0.012, IRON, shadow=False
                )


def hills(stage: Stage, tone: Colour, *, count: int = 4, high: float = 12.0, far: float = 120.0) -> None:
    """Add a range of round hills on the horizon."""
    with stage.solids.object(SurfaceClass.GROUND, "hills"):
        for i in range(count):
            x = (i - (count - 1) / 2) * far * 0.55 + stage.rng.uniform(-9, 9)
            stage.solids.ellipsoid(
                x,
                -2,
                -far + stage.rng.uniform(-10, 10),
                far * 0.4,
                high * stage.rng.uniform(0.6, 1.1),
                22,
                stage.vary(tone, 0.03),
            )


def awning(stage: Stage, x: float, z: float, w: float, *, yaw: float, y: float = 2.5) -> None:
    """Add a shop awning with its lit window below."""
    with stage.solids.object(SurfaceClass.ARCHITECTURE, "awning"):
        here = Frame(stage.solids, x, z, yaw)
        here.box(0, y, 0.55, w, 0.08, 1.2, stage.vary(stage.rng.choice(CLOTHS)), pitch=0.25)
        here.box(
            0,
            0.6,
            0.02,
            w * 0.85,
            y - 0.8,
            0.06,
            (0.92, 0.70, 0.40),
            glow=0.8,
            lamp=True,
            shadow=False,
            surface=SurfaceClass.WINDOW,
        )
