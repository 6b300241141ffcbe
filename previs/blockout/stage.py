"""A place under construction: solids, the room around them, windows, lamps and where people can act."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from previs.blockout.description import Figure
from previs.blockout.geometry import Colour, Solids, SurfaceClass, Texture


@dataclass
class Lamp:
    """A light that somebody switched on. `always` keeps it burning by day."""

    x: float
    y: float
    z: float
    colour: Colour
    falloff: float = 0.2  # 1 / (1 + falloff * metres squared)
    shadows: bool = True
    always: bool = False


WINDOW_FRAME = 0.08  # metres that `surface.paint` draws around each window of a room


@dataclass
class Window:
    """An opening in a wall of the room: axis 0 lies in a plane of constant x, axis 2 of constant z."""

    axis: int
    plane: float
    low: float
    high: float
    bottom: float
    top: float
    across: int = 2
    up: int = 1


@dataclass(frozen=True)
class SkyLight:
    """Where daylight comes in through a window: a point just inside it, and its area in square metres."""

    x: float
    y: float
    z: float
    area: float


@dataclass
class Stage:
    """What a place builder fills in. Metres; the floor is y = 0, the camera looks along -z by default.

    action: (x, z) where the lead stands. reach: how far in front of it the camera may stand. swing: how far
    the camera may turn around it, radians. spread: half width of the floor that people can use.
    surfaces: (x, y, z) of table tops and counters, for small props. spots: (x, z) of free floor for others.
    """

    rng: random.Random
    solids: Solids = field(default_factory=Solids)
    room: tuple[float, ...] | None = None  # x0, y0, z0, x1, y1, z1
    wall: Colour = (0.6, 0.6, 0.6)
    floor: Colour = (0.4, 0.4, 0.4)
    ceiling: Colour = (0.8, 0.8, 0.78)
    wall_texture: Texture = Texture.PLAIN
    floor_texture: Texture = Texture.PLAIN
    ground: Colour = (0.4, 0.4, 0.4)
    ground_texture: Texture = Texture.EARTH
    windows: list[Window] = field(default_factory=list)
    lamps: list[Lamp] = field(default_factory=list)
    surfaces: list[tuple[float, float, float]] = field(default_factory=list)
    spots: list[tuple[float, float]] = field(default_factory=list)
    seats: list[tuple[float, float, float, float]] = field(default_factory=list)  # x, height, z, yaw
    marks: list[tuple[Figure, float, float, float]] = field(default_factory=list)  # who stands where, and yaw
    action: tuple[float, float] = (0.0, 0.0)
    reach: float = 8.0
    swing: float = 0.5
    spread: float = 1.6
    floor_height: float = 0.0
    sky_share: float = 1.0  # how much of the open sky reaches the ground: a forest or an alley has less
    tall: float = 0.0  # metres added to the height that wide shots look at
    # The rest only plans set: places made by a builder leave it as it is.
    enclosed: bool = False  # under a ceiling although there is no `room`: its walls are solids
    wear: float = 0.0  # how far plaster has fallen off walls that are solids
    sky_lights: list[SkyLight] = field(default_factory=list)
    sun: tuple[float, float] | None = None  # (x, z) towards the sun
    key_light: tuple[float, float, float] | None = None  # where the lamp for the faces hangs
    most_lamps: int = 8

    def interior(
        self,
        width: float,
        depth: float,
        height: float,
        *,
        wall: Colour,
        floor: Colour,
        ceiling: Colour = (0.8, 0.8, 0.78),
        wall_texture: Texture = Texture.PLAIN,
        floor_texture: Texture = Texture.PLAIN,
    ) -> None:
        """Stand in a room centred on the origin."""
        self.room = (-width / 2, 0.0, -depth / 2, width / 2, height, depth / 2)
        self.wall, self.floor, self.ceiling = self.vary(wall, 0.05), self.vary(floor, 0.03), ceiling
        self.wall_texture, self.floor_texture = wall_texture, floor_texture
        self.reach = min(width, depth) * 0.9
        self.spread = width * 0.3

    def vary(self, colour: Colour, amount: float = 0.05) -> Colour:
        """Return the colour shifted by a little, more in brightness than in hue; the same for the same set."""
        shift = self.rng.uniform(-amount, amount)
        red, green, blue = (
            min(1.0, max(0.02, c + shift + self.rng.uniform(-amount, amount) * 0.3)) for c in colour
        )
        return red, green, blue

    def back_window(
        self, low: float, high: float, bottom: float, top: float, *, across: int = 2, up: int = 1
    ) -> None:
        """Open a window in the wall that the camera faces."""
        assert self.room is not None
        self.windows.append(Window(2, self.room[2], low, high, bottom, top, across, up))

    def side_window(
        self, side: int, low: float, high: float, bottom: float, top: float, *, across: int = 2, up: int = 1
    ) -> None:
        """Open a window in the left (-1) or right (1) wall, from z = low to z = high."""
        assert self.room is not None
        plane = self.room[0] if side < 0 else self.room[3]
        self.windows.append(Window(0, plane, low, high, bottom, top, across, up))

    def lamp(
        self,
        x: float,
        y: float,
        z: float,
        colour: Colour = (1.0, 0.8, 0.5),
        power: float = 1.6,
        *,
        falloff: float = 0.2,
        shadows: bool = True,
        always: bool = False,
    ) -> None:
        """Place a light without a body."""
        red, green, blue = (power * c for c in colour)
        self.lamps.append(Lamp(x, y, z, (red, green, blue), falloff, shadows, always))

    def pendant(
        self, x: float, y: float, z: float, *, roof: float, power: float = 1.7, radius: float = 0.22
    ) -> None:
        """Hang a shaded lamp from the ceiling."""
        with self.solids.object(SurfaceClass.PROP, "pendant"):
            self.solids.cylinder(
                x,
                y,
                z,
                radius,
                radius * 0.8,
                (0.92, 0.82, 0.55),
                taper=0.3,
                glow=0.9,
                lamp=True,
                shadow=False,
            )
            self.solids.cylinder(
                x, y + radius * 0.8, z, 0.012, roof - y - radius * 0.8, (0.1, 0.1, 0.1), shadow=False
            )
        self.lamp(x, y - 0.12, z, power=power)
