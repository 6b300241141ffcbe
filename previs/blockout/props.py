"""Things a director asks for by name, set down on the floor or on a table top."""

from __future__ import annotations

import math
from collections.abc import Callable

from previs.blockout import furniture as f
from previs.blockout import outdoors as o
from previs.blockout.furniture import Frame
from previs.blockout.geometry import Colour, Solid, SurfaceClass, Texture
from previs.blockout.stage import Stage
from previs.blockout.town import fountain, grave

#: Props that lie on a table top; all others stand on the floor.
SMALL = frozenset(
    ("lantern", "candle", "clock", "telephone", "book", "letter", "bottle", "jar", "cup", "plate", "knife", "gun",
     "apple", "map", "flowers", "basket")
)  # fmt: skip
#: Props of some size, kept away from the actors.
LARGE = frozenset(
    (
        "car",
        "truck",
        "boat",
        "cart",
        "tent",
        "tree",
        "fountain",
        "statue",
        "piano",
        "fence",
        "gate",
        "horse",
        "machine",
    )
)


def _small(stage: Stage, name: str, here: Frame) -> None:
    """Add a thing that fits on a table."""
    if name == "lantern":
        here.cylinder(0, 0, 0, 0.075, 0.04, f.IRON)
        here.cylinder(0, 0.04, 0, 0.055, 0.16, f.BULB, glow=0.9, lamp=True, shadow=False)
        here.cylinder(0, 0.2, 0, 0.075, 0.07, f.IRON, taper=0.3)
        stage.lamp(*here.at(0, 0.22, 0.05), power=1.1, falloff=0.8, shadows=False)
    elif name == "candle":
        here.cylinder(0, 0, 0, 0.07, 0.02, (0.6, 0.5, 0.25))
        here.cylinder(0, 0.02, 0, 0.025, 0.16, (0.93, 0.90, 0.80))
        here.ellipsoid(0, 0.21, 0, 0.014, 0.035, 0.014, (1.0, 0.75, 0.3), glow=1.0, shadow=False)
        stage.lamp(*here.at(0, 0.28, 0), power=0.9, falloff=0.9, shadows=False)
    elif name == "clock":
        here.box(0, 0, 0, 0.24, 0.28, 0.12, f.DARK_WOOD)
        here.ellipsoid(0, 0.15, 0.06, 0.09, 0.09, 0.012, (0.9, 0.88, 0.8))
        here.box(0, 0.15, 0.075, 0.01, 0.07, 0.006, f.IRON, shadow=False)
        here.box(0.02, 0.145, 0.075, 0.05, 0.01, 0.006, f.IRON, shadow=False)
    elif name == "telephone":
        here.box(0, 0, 0, 0.2, 0.1, 0.2, (0.06, 0.06, 0.07))
        here.limb((-0.12, 0.15, 0), (0.12, 0.15, 0), 0.025, 0.025, (0.06, 0.06, 0.07))
        here.ellipsoid(0, 0.1, 0.05, 0.06, 0.02, 0.06, (0.7, 0.7, 0.66))
    elif name == "book":
        cover = stage.vary(stage.rng.choice(f.CLOTHS))
        here.box(0, 0, 0, 0.19, 0.045, 0.26, cover)
        here.box(0.006, 0.006, 0, 0.182, 0.033, 0.266, (0.85, 0.82, 0.72), shadow=False)
        here.box(0, 0.045, 0, 0.19, 0.006, 0.26, cover, shadow=False)
    elif name in ("letter", "map"):
        size = 1.0 if name == "letter" else 2.6
        paper: Colour = (0.88, 0.86, 0.78) if name == "letter" else (0.76, 0.68, 0.50)
        here.box(0, 0.001, 0, 0.21 * size, 0.006, 0.27 * size, paper, yaw=0.3, shadow=False)
        for i in range(5):
            here.box(
                0,
                0.005,
                (-0.09 + i * 0.04) * size,
                0.15 * size,
                0.004,
                0.009 * size,
                (0.2, 0.2, 0.25),
                yaw=0.3,
                shadow=False,
            )
    elif name == "bottle":
        glass = stage.rng.choice(((0.12, 0.32, 0.16), (0.36, 0.2, 0.08), (0.55, 0.62, 0.62)))
        here.cylinder(0, 0, 0, 0.045, 0.2, glass)
        here.cylinder(0, 0.2, 0, 0.045, 0.06, glass, taper=0.36)
        here.cylinder(0, 0.26, 0, 0.016, 0.07, glass)
        here.cylinder(0, 0.06, 0, 0.0465, 0.09, (0.82, 0.78, 0.66), shadow=False)
    elif name == "jar":
        here.cylinder(0, 0, 0, 0.095, 0.22, (0.66, 0.34, 0.08))
        here.cylinder(0, 0.22, 0, 0.08, 0.025, (0.7, 0.6, 0.5))
        here.cylinder(0, 0.245, 0, 0.09, 0.035, (0.62, 0.56, 0.42))
    elif name == "cup":
        here.cylinder(0, 0, 0, 0.07, 0.012, (0.85, 0.85, 0.82))
        here.cylinder(0, 0.012, 0, 0.032, 0.08, (0.85, 0.85, 0.82), taper=1.3)
        here.cylinder(0, 0.088, 0, 0.037, 0.005, (0.2, 0.12, 0.07), shadow=False)
    elif name == "plate":
        here.cylinder(0, 0, 0, 0.1, 0.02, (0.86, 0.86, 0.84), taper=1.3)
        here.ellipsoid(0, 0.03, 0, 0.07, 0.03, 0.06, (0.55, 0.35, 0.18))
    elif name == "knife":
        here.box(0, 0.004, 0.1, 0.03, 0.006, 0.24, (0.74, 0.76, 0.78), yaw=0.5)
        here.box(0.07, 0.002, -0.06, 0.032, 0.02, 0.13, f.DARK_WOOD, yaw=0.5)
    elif name == "gun":
        here.box(0, 0.01, 0, 0.24, 0.035, 0.03, (0.09, 0.09, 0.1), yaw=0.4)
        here.box(-0.09, 0.005, 0.045, 0.045, 0.03, 0.11, f.DARK_WOOD, yaw=0.25)
        here.limb((-0.04, 0.025, 0.0), (0.03, 0.025, 0.02), 0.03, 0.03, (0.12, 0.12, 0.13))
    elif name == "apple":
        for dx, dz in ((0, 0), (0.1, 0.05), (-0.04, 0.1)):
            here.ellipsoid(dx, 0.042, dz, 0.045, 0.042, 0.045, (0.58, 0.07, 0.05))
            here.limb((dx, 0.08, dz), (dx + 0.01, 0.1, dz), 0.004, 0.003, f.DARK_WOOD)
    elif name == "flowers":
        here.cylinder(0, 0, 0, 0.06, 0.2, (0.3, 0.42, 0.52), taper=1.2)
        for i in range(7):
            a = i * 0.9
            tip = (math.cos(a) * 0.1, 0.36 + 0.05 * (i % 3), math.sin(a) * 0.1)
            here.limb((0, 0.18, 0), tip, 0.008, 0.006, (0.2, 0.4, 0.15))
            here.ellipsoid(
                *tip,
                0.045,
                0.035,
                0.045,
                stage.rng.choice(((0.75, 0.14, 0.18), (0.85, 0.7, 0.2), (0.82, 0.5, 0.65))),
            )
    else:  # basket
        here.cylinder(0, 0, 0, 0.15, 0.18, (0.55, 0.40, 0.2), taper=1.25)
        for i in range(6):
            here.ellipsoid(
                math.cos(i) * 0.08, 0.19, math.sin(i) * 0.08, 0.055, 0.05, 0.055, (0.55, 0.1, 0.06)
            )


