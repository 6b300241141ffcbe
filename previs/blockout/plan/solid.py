"""One shape of a piece, as a plan's document holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from previs.blockout.plan.reading import Entry

Colour = tuple[float, float, float]
Vector = tuple[float, float, float]

SHAPES = ("box", "ellipsoid", "cone")
#: Surface patterns a solid can carry, as words; in the order of their numbers where they have one.
TEXTURES = {
    "plain": 0, "tiles": 1, "planks": 2, "brick": 3, "facade": 4, "earth": 5, "road": 6, "dunes": 7, "waves": 13,
    "cracks": 14, "furrows": 15, "slabs": 16,
}  # fmt: skip
MOST_SOLIDS = 4000  # of one piece or mesh
CLASSES = 10  # see geometry.SurfaceClass


@dataclass(frozen=True)
class PlanSolid:
    """One shape of a piece, in the piece's own axes; the origin is the middle of its footprint, on the floor.

    A box fills centre +- half. An ellipsoid has the half axes `half`. A cone stands along y with the radii
    half x and half z at its lower end and `taper` times them at its upper end (1 is a cylinder). turn: row
    major rotation, own axes to piece axes. glow: 0..1, how much of the surface shines by itself; with
    `lamp` only while the lamps are on. class_: a SurfaceClass. texture: see TEXTURES.
    """

    shape: str
    centre: Vector
    half: Vector
    turn: tuple[float, ...] | None = None
    colour: Colour = (0.5, 0.5, 0.5)
    taper: float = 1.0
    glow: float = 0.0
    class_: int = 3
    texture: str = "plain"
    lamp: bool = False
    shadow: bool = True

    @classmethod
    def read(cls, raw: Any, where: str) -> PlanSolid:
        """Read one solid; the last three keys may be left out."""
        entry = Entry(raw, where, ("shape", "centre", "half", "turn", "colour", "taper", "glow", "class", "texture",
                                   "lamp", "shadow"))  # fmt: skip
        turn = None if raw.get("turn") is None else entry.numbers("turn", 9, low=-1.0, high=1.0)
        if turn is not None:
            _check_turn(entry, turn)
        return cls(
            shape=entry.word("shape", SHAPES),
            centre=entry.triple("centre"),
            half=entry.triple("half", low=0.0),
            turn=turn,
            colour=entry.colour("colour") or cls.colour,
            taper=entry.number("taper", 1.0, low=0.0, high=10.0),
            glow=entry.number("glow", 0.0, low=0.0, high=1.0),
            class_=entry.whole("class", 3, low=0, high=CLASSES - 1),
            texture=entry.word("texture", TEXTURES, "plain"),
            lamp=entry.flag("lamp", False),
            shadow=entry.flag("shadow", True),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the contract's keys, and texture, lamp and shadow where they say something."""
        found: dict[str, Any] = {
            "shape": self.shape,
            "centre": list(self.centre),
            "half": list(self.half),
            "turn": None if self.turn is None else list(self.turn),
            "colour": list(self.colour),
            "taper": self.taper,
            "glow": self.glow,
            "class": self.class_,
        }
        if self.texture != "plain":
            found["texture"] = self.texture
        if self.lamp:
            found["lamp"] = True
        if not self.shadow:
            found["shadow"] = False
        return found


def _check_turn(entry: Entry, turn: tuple[float, ...]) -> None:
    """Refuse a matrix that is no rotation: rows of length 1 at right angles, right-handed."""
    rows = (turn[:3], turn[3:6], turn[6:])
    for i in range(3):
        for j in range(i, 3):
            dot = sum(a * b for a, b in zip(rows[i], rows[j], strict=True))
            if abs(dot - (i == j)) > 0.01:
                raise entry.refusal(
                    "turn is no rotation; its rows must have length 1 and stand at right angles"
                )


def solids(entry: Entry, name: str) -> tuple[PlanSolid, ...]:
    """Read a list of solids."""
    found = entry.list_of(name, most=MOST_SOLIDS)
    return tuple(PlanSolid.read(raw, f"{entry.where}, solid {i}") for i, raw in enumerate(found, 1))
