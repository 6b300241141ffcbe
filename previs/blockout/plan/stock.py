"""Pieces of the library that no place has a builder for: each stands at the origin of an empty stage, facing +z."""

from __future__ import annotations

import math

from previs.blockout import furniture as f
from previs.blockout import outdoors as o
from previs.blockout.furniture import Frame
from previs.blockout.geometry import Colour, SurfaceClass, Texture
from previs.blockout.stage import Stage

CHINA: Colour = (0.88, 0.88, 0.86)
WHITE: Colour = (0.85, 0.86, 0.86)
STONE: Colour = (0.56, 0.53, 0.48)
PEWS: Colour = (0.36, 0.22, 0.13)
CONCRETE: Colour = (0.52, 0.52, 0.51)


def indoors(stage: Stage, kind: str, here: Frame) -> None:
    """Add a piece of a home, an office, a ward, a bar or a church."""
    if kind == "wall cabinet":
        here.box(0, 1.5, 0, 1.2, 0.75, 0.35, (0.8, 0.8, 0.77))
        for side in (-1, 1):
            here.box(side * 0.3, 1.54, 0.18, 0.56, 0.67, 0.02, (0.72, 0.72, 0.69), shadow=False)
    elif kind == "rug":
        here.box(0, 0, 0, 2.4, 0.012, 1.6, (0.3, 0.17, 0.15), shadow=False, surface=SurfaceClass.GROUND)
        here.box(0, 0.004, 0, 2.15, 0.012, 1.35, (0.5, 0.28, 0.25), shadow=False, surface=SurfaceClass.GROUND)
    elif kind == "fireplace":
        for side in (-1, 1):
            here.box(side * 0.62, 0, 0, 0.26, 1.05, 0.45, STONE)
        here.box(0, 1.05, 0, 1.6, 0.14, 0.55, f.dim(STONE, 0.9))
        here.box(0, 0, -0.18, 1.0, 1.05, 0.08, (0.08, 0.07, 0.07))
        for i in range(4):
            here.ellipsoid(-0.2 + 0.13 * i, 0.22 + 0.06 * (i % 2), 0, 0.1, 0.2, 0.1, (1.0, 0.5, 0.12), glow=1.0,
                           lamp=True, shadow=False)  # fmt: skip
        stage.lamp(*here.at(0, 0.5, 0.4), (1.0, 0.5, 0.18), 2.2, falloff=0.2, shadows=False)
    elif kind == "bath":
        here.box(0, 0.1, 0, 1.7, 0.5, 0.75, CHINA)
        here.box(0, 0.55, 0, 1.5, 0.07, 0.55, (0.55, 0.66, 0.70))
        here.limb((0.7, 0.6, -0.3), (0.7, 0.85, -0.2), 0.02, 0.02, f.STEEL)
    elif kind == "basin":
        here.cylinder(0, 0, 0, 0.1, 0.75, CHINA)
        here.ellipsoid(0, 0.82, 0, 0.32, 0.12, 0.25, CHINA)
        here.limb((0, 0.9, -0.18), (0, 1.05, -0.1), 0.018, 0.018, f.STEEL)
    elif kind == "toilet":
        here.cylinder(0, 0, 0.1, 0.2, 0.4, CHINA, taper=1.25)
        here.box(0, 0.35, -0.2, 0.42, 0.45, 0.2, CHINA)
    elif kind == "office chair":
        here.cylinder(0, 0.02, 0, 0.3, 0.05, f.IRON)
        here.cylinder(0, 0.05, 0, 0.035, 0.38, f.STEEL)
        here.box(0, 0.43, 0, 0.48, 0.08, 0.46, (0.15, 0.16, 0.18))
        here.box(0, 0.55, -0.21, 0.44, 0.5, 0.06, (0.15, 0.16, 0.18))
    elif kind == "partition":
        here.box(0, 0, 0, 1.7, 1.25, 0.05, (0.45, 0.52, 0.56))
        here.box(0, 1.25, 0, 1.7, 0.03, 0.06, f.STEEL, shadow=False)
    elif kind == "filing cabinet":
        here.box(0, 0, 0, 0.47, 1.32, 0.62, (0.5, 0.53, 0.55))
        for row in range(4):
            here.box(0, 0.05 + row * 0.32, 0.315, 0.42, 0.28, 0.015, (0.43, 0.46, 0.48), shadow=False)
            here.box(0, 0.2 + row * 0.32, 0.33, 0.12, 0.02, 0.02, f.IRON, shadow=False)
    elif kind == "blackboard":
        here.box(0, 0.95, 0, 3.2, 1.25, 0.05, f.DARK_WOOD)
        here.box(0, 1.0, 0.03, 3.05, 1.15, 0.02, (0.10, 0.20, 0.16), shadow=False)
    elif kind == "round table":
        here.cylinder(0, 0, 0, 0.26, 0.03, f.IRON)
        here.cylinder(0, 0.03, 0, 0.045, 0.68, f.IRON)
        here.cylinder(0, 0.71, 0, 0.42, 0.04, (0.3, 0.18, 0.1))
    elif kind == "jukebox":
        here.box(0, 0, 0, 0.85, 1.05, 0.6, (0.36, 0.12, 0.1))
        here.limb((0, 1.05, -0.3), (0, 1.05, 0.3), 0.42, 0.42, (0.36, 0.12, 0.1))
        here.box(0, 0.7, 0.31, 0.6, 0.4, 0.02, (1.0, 0.72, 0.3), glow=0.8, lamp=True, shadow=False)
        here.box(0, 0.2, 0.31, 0.5, 0.35, 0.02, (0.2, 0.6, 1.0), glow=0.5, lamp=True, shadow=False)
        stage.lamp(*here.at(0, 0.9, 0.6), (1.0, 0.6, 0.35), 0.6, falloff=0.5, shadows=False)
    elif kind == "pew":
        here.box(0, 0.4, 0, 2.6, 0.06, 0.42, PEWS)
        here.box(0, 0, -0.24, 2.6, 0.95, 0.06, f.dim(PEWS, 0.92))
        for side in (-1, 1):
            here.box(side * 1.28, 0, 0, 0.06, 0.7, 0.5, f.dim(PEWS, 0.85))
    elif kind == "altar":
        here.box(0, 0, 0, 2.2, 1.0, 0.9, (0.82, 0.8, 0.75))
        here.box(0, 1.0, 0, 2.3, 0.05, 1.0, f.dim(STONE, 1.1))
        for side in (-1, 1):
            here.cylinder(side * 0.9, 1.05, 0, 0.05, 0.35, (0.95, 0.9, 0.75))
            here.ellipsoid(side * 0.9, 1.47, 0, 0.03, 0.08, 0.03, (1.0, 0.75, 0.3), glow=1.0, shadow=False)
    elif kind == "organ":
        here.box(0, 0, -0.2, 2.4, 1.3, 0.8, PEWS)
        for i in range(11):
            here.cylinder(-1.0 + 0.2 * i, 1.3, -0.2, 0.08, 1.4 + 0.18 * (5 - abs(i - 5)), (0.66, 0.6, 0.4))
        here.box(0, 0.75, 0.3, 1.3, 0.1, 0.3, CHINA)
    elif kind == "drip stand":
        here.cylinder(0, 0, 0, 0.25, 0.04, f.STEEL)
        here.cylinder(0, 0, 0, 0.02, 1.9, f.STEEL)
        here.ellipsoid(0, 1.75, 0.08, 0.07, 0.13, 0.04, (0.7, 0.78, 0.8))
    elif kind == "ward curtain":
        here.box(0, 0.4, 0, 1.9, 1.6, 0.05, (0.45, 0.62, 0.60))
        for side in (-1, 1):
            here.limb((side * 0.95, 0, 0), (side * 0.95, 2.05, 0), 0.02, 0.02, f.STEEL)
        here.limb((-0.95, 2.05, 0), (0.95, 2.05, 0), 0.02, 0.02, f.STEEL)
    elif kind == "telephone box":
        red: Colour = (0.55, 0.08, 0.07)
        here.box(0, 2.2, 0, 0.95, 0.25, 0.95, red)
        for a in (-1, 1):
            for b in (-1, 1):
                here.box(a * 0.42, 0, b * 0.42, 0.1, 2.2, 0.1, red)
        for y in (0.1, 0.75, 1.4, 2.0):
            for side in (-1, 1):
                here.box(side * 0.43, y, 0, 0.03, 0.05, 0.8, red, shadow=False)
                here.box(0, y, side * 0.43, 0.8, 0.05, 0.03, red, shadow=False)
        here.box(0, 1.0, -0.3, 0.3, 0.5, 0.15, f.IRON)


