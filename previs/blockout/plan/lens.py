"""Lenses and sensors of a plan's cameras: angles of view, axes, and where a point lands in the frame.

Pure Python, so that the web process can use it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from previs.blockout.plan.parts import CameraPosition

Vector = tuple[float, float, float]

#: Width and height of each sensor or film gate, millimetres.
SENSORS: dict[str, tuple[float, float]] = {
    "super35": (24.89, 18.66),
    "fullframe": (36.0, 24.0),
    "16mm": (10.26, 7.49),
    "super16": (12.52, 7.41),
}
SHORTEST, LONGEST = 4.0, 600.0  # millimetres of focal length
#: Focal lengths that rental houses carry for Super 35, millimetres.
CARRIED = (12.0, 14.0, 16.0, 18.0, 21.0, 25.0, 27.0, 32.0, 35.0, 40.0, 50.0, 65.0, 75.0, 85.0, 100.0, 135.0)
NEAR = 0.05  # metres; what is nearer to the lens is not seen


def field_of_view(sensor: str, focal_mm: float, ratio: float | None = None) -> tuple[float, float]:
    """Return the horizontal and vertical angle of view, degrees.

    ratio: width over height of the frame, the sensor's own if not given. The frame always uses the whole
    width of the sensor, so its ratio moves only the vertical angle. Raises ValueError for an unknown sensor
    or a focal length outside 4 to 600 mm.
    """
    wide, tall = tangents(sensor, focal_mm, ratio)
    return math.degrees(2 * math.atan(wide)), math.degrees(2 * math.atan(tall))


def tangents(sensor: str, focal_mm: float, ratio: float | None = None) -> tuple[float, float]:
    """Return the tangents of half the horizontal and half the vertical angle; see `field_of_view`."""
    if sensor not in SENSORS:
        raise ValueError(f"the sensor is {sensor!r}; use one of: {', '.join(SENSORS)}")
    if not SHORTEST <= focal_mm <= LONGEST:
        raise ValueError(f"the focal length is {focal_mm} mm; use {SHORTEST:.0f} to {LONGEST:.0f}")
    width, height = SENSORS[sensor]
    if ratio is None:
        ratio = width / height
    if not 0.1 <= ratio <= 10:
        raise ValueError(f"the frame is {ratio} times as wide as high; use 0.1 to 10")
    wide = width / 2 / focal_mm
    return wide, wide / ratio


def focal_for(sensor: str, wide: float) -> float:
    """Return the focal length, millimetres, whose half horizontal angle has the tangent `wide`."""
    return min(max(SENSORS[sensor][0] / 2 / wide, SHORTEST), LONGEST)


def carried(focal_mm: float) -> float:
    """Return the longest lens of a rental house, millimetres, that sees all that `focal_mm` does.

    The shortest one there is where that sees less.
    """
    # A hair's breadth, since an angle of view comes back from its tangent a little off.
    return max((focal for focal in CARRIED if focal <= focal_mm * 1.001), default=CARRIED[0])


def axes(camera: CameraPosition) -> tuple[Vector, Vector, Vector]:
    """Return the unit vectors right, up and forward of a camera in the world.

    Pan 0 looks along -z and a positive pan turns left; a positive tilt looks up; a positive roll leans the
    horizon clockwise in the picture.
    """
    pan, tilt, roll = (math.radians(value) for value in (camera.pan, camera.tilt, camera.roll))
    sp, cp, st, ct, sr, cr = (
        math.sin(pan), math.cos(pan), math.sin(tilt), math.cos(tilt), math.sin(roll), math.cos(roll)
    )  # fmt: skip
    right, up = (cp, 0.0, -sp), (sp * st, ct, cp * st)
    rolled = tuple(r * cr + u * sr for r, u in zip(right, up, strict=True))
    raised = tuple(u * cr - r * sr for r, u in zip(right, up, strict=True))
    return (
        (rolled[0], rolled[1], rolled[2]),
        (raised[0], raised[1], raised[2]),
        (-sp * ct, st, -cp * ct),
    )


def project(
    camera: CameraPosition, point: Vector, width: int, height: int
) -> tuple[float, float, float] | None:
    """Return where a world point lands: x and y in pixels from the upper left, and its depth in metres.

    A point in the middle of the first pixel lands at (0.5, 0.5). None if it is not in front of the lens; a
    point outside the frame has coordinates outside 0..width and 0..height.
    """
    right, up, forward = axes(camera)
    away = (point[0] - camera.x, point[1] - camera.y, point[2] - camera.z)
    across, rise, depth = (
        sum(a * b for a, b in zip(away, axis, strict=True)) for axis in (right, up, forward)
    )
    if depth <= NEAR:
        return None
    wide, tall = tangents(camera.sensor, camera.focal_mm, width / height)
    return (across / depth / wide + 1) * width / 2, (1 - rise / depth / tall) * height / 2, depth