def _standing(stage: Stage, name: str, here: Frame) -> None:
    """Add a thing that stands on the floor and has no builder of its own."""
    if name == "sink":
        here.box(0, 0, 0, 0.8, 0.86, 0.55, (0.72, 0.72, 0.7))
        here.box(0, 0.86, 0.02, 0.6, 0.02, 0.4, (0.45, 0.48, 0.5))
        here.limb((0, 0.86, -0.2), (0, 1.15, -0.2), 0.02, 0.02, f.STEEL)
        here.limb((0, 1.15, -0.2), (0, 1.12, 0.0), 0.02, 0.02, f.STEEL)
    elif name == "stove":
        here.box(0, 0.05, 0, 0.7, 0.85, 0.62, (0.2, 0.2, 0.21))
        here.box(0, 0.2, 0.315, 0.5, 0.4, 0.02, (0.75, 0.3, 0.08), glow=0.5, lamp=True, shadow=False)
        here.cylinder(0, 0.9, -0.2, 0.08, 1.4, f.IRON)
    elif name == "fridge":
        here.box(0, 0, 0, 0.72, 1.8, 0.7, (0.85, 0.86, 0.86))
        here.box(0, 1.2, 0.352, 0.7, 0.015, 0.01, f.IRON, shadow=False)
        here.box(-0.28, 0.8, 0.38, 0.03, 0.7, 0.03, f.STEEL)
    elif name == "fire":
        for i in range(5):
            a = i * 1.26
            here.limb((math.cos(a) * 0.35, 0.04, math.sin(a) * 0.35), (0, 0.35, 0), 0.05, 0.04, f.DARK_WOOD)
        for i in range(9):
            a = i * 0.9
            here.ellipsoid(math.cos(a) * 0.16, 0.3 + 0.09 * (i % 4), math.sin(a) * 0.16, 0.1, 0.2 + 0.05 * (i % 3), 0.1,
                           ((1.0, 0.45, 0.08), (1.0, 0.72, 0.25), (1.0, 0.3, 0.05))[i % 3], glow=1.0, shadow=False)  # fmt: skip
        stage.lamp(*here.at(0, 0.9, 0), (1.0, 0.5, 0.18), 3.0, falloff=0.12, always=True)
    elif name == "mirror":
        here.box(0, 0.1, 0, 0.8, 1.7, 0.06, (0.55, 0.42, 0.15))
        here.box(0, 0.18, 0.035, 0.66, 1.54, 0.01, (0.66, 0.74, 0.78), shadow=False)
    elif name == "screen":
        here.box(0, 0, 0, 1.3, 0.5, 0.4, f.DARK_WOOD)
        here.box(0, 0.52, 0, 1.2, 0.72, 0.06, f.IRON)
        here.box(0, 0.56, 0.035, 1.12, 0.64, 0.01, (0.35, 0.55, 0.80), glow=0.7, lamp=True, shadow=False)
    elif name == "piano":
        here.box(0, 0, -0.15, 1.5, 1.2, 0.45, (0.08, 0.06, 0.05))
        here.box(0, 0.62, 0.2, 1.45, 0.1, 0.35, (0.08, 0.06, 0.05))
        here.box(0, 0.72, 0.22, 1.3, 0.02, 0.2, (0.88, 0.87, 0.82))
        for i in range(14):
            here.box(-0.6 + i * 0.092, 0.735, 0.18, 0.035, 0.015, 0.11, (0.04, 0.04, 0.04), shadow=False)
    elif name in ("bag", "suitcase"):
        tone = stage.vary((0.40, 0.24, 0.13))
        here.box(
            0, 0, 0, 0.6 if name == "suitcase" else 0.42, 0.42 if name == "suitcase" else 0.34, 0.2, tone
        )
        here.limb(
            (-0.09, 0.46 if name == "suitcase" else 0.4, 0),
            (0.09, 0.46 if name == "suitcase" else 0.4, 0),
            0.016,
            0.016,
            f.IRON,
        )
        for side in (-1, 1):
            here.box(
                side * 0.17,
                0,
                0.005,
                0.04,
                0.43 if name == "suitcase" else 0.35,
                0.205,
                f.dim(tone, 0.6),
                shadow=False,
            )
    elif name == "box":
        here.box(0, 0, 0, 0.6, 0.45, 0.5, (0.56, 0.43, 0.27))
        here.box(0, 0.003, 0, 0.08, 0.452, 0.504, (0.66, 0.56, 0.4), shadow=False)
    elif name == "bucket":
        here.cylinder(0, 0, 0, 0.13, 0.3, (0.55, 0.57, 0.58), taper=1.25)
    elif name == "ladder":
        for side in (-1, 1):
            here.limb((side * 0.24, 0, 0.4), (side * 0.2, 2.7, -0.3), 0.035, 0.03, f.WOOD)
        for i in range(7):
            y = 0.3 + i * 0.36
            here.limb((-0.24, y, 0.4 - y * 0.26), (0.24, y, 0.4 - y * 0.26), 0.022, 0.022, f.WOOD)
    elif name == "rope":
        for i in range(16):
            a, b = i * 0.8, (i + 1) * 0.8
            here.limb(
                (math.cos(a) * 0.22, 0.03 + i * 0.008, math.sin(a) * 0.22),
                (math.cos(b) * 0.22, 0.04 + i * 0.008, math.sin(b) * 0.22),
                0.025,
                0.025,
                (0.60, 0.50, 0.32),
            )
    elif name == "wheel":
        here.wheel(0, 0.5, 0, 0.5, 0.09, f.DARK_WOOD)
        here.wheel(0, 0.5, 0, 0.1, 0.2, f.IRON)
    elif name == "bicycle":
        for dz in (-0.52, 0.52):
            here.wheel(0, 0.34, dz, 0.34, 0.04, (0.07, 0.07, 0.07))
            here.wheel(0, 0.34, dz, 0.29, 0.05, (0.55, 0.56, 0.56))
        red = stage.vary((0.5, 0.12, 0.1))
        here.limb((0, 0.34, -0.52), (0, 0.85, -0.2), 0.022, 0.022, red)
        here.limb((0, 0.34, -0.05), (0, 0.85, 0.4), 0.022, 0.022, red)
        here.limb((0, 0.8, -0.2), (0, 0.85, 0.4), 0.022, 0.022, red)
        here.limb((0, 0.34, 0.52), (0, 1.0, 0.38), 0.022, 0.022, red)
        here.limb((-0.28, 1.02, 0.36), (0.28, 1.02, 0.36), 0.02, 0.02, f.IRON)
        here.box(0, 0.88, -0.22, 0.14, 0.06, 0.26, f.IRON)
    elif name == "cart":
        here.box(0, 0.6, 0, 1.3, 0.1, 2.2, f.WOOD)
        for side in (-1, 1):
            here.box(side * 0.64, 0.7, 0, 0.06, 0.35, 2.2, f.WOOD)
            here.wheel(side * 0.75, 0.5, -0.2, 0.5, 0.08, f.DARK_WOOD)
            here.limb((side * 0.35, 0.65, 1.1), (side * 0.3, 0.75, 2.6), 0.035, 0.03, f.WOOD)
    elif name == "gate":
        for side in (-1, 1):
            here.box(side * 1.5, 0, 0, 0.3, 1.8, 0.3, (0.5, 0.46, 0.4))
        for i in range(9):
            here.limb((-1.3 + i * 0.325, 0.1, 0), (-1.3 + i * 0.325, 1.4, 0), 0.022, 0.022, f.IRON)
        for y in (0.3, 1.2):
            here.box(0, y, 0, 2.7, 0.05, 0.04, f.IRON)
    elif name == "sign":
        here.cylinder(0, 0, 0, 0.05, 2.2, f.DARK_WOOD)
        here.box(0.25, 1.7, 0.05, 0.95, 0.4, 0.05, stage.vary((0.72, 0.66, 0.5)))
        for i in range(2):
            here.box(0.25, 1.8 + i * 0.14, 0.08, 0.7 - 0.2 * i, 0.05, 0.01, (0.16, 0.14, 0.12), shadow=False)
    elif name == "statue":
        stone = (0.58, 0.57, 0.53)
        here.box(0, 0, 0, 1.0, 1.0, 1.0, stone)
        here.cylinder(0, 1.0, 0, 0.3, 1.2, stone, taper=0.75)
        here.ellipsoid(0, 2.05, 0, 0.28, 0.3, 0.18, stone)
        here.limb((0.25, 2.2, 0), (0.45, 2.6, 0.3), 0.08, 0.06, stone)
        here.ellipsoid(0, 2.48, 0, 0.12, 0.15, 0.13, stone)
    elif name == "tent":
        cloth = stage.vary((0.56, 0.52, 0.38))
        for side in (-1, 1):
            here.box(side * 0.75, 0, 0, 0.05, 2.1, 2.6, cloth, roll=side * 0.72)
        here.limb((0, 0, 1.2), (0, 1.65, 1.2), 0.03, 0.03, f.WOOD)
    elif name == "log":
        here.limb((-0.9, 0.2, 0.1), (0.9, 0.22, -0.1), 0.21, 0.19, (0.32, 0.22, 0.14))
        here.limb((0.3, 0.3, 0), (0.5, 0.7, 0.2), 0.06, 0.03, (0.32, 0.22, 0.14))
    elif name == "cross":
        here.box(0, 0, 0, 0.14, 1.9, 0.1, f.DARK_WOOD)
        here.box(0, 1.25, 0, 0.95, 0.14, 0.1, f.DARK_WOOD)
    elif name == "umbrella":
        tone = stage.vary(stage.rng.choice(f.CLOTHS))
        here.limb((0, 0, 0), (0, 2.0, 0), 0.022, 0.022, f.IRON)
        here.cylinder(0, 1.85, 0, 0.85, 0.4, tone, taper=0.05)
    elif name == "flag":
        here.limb((0, 0, 0), (0, 3.4, 0), 0.04, 0.03, f.WOOD)
        for i in range(3):
            here.box(
                0.18 + i * 0.34,
                2.6,
                0.03 * (i % 2),
                0.35,
                0.7,
                0.02,
                ((0.5, 0.1, 0.1), (0.55, 0.12, 0.11), (0.46, 0.09, 0.09))[i],
                yaw=0.25 * (i % 2) - 0.12,
            )
    elif name == "sack":
        here.ellipsoid(0, 0.3, 0, 0.28, 0.34, 0.24, (0.58, 0.48, 0.32))
        here.cylinder(0, 0.58, 0, 0.09, 0.12, (0.55, 0.45, 0.3), taper=1.4)
    elif name == "machine":
        here.box(0, 0, 0, 1.6, 1.0, 1.1, (0.22, 0.34, 0.28))
        here.box(-0.35, 1.0, 0, 0.7, 0.7, 0.8, (0.2, 0.3, 0.25))
        here.limb((0.4, 1.3, -0.35), (0.4, 1.3, 0.35), 0.38, 0.38, f.IRON)
        here.box(0.1, 0.6, 0.56, 0.4, 0.25, 0.02, (0.75, 0.75, 0.7))
    elif name in ("dog", "horse"):
        k = 1.0 if name == "dog" else 2.6
        coat = stage.vary(stage.rng.choice(((0.35, 0.22, 0.12), (0.12, 0.1, 0.09), (0.5, 0.38, 0.24))))
        here.ellipsoid(0, 0.5 * k, 0, 0.13 * k, 0.15 * k, 0.34 * k, coat)
        here.limb((0, 0.55 * k, 0.26 * k), (0, 0.74 * k, 0.4 * k), 0.09 * k, 0.07 * k, coat)
        here.ellipsoid(0, 0.76 * k, 0.46 * k, 0.075 * k, 0.08 * k, 0.14 * k, coat)
        for side in (-1, 1):
            here.ellipsoid(
                side * 0.05 * k, 0.85 * k, 0.38 * k, 0.02 * k, 0.05 * k, 0.02 * k, f.dim(coat, 0.7)
            )
            for dz in (0.22, -0.24):
                here.limb(
                    (side * 0.08 * k, 0.45 * k, dz * k),
                    (side * 0.08 * k, 0, dz * k),
                    0.045 * k,
                    0.03 * k,
                    coat,
                )
        here.limb(
            (0, 0.55 * k, -0.32 * k),
            (0, (0.75 if name == "dog" else 0.3) * k, -0.46 * k),
            0.03 * k,
            0.02 * k,
            f.dim(coat, 0.7),
        )


