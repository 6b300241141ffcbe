"""Furniture and small things. Every builder takes the stage and the place on the floor it stands on.

A yaw of 0 faces the camera (+z).
"""

from __future__ import annotations

import math

from previs.blockout.geometry import Colour, Solid, Solids, SurfaceClass, Texture
from previs.blockout.stage import Stage

WOOD: Colour = (0.42, 0.28, 0.16)
DARK_WOOD: Colour = (0.28, 0.17, 0.10)
STEEL: Colour = (0.42, 0.44, 0.45)
IRON: Colour = (0.14, 0.14, 0.15)
GLASS: Colour = (0.35, 0.50, 0.52)
BULB: Colour = (1.0, 0.82, 0.48)
CLOTHS: tuple[Colour, ...] = (
    (0.55, 0.18, 0.16), (0.18, 0.28, 0.50), (0.25, 0.40, 0.28), (0.62, 0.55, 0.42), (0.20, 0.20, 0.22),
    (0.70, 0.68, 0.64), (0.50, 0.32, 0.18), (0.42, 0.25, 0.45), (0.75, 0.60, 0.20),
)  # fmt: skip


class Frame:
    """Local axes at a point of the floor, so that a thing can be described once and turned."""

    def __init__(self, solids: Solids, x: float, z: float, yaw: float = 0.0, y: float = 0.0) -> None:
        self.solids, self.x, self.y, self.z, self.yaw = solids, x, y, z, yaw
        self._cos, self._sin = math.cos(yaw), math.sin(yaw)

    def at(self, dx: float, dy: float, dz: float) -> tuple[float, float, float]:
        """Return the world point of a local one."""
        return (
            self.x + self._cos * dx + self._sin * dz,
            self.y + dy,
            self.z - self._sin * dx + self._cos * dz,
        )

    def box(self, dx: float, dy: float, dz: float, w: float, h: float, d: float, colour: Colour, *,
            pitch: float = 0.0, roll: float = 0.0, yaw: float = 0.0, glow: float = 0.0, lamp: bool = False,
            texture: Texture = Texture.PLAIN, shadow: bool = True,
            surface: SurfaceClass | None = None) -> None:  # fmt: skip
        """Add a box whose lower face has its middle at the local point."""
        x, y, z = self.at(dx, dy, dz)
        self.solids.box(x, y, z, w, h, d, colour, yaw=self.yaw + yaw, pitch=pitch, roll=roll, glow=glow,
                        lamp=lamp, texture=texture, shadow=shadow, surface=surface)  # fmt: skip

    def cylinder(self, dx: float, dy: float, dz: float, radius: float, h: float, colour: Colour, *,
                 taper: float = 1.0, glow: float = 0.0, lamp: bool = False, shadow: bool = True) -> None:  # fmt: skip
        """Add an upright cylinder standing on the local point."""
        x, y, z = self.at(dx, dy, dz)
        self.solids.cylinder(x, y, z, radius, h, colour, taper=taper, glow=glow, lamp=lamp, shadow=shadow)

    def wheel(
        self, dx: float, dy: float, dz: float, radius: float, width: float, colour: Colour = IRON
    ) -> None:
        """Add a wheel whose axle runs along local x."""
        self.solids.limb(
            self.at(dx - width / 2, dy, dz), self.at(dx + width / 2, dy, dz), radius, radius, colour
        )

    def ellipsoid(self, dx: float, dy: float, dz: float, rx: float, ry: float, rz: float, colour: Colour, *,
                  glow: float = 0.0, lamp: bool = False, shadow: bool = True) -> None:  # fmt: skip
        """Add an ellipsoid about the local point."""
        x, y, z = self.at(dx, dy, dz)
        self.solids.ellipsoid(x, y, z, rx, ry, rz, colour, yaw=self.yaw, glow=glow, lamp=lamp, shadow=shadow)

    def limb(self, a: tuple[float, float, float], b: tuple[float, float, float], r0: float, r1: float,
             colour: Colour, *, shadow: bool = True) -> None:  # fmt: skip
        """Add a round bar between two local points."""
        self.solids.limb(self.at(*a), self.at(*b), r0, r1, colour, shadow=shadow)


