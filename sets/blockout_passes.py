"""Small pictures of a saved plan: clay, depth, normals, lines and light, from its cameras or from above."""

from __future__ import annotations

import io
import json
import math
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.core.cache import cache

from sets.models import Plan

if TYPE_CHECKING:
    from previs.blockout.plan import CameraPosition, SetPlan
    from previs.blockout.render import Passes

KINDS = ("clay", "depth", "normal", "line", "lit")
ABOVE = "above"
WIDTH = 480  # pixels
KEPT = 24 * 3600  # seconds
ABOVE_RATIO = 1.5  # width over height of the view from above
SLOPE = math.radians(56)  # how steeply it looks down
MOST_FAR = 450.0  # metres
VERSION = 2  # of the pictures; another one forgets those that are kept
FLAT_PLACE = {True: "corridor", False: "square"}  # for a plan that names no place of the renderer
# A picture uses a core for a moment: one at a time leaves the other one to the pages.
_one_at_a_time = threading.Lock()


class NoSuchView(Exception):  # noqa: N818 - an answer, not a fault
    """The plan has no camera of that name, or there is no such picture."""


@dataclass(frozen=True)
class Wedge:
    """A camera in the view from above: its label, where it stands, and the corners of what it sees, in percent."""

    label: str
    x: float
    y: float
    points: str


def pass_png(plan: Plan, *, kind: str, camera: str, ratio: float) -> bytes:
    """One picture of a plan, 480 pixels wide, as PNG. camera: a label, or ABOVE.

    All pictures of a view are made together and kept for a day. Raises NoSuchView.
    """
    if kind not in KINDS:
        raise NoSuchView(f"There is no pass called {kind}.")
    labels = [entry["id"] for entry in plan.document["cameras"]]
    if camera not in (*labels, ABOVE):
        raise NoSuchView(f"Plan {plan.number} has no camera {camera}.")
    stem = f"blockout-pass:{VERSION}:{plan.digest}:{camera}:{ratio:.2f}"
    found: bytes | None = cache.get(f"{stem}:{kind}")
    if found is not None:
        return found
    with _one_at_a_time:
        found = cache.get(f"{stem}:{kind}")
        if found is None:
            pictures = _render(plan, camera, ratio)
            cache.set_many({f"{stem}:{name}": png for name, png in pictures.items()}, KEPT)
            found = pictures[kind]
    return found


def _render(plan: Plan, camera: str, ratio: float) -> dict[str, bytes]:
    # The renderer loads its compiler; the web process does so for its first picture only.
    from previs.blockout.description import SceneDescription
    from previs.blockout.plan import SetPlan
    from previs.blockout.render import render

    layout = SetPlan.from_json(plan.document)
    if camera == ABOVE:
        layout, eye, ratio = _roofless(layout), above(layout), ABOVE_RATIO
    else:
        eye = next(entry for entry in layout.cameras if entry.id == camera)
    place = layout.place or FLAT_PLACE[layout.interior]
    described = {"place": place, "interior": layout.interior, "time_of_day": "day"}
    described |= {"plan": layout.to_json(), "camera": eye.to_json(), "stage_key": str(plan.set_id)}
    description = SceneDescription.from_json(json.dumps(described))
    passes = render(
        description, seed=1, width=WIDTH, height=max(32, round(WIDTH / ratio)), samples=2, shapes=True
    )
    return _pictures(passes, from_above=camera == ABOVE)


def _pictures(passes: Passes, *, from_above: bool) -> dict[str, bytes]:
    from previs.blockout.render import depth_picture

    named: dict[str, Any] = {
        "clay": passes.clay,
        "depth": _height_picture(passes.depth) if from_above else depth_picture(passes.depth),
        "normal": passes.normals,
        "line": 255 - passes.lines,
        "lit": passes.picture,
    }
    return {name: _png(pixels) for name, pixels in named.items()}


