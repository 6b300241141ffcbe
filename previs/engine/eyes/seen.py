"""What the eyes report: plain values, no models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Uint8 = NDArray[np.uint8]
Floats = NDArray[np.floating[Any]]

# The 33 points in the order in which the pose model gives them. Left and right are the person's own.
POINTS = (
    "nose", "left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye",
    "right_eye_outer", "left_ear", "right_ear", "mouth_left", "mouth_right", "left_shoulder",
    "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_pinky", "right_pinky",
    "left_index", "right_index", "left_thumb", "right_thumb", "left_hip", "right_hip", "left_knee",
    "right_knee", "left_ankle", "right_ankle", "left_heel", "right_heel", "left_foot", "right_foot",
)  # fmt: skip
INDEX = {name: number for number, name in enumerate(POINTS)}


class EyesError(Exception):
    """The picture cannot be looked at, or shows nobody. The message is shown to people: cause, then what to do."""


@dataclass(frozen=True, slots=True)
class Face:
    """One face: its rectangle in px of the picture, edges may lie outside it by a little; score 0 to 1."""

    left: float
    top: float
    right: float
    bottom: float
    score: float


@dataclass(frozen=True, slots=True)
class Pose:
    """One person.

    points: (33, 3) float32: x px, y px, visibility 0 to 1, in the order of `POINTS`; a point may lie outside the
        picture, where the body goes on beyond its edge.
    mask: (h, w) float32, 0 to 1, how surely a pixel is the person.
    people: how many people the picture shows, at least 1.
    """

    points: Floats
    mask: Floats
    people: int

    def point(self, name: str) -> tuple[float, float]:
        """x, y in px."""
        x, y = self.points[INDEX[name], :2]
        return float(x), float(y)

    def visibility(self, name: str) -> float:
        return float(self.points[INDEX[name], 2])