def dim(colour: Colour, factor: float = 0.7) -> Colour:
    """Return the colour darkened (or lightened) by a factor."""
    return min(1.0, colour[0] * factor), min(1.0, colour[1] * factor), min(1.0, colour[2] * factor)


def table(stage: Stage, x: float, z: float, yaw: float = 0.0, *, w: float = 1.4, d: float = 0.8, h: float = 0.75,
          colour: Colour = WOOD, set_it: bool = True) -> None:  # fmt: skip
    """Add a four-legged table; its top takes small props."""
    with stage.solids.object(SurfaceClass.PROP, "table"):
        here = Frame(stage.solids, x, z, yaw)
        here.box(0, h - 0.05, 0, w, 0.05, d, colour)
        for a in (-1, 1):
            for b in (-1, 1):
                here.box(a * (w / 2 - 0.06), 0, b * (d / 2 - 0.06), 0.06, h - 0.05, 0.06, dim(colour, 0.8))
    if set_it:
        stage.surfaces += [
            here.at(-w * 0.22, h, d * 0.15),
            here.at(w * 0.2, h, d * 0.1),
            here.at(0, h, -d * 0.2),
        ]


def chair(stage: Stage, x: float, z: float, yaw: float = 0.0, *, colour: Colour = WOOD) -> None:
    """Add a chair whose sitter faces `yaw`."""
    with stage.solids.object(SurfaceClass.PROP, "chair"):
        here = Frame(stage.solids, x, z, yaw)
        here.box(0, 0.42, 0, 0.42, 0.05, 0.42, colour)
        here.box(0, 0.47, -0.2, 0.42, 0.5, 0.05, dim(colour, 0.85))
        for a in (-1, 1):
            for b in (-1, 1):
                here.box(a * 0.18, 0, b * 0.18, 0.04, 0.42, 0.04, dim(colour, 0.7))
    stage.seats.append((x, 0.47, z, yaw))


def stool(stage: Stage, x: float, z: float, *, h: float = 0.7, colour: Colour = (0.5, 0.12, 0.1)) -> None:
    """Add a bar stool."""
    with stage.solids.object(SurfaceClass.PROP, "stool"):
        stage.solids.cylinder(x, 0, z, 0.04, h, STEEL)
        stage.solids.cylinder(x, 0, z, 0.17, 0.03, STEEL)
        stage.solids.cylinder(x, h, z, 0.18, 0.07, colour)


def bench(
    stage: Stage, x: float, z: float, yaw: float = 0.0, *, w: float = 1.6, colour: Colour = WOOD
) -> None:
    """Add a slatted bench with a back."""
    with stage.solids.object(SurfaceClass.PROP, "bench"):
        here = Frame(stage.solids, x, z, yaw)
        here.box(0, 0.42, 0.06, w, 0.05, 0.4, colour)
        for row in (0.58, 0.74):
            here.box(0, row, -0.18, w, 0.1, 0.04, colour)
        for side in (-1, 1):
            here.box(side * w * 0.42, 0, 0, 0.06, 0.85, 0.06, IRON)
            here.box(side * w * 0.42, 0, 0.2, 0.06, 0.42, 0.06, IRON)
    stage.seats.append((x, 0.47, z, yaw))


def sofa(
    stage: Stage, x: float, z: float, yaw: float = 0.0, *, w: float = 2.2, colour: Colour = CLOTHS[1]
) -> None:
    """Add a sofa (an armchair when narrow)."""
    with stage.solids.object(SurfaceClass.PROP, "sofa" if w > 1.2 else "armchair"):
        here = Frame(stage.solids, x, z, yaw)
        here.box(0, 0.08, 0, w, 0.34, 0.85, colour)
        here.box(0, 0.42, -0.32, w, 0.45, 0.22, colour)
        for side in (-1, 1):
            here.box(side * (w / 2 - 0.1), 0.08, 0, 0.22, 0.56, 0.85, dim(colour, 0.9))
        cushions = max(1, round((w - 0.4) / 0.65))
        for i in range(cushions):
            dx = (i - (cushions - 1) / 2) * (w - 0.45) / cushions
            here.box(dx, 0.42, 0.06, (w - 0.5) / cushions, 0.12, 0.6, dim(colour, 1.15))
    stage.seats.append((*here.at(0, 0, 0.1)[:1], 0.54, here.at(0, 0, 0.1)[2], yaw))


