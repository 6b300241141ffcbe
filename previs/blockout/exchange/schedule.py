"""The schedules of a floor plan: what its numbers and tags stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from previs.blockout.exchange.architecture import tagged
from previs.blockout.exchange.things import solids_of_piece
from previs.blockout.exchange.viewpoints import lens_words, sensor_words
from previs.blockout.plan.document import SetPlan
from previs.blockout.plan.parts import CameraPosition, Opening, Vector
from previs.blockout.plan.shapes import size_of

LIGHT_WORDS = {"lamp": "Lamp", "sun": "Sun", "window": "Soft window light"}
MOST_SIZES = 2  # of things of one name; where there are more sizes, one row tells from what to what


@dataclass(frozen=True)
class Row:
    """One line of a schedule."""

    key: str
    name: str
    count: int
    note: str


@dataclass(frozen=True)
class Schedule:
    """All schedules of one plan."""

    pieces: tuple[Row, ...]
    openings: tuple[Row, ...]
    cameras: tuple[Row, ...]
    figures: tuple[Row, ...]
    lights: tuple[Row, ...]


def schedule_of(plan: SetPlan) -> Schedule:
    """Return the schedules: pieces by number, doors and windows, cameras with their lenses, people, lights."""
    return Schedule(
        pieces=_pieces(plan),
        openings=tuple(
            Row(each.tag, each.opening.kind.capitalize(), 1, _opening(each.opening)) for each in tagged(plan)
        ),
        cameras=tuple(
            Row(camera.id, f"{lens_words(camera)}, {sensor_words(camera)}", 1, _stand(camera))
            for camera in plan.cameras
        ),
        figures=tuple(Row("", figure.name or figure.id, 1, figure.pose) for figure in plan.figures),
        lights=tuple(
            Row(f"L{number}", LIGHT_WORDS[light.kind] + ("" if light.on else ", not hung"), 1,
                "" if light.kind == "sun" else f"h {light.y:.2f}")
            for number, light in enumerate(plan.lights, 1)
        ),
    )  # fmt: skip


def _opening(opening: Opening) -> str:
    sill = f", sill {opening.bottom:.2f}" if opening.bottom > 0 else ""
    return f"{opening.width:.2f} × {opening.height:.2f}{sill}"


def _stand(camera: CameraPosition) -> str:
    tilt = round(camera.tilt)
    return f"h {camera.y:.2f}, " + (f"tilt {tilt:+d}°".replace("-", "−") if tilt else "level")


def plain_name(name: str) -> str:
    """Return a name without the number that tells it from its like: Crate for Crate 4."""
    return re.sub(r"\s+\d+$", "", name) or name


def keys_of(plan: SetPlan) -> dict[tuple[str, str], int]:
    """Return the number of every piece and mesh by kind and id; those of one name and size share it."""
    kinds: dict[tuple[str, Vector | None], int] = {}
    return {(kind, ref): kinds.setdefault(group, len(kinds) + 1) for kind, ref, group, _ in _grouped(plan)}


def _grouped(plan: SetPlan) -> list[tuple[str, str, tuple[str, Vector | None], Vector]]:
    """Return kind, id, group and size of every piece and mesh; a group is a name and, while few, a size."""
    found = []
    for piece in plan.pieces:
        size = piece.size or size_of(solids_of_piece(piece))
        found.append(("piece", piece.id, plain_name(piece.name or piece.kind.capitalize()), _rounded(size)))
    for mesh in plan.meshes:
        x, y, z = (side * mesh.scale for side in size_of(mesh.boxes))
        found.append(("mesh", mesh.id, plain_name(mesh.name or "Model"), _rounded((x, y, z))))
    sizes: dict[str, set[Vector]] = {}
    for _, _, name, size in found:
        sizes.setdefault(name, set()).add(size)
    return [
        (kind, ref, (name, size if len(sizes[name]) <= MOST_SIZES else None), size)
        for kind, ref, name, size in found
    ]


def _rounded(size: Vector) -> Vector:
    return round(size[0], 2), round(size[1], 2), round(size[2], 2)


def _pieces(plan: SetPlan) -> tuple[Row, ...]:
    groups: dict[tuple[str, Vector | None], list[Vector]] = {}
    for _, _, group, size in _grouped(plan):
        groups.setdefault(group, []).append(size)
    rows = []
    for number, ((name, _), sizes) in enumerate(groups.items(), 1):
        low, high = min(sizes), max(sizes)
        w, h, d = high
        note = f"{w:.2f} × {d:.2f} × {h:.2f}" if low == high else f"{low[0]:.2f} to {high[0]:.2f} wide"
        rows.append(Row(str(number), name, len(sizes), note))
    return tuple(rows)
