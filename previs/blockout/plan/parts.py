"""What a floor plan is made of. Metres and degrees; world axes as in `geometry`: x right, y up, z to the front.

A yaw turns about y: 0 faces +z, a positive yaw turns the front towards +x.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from previs.blockout import words
from previs.blockout.description import Garment
from previs.blockout.plan import lens
from previs.blockout.plan.kinds import KINDS
from previs.blockout.plan.reading import FARTHEST, Entry, amount
from previs.blockout.plan.solid import SHAPES, TEXTURES, Colour, PlanSolid, Vector, solids

__all__ = [
    "LIGHTS",
    "OPENINGS",
    "SHAPES",
    "SLACK",
    "TEXTURES",
    "CameraPosition",
    "Colour",
    "Mesh",
    "Opening",
    "Piece",
    "PlanFigure",
    "PlanLight",
    "PlanSolid",
    "Point2",
    "Stairs",
    "Vector",
    "Wall",
]

Point2 = tuple[float, float]

OPENINGS = ("door", "window", "arch")
LIGHTS = ("lamp", "sun", "window")
SLACK = 1e-3  # metres an editor may be off before an opening counts as sticking out


@dataclass(frozen=True)
class Opening:
    """A hole in a wall. at: metres from the wall's point a to the opening's nearer edge."""

    id: str
    kind: str
    at: float
    width: float
    bottom: float
    height: float

    @classmethod
    def read(cls, raw: Any, where: str) -> Opening:
        """Read one opening."""
        entry = Entry(raw, where, ("id", "kind", "at", "width", "bottom", "height"))
        return cls(
            entry.id(),
            entry.word("kind", OPENINGS),
            entry.number("at"),
            entry.number("width", low=0.05, high=200.0),
            entry.number("bottom", 0.0, low=0.0, high=100.0),
            entry.number("height", low=0.05, high=100.0),
        )


@dataclass(frozen=True)
class Wall:
    """A straight wall from a to b, whose middle line is a-b; it stands on the floor."""

    id: str
    a: Point2
    b: Point2
    height: float
    thickness: float = 0.2
    colour: Colour | None = None
    openings: tuple[Opening, ...] = ()

    @property
    def length(self) -> float:
        """Metres from a to b."""
        return math.dist(self.a, self.b)

    @classmethod
    def read(cls, raw: Any, where: str) -> Wall:
        """Read one wall; its openings must lie within it, side by side."""
        entry = Entry(raw, where, ("id", "a", "b", "height", "thickness", "colour", "openings"))
        wall = cls(
            entry.id(),
            entry.point("a"),
            entry.point("b"),
            entry.number("height", low=0.05, high=100.0),
            entry.number("thickness", 0.2, low=0.01, high=5.0),
            entry.colour("colour"),
            entry.things("openings", "opening", Opening.read, most=40, within=f"{where}: "),
        )
        if wall.length < 0.05:
            raise entry.refusal(f"it is {amount(wall.length)} m long; 0.05 m is the least")
        wall._check_openings(entry)
        return wall

    def _check_openings(self, entry: Entry) -> None:
        reach = 0.0
        before = ""
        for opening in sorted(self.openings, key=lambda o: o.at):
            out = max(-opening.at, opening.at + opening.width - self.length)
            if out > SLACK:
                raise entry.refusal(f"the opening {opening.id} sticks out by {amount(out)} m")
            above = opening.bottom + opening.height - self.height
            if above > SLACK:
                raise entry.refusal(f"the opening {opening.id} is {amount(above)} m higher than the wall")
            if before and reach - opening.at > SLACK:
                raise entry.refusal(
                    f"the openings {before} and {opening.id} overlap by {amount(reach - opening.at)} m"
                )
            reach, before = opening.at + opening.width, opening.id


@dataclass(frozen=True)
class Stairs:
    """A straight flight. (x, y, z) is the middle of the front edge of the lowest step; at yaw 0 one climbs
    towards -z, away from the camera. rise and run: metres of the whole flight."""

    id: str
    x: float
    y: float
    z: float
    yaw: float
    width: float
    rise: float
    run: float
    steps: int

    @classmethod
    def read(cls, raw: Any, where: str) -> Stairs:
        """Read one flight."""
        entry = Entry(raw, where, ("id", "x", "y", "z", "yaw", "width", "rise", "run", "steps"))
        return cls(
            entry.id(),
            entry.number("x"),
            entry.number("y", 0.0),
            entry.number("z"),
            entry.number("yaw", 0.0, low=-3600.0, high=3600.0),
            entry.number("width", low=0.1, high=100.0),
            entry.number("rise", low=0.05, high=100.0),
            entry.number("run", low=0.05, high=200.0),
            entry.whole("steps", 16, low=1, high=200),
        )


@dataclass(frozen=True)
class Piece:
    """A thing on the set. size: width, height and depth in metres that it is scaled to, its own if None.

    colour: every shape that does not shine takes it, lighter or darker as it was. solids: its own shapes
    instead of the library's.
    """

    id: str
    kind: str
    name: str
    x: float
    y: float
    z: float
    yaw: float
    size: Vector | None = None
    colour: Colour | None = None
    solids: tuple[PlanSolid, ...] | None = None

    @classmethod
    def read(cls, raw: Any, where: str) -> Piece:
        """Read one piece; without solids of its own its kind must be in the library."""
        entry = Entry(raw, where, ("id", "kind", "name", "x", "y", "z", "yaw", "size", "colour", "solids"))
        own = None if raw.get("solids") is None else solids(entry, "solids")
        kind = entry.text("kind", most=40)
        if own is None and kind not in KINDS:
            raise entry.refusal(
                f"the library has no {kind!r}; choose a kind from it or give the piece solids"
            )
        return cls(
            entry.id(), kind, entry.text("name", ""), entry.number("x"), entry.number("y", 0.0), entry.number("z"),
            entry.number("yaw", 0.0, low=-3600.0, high=3600.0), entry.maybe_triple("size", low=0.001, high=FARTHEST),
            entry.colour("colour"), own,
        )  # fmt: skip


@dataclass(frozen=True)
class PlanFigure:
    """A person. yaw: where the chest points. looks_at: id of another figure that the face turns to, or ""."""

    id: str
    name: str
    x: float
    z: float
    y: float = 0.0
    yaw: float = 0.0
    pose: str = "stand"
    build: str = "person"
    garments: tuple[Garment, ...] = ()
    looks_at: str = ""

    @classmethod
    def read(cls, raw: Any, where: str) -> PlanFigure:
        """Read one figure."""
        entry = Entry(
            raw, where, ("id", "name", "x", "z", "y", "yaw", "pose", "build", "garments", "looks_at")
        )
        clothes = [
            _garment(part, f"{where}, garment {i}")
            for i, part in enumerate(entry.list_of("garments", most=6), 1)
        ]
        return cls(
            entry.id(), entry.text("name", ""), entry.number("x"), entry.number("z"), entry.number("y", 0.0),
            entry.number("yaw", 0.0, low=-3600.0, high=3600.0), entry.word("pose", words.POSES, "stand"),
            entry.word("build", words.BUILDS, "person"), tuple(clothes), entry.text("looks_at", ""),
        )  # fmt: skip


def _garment(raw: Any, where: str) -> Garment:
    entry = Entry(raw, where, ("kind", "colour", "pattern"))
    return Garment(
        entry.word("kind", words.GARMENTS),
        entry.word("colour", words.COLOURS, "grey"),
        entry.word("pattern", words.PATTERNS, "plain"),
    )


@dataclass(frozen=True)
class PlanLight:
    """A light. lamp: shines in all directions after dark. sun: by day the sun stands where it stands, seen
    from the middle of the set. window: soft light without a shadow, as a sky panel gives. on: hung at all."""

    id: str
    kind: str
    x: float
    y: float
    z: float
    power: float = 1.6
    colour: Colour = (1.0, 0.8, 0.5)
    on: bool = True

    @classmethod
    def read(cls, raw: Any, where: str) -> PlanLight:
        """Read one light."""
        entry = Entry(raw, where, ("id", "kind", "x", "y", "z", "power", "colour", "on"))
        return cls(
            entry.id(), entry.word("kind", LIGHTS), entry.number("x"), entry.number("y", 2.0), entry.number("z"),
            entry.number("power", 1.6, low=0.0, high=50.0), entry.colour("colour") or cls.colour,
            entry.flag("on", True),
        )  # fmt: skip


@dataclass(frozen=True)
class CameraPosition:
    """A camera. Its id is its label: A, B, C. See `lens.axes` for pan, tilt and roll."""

    id: str
    x: float
    y: float
    z: float
    pan: float = 0.0
    tilt: float = 0.0
    roll: float = 0.0
    sensor: str = "super35"
    focal_mm: float = 35.0

    @classmethod
    def read(cls, raw: Any, where: str) -> CameraPosition:
        """Read one camera."""
        entry = Entry(raw, where, ("id", "x", "y", "z", "pan", "tilt", "roll", "sensor", "focal_mm"))
        return cls(
            entry.id(), entry.number("x"), entry.number("y", 1.5), entry.number("z"),
            entry.number("pan", 0.0, low=-3600.0, high=3600.0), entry.number("tilt", 0.0, low=-90.0, high=90.0),
            entry.number("roll", 0.0, low=-180.0, high=180.0), entry.word("sensor", lens.SENSORS, "super35"),
            entry.number("focal_mm", 35.0, low=lens.SHORTEST, high=lens.LONGEST),
        )  # fmt: skip

    @classmethod
    def from_json(cls, raw: Any) -> CameraPosition:
        """Read a camera that stands alone, as a frame's description carries it."""
        label = raw.get("id") if isinstance(raw, dict) and isinstance(raw.get("id"), str) else ""
        return cls.read(raw, f"camera {label}".strip())

    def to_json(self) -> dict[str, Any]:
        """Return the keys of the contract."""
        return dict(vars(self))

    @property
    def field_of_view(self) -> tuple[float, float]:
        """Horizontal and vertical angle of the whole sensor, degrees."""
        return lens.field_of_view(self.sensor, self.focal_mm)


@dataclass(frozen=True)
class Mesh:
    """An imported model: its file by digest, and the boxes that stand for it in the renders."""

    id: str
    name: str
    sha256: str
    x: float
    y: float
    z: float
    yaw: float
    scale: float
    boxes: tuple[PlanSolid, ...]

    @classmethod
    def read(cls, raw: Any, where: str) -> Mesh:
        """Read one mesh."""
        entry = Entry(raw, where, ("id", "name", "sha256", "x", "y", "z", "yaw", "scale", "boxes"))
        digest = entry.text("sha256", most=64)
        if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
            raise entry.refusal("sha256 must be 64 hexadecimal digits")
        return cls(
            entry.id(), entry.text("name", ""), digest, entry.number("x"), entry.number("y", 0.0), entry.number("z"),
            entry.number("yaw", 0.0, low=-3600.0, high=3600.0), entry.number("scale", 1.0, low=0.0001, high=1000.0),
            solids(entry, "boxes"),
        )  # fmt: skip