def at_work(stage: Stage, kind: str, here: Frame) -> None:
    """Add a piece of a works, a store or a building site."""
    if kind == "vat":
        here.cylinder(0, 0.5, 0, 1.25, 3.0, (0.48, 0.50, 0.50))
        here.ellipsoid(0, 3.5, 0, 1.25, 0.4, 1.25, (0.5, 0.52, 0.52))
        for a in range(4):
            here.limb((math.cos(a * 1.571 + 0.78) * 1.0, 0, math.sin(a * 1.571 + 0.78) * 1.0),
                      (math.cos(a * 1.571 + 0.78) * 1.0, 0.6, math.sin(a * 1.571 + 0.78) * 1.0), 0.08, 0.08, f.IRON)  # fmt: skip
        here.ellipsoid(0, 1.2, 1.25, 0.13, 0.13, 0.13, (0.6, 0.1, 0.07))
    elif kind == "belt":
        here.box(0, 0.78, 0, 1.0, 0.1, 6.0, (0.10, 0.10, 0.10))
        for side in (-1, 1):
            here.box(side * 0.55, 0.8, 0, 0.07, 0.16, 6.0, (0.16, 0.24, 0.36))
            for i in range(3):
                here.box(side * 0.45, 0, -2.7 + i * 2.7, 0.1, 0.8, 0.1, (0.14, 0.2, 0.3))
        for i in range(9):
            here.cylinder(0.2 * math.sin(i * 2.4), 0.88, -2.6 + i * 0.65, 0.095, 0.24, (0.66, 0.34, 0.08))
    elif kind == "pallet":
        for i in range(5):
            here.box(0, 0.1, -0.44 + i * 0.22, 1.2, 0.025, 0.16, f.WOOD)
        for i in (-1, 0, 1):
            here.box(i * 0.52, 0, 0, 0.1, 0.1, 1.0, f.dim(f.WOOD, 0.8))
    elif kind == "workbench":
        here.box(0, 0.82, 0, 2.4, 0.1, 0.8, (0.40, 0.28, 0.17))
        for a in (-1, 1):
            for b in (-1, 1):
                here.box(a * 1.08, 0, b * 0.3, 0.12, 0.82, 0.12, f.DARK_WOOD)
        here.box(0, 0.2, 0, 2.1, 0.04, 0.6, f.dim(f.WOOD, 0.8))
        here.box(-0.8, 0.92, 0.2, 0.25, 0.2, 0.3, f.STEEL)
    elif kind == "pipe":
        here.limb((-2, 2.6, 0), (2, 2.6, 0), 0.2, 0.2, (0.4, 0.28, 0.2))
        for side in (-1, 1):
            here.limb((side * 1.6, 2.35, 0), (side * 1.6, 2.85, 0), 0.25, 0.25, (0.3, 0.22, 0.17))
            here.limb((side * 1.6, 0, 0), (side * 1.6, 2.4, 0), 0.05, 0.05, f.IRON)
    elif kind == "scaffold":
        for a in (-1, 1):
            for b in (-1, 1):
                here.limb((a * 1.2, 0, b * 0.5), (a * 1.2, 4.2, b * 0.5), 0.03, 0.03, f.STEEL)
            for y in (1.0, 2.0, 3.0, 4.0):
                here.limb((a * 1.2, y, -0.5), (a * 1.2, y, 0.5), 0.025, 0.025, f.STEEL)
        for y in (2.0, 4.0):
            here.box(0, y, 0, 2.5, 0.05, 1.1, f.WOOD)
        for b in (-1, 1):
            for y in (3.0, 1.0):
                here.limb((-1.2, y, b * 0.5), (1.2, y, b * 0.5), 0.025, 0.025, f.STEEL)
    elif kind == "block":
        here.box(0, 0, 0, 1.0, 1.0, 1.0, CONCRETE)
    elif kind == "cylinder":
        here.cylinder(0, 0, 0, 0.5, 1.0, CONCRETE)
    elif kind == "ball":
        here.ellipsoid(0, 0.5, 0, 0.5, 0.5, 0.5, CONCRETE)
    elif kind == "platform":
        here.box(0, 0, 0, 2.0, 0.3, 2.0, f.WOOD, texture=Texture.PLANKS)
    elif kind == "wall panel":
        here.box(0, 0, 0, 2.4, 2.6, 0.12, (0.6, 0.58, 0.54))