_BUILT: dict[str, Callable[[Stage, float, float, float], None]] = {
    "table": lambda s, x, z, yaw: f.table(s, x, z, yaw, set_it=False),
    "chair": f.chair,
    "stool": lambda s, x, z, yaw: f.stool(s, x, z),
    "bench": f.bench,
    "sofa": f.sofa,
    "armchair": lambda s, x, z, yaw: f.sofa(s, x, z, yaw, w=0.95, colour=s.vary(f.CLOTHS[0])),
    "bed": f.bed,
    "desk": f.desk,
    "shelf": f.shelf,
    "bookcase": f.bookcase,
    "cupboard": f.cupboard,
    "counter": f.counter,
    "lamp": lambda s, x, z, yaw: f.standing_lamp(s, x, z),
    "crate": f.crate,
    "barrel": lambda s, x, z, yaw: f.barrel(s, x, z),
    "car": o.car,
    "truck": o.truck,
    "boat": o.boat,
    "fence": lambda s, x, z, yaw: o.fence(s, x - 2.5, z, x + 2.5, z),
    "door": f.door,
    "tree": lambda s, x, z, yaw: o.leafy_tree(s, x, z, 4.5),
    "bush": lambda s, x, z, yaw: o.bush(s, x, z),
    "rock": lambda s, x, z, yaw: o.rock(s, x, z, 0.6),
    "fountain": lambda s, x, z, yaw: fountain(s, x, z),
    "grave": lambda s, x, z, yaw: grave(s, x, z),
    "painting": lambda s, x, z, yaw: f.painting(s, x, 0.6, z, yaw),
}
_CLASSES = {"sack": SurfaceClass.PROP, "cart": SurfaceClass.VEHICLE, "bicycle": SurfaceClass.VEHICLE, "log": SurfaceClass.VEGETATION,
            "gate": SurfaceClass.ARCHITECTURE, "flowers": SurfaceClass.VEGETATION}  # fmt: skip