def bed(stage: Stage, x: float, z: float, yaw: float = 0.0, *, w: float = 1.5, blanket: Colour = CLOTHS[0],
        frame: Colour = WOOD) -> None:  # fmt: skip
    """Add a bed whose head is at the far end."""
    with stage.solids.object(SurfaceClass.PROP, "bed"):
        here = Frame(stage.solids, x, z, yaw)
        here.box(0, 0.15, 0, w, 0.2, 2.0, frame)
        here.box(0, 0.35, 0, w * 0.97, 0.2, 1.95, (0.80, 0.79, 0.75))
        here.box(0, 0.37, 0.3, w * 1.01, 0.21, 1.4, blanket)
        here.box(0, 0, -1.02, w + 0.06, 1.05, 0.06, frame)
        here.box(0, 0, 1.02, w + 0.06, 0.55, 0.06, frame)
        for side in (-1, 1) if w > 1.2 else (0,):
            here.ellipsoid(
                side * w * 0.24, 0.6, -0.75, w * 0.2 if w > 1.2 else 0.3, 0.09, 0.2, (0.86, 0.85, 0.82)
            )
    stage.seats.append(
        (*here.at(w / 2 - 0.15, 0, 0.2)[:1], 0.56, here.at(w / 2 - 0.15, 0, 0.2)[2], yaw + math.pi / 2)
    )


def bookcase(stage: Stage, x: float, z: float, yaw: float = 0.0, *, w: float = 1.5, h: float = 2.0, rows: int = 5,
             colour: Colour = DARK_WOOD) -> None:  # fmt: skip
    """Add a bookcase full of books."""
    with stage.solids.object(SurfaceClass.PROP, "bookcase"):
        here = Frame(stage.solids, x, z, yaw)
        here.box(0, 0, -0.14, w, h, 0.04, dim(colour, 0.7))
        for side in (-1, 1):
            here.box(side * w / 2, 0, 0, 0.05, h, 0.34, colour)
        step = (h - 0.1) / rows
        for row in range(rows + 1):
            here.box(0, 0.05 + row * step, 0, w, 0.035, 0.34, colour)
        for row in range(rows):
            dx = -w / 2 + 0.05
            while dx < w / 2 - 0.25:
                run = stage.rng.uniform(0.12, 0.4)
                if stage.rng.random() < 0.85:
                    tall = step * stage.rng.uniform(0.55, 0.85)
                    here.box(dx + run / 2, 0.085 + row * step, 0.0, run * 0.95, tall, 0.22,
                             stage.vary(stage.rng.choice(CLOTHS)), shadow=False)  # fmt: skip
                dx += run


def cupboard(stage: Stage, x: float, z: float, yaw: float = 0.0, *, w: float = 1.1, h: float = 2.0, d: float = 0.55,
             colour: Colour = WOOD) -> None:  # fmt: skip
    """Add a two-door cupboard."""
    with stage.solids.object(SurfaceClass.PROP, "cupboard"):
        here = Frame(stage.solids, x, z, yaw)
        here.box(0, 0, 0, w, h, d, colour)
        for side in (-1, 1):
            here.box(
                side * w * 0.25,
                0.12,
                d / 2 + 0.005,
                w * 0.46,
                h - 0.22,
                0.02,
                dim(colour, 0.86),
                shadow=False,
            )
            here.box(side * 0.05, h * 0.5, d / 2 + 0.02, 0.025, 0.14, 0.03, IRON, shadow=False)


def counter(stage: Stage, x: float, z: float, yaw: float = 0.0, *, w: float = 2.0, d: float = 0.6, h: float = 0.9,
            colour: Colour = WOOD, top: Colour = (0.25, 0.25, 0.27)) -> None:  # fmt: skip
    """Add a run of cabinets with a worktop."""
    with stage.solids.object(SurfaceClass.PROP, "counter"):
        here = Frame(stage.solids, x, z, yaw)
        here.box(0, 0, 0, w, h - 0.05, d, colour)
        here.box(0, h - 0.05, 0.02, w + 0.04, 0.05, d + 0.06, top)
        panels = max(1, int(w / 0.6))
        for i in range(panels):
            dx = (i - (panels - 1) / 2) * w / panels
            here.box(dx, 0.1, d / 2 + 0.01, w / panels - 0.06, h - 0.22, 0.02, dim(colour, 0.9), shadow=False)
            here.box(dx + w / panels * 0.35, h * 0.6, d / 2 + 0.03, 0.02, 0.14, 0.02, IRON, shadow=False)
    stage.surfaces += [here.at(-w * 0.3, h, 0.05), here.at(w * 0.3, h, 0.05)]