def outside(stage: Stage, kind: str, here: Frame) -> None:
    """Add a piece of a street, a railway or open country."""
    if kind == "bin":
        here.box(0, 0, 0, 1.3, 1.1, 0.9, (0.16, 0.28, 0.2))
        here.box(0, 1.1, 0, 1.35, 0.08, 0.95, f.IRON)
    elif kind == "power pole":
        here.limb((0, 0, 0), (0.04, 6.2, 0), 0.09, 0.07, o.BARK)
        here.box(0, 5.6, 0, 1.3, 0.08, 0.08, o.BARK)
        for dx in (-0.5, 0.5):
            here.cylinder(dx, 5.68, 0, 0.03, 0.1, f.IRON)
    elif kind == "barrier":
        for side in (-1, 1):
            here.box(side * 0.9, 0, 0, 0.08, 1.0, 0.5, f.IRON)
        for i in range(6):
            here.box(
                -0.85 + i * 0.34, 0.75, 0, 0.34, 0.22, 0.05, (0.8, 0.78, 0.74) if i % 2 else (0.6, 0.09, 0.07)
            )
    elif kind == "bus":
        tone = stage.vary((0.55, 0.16, 0.1))
        here.box(0, 0.4, 0, 2.5, 1.0, 10.5, tone)
        here.box(0, 1.4, 0, 2.4, 0.95, 10.3, (0.12, 0.15, 0.17))
        here.box(0, 2.35, 0, 2.5, 0.5, 10.5, tone)
        for side in (-1, 1):
            for i in range(7):
                here.box(side * 1.2, 1.4, -4.6 + i * 1.55, 0.1, 0.95, 0.14, tone)
            for dz in (3.4, -3.2):
                here.wheel(side * 1.1, 0.48, dz, 0.48, 0.3)
            here.box(
                side * 0.85, 0.7, 5.26, 0.3, 0.2, 0.03, (1.0, 0.93, 0.7), glow=1.0, lamp=True, shadow=False
            )
    elif kind == "train carriage":
        tone = stage.vary((0.14, 0.26, 0.2))
        here.box(0, 0.9, 0, 2.8, 2.3, 14.4, tone)
        here.box(0, 3.2, 0, 2.5, 0.3, 14.4, (0.3, 0.3, 0.3))
        for side in (-1, 1):
            for k in range(6):
                here.box(side * 1.4, 1.9, -5.5 + k * 2.2, 0.06, 0.9, 1.4, (0.9, 0.72, 0.42), glow=0.75, lamp=True,
                         shadow=False, surface=SurfaceClass.WINDOW)  # fmt: skip
        for dz in (-5.2, -3.6, 3.6, 5.2):
            for side in (-1, 1):
                here.wheel(side * 0.8, 0.45, dz, 0.45, 0.15)
    elif kind == "stump":
        here.cylinder(0, 0, 0, 0.3, 0.45, o.BARK, taper=0.85)
        here.cylinder(0, 0.45, 0, 0.24, 0.01, (0.55, 0.42, 0.28), shadow=False)
    elif kind == "hay bale":
        here.limb((-0.6, 0.7, 0), (0.6, 0.7, 0), 0.7, 0.7, stage.vary((0.66, 0.54, 0.26)))
    elif kind == "cactus":
        green = stage.vary((0.25, 0.38, 0.2), 0.03)
        here.cylinder(0, 0, 0, 0.2, 2.4, green)
        here.ellipsoid(0, 2.4, 0, 0.2, 0.2, 0.2, green)
        for side, y in ((-1, 1.1), (1, 1.4)):
            here.limb((0, y, 0), (side * 0.6, y, 0), 0.12, 0.12, green)
            here.cylinder(side * 0.6, y, 0, 0.12, 0.75, green)


#: Class of each of these pieces, where it is not PROP.
CLASSES: dict[str, SurfaceClass] = {
    "power pole": SurfaceClass.ARCHITECTURE, "scaffold": SurfaceClass.ARCHITECTURE,
    "partition": SurfaceClass.ARCHITECTURE, "pipe": SurfaceClass.ARCHITECTURE,
    "platform": SurfaceClass.ARCHITECTURE, "wall panel": SurfaceClass.ARCHITECTURE,
    "fireplace": SurfaceClass.ARCHITECTURE, "bus": SurfaceClass.VEHICLE, "train carriage": SurfaceClass.VEHICLE,
    "stump": SurfaceClass.VEGETATION, "cactus": SurfaceClass.VEGETATION, "rug": SurfaceClass.GROUND,
}  # fmt: skip
