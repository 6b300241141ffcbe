"""What a camera of a plan sees, in the words of a shot list: its size, its angle, and who is in the frame.

Pure Python, so that captions and lints can ask without rendering.
"""

from __future__ import annotations

import math

from previs.blockout.plan import lens
from previs.blockout.plan.document import SetPlan
from previs.blockout.plan.floor import action_of
from previs.blockout.plan.parts import CameraPosition, PlanFigure

#: Shot sizes with the metres from the lower to the upper edge of the frame, at the lead, up to which they reach.
REACHES = (("ECU", 0.32), ("CU", 0.58), ("MCU", 0.87), ("MS", 1.25), ("MWS", 1.8), ("FS", 2.9), ("WS", 6.0))
FACE, CHEST = 1.6, 1.2  # metres above a figure's feet
LOWERED = {"sit": 0.4, "kneel": 0.4, "lie": 1.3}  # metres that a pose brings them down
HIGH, TOP, LOW, WORM, DUTCH = -18.0, -60.0, 14.0, 35.0, 6.0  # degrees of tilt and roll


def seen(plan: SetPlan, camera: CameraPosition, ratio: float = 16 / 9) -> list[tuple[PlanFigure, float]]:
    """Return the figures whose face or chest is in the frame, with their distance along the lens, nearest first.

    Walls and furniture in between are not looked at.
    """
    found = []
    for figure in plan.figures:
        lowered = LOWERED.get(figure.pose, 0.0)
        for high in (FACE, CHEST):
            point = lens.project(
                camera, (figure.x, figure.y + high - lowered, figure.z), round(1000 * ratio), 1000
            )
            if point is not None and 0 <= point[0] <= 1000 * ratio and 0 <= point[1] <= 1000:
                found.append((figure, point[2]))
                break
    return sorted(found, key=lambda pair: pair[1])


def size_of_shot(plan: SetPlan, camera: CameraPosition, ratio: float = 16 / 9) -> str:
    """Return the shot size at the nearest figure in the frame, or else at the middle of the set."""
    figures = seen(plan, camera, ratio)
    if figures:
        away = figures[0][1]
    else:
        x, z = action_of(plan)
        away = max(math.hypot(x - camera.x, z - camera.z), 3.0)
    _, tall = lens.tangents(camera.sensor, camera.focal_mm, ratio)
    frame = 2 * away * tall
    size = next((word for word, most in REACHES if frame <= most), "EWS")
    return size if figures or size in ("WS", "EWS") else "WS"


def angle_of_shot(camera: CameraPosition) -> str:
    """Return the angle that the camera's turns make."""
    if abs(camera.roll) >= DUTCH:
        return "dutch"
    if camera.tilt <= HIGH:
        return "top" if camera.tilt <= TOP else "high"
    if camera.tilt >= LOW:
        return "worm" if camera.tilt >= WORM else "low"
    return "eye"