def _height_picture(depth: Any) -> Any:
    """Depth (h, w) in metres as (h, w) uint8, evenly from the nearest (white) to the farthest surface.

    From far above, the inverse depths of `depth_picture` are all nearly the same.
    """
    import numpy as np

    seen = np.isfinite(depth)
    if not seen.any():
        return np.zeros(depth.shape, np.uint8)
    near, far = float(depth[seen].min()), float(depth[seen].max())
    share = (far - np.where(seen, depth, far)) / max(far - near, 1e-6)
    return (share * 235 + 20).astype(np.uint8)


def _png(pixels: Any) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def _roofless(layout: SetPlan) -> SetPlan:
    """The plan as a doll's house, so that one sees into it from above."""
    return replace(layout, ceiling=None, interior=False)


def above(layout: SetPlan) -> CameraPosition:
    """A camera that looks down on the whole plan; its longer side lies across the picture."""
    from previs.blockout.plan import CameraPosition
    from previs.blockout.plan.lens import project

    points = [*layout.outline, *((piece.x, piece.z) for piece in layout.pieces)]
    points += [(figure.x, figure.z) for figure in layout.figures]
    points += [(camera.x, camera.z) for camera in layout.cameras]
    points += [end for wall in layout.walls for end in (wall.a, wall.b)]
    points = points or [(-4.0, -4.0), (4.0, 4.0)]
    x0, x1 = min(p[0] for p in points) - 0.4, max(p[0] for p in points) + 0.4
    z0, z1 = min(p[1] for p in points) - 0.4, max(p[1] for p in points) + 0.4
    top = max((wall.height for wall in layout.walls), default=1.0)
    corners = [(x, y, z) for x in (x0, x1) for y in (0.0, top) for z in (z0, z1)]
    from_the_side = z1 - z0 > 1.2 * (x1 - x0)
    pan = 90.0 if from_the_side else 0.0
    far = 4.0
    while True:
        rise, back = far * math.sin(SLOPE), far * math.cos(SLOPE)
        eye = CameraPosition(
            ABOVE,
            (x0 + x1) / 2 + (back if from_the_side else 0.0),
            rise,
            (z0 + z1) / 2 + (0.0 if from_the_side else back),
            pan,
            -math.degrees(SLOPE),
            0.0,
            "super35",
            32.0,
        )
        seen = [project(eye, corner, 100, round(100 / ABOVE_RATIO)) for corner in corners]
        if far > MOST_FAR or all(
            point is not None and 0 <= point[0] <= 100 and 0 <= point[1] <= 100 / ABOVE_RATIO
            for point in seen
        ):
            return eye
        far *= 1.04


def wedges(plan: Plan, ratio: float) -> list[Wedge]:
    """Where the cameras stand in the picture from above. ratio: of the frames they take."""
    from previs.blockout.plan import SetPlan
    from previs.blockout.plan.lens import axes, project, tangents

    layout = SetPlan.from_json(plan.document)
    eye = above(layout)
    found = []
    for camera in layout.cameras:
        wide, _ = tangents(camera.sensor, camera.focal_mm, ratio)
        right, _, forward = axes(camera)
        length = max(1.9, eye.y / 9)
        # On the floor: a wedge in the air would seem to stand somewhere else.
        ends = [
            (
                camera.x + length * (forward[0] + side * wide * right[0]),
                0.0,
                camera.z + length * (forward[2] + side * wide * right[2]),
            )
            for side in (-1.0, 1.0)
        ]
        across, high = round(1000 * ABOVE_RATIO), 1000
        seen = [project(eye, point, across, high) for point in ((camera.x, 0.0, camera.z), *ends)]
        corners = [(100 * point[0] / across, 100 * point[1] / high) for point in seen if point is not None]
        if len(corners) == 3 and 0 <= corners[0][0] <= 100 and 0 <= corners[0][1] <= 100:
            points = " ".join(f"{x:.2f},{y:.2f}" for x, y in corners)
            found.append(Wedge(camera.id, round(corners[0][0], 2), round(corners[0][1], 2), points))
    return found