def desk(
    stage: Stage, x: float, z: float, yaw: float = 0.0, *, colour: Colour = WOOD, screen: bool = False
) -> None:
    """Add a desk with drawers, with or without a screen on it."""
    table(stage, x, z, yaw, w=1.5, d=0.75, colour=colour)
    with stage.solids.object(SurfaceClass.PROP, "drawers"):
        here = Frame(stage.solids, x, z, yaw)
        here.box(0.5, 0.05, 0, 0.42, 0.62, 0.62, dim(colour, 0.85))
        for row in (0.1, 0.3, 0.5):
            here.box(0.5, row, 0.32, 0.36, 0.14, 0.02, dim(colour, 0.7), shadow=False)
    if screen:
        monitor(stage, x, z, yaw, y=0.75)


def monitor(stage: Stage, x: float, z: float, yaw: float = 0.0, *, y: float = 0.75) -> None:
    """Add a computer screen that glows when the lamps are on."""
    with stage.solids.object(SurfaceClass.PROP, "monitor"):
        here = Frame(stage.solids, x, z, yaw, y)
        here.box(0, 0, -0.2, 0.2, 0.08, 0.15, IRON)
        here.box(0, 0.08, -0.2, 0.58, 0.36, 0.04, IRON)
        here.box(0, 0.1, -0.178, 0.54, 0.31, 0.01, (0.35, 0.55, 0.80), glow=0.55, shadow=False)


def shelf(stage: Stage, x: float, z: float, yaw: float = 0.0, *, w: float = 2.0, h: float = 2.0, rows: int = 4,
          colour: Colour = STEEL, goods: str = "boxes") -> None:  # fmt: skip
    """Add open shelving that holds boxes, jars or bottles."""
    with stage.solids.object(SurfaceClass.PROP, "shelf"):
        here = Frame(stage.solids, x, z, yaw)
        for side in (-1, 1):
            for deep in (-0.2, 0.2):
                here.box(side * w / 2, 0, deep, 0.05, h, 0.05, colour)
        step = h / rows
        for row in range(rows):
            y = 0.1 + row * step
            here.box(0, y, 0, w, 0.04, 0.45, colour)
            dx = -w / 2 + 0.18
            while dx < w / 2 - 0.15:
                if goods == "boxes":
                    size = stage.rng.uniform(0.22, 0.4)
                    if stage.rng.random() < 0.75:
                        here.box(
                            dx + size / 2,
                            y + 0.04,
                            0,
                            size * 0.9,
                            min(size, step * 0.8),
                            0.34,
                            stage.vary((0.5, 0.38, 0.24), 0.1),
                        )
                    dx += size
                else:
                    tone = stage.rng.choice(
                        ((0.62, 0.33, 0.08), (0.5, 0.1, 0.06), (0.3, 0.36, 0.12), (0.55, 0.6, 0.55))
                    )
                    radius = 0.07 if goods == "jars" else 0.045
                    if stage.rng.random() < 0.85:
                        tall = 0.2 if goods == "jars" else 0.26
                        here.cylinder(
                            dx,
                            y + 0.04,
                            stage.rng.uniform(-0.06, 0.06),
                            radius,
                            tall,
                            tone,
                            taper=1.0 if goods == "jars" else 0.4,
                            shadow=False,
                        )
                        if goods == "jars":
                            here.cylinder(dx, y + 0.24, 0, radius * 0.9, 0.03, (0.55, 0.5, 0.4), shadow=False)
                    dx += radius * 3.0