def set_down(stage: Stage, name: str, x: float, z: float, *, y: float = 0.0, yaw: float = 0.0) -> None:
    """Put one prop at a place, facing `yaw`; small ones at the height y."""
    if name in _BUILT:
        _BUILT[name](stage, x, z, yaw)
        return
    with stage.solids.object(_CLASSES.get(name, SurfaceClass.PROP), name):
        here = Frame(stage.solids, x, z, yaw, y)
        if name in SMALL:
            _small(stage, name, here)
        else:
            _standing(stage, name, here)


def ruin(stage: Stage, damage: str, ax: float, az: float) -> None:
    """Strew rubble and fallen beams about the action; more of both when ruined."""
    rng = stage.rng
    inside = stage.room is not None
    wide = min(stage.spread * 2.2, 5.0) + (0.0 if inside else 2.0)
    with stage.solids.object(SurfaceClass.PROP):
        for _ in range(12 if damage == "damaged" else 34):
            x, z = ax + rng.uniform(-wide, wide), az - rng.uniform(-0.6, wide * 1.3)
            size = rng.uniform(0.08, 0.28 if damage == "damaged" else 0.5)
            if abs(x - ax) < 0.6 and z > az - 0.8 and size > 0.15:
                continue
            stage.solids.add(Solid.BOX, (x, size * 0.25, z), (size * rng.uniform(0.4, 1.2), size * 0.4, size * rng.uniform(0.4, 1.0)),
                             stage.vary((0.48, 0.44, 0.40), 0.08), yaw=rng.uniform(0, 3), pitch=rng.uniform(-0.5, 0.5), roll=rng.uniform(-0.5, 0.5))  # fmt: skip
    beams = 2 if damage == "damaged" else 5
    with stage.solids.object(SurfaceClass.ARCHITECTURE):
        for i in range(beams):
            side = -1 if i % 2 else 1
            x = ax + side * rng.uniform(0.9, wide)
            stage.solids.add(Solid.BOX, (x, rng.uniform(0.6, 1.1), az - rng.uniform(0.6, wide)), (0.09, rng.uniform(1.1, 2.0), 0.12), (0.28, 0.20, 0.15),
                             yaw=rng.uniform(0, 3), roll=side * rng.uniform(0.5, 1.1), texture=Texture.PLAIN)  # fmt: skip
