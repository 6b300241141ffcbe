"""Who stands where, and what the cameras of neighbouring panels see of them.

Axes as everywhere in the blockout: metres, x right, y up, z towards a camera that looks along -z; degrees; a camera's
pan turns it to its left, a figure with yaw 0 points its chest along +z. Walls hide nobody here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from previs.names import shown

Floor = tuple[float, float]
Point = tuple[float, float, float]

EYES, CHEST, KNEES = 1.6, 1.2, 0.5
# A figure counts as seen when its middle lies inside the frame, or this little outside.
EDGE = 1.04
NEAREST = 0.15


@dataclass(frozen=True, slots=True)
class Figure:
    """One person of the plan. looks_at: id of the figure that is looked at, "" to look where the chest points."""

    id: str
    name: str
    x: float
    z: float
    yaw: float = 0.0
    looks_at: str = ""
    y: float = 0.0

    @property
    def floor(self) -> Floor:
        return self.x, self.z

    @property
    def called(self) -> str:
        return shown(self.name) if self.name else "The figure"


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera position. wide: horizontal field of view in degrees, as the lens and the sensor give it."""

    label: str
    x: float
    y: float
    z: float
    pan: float
    wide: float
    tilt: float = 0.0
    sensor: str = "super35"
    focal_mm: float = 35.0

    @property
    def floor(self) -> Floor:
        return self.x, self.z

    def project(self, point: Point) -> tuple[float, float, float]:
        """Where a point lies for this camera: (right, up, depth) in metres along its own axes."""
        pan, tilt = math.radians(self.pan), math.radians(self.tilt)
        dx, dy, dz = point[0] - self.x, point[1] - self.y, point[2] - self.z
        level = -math.sin(pan) * dx - math.cos(pan) * dz
        right = math.cos(pan) * dx - math.sin(pan) * dz
        depth = math.cos(tilt) * level + math.sin(tilt) * dy
        up = math.cos(tilt) * dy - math.sin(tilt) * level
        return right, up, depth

    @property
    def half(self) -> float:
        """Tangent of half the horizontal field of view."""
        return math.tan(math.radians(self.wide) / 2)


@dataclass(frozen=True, slots=True)
class Setup:
    """One panel as the lint reads it: its camera, who stands on the set, and what its shot says.

    place: the plan the camera belongs to.  shot: panels of one shot are one take while it moves, or has one camera.
    moving: the shot's camera is seen to move, so that its panels may look from several places.
    order: position in the scene.  leaving: where the camera has got to when the panel ends, if it moves.
    size, lens_mm: as the shot's fields say.  ratio: width over height of the frame.
    """

    panel: str
    label: str
    shot: str
    order: int
    place: str
    camera: Camera
    figures: tuple[Figure, ...]
    size: str = ""
    lens_mm: float = 0.0
    ratio: float = 2.39
    leaving: Camera | None = None
    moving: bool = False

    @property
    def last(self) -> Camera:
        return self.leaving or self.camera


def sees(camera: Camera, figure: Figure, ratio: float) -> bool:
    """Does the frame hold a part of the figure that tells who it is: eyes, chest or knees?"""
    for height in (EYES, CHEST, KNEES):
        right, up, depth = camera.project((figure.x, figure.y + height, figure.z))
        if depth < NEAREST:
            continue
        half = depth * camera.half
        if abs(right) <= half * EDGE and abs(up) <= half / ratio * EDGE:
            return True
    return False


def look_of(figure: Figure, figures: tuple[Figure, ...]) -> Floor:
    """Unit direction on the floor (x, z) in which a figure looks: at its partner, else where its chest points."""
    target = next((other for other in figures if other.id == figure.looks_at), None)
    if target is not None:
        dx, dz = target.x - figure.x, target.z - figure.z
        length = math.hypot(dx, dz)
        if length > 1e-6:
            return dx / length, dz / length
    yaw = math.radians(figure.yaw)
    return math.sin(yaw), math.cos(yaw)


def bearing(camera: Camera, point: Floor, look: Floor) -> float:
    """From which side a camera sees a look that starts at a point, in degrees, -180 to 180.

    0: straight into the lens. Positive: the look goes towards the right of the picture. +-180: away from the lens.
    """
    dx, dz = camera.x - point[0], camera.z - point[1]
    across = look[0] * dz - look[1] * dx
    along = look[0] * dx + look[1] * dz
    return math.degrees(math.atan2(across, along))


def off_the_line(angle: float) -> float:
    """How far a bearing lies from the line itself, in degrees, 0 to 90."""
    return min(abs(angle), 180 - abs(angle))


def frame_height(camera: Camera, figure: Figure, ratio: float) -> float:
    """Metres from the lower to the upper edge of the frame at the depth of a figure."""
    _, _, depth = camera.project((figure.x, figure.y + EYES, figure.z))
    return 2 * max(depth, NEAREST) * camera.half / ratio


def angle_between(first: Camera, second: Camera, figure: Figure) -> float:
    """The angle that two cameras make at a figure's eyes, in degrees."""
    eyes = (figure.x, figure.y + EYES, figure.z)
    a = (first.x - eyes[0], first.y - eyes[1], first.z - eyes[2])
    b = (second.x - eyes[0], second.y - eyes[1], second.z - eyes[2])
    lengths = math.hypot(*a) * math.hypot(*b)
    if lengths < 1e-9:
        return 0.0
    cosine = sum(p * q for p, q in zip(a, b, strict=True)) / lengths
    return math.degrees(math.acos(max(-1.0, min(1.0, cosine))))


def mirrored(camera: Camera, line: tuple[Floor, Floor]) -> Camera:
    """The same camera on the other side of a line on the floor, looking at the same people."""
    (ax, az), (bx, bz) = line
    length = math.hypot(bx - ax, bz - az) or 1.0
    ux, uz = (bx - ax) / length, (bz - az) / length

    def turned(x: float, z: float) -> Floor:
        along = x * ux + z * uz
        return 2 * along * ux - x, 2 * along * uz - z

    dx, dz = turned(camera.x - ax, camera.z - az)
    pan = math.radians(camera.pan)
    fx, fz = turned(-math.sin(pan), -math.cos(pan))
    return replace(camera, x=ax + dx, z=az + dz, pan=math.degrees(math.atan2(-fx, -fz)))


def inside(point: Floor, outline: Sequence[Floor]) -> bool:
    """Does a point of the floor lie within a polygon? Everything lies within no polygon: open ground."""
    if len(outline) < 3:
        return True
    odd = False
    x, z = point
    for (x1, z1), (x2, z2) in zip(outline, (*outline[1:], outline[0]), strict=True):
        if (z1 > z) != (z2 > z) and x < x1 + (z - z1) / (z2 - z1) * (x2 - x1):
            odd = not odd
    return odd


def seen(setup: Setup, camera: Camera) -> list[Figure]:
    """The figures a camera of a setup sees, the one nearest to the middle of the frame first."""
    visible = [figure for figure in setup.figures if sees(camera, figure, setup.ratio)]

    def off_centre(figure: Figure) -> float:
        right, _, depth = camera.project((figure.x, figure.y + EYES, figure.z))
        return abs(right) / (max(depth, NEAREST) * camera.half)

    return sorted(visible, key=off_centre)
