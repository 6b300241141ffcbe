"""A .glb from outside becomes oriented boxes for the renders and triangles for the editor's 3D view."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from previs.blockout.exchange.accessors import Floats, Indices
from previs.blockout.exchange.glb import MeshRefused
from previs.blockout.exchange.hull import area_at, convex_hull, tightest_angle
from previs.blockout.exchange.meshfile import Part, plain_name, read_parts
from previs.blockout.plan.parts import Mesh as PlanMesh
from previs.blockout.plan.parts import PlanSolid, Vector

MOST_SHOWN = 40_000  # triangles the editor's 3D view draws of one mesh
LARGEST, SMALLEST = 500.0, 0.001  # metres across
STEPS = 65_535  # positions for the browser are whole numbers of the extent divided by this
BIAS = 1 << 18  # lifts every step above zero, so that three of them fit one whole number


@dataclass(frozen=True)
class Mesh:
    """What stands for an imported file in a plan.

    boxes: one oriented box per mesh node, in axes whose origin is the middle of the model on its lowest point.
    origin: where that point lies in the file's own axes. size: width, height, depth in metres.
    """

    name: str
    sha256: str
    boxes: tuple[PlanSolid, ...]
    origin: Vector
    size: Vector
    triangles: int

    def placed(
        self, mesh_id: str, x: float = 0.0, y: float = 0.0, z: float = 0.0, yaw: float = 0.0
    ) -> PlanMesh:
        """Return the entry of a plan for this model at a place of the set, metres and degrees."""
        return PlanMesh(mesh_id, self.name, self.sha256, x, y, z, yaw, 1.0, self.boxes)


def from_glb(data: bytes, name: str) -> Mesh:
    """Read a model.

    name: how the plan calls it, usually the file's name. Raises MeshRefused, in words, for more than 20 MB, 200
    nodes or 500,000 triangles, references out of the file, unknown required extensions, damaged or endless
    structures, numbers that are none, and models larger than 500 m or smaller than 1 mm.
    """
    parts = read_parts(data)
    origin, size = _stand(parts)
    boxes = tuple(_box_of(part, np.array(origin)) for part in parts)
    total = sum(len(part.triangles) for part in parts)
    return Mesh(plain_name(name) or "model", hashlib.sha256(data).hexdigest(), boxes, origin, size, total)


def mesh_geometry(data: bytes, *, most_triangles: int = MOST_SHOWN) -> dict[str, Any]:
    """Return the triangles of a model as JSON values for the editor, in the same axes as the boxes of `from_glb`.

    {"unit": metres per step, "triangles": shown, "of": in the file, "parts": [{"name", "colour": [r, g, b],
    "positions": [x, y, z, ...] in whole steps, "indices": [a, b, c, ...]}]}: multiply a position by `unit` for
    metres. Where the file has more than `most_triangles`, corners that lie close together are merged until it
    has not. Raises MeshRefused as `from_glb` does.
    """
    parts = read_parts(data)
    origin, size = _stand(parts)
    total = sum(len(part.triangles) for part in parts)
    unit = max(size) / STEPS
    steps, shown = 1, [_thinned(part, np.array(origin), unit) for part in parts]
    while sum(len(faces) for _, faces in shown) > most_triangles and steps < STEPS:
        steps = steps * 2 if steps > 1 else 64
        shown = [_thinned(part, np.array(origin), unit * steps) for part in parts]
    listed = [
        {"name": part.name, "colour": [round(channel, 3) for channel in part.colour],
         "positions": (corners * steps).ravel().tolist(), "indices": faces.ravel().tolist()}
        for part, (corners, faces) in zip(parts, shown, strict=True) if len(faces)
    ]  # fmt: skip
    return {"unit": unit, "triangles": sum(len(faces) for _, faces in shown), "of": total, "parts": listed}


def _stand(parts: list[Part]) -> tuple[Vector, Vector]:
    """Return the middle of the model on its lowest point, and its size; refuses sizes no set has."""
    low = np.min([part.positions.min(axis=0) for part in parts], axis=0)
    high = np.max([part.positions.max(axis=0) for part in parts], axis=0)
    width, height, depth = (float(value) for value in high - low)
    largest = max(width, height, depth)
    if largest > LARGEST:
        raise MeshRefused(
            f"The model is {largest:,.0f} m across; at most {LARGEST:.0f} m fit. It was probably drawn in millimetres: "
            "scale it to metres and export it again."
        )
    if largest < SMALLEST:
        raise MeshRefused("The model is less than 1 mm across. Scale it to metres and export it again.")
    middle = (low + high) / 2
    return (float(middle[0]), float(low[1]), float(middle[2])), (width, height, depth)


def _box_of(part: Part, origin: Floats) -> PlanSolid:
    """Return the box around a part: along the node's own axes, or turned upright where that is clearly tighter."""
    axes = part.axes
    if abs(axes[1, 1]) > 0.999:  # a thing that leans keeps its own directions
        flat = [(float(x), float(z)) for x, z in _support(part.positions[:, ::2])]
        hull = convex_hull(flat)
        if len(hull) > 2:
            own = math.atan2(axes[2, 0], axes[0, 0])
            angle, area = tightest_angle(hull)
            if area < 0.95 * area_at(hull, own):
                cos, sin = math.cos(angle), math.sin(angle)
                axes = np.array([[cos, 0.0, -sin], [0.0, 1.0, 0.0], [sin, 0.0, cos]])
    local = (part.positions - origin) @ axes
    low, high = local.min(axis=0), local.max(axis=0)
    cx, cy, cz = (round(float(value), 5) for value in axes @ ((low + high) / 2))
    hx, hy, hz = (max(round(float(value), 5), 1e-4) for value in (high - low) / 2)
    turn = (
        None if np.allclose(axes, np.eye(3), atol=1e-6) else tuple(round(float(v), 7) for v in axes.ravel())
    )
    return PlanSolid("box", (cx, cy, cz), (hx, hy, hz), turn, part.colour)


def _support(flat: Floats) -> Floats:
    """Return the outermost of (n, 2) points in 180 directions: few, and every corner of a box among them."""
    angles = np.radians(np.arange(0, 180))
    chosen: set[int] = set()
    for cos, sin in zip(np.cos(angles), np.sin(angles), strict=True):
        reach = flat @ np.array([cos, sin])
        chosen.update((int(reach.argmin()), int(reach.argmax())))
    found: Floats = flat[sorted(chosen)]
    return found


def _thinned(part: Part, origin: Floats, cell: float) -> tuple[Indices, Indices]:
    """Return corners in whole cells and the triangles that still have three different corners."""
    grid = np.rint((part.positions - origin) / cell).astype(np.int64) + BIAS
    keys, fresh = np.unique((grid[:, 0] << 40) | (grid[:, 1] << 20) | grid[:, 2], return_inverse=True)
    corners = np.stack([keys >> 40, (keys >> 20) & 0xFFFFF, keys & 0xFFFFF], axis=1) - BIAS
    faces = fresh.reshape(-1)[part.triangles]
    whole_faces = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 0] != faces[:, 2])
    return corners, faces[whole_faces]