def door(stage: Stage, x: float, z: float, yaw: float = 0.0, *, w: float = 0.95, h: float = 2.05,
         colour: Colour = DARK_WOOD) -> None:  # fmt: skip
    """Add a closed door with its frame, flat against a wall."""
    with stage.solids.object(SurfaceClass.ARCHITECTURE, "door"):
        here = Frame(stage.solids, x, z, yaw)
        here.box(0, 0, 0, w + 0.16, h + 0.08, 0.06, dim(colour, 0.75))
        here.box(0, 0, 0.02, w, h, 0.06, colour)
        for base, tall in ((0.15, 0.75), (1.05, 0.8)):
            for side in (-1, 1):
                here.box(side * w * 0.23, base, 0.05, w * 0.34, tall, 0.015, dim(colour, 0.85), shadow=False)
        here.ellipsoid(w * 0.4, 1.0, 0.08, 0.03, 0.03, 0.03, (0.7, 0.62, 0.35))


def standing_lamp(stage: Stage, x: float, z: float, *, power: float = 1.8) -> None:
    """Add a floor lamp."""
    with stage.solids.object(SurfaceClass.PROP, "lamp"):
        stage.solids.cylinder(x, 0, z, 0.15, 0.03, IRON)
        stage.solids.cylinder(x, 0, z, 0.02, 1.45, IRON)
        stage.solids.cylinder(
            x, 1.42, z, 0.24, 0.3, (1.0, 0.86, 0.58), taper=0.6, glow=0.95, lamp=True, shadow=False
        )
    stage.lamp(x, 1.58, z, power=power, falloff=0.18, shadows=False)


def painting(
    stage: Stage, x: float, y: float, z: float, yaw: float = 0.0, *, w: float = 1.0, h: float = 0.7
) -> None:
    """Hang a framed picture on a wall; (x, y, z) is the middle of its lower edge."""
    with stage.solids.object(SurfaceClass.PROP, "painting"):
        here = Frame(stage.solids, x, z, yaw, y)
        here.box(0, 0, 0, w, h, 0.04, DARK_WOOD)
        here.box(
            0, 0.06, 0.025, w - 0.12, h - 0.12, 0.01, stage.vary(stage.rng.choice(CLOTHS), 0.1), shadow=False
        )
        here.box(
            0,
            0.06,
            0.032,
            w - 0.12,
            (h - 0.12) * 0.4,
            0.01,
            stage.vary(stage.rng.choice(CLOTHS), 0.1),
            shadow=False,
        )


def rug(stage: Stage, x: float, z: float, w: float, d: float, colour: Colour) -> None:
    """Lay a rug with a border."""
    with stage.solids.object(SurfaceClass.GROUND, "rug"):
        stage.solids.box(x, 0, z, w, 0.012, d, dim(colour, 0.6), shadow=False)
        stage.solids.box(x, 0.004, z, w - 0.25, 0.012, d - 0.25, colour, shadow=False)


def crate(stage: Stage, x: float, z: float, yaw: float = 0.0, *, y: float = 0.0, w: float = 0.5, h: float = 0.32,
          d: float = 0.36, fill: Colour | None = None) -> None:  # fmt: skip
    """Add a slatted crate, filled with fruit of colour `fill` if given."""
    with stage.solids.object(SurfaceClass.PROP, "crate"):
        here = Frame(stage.solids, x, z, yaw, y)
        tone = stage.vary((0.42, 0.30, 0.18), 0.03)
        here.box(0, 0, 0, w, h, d, tone)
        for part in (0.3, 0.66):
            here.box(0, h * part, 0, w + 0.012, 0.03, d + 0.012, dim(tone, 0.55), shadow=False)
        if fill is not None:
            for i in range(9):
                here.ellipsoid(
                    (i % 3 - 1) * w * 0.28,
                    h + 0.01,
                    (i // 3 - 1) * d * 0.28,
                    0.075,
                    0.075,
                    0.075,
                    dim(fill, stage.rng.uniform(0.8, 1.15)),
                )


def barrel(stage: Stage, x: float, z: float, *, h: float = 0.9, colour: Colour = (0.38, 0.25, 0.14)) -> None:
    """Add an upright barrel with hoops."""
    with stage.solids.object(SurfaceClass.PROP, "barrel"):
        stage.solids.add(Solid.CONE, (x, h * 0.25, z), (0.26, h * 0.25, 0.26), colour, taper=1.2)
        stage.solids.add(Solid.CONE, (x, h * 0.75, z), (0.312, h * 0.25, 0.312), colour, taper=0.833)
        for part in (0.18, 0.48, 0.8):
            stage.solids.cylinder(x, h * part, z, 0.315 if part == 0.48 else 0.295, 0.05, IRON, shadow=False)
