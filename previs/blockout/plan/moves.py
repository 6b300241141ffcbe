"""Camera positions between two others, and the one a plan without cameras is seen from."""

from __future__ import annotations

import math

from previs.blockout.plan import lens
from previs.blockout.plan.document import SetPlan
from previs.blockout.plan.floor import action_of, centre, ground_of
from previs.blockout.plan.parts import CameraPosition

MOST_FRAMES = 240


def between(first: CameraPosition, last: CameraPosition, count: int) -> list[CameraPosition]:
    """Return `count` positions of a move, the first and the last included, eased at both ends.

    Pan and roll turn the short way. The width of the view changes by equal shares, so a zoom does not seem to
    speed up; all positions have the first camera's sensor. Raises ValueError for fewer than 2 or more than
    240 frames.
    """
    if not 2 <= count <= MOST_FRAMES:
        raise ValueError(f"a move of {count} frames; use 2 to {MOST_FRAMES}")
    pan, roll = (math.remainder(b - a, 360.0) for a, b in ((first.pan, last.pan), (first.roll, last.roll)))
    wide = [lens.tangents(camera.sensor, camera.focal_mm)[0] for camera in (first, last)]
    found = []
    for index in range(count):
        share = index / (count - 1)
        eased = share * share * (3 - 2 * share)

        def mixed(a: float, b: float, part: float = eased) -> float:
            return a + (b - a) * part

        found.append(
            CameraPosition(
                id=f"{first.id[:8]}-{last.id[:8]} {index + 1}",
                x=mixed(first.x, last.x),
                y=mixed(first.y, last.y),
                z=mixed(first.z, last.z),
                pan=math.remainder(first.pan + pan * eased, 360.0),
                tilt=mixed(first.tilt, last.tilt),
                roll=first.roll + roll * eased,
                sensor=first.sensor,
                focal_mm=lens.focal_for(first.sensor, wide[0] * (wide[1] / wide[0]) ** eased),
            )
        )
    return found


def overview(plan: SetPlan, ratio: float = 16 / 9) -> CameraPosition:
    """Return the camera that sees the whole set from its front, for a plan that has none of its own."""
    ground = plan.outline or ground_of(plan)
    xs, zs = [p[0] for p in ground], [p[1] for p in ground]
    width, front = max(xs) - min(xs), max(zs)
    x, z = centre(ground) if plan.outline else action_of(plan)
    focal = 20.0
    wide, _ = lens.tangents("super35", focal, ratio)
    away = min(width / 2 / wide * 0.8, 16.0)
    stand = min(front - 0.4, z + away) if plan.interior and plan.outline else z + max(away, 9.0)
    high = 1.5 if plan.ceiling is None else min(1.6, plan.ceiling * 0.7)
    return CameraPosition("overview", x, high, stand, 0.0, -3.0, 0.0, "super35", focal)
