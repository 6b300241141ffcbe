"""Where the camera stands for a shot size, an angle and a lens."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import numpy as np

from previs.blockout.description import SceneDescription
from previs.blockout.geometry import Array, Point
from previs.blockout.stage import Stage

SENSOR_WIDTH = 24.9  # mm, Super 35
# What a size shows: metres from the lower to the upper edge at the lead, the usual lens, and how far below
# the eyes of a grown person the middle of the frame lies.
SIZES: dict[str, tuple[float, float, float]] = {
    "EWS": (9.5, 24, 0.2),
    "WS": (3.7, 26, 0.35),
    "FS": (2.2, 35, 0.72),
    "MWS": (1.5, 40, 0.47),
    "MS": (1.05, 50, 0.30),
    "MCU": (0.72, 65, 0.14),
    "CU": (0.46, 85, 0.0),
    "ECU": (0.22, 100, -0.01),
    "INS": (0.55, 85, 0.0),
}
CLOSE = frozenset(("MWS", "MS", "MCU", "CU", "ECU", "INS"))
WALL_GAP = 0.22
MOST_WIDE = 0.72  # tangent of half the angle of the widest lens chosen without being asked, 17 mm


@dataclass(frozen=True)
class View:
    """A camera and the directions that matter for staging: `right` and `ahead` lie level on the floor."""

    azimuth: float  # 0 looks along -z
    distance: float  # from the lead
    half_width: float  # metres of the frame left and right of the lead
    wide: float  # tangent of half the horizontal angle

    def place(self, centre: tuple[float, float], right: float, ahead: float) -> tuple[float, float]:
        """Return the floor point that lies to the right of and behind `centre`, as the camera sees it."""
        sin, cos = math.sin(self.azimuth), math.cos(self.azimuth)
        return centre[0] + cos * right - sin * ahead, centre[1] - sin * right - cos * ahead


def choose_view(
    description: SceneDescription, stage: Stage, rng: random.Random, width: int, height: int
) -> View:
    """Choose the direction, the distance and the lens; the take's random numbers shift them a little."""
    frame, usual, _ = SIZES[description.shot_size]
    lens = description.lens_mm or usual * rng.uniform(0.94, 1.06)
    long = SENSOR_WIDTH / 2 / lens
    wide = long if width >= height else long * width / height
    tall = wide * height / width
    azimuth = rng.uniform(-stage.swing, stage.swing)
    if description.angle == "reverse":
        azimuth += math.pi - math.copysign(0.3, azimuth)
    distance = frame * rng.uniform(0.94, 1.06) / 2 / tall
    if description.shot_size in ("WS", "EWS"):
        distance = max(distance, stage.reach * (0.8 if description.shot_size == "WS" else 1.0))
    if stage.room is not None:
        limit = _room_limit(stage.action, azimuth, stage.room)
        if distance > limit and description.lens_mm is None:  # a small room asks for a wider lens
            widened = wide * min(distance / limit, 1.5, MOST_WIDE / wide)
            distance, wide = distance * wide / widened, widened
        if distance > limit:
            azimuth = _move_wall(stage, azimuth, distance)
    elif description.shot_size == "EWS":
        distance = max(distance, 14.0)
    elif description.lens_mm is None:
        distance = min(distance, stage.reach * 1.15)
    return View(azimuth, distance, distance * wide, wide)


def _move_wall(stage: Stage, azimuth: float, distance: float) -> float:
    """Move the wall behind the camera back, as a studio does with a wild wall; return the azimuth kept.

    Only what the lens cannot see changes. The camera turns towards the axis of the room where the side walls
    leave no place for it.
    """
    assert stage.room is not None
    x0, y0, z0, x1, y1, z1 = stage.room
    behind = math.cos(azimuth) > 0
    side = (x1 if math.sin(azimuth) > 0 else x0) - stage.action[0]
    turn = math.asin(min(1.0, max(abs(side) - WALL_GAP, 0.1) / distance))
    off_axis = azimuth if behind else math.remainder(azimuth - math.pi, 2 * math.pi)
    kept = math.copysign(min(abs(off_axis), turn), off_axis)
    need = math.cos(kept) * distance + WALL_GAP + 0.05
    if behind:
        z1 = max(z1, stage.action[1] + need)
    else:
        z0 = min(z0, stage.action[1] - need)
    stage.room = (x0, y0, z0, x1, y1, z1)
    return kept if behind else kept + math.pi


def _room_limit(action: tuple[float, float], azimuth: float, room: tuple[float, ...]) -> float:
    """Return how far back from the action the camera may stand inside the walls."""
    dx, dz = math.sin(azimuth), math.cos(azimuth)
    far_x = ((room[3] - WALL_GAP if dx > 0 else room[0] + WALL_GAP) - action[0]) / (
        dx if abs(dx) > 1e-6 else 1e-6
    )
    far_z = ((room[5] - WALL_GAP if dz > 0 else room[2] + WALL_GAP) - action[1]) / (
        dz if abs(dz) > 1e-6 else 1e-6
    )
    return max(0.8, min(far_x, far_z))


def aim(
    description: SceneDescription, stage: Stage, view: View, target: Point, rng: random.Random, ratio: float
) -> Array:
    """Return the camera row of the kernels, (14,): position, right, up, forward, two tangents.

    target: the point the lens is centred on. ratio: height over width of the frame.
    """
    close = description.shot_size in CLOSE
    tx, ty, tz = target
    distance = view.distance
    angle = description.angle
    rise = {"low": -0.34, "worm": -0.6, "high": 0.5, "top": 3.2, "ots": 0.08}.get(angle, 0.0)
    if description.shot_size == "INS" and angle == "eye":
        rise = 0.42  # a thing on a table is looked down upon
    back = 1.0
    if angle == "top":
        height, back = distance * 0.95, 0.28
    else:
        height = rise * distance
    level = ty if close else 1.5 + rng.uniform(-0.15, 0.2)
    y = level + height
    if angle == "low" and not close:
        y, ty = 0.5, ty + 0.5
    if angle == "worm":
        y, ty = 0.12, ty + (0.1 if close else 0.9)
    if angle == "high" and not close:
        y = min(level + distance * 0.42, level + 5.0)
        ty -= 0.4
    if description.shot_size == "EWS" and angle == "eye":
        y = 2.4
    y = max(y, 0.12 + stage.floor_height)
    x, z = tx + math.sin(view.azimuth) * distance * back, tz + math.cos(view.azimuth) * distance * back
    if stage.room is not None:
        x0, _, z0, x1, y1, z1 = stage.room
        x, z = min(max(x, x0 + WALL_GAP), x1 - WALL_GAP), min(max(z, z0 + WALL_GAP), z1 - WALL_GAP)
        y = min(y, y1 - 0.15)
    position, look = np.array([x, y, z]), np.array([tx, ty, tz])
    forward = look - position
    forward /= np.linalg.norm(forward) or 1.0
    right = np.cross(forward, [0.0, 1.0, 0.0])
    norm = float(np.linalg.norm(right))
    right = right / norm if norm > 1e-6 else np.array([1.0, 0.0, 0.0])
    up = np.cross(right, forward)
    if angle == "dutch":
        roll = rng.choice((-1, 1)) * rng.uniform(0.17, 0.26)
        right, up = right * math.cos(roll) + up * math.sin(roll), up * math.cos(roll) - right * math.sin(roll)
    return np.array([*position, *right, *up, *forward, view.wide, view.wide * ratio])
