"""Where a pose puts hands, feet, elbows and knees."""

from __future__ import annotations

import random
from dataclasses import dataclass

from previs.blockout.geometry import Point


@dataclass(frozen=True)
class Joints:
    """Where a pose puts the limbs, in a body 1.72 m tall that faces +z; hip drop and lean in metres, radians."""

    drop: float
    lean: float
    feet: tuple[Point, Point]
    knees: tuple[Point, Point]
    hands: tuple[Point, Point]
    elbows: tuple[Point, Point]


def pose_joints(pose: str, rng: random.Random) -> Joints:
    """Return the joints of a pose, a little different for each draw."""
    w = rng.uniform(-0.03, 0.03)
    rest = ((-0.275, 0.87, 0.07), (0.275, 0.87, 0.05)), ((-0.285, 1.11, -0.02), (0.285, 1.11, -0.02))
    if pose == "walk":
        s = rng.choice((-1, 1)) * 0.24
        return Joints(0.02, 0.03, ((-0.1, 0.09, s), (0.1, 0.09 + 0.04, -s)), ((-0.1, 0.48, s * 0.6 + 0.04), (0.1, 0.48, -s * 0.35 + 0.07)),
                      ((-0.26, 0.9, -s * 0.9), (0.26, 0.9, s * 0.9)), ((-0.28, 1.12, -s * 0.45 - 0.03), (0.28, 1.12, s * 0.45 - 0.03)))  # fmt: skip
    if pose == "run":
        s = rng.choice((-1, 1))
        front, back = (0, 1) if s > 0 else (1, 0)
        feet: list[Point] = [(0, 0, 0), (0, 0, 0)]
        knees: list[Point] = [(0, 0, 0), (0, 0, 0)]
        for i, x in ((0, -0.1), (1, 0.1)):
            feet[i] = (x, 0.3, 0.42) if i == front else (x, 0.34, -0.62)
            knees[i] = (x, 0.66, 0.4) if i == front else (x, 0.5, -0.16)
        hands: list[Point] = [(0, 0, 0), (0, 0, 0)]
        elbows: list[Point] = [(0, 0, 0), (0, 0, 0)]
        for i, x in ((0, -0.28), (1, 0.28)):
            forward = i == back
            hands[i] = (x * 0.75, 1.27, 0.34) if forward else (x, 1.0, -0.12)
            elbows[i] = (x, 1.1, 0.14) if forward else (x * 1.1, 1.14, -0.26)
        return Joints(
            0.04, 0.2, (feet[0], feet[1]), (knees[0], knees[1]), (hands[0], hands[1]), (elbows[0], elbows[1])
        )
    if pose == "sit":
        return Joints(0.4, 0.0, ((-0.13, 0.09, 0.46), (0.13, 0.09, 0.44)), ((-0.12, 0.52, 0.43), (0.12, 0.52, 0.43)),
                      ((-0.12, 0.98, 0.34), (0.14, 0.98, 0.32)), ((-0.28, 1.08, 0.06), (0.28, 1.08, 0.06)))  # fmt: skip
    if pose == "kneel":
        return Joints(0.38, 0.05, ((-0.12, 0.09, 0.32), (0.12, 0.09, -0.46)), ((-0.12, 0.5, 0.36), (0.12, 0.08, 0.0)),
                      ((-0.14, 1.0, 0.4), (0.2, 0.95, 0.3)), ((-0.28, 1.12, 0.12), (0.28, 1.1, 0.1)))  # fmt: skip
    if pose == "reach":
        return Joints(0.0, 0.06, ((-0.12, 0.09, -0.06), (0.12, 0.09, 0.08)), ((-0.11, 0.48, 0.02), (0.11, 0.48, 0.07)),
                      ((-0.1, 1.1, 0.46), (0.14, 1.14 + w, 0.5)), ((-0.29, 1.11, 0.16), (0.3, 1.13, 0.2)))  # fmt: skip
    if pose == "point":
        return Joints(0.0, 0.0, ((-0.11, 0.09, 0.0), (0.11, 0.09, 0.02)), ((-0.105, 0.48, 0.03), (0.105, 0.48, 0.03)),
                      (rest[0][0], (0.34, 1.42, 0.54)), (rest[1][0], (0.32, 1.36, 0.27)))  # fmt: skip
    return Joints(0.0, 0.0, ((-0.115, 0.09, 0.02 + w), (0.115, 0.09, -0.02 - w)), ((-0.105, 0.48, 0.03), (0.105, 0.48, 0.02)),
                  rest[0], rest[1])  # fmt: skip
