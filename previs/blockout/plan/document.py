"""The floor plan of a set: one JSON document that editor, renderer, lint and exports share.

See `parts` for the units and the conventions of each entry.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cached_property
from typing import Any

from previs.blockout import words
from previs.blockout.plan.parts import (
    CameraPosition,
    Mesh,
    Piece,
    PlanFigure,
    PlanLight,
    PlanSolid,
    Point2,
    Stairs,
    Wall,
)
from previs.blockout.plan.reading import Entry

VERSION = 1
MOST_BYTES = 500_000  # of JSON
MOST = {"walls": 200, "stairs": 20, "pieces": 600, "figures": 60, "lights": 60, "cameras": 26, "meshes": 60}
#: What the floor is made of; "" leaves it to the place.
GROUNDS = (
    "", "concrete", "planks", "tiles", "slabs", "carpet", "earth", "grass", "sand", "gravel", "road", "snow", "furrows",
    "water",
)  # fmt: skip
KEYS = ("version", "place", "interior", "ceiling", "ground", "outline", *MOST)


@dataclass(frozen=True)
class SetPlan:
    """A set as grey boxes. outline: floor polygon, empty for open ground. ceiling: metres, None for the sky."""

    place: str = ""
    interior: bool = False
    ceiling: float | None = None
    ground: str = ""
    outline: tuple[Point2, ...] = ()
    walls: tuple[Wall, ...] = ()
    stairs: tuple[Stairs, ...] = ()
    pieces: tuple[Piece, ...] = ()
    figures: tuple[PlanFigure, ...] = ()
    lights: tuple[PlanLight, ...] = ()
    cameras: tuple[CameraPosition, ...] = ()
    meshes: tuple[Mesh, ...] = ()

    @classmethod
    def from_json(cls, raw: Any) -> SetPlan:
        """Read a plan.

        Raises ValueError, naming the entry in words, for anything that is missing, unknown, out of range, or
        too much: 500 KB of JSON, 600 pieces, 60 figures, 26 cameras, 200 walls.
        """
        entry = Entry(raw, "the plan", KEYS)
        _check_length(raw)
        if entry.whole("version", VERSION, low=1, high=1_000) != VERSION:
            raise entry.refusal(f"it has version {raw['version']}; this Previs reads version {VERSION}")
        outline = entry.points("outline")
        if 0 < len(outline) < 3:
            raise entry.refusal(f"the outline has {len(outline)} points; use at least 3, or none")
        plan = cls(
            place=entry.word("place", ("", *words.PLACES), ""),
            interior=entry.flag("interior", False),
            ceiling=None if raw.get("ceiling") is None else entry.number("ceiling", low=0.5, high=100.0),
            ground=entry.word("ground", GROUNDS, ""),
            outline=outline,
            walls=entry.things("walls", "wall", Wall.read, most=MOST["walls"]),
            stairs=entry.things("stairs", "stairs", Stairs.read, most=MOST["stairs"]),
            pieces=entry.things("pieces", "piece", Piece.read, most=MOST["pieces"]),
            figures=entry.things("figures", "figure", PlanFigure.read, most=MOST["figures"]),
            lights=entry.things("lights", "light", PlanLight.read, most=MOST["lights"]),
            cameras=entry.things("cameras", "camera", CameraPosition.read, most=MOST["cameras"]),
            meshes=entry.things("meshes", "mesh", Mesh.read, most=MOST["meshes"]),
        )
        plan._check_looks()
        return plan

    def _check_looks(self) -> None:
        known = {figure.id for figure in self.figures}
        for figure in self.figures:
            if figure.looks_at and figure.looks_at not in known:
                raise ValueError(
                    f"figure {figure.id}: it looks at {figure.looks_at!r}, who is not in the plan"
                )
            if figure.looks_at == figure.id:
                raise ValueError(f"figure {figure.id}: it cannot look at itself")

    def to_json(self) -> dict[str, Any]:
        """Return the plan as plain JSON values, every key of the contract there."""
        return {"version": VERSION, **_plain(self)}

    @cached_property
    def digest(self) -> str:
        """The sha256 of the canonical JSON, 64 hexadecimal digits: the same plan, the same digest."""
        text = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def camera(self, label: str = "") -> CameraPosition | None:
        """Return the camera of a label; without one camera A, or else the first. None if it has none."""
        for camera in self.cameras:
            if camera.id == (label or "A"):
                return camera
        return self.cameras[0] if self.cameras and not label else None

    def with_camera(self, camera: CameraPosition) -> SetPlan:
        """Return the plan with one camera added, or put in place of the one with its label."""
        others = [known for known in self.cameras if known.id != camera.id]
        return replace(self, cameras=(*others, camera))


def _check_length(raw: dict[str, Any]) -> None:
    try:
        length = len(json.dumps(raw, separators=(",", ":")))
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"the plan: this is no JSON: {error}") from error
    if length > MOST_BYTES:
        raise ValueError(
            f"the plan: it has {length / 1000:.0f} KB; {MOST_BYTES // 1000} KB are the most. Remove pieces or import "
            "simpler models"
        )


def _plain(value: Any) -> Any:
    """Return dataclasses as objects and tuples as lists."""
    if isinstance(value, PlanSolid):
        return value.to_json()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value
