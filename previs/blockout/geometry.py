"""Solids of the grey-box world and the list that collects them.

World axes: x to the right of a camera that looks along its default direction, y up, z towards that camera.
Metres and radians. Colours are linear-ish reflectances, red, green, blue in 0..1.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Colour = tuple[float, float, float]
Point = tuple[float, float, float]
Array = npt.NDArray[np.float64]


class SurfaceClass(IntEnum):
    """What a pixel of the class pass shows."""

    SKY = 0
    GROUND = 1
    ARCHITECTURE = 2
    PROP = 3
    FIGURE = 4
    VEHICLE = 5
    VEGETATION = 6
    WATER = 7
    WINDOW = 8
    GARMENT = 9


class Solid(IntEnum):
    """The three shapes that everything is built from, each filling -1..1 in its own axes."""

    BOX = 0
    ELLIPSOID = 1
    CONE = 2  # axis y, radius 1 at the bottom and `taper` at the top


class Texture(IntEnum):
    """Procedural surface patterns; evaluated in world coordinates."""

    PLAIN = 0
    TILES = 1
    PLANKS = 2
    BRICK = 3
    FACADE = 4
    EARTH = 5
    ROAD = 6
    DUNES = 7
    FIGURE = 9  # plain, and snow does not settle on it
    STRIPES = 10
    CHECKS = 11
    DOTS = 12
    WAVES = 13
    CRACKS = 14
    FURROWS = 15
    SLABS = 16
    STAINS = 17
    PANE = 18  # glass that shows the sky


class Column(IntEnum):
    """Columns of the solids table, one row per solid."""

    SHAPE = 0
    CENTRE = 1  # 3 columns
    INVERSE = 4  # 9 columns: world to own axes, row by row
    SCALE = 13  # 3 columns: half sizes
    COLOUR = 16  # 3 columns
    EMISSION = 19
    TAPER = 20
    TEXTURE = 21
    RADIUS = 22  # of the bounding sphere
    CASTS_SHADOW = 23
    CLASS = 24
    OBJECT = 25  # solids of one object share it
    LAMP = 26  # 1: glows only when the lamps are on


COLUMNS = 27


Turn = tuple[float, float, float, float, float, float, float, float, float]  # a rotation, row by row


def turn_of(yaw: float, pitch: float, roll: float) -> Turn:
    """Return the rotation by roll about z, then pitch about x, then yaw about y, row by row."""
    cy, sy, cp, sp, cr, sr = (
        math.cos(yaw),
        math.sin(yaw),
        math.cos(pitch),
        math.sin(pitch),
        math.cos(roll),
        math.sin(roll),
    )
    return (
        cy * cr + sy * sp * sr, -cy * sr + sy * sp * cr, sy * cp,
        cp * sr, cp * cr, -sp,
        -sy * cr + cy * sp * sr, sy * sr + cy * sp * cr, cy * cp,
    )  # fmt: skip


def rotation(yaw: float, pitch: float, roll: float) -> Array:
    """Return the (3, 3) matrix of `turn_of`."""
    return np.array(turn_of(yaw, pitch, roll)).reshape(3, 3)


class Solids:
    """A growing table of solids; see `Column` for what a row holds."""

    def __init__(self) -> None:
        self.rows: list[tuple[float, ...]] = []
        self._class = SurfaceClass.PROP
        self._object = 1
        self._objects = 1
        self.names: dict[int, str] = {}  # object number -> name

    @contextmanager
    def object(self, surface: SurfaceClass, name: str = "") -> Iterator[int]:
        """Give all solids added inside one object number and one class; name: what a person would call it."""
        before = self._class, self._object
        self._objects += 1
        self._class, self._object = surface, self._objects
        if name:
            self.names[self._objects] = name
        try:
            yield self._objects
        finally:
            self._class, self._object = before

    def add(
        self,
        shape: Solid,
        centre: Sequence[float],
        half: Sequence[float],
        colour: Colour,
        *,
        turn: Array | Turn | None = None,
        yaw: float = 0.0,
        pitch: float = 0.0,
        roll: float = 0.0,
        glow: float = 0.0,
        taper: float = 1.0,
        texture: Texture = Texture.PLAIN,
        shadow: bool = True,
        surface: SurfaceClass | None = None,
        lamp: bool = False,
    ) -> None:
        """Add one solid of half sizes `half` in its own axes, turned and then moved to `centre`."""
        if turn is None:
            axes: Sequence[float] = turn_of(yaw, pitch, roll)
        else:  # plain numbers: a row is built by arithmetic on single ones
            axes = turn if isinstance(turn, tuple) else turn.ravel().tolist()
        hx, hy, hz = (max(float(value), 1e-4) for value in half)
        inverse = (
            axes[0] / hx, axes[3] / hx, axes[6] / hx,
            axes[1] / hy, axes[4] / hy, axes[7] / hy,
            axes[2] / hz, axes[5] / hz, axes[8] / hz,
        )  # fmt: skip
        if shape is Solid.ELLIPSOID:
            radius = max(hx, hy, hz)
        elif shape is Solid.BOX:
            radius = math.sqrt(hx * hx + hy * hy + hz * hz)
        else:
            radius = math.sqrt((max(hx, hz) * max(1.0, taper)) ** 2 + hy * hy)
        kind = self._class if surface is None else surface
        self.rows.append(
            (int(shape), *centre, *inverse, hx, hy, hz, *colour, glow, taper, int(texture), radius, shadow, int(kind),
             self._object, lamp)
        )  # fmt: skip

    def box(self, x: float, y: float, z: float, w: float, h: float, d: float, colour: Colour, *,
            yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0, glow: float = 0.0,
            texture: Texture = Texture.PLAIN, shadow: bool = True, surface: SurfaceClass | None = None,
            lamp: bool = False) -> None:  # fmt: skip
        """Add a box of width, height and depth whose lower face has its middle at (x, y, z)."""
        self.add(Solid.BOX, (x, y + h / 2, z), (w / 2, h / 2, d / 2), colour, yaw=yaw, pitch=pitch, roll=roll,
                 glow=glow, texture=texture, shadow=shadow, surface=surface, lamp=lamp)  # fmt: skip

    def cylinder(self, x: float, y: float, z: float, radius: float, h: float, colour: Colour, *,
                 taper: float = 1.0, glow: float = 0.0, shadow: bool = True,
                 texture: Texture = Texture.PLAIN, surface: SurfaceClass | None = None,
                 lamp: bool = False) -> None:  # fmt: skip
        """Add an upright cylinder (a cone where `taper` is not 1) standing on (x, y, z)."""
        self.add(Solid.CONE, (x, y + h / 2, z), (radius, h / 2, radius), colour, taper=taper, glow=glow,
                 shadow=shadow, texture=texture, surface=surface, lamp=lamp)  # fmt: skip

    def ellipsoid(self, x: float, y: float, z: float, rx: float, ry: float, rz: float, colour: Colour, *,
                  yaw: float = 0.0, glow: float = 0.0, shadow: bool = True,
                  texture: Texture = Texture.PLAIN, surface: SurfaceClass | None = None,
                  lamp: bool = False) -> None:  # fmt: skip
        """Add an ellipsoid with half axes rx, ry, rz about (x, y, z)."""
        self.add(Solid.ELLIPSOID, (x, y, z), (rx, ry, rz), colour, yaw=yaw, glow=glow, shadow=shadow,
                 texture=texture, surface=surface, lamp=lamp)  # fmt: skip

    def ball(self, centre: Sequence[float], radius: float, colour: Colour, *,
             glow: float = 0.0, shadow: bool = True, texture: Texture = Texture.PLAIN,
             surface: SurfaceClass | None = None, lamp: bool = False) -> None:  # fmt: skip
        """Add a sphere."""
        self.add(Solid.ELLIPSOID, centre, (radius, radius, radius), colour, glow=glow, shadow=shadow,
                 texture=texture, surface=surface, lamp=lamp)  # fmt: skip

    def limb(self, start: Sequence[float], end: Sequence[float], r0: float, r1: float, colour: Colour, *,
             shadow: bool = True, texture: Texture = Texture.PLAIN,
             surface: SurfaceClass | None = None, glow: float = 0.0) -> None:  # fmt: skip
        """Add a round bar from `start` (radius r0) to `end` (radius r1)."""
        (ax, ay, az), (bx, by, bz) = start, end
        dx, dy, dz = bx - ax, by - ay, bz - az
        length = math.sqrt(dx * dx + dy * dy + dz * dz) or 1e-6
        dx, dy, dz = dx / length, dy / length, dz / length
        hx, hy, hz = (1.0, 0.0, 0.0) if abs(dx) < 0.9 else (0.0, 0.0, 1.0)
        sx, sy, sz = dy * hz - dz * hy, dz * hx - dx * hz, dx * hy - dy * hx
        norm = math.sqrt(sx * sx + sy * sy + sz * sz)
        sx, sy, sz = sx / norm, sy / norm, sz / norm
        fx, fy, fz = sy * dz - sz * dy, sz * dx - sx * dz, sx * dy - sy * dx
        turn = (sx, dx, fx, sy, dy, fy, sz, dz, fz)
        middle = ((ax + bx) / 2, (ay + by) / 2, (az + bz) / 2)
        self.add(Solid.CONE, middle, (r0, length / 2, r0), colour, turn=turn, taper=r1 / r0, shadow=shadow,
                 texture=texture, surface=surface, glow=glow)  # fmt: skip

    def table(self) -> Array:
        """Return all rows, (n, COLUMNS) float64."""
        return np.array(self.rows, dtype=np.float64).reshape(-1, COLUMNS)
