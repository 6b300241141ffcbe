"""The library of pieces: every kind with its own solids, its size in metres and the lamps it brings along.

The solids are those of the builders that furnish the places, so a piece looks in a plan as it does in a
picture made from words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from previs.blockout import furniture as f
from previs.blockout import outdoors as o
from previs.blockout import town
from previs.blockout.furniture import Frame
from previs.blockout.geometry import SurfaceClass
from previs.blockout.plan import stock
from previs.blockout.plan.kinds import GROUPS, KINDS
from previs.blockout.plan.parts import Colour, PlanSolid, Vector
from previs.blockout.plan.shapes import size_of, solid_of
from previs.blockout.props import set_down
from previs.blockout.stage import Stage
from previs.blockout.staging import stable_random

Builder = Callable[[Stage], None]


@dataclass(frozen=True)
class PieceLight:
    """A lamp that a piece brings along, in the piece's own axes; see `stage.Lamp`."""

    at: Vector
    colour: Colour
    falloff: float
    always: bool


@dataclass(frozen=True)
class LibraryPiece:
    """One kind of piece. size: width, height and depth of the box around its solids, metres."""

    kind: str
    group: str
    size: Vector
    solids: tuple[PlanSolid, ...]
    lights: tuple[PieceLight, ...] = ()


def _column(stage: Stage) -> None:
    with stage.solids.object(SurfaceClass.ARCHITECTURE):
        stage.solids.cylinder(0, 0, 0, 0.32, 4.0, (0.6, 0.57, 0.52))
        stage.solids.box(0, 0, 0, 0.85, 0.4, 0.85, (0.53, 0.5, 0.46))
        stage.solids.box(0, 3.7, 0, 0.9, 0.3, 0.9, (0.56, 0.53, 0.48))


def _dumb(build: Callable[..., None], *args: Any, **options: Any) -> Builder:
    """Return a builder that takes only the stage."""
    return lambda stage: build(stage, *args, **options)


_BUILDERS: dict[str, Builder] = {
    "counter": _dumb(f.counter, 0, 0),
    "low table": _dumb(f.table, 0, 0, w=1.2, d=0.6, h=0.42),
    "single bed": _dumb(f.bed, 0, 0, w=0.95),
    "ward bed": _dumb(f.bed, 0, 0, w=0.95, blanket=(0.62, 0.70, 0.76), frame=stock.WHITE),
    "wardrobe": _dumb(f.cupboard, 0, 0, w=1.5, h=2.1, d=0.6),
    "night table": _dumb(f.table, 0, 0, w=0.45, d=0.42, h=0.5),
    "monitor": _dumb(f.monitor, 0, 0, y=0.0),
    "bar counter": _dumb(f.counter, 0, 0, w=4.0, h=1.1, colour=(0.32, 0.18, 0.1), top=(0.2, 0.11, 0.07)),
    "bottle shelf": _dumb(f.shelf, 0, 0, w=3.0, h=2.4, colour=(0.25, 0.15, 0.1), goods="bottles"),
    "shelf of jars": _dumb(f.shelf, 0, 0, w=2.4, h=1.8, colour=f.DARK_WOOD, goods="jars"),
    "column": _column,
    "grave cross": _dumb(town.grave, 0, 0, cross=True),
    "street lamp": _dumb(o.street_lamp, 0, 0, 1),
    "house": _dumb(o.house, 0, 0, 8.0, 9.0, 8.0, o.HOUSES[1]),
    "gabled house": _dumb(o.house, 0, 0, 8.5, 5.5, 8.0, o.HOUSES[3], gable=True),
    "awning": _dumb(o.awning, 0, 0, 3.0, yaw=0.0),
    "pine": _dumb(o.pine, 0, 0, 8.0),
    "fruit tree": _dumb(o.fruit_tree, 0, 0, 3.3, leaf=(0.24, 0.31, 0.11), fruit=(0.55, 0.07, 0.04)),
}
_INDOORS = frozenset(("wall cabinet", "rug", "fireplace", "bath", "basin", "toilet", "office chair", "partition",
                      "filing cabinet", "blackboard", "round table", "jukebox", "pew", "altar", "organ", "drip stand",
                      "ward curtain", "telephone box"))  # fmt: skip
_AT_WORK = frozenset(("vat", "belt", "pallet", "workbench", "pipe", "scaffold", "block", "cylinder", "ball", "platform",
                      "wall panel"))  # fmt: skip
_OUTSIDE = frozenset(("bin", "power pole", "barrier", "bus", "train carriage", "stump", "hay bale", "cactus"))


def _build(kind: str) -> LibraryPiece:
    stage = Stage(stable_random("library", kind))
    if kind in _BUILDERS:
        _BUILDERS[kind](stage)
    elif kind in _INDOORS | _AT_WORK | _OUTSIDE:
        add = stock.indoors if kind in _INDOORS else stock.at_work if kind in _AT_WORK else stock.outside
        with stage.solids.object(stock.CLASSES.get(kind, SurfaceClass.PROP)):
            add(stage, kind, Frame(stage.solids, 0.0, 0.0))
    else:
        set_down(stage, kind, 0.0, 0.0)
    solids = tuple(solid_of(row) for row in stage.solids.rows)
    lights = tuple(PieceLight((p.x, p.y, p.z), p.colour, p.falloff, p.always) for p in stage.lamps)
    return LibraryPiece(kind, KINDS[kind], size_of(solids), solids, lights)


@cache
def pieces() -> dict[str, LibraryPiece]:
    """Return every kind of piece, group by group."""
    return {kind: _build(kind) for kind in KINDS}


LIBRARY: dict[str, LibraryPiece] = pieces()


def library() -> dict[str, list[PlanSolid]]:
    """Return the solids of every kind of piece."""
    return {kind: list(piece.solids) for kind, piece in LIBRARY.items()}


@cache
def _library_json() -> dict[str, Any]:
    return {
        "groups": [{"name": name, "kinds": list(kinds)} for name, kinds in GROUPS.items()],
        "pieces": {
            kind: {
                "group": piece.group,
                "size": list(piece.size),
                "solids": [solid.to_json() for solid in piece.solids],
            }
            for kind, piece in LIBRARY.items()
        },
    }


def library_json() -> dict[str, Any]:
    """Return the library as plain JSON values for the browser.

    {"groups": [{"name", "kinds"}], "pieces": {kind: {"group", "size": [w, h, d], "solids": [Solid]}}}
    """
    return _library_json()
