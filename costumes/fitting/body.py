"""The body a garment is put on: the points that fitting needs, checked, and the frame that carries a garment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from costumes.fitting.filters import Floats
from costumes.fitting.trouble import FittingError
from previs.engine.eyes import INDEX

SEEN = 0.5
# px, the shorter side of a person's photo.
SMALLEST = 512
# A torso whose shoulders are this narrow against its length is seen from the side.
TURNED = 0.42
# Against the distance of the shoulder joints: how much wider the seams lie, and how far above the joints.
SEAM_WIDTH, SEAM_LIFT = 1.10, 0.155
# Against the distance of the hip joints: how wide cloth lies over the hips, and how far below them it parts.
HIP_WIDTH, CROTCH_DROP = 1.75, 0.42


@dataclass(frozen=True, slots=True)
class Body:
    """33 points of a body in a photo: points (33, 3), x px, y px, visibility; a corrected point has visibility 1."""

    points: Floats

    def at(self, name: str) -> Floats:
        return np.asarray(self.points[INDEX[name], :2], np.float64)

    def seen(self, name: str) -> bool:
        return bool(self.points[INDEX[name], 2] >= SEEN)

    def need(self, names: Iterable[str]) -> None:
        """Raises FittingError naming the points that are not seen well enough to be relied on."""
        hidden = [name.replace("_", " ") for name in names if not self.seen(name)]
        if hidden:
            raise FittingError(
                f"Not seen well enough in the photo: {', '.join(hidden)}. Choose a photo that shows them."
            )

    @property
    def shoulders(self) -> float:
        """Distance of the shoulder joints, px."""
        return float(np.linalg.norm(self.at("left_shoulder") - self.at("right_shoulder")))


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a flat garment's middle goes, and how its across and its down lie on the body, with scale.

    garment_origin, body_origin: (2,) px.  across, down: (2,) px of the photo for 1 px of the garment.
    garment_across, garment_down: (2,) unit vectors of the garment picture.
    """

    garment_origin: Floats
    garment_across: Floats
    garment_down: Floats
    body_origin: Floats
    across: Floats
    down: Floats

    def carry(self, points: Floats) -> Floats:
        """(n, 2) px of the garment -> (n, 2) px of the photo."""
        offsets = points - self.garment_origin
        u, v = offsets @ self.garment_across, offsets @ self.garment_down
        result: Floats = self.body_origin + u[:, None] * self.across + v[:, None] * self.down
        return result

    @property
    def scale(self) -> float:
        return float(np.linalg.norm(self.across))


def check_person(points: Floats, people: int, size: tuple[int, int]) -> Body:
    """Refuse in words a photo that no garment can be fitted on.

    points: (33, 3).  people: how many the photo shows.  size: width, height, px.
    Raises FittingError: too small, several people, turned away.
    """
    if min(size) < SMALLEST:
        raise FittingError(
            f"The photo is {size[0]} x {size[1]} px; its shorter side must have at least {SMALLEST} px. "
            "Choose a larger one."
        )
    if people > 1:
        raise FittingError(
            f"The photo shows {people} people. Choose a photo of one person, or crop it to one."
        )
    if points.shape != (len(INDEX), 3) or not np.isfinite(points).all():
        raise FittingError("The points of the body are incomplete. Look for the person again.")
    body = Body(points)
    body.need(("left_shoulder", "right_shoulder"))
    left, right = body.at("left_shoulder"), body.at("right_shoulder")
    hips = (body.at("left_hip") + body.at("right_hip")) / 2
    length = float(np.linalg.norm(hips - (left + right) / 2))
    # Who faces the camera has the left shoulder on the picture's right.
    if left[0] <= right[0] or (body.seen("left_hip") and body.shoulders < TURNED * length):
        raise FittingError(
            "The person is turned away from the camera or stands sideways. Choose a photo that shows both shoulders "
            "from the front."
        )
    if not body.seen("nose"):
        raise FittingError(
            "The face is turned away or hidden. Choose a photo that shows the person from the front."
        )
    return body


def shoulder_frame(body: Body, left: Floats, right: Floats, *, size: float, length: float) -> Frame:
    """The frame of what hangs from the shoulders. left, right: (2,) px, the garment's shoulder anchors."""
    across_g, down_g, wide = _axes(left, right)
    joints = body.at("left_shoulder"), body.at("right_shoulder")
    middle = (joints[0] + joints[1]) / 2
    across, square, apart = _axes(*joints)
    spine = square
    if body.seen("left_hip") and body.seen("right_hip"):
        spine = (body.at("left_hip") + body.at("right_hip")) / 2 - middle
        spine = spine / np.linalg.norm(spine)
    scale = apart * SEAM_WIDTH / wide * size
    origin = middle - spine * SEAM_LIFT * apart
    return Frame((left + right) / 2, across_g, down_g, origin, across * scale, spine * scale * length)


def hip_frame(body: Body, left: Floats, right: Floats, fork: Floats, *, size: float, length: float) -> Frame:
    """The frame of what hangs from the hips. fork: (2,) px, the garment's crotch, or where one would be."""
    body.need(("left_hip", "right_hip"))
    across_g, down_g, wide = _axes(left, right)
    across, down, apart = _axes(body.at("left_hip"), body.at("right_hip"))
    scale = apart * HIP_WIDTH / wide * size
    origin = (body.at("left_hip") + body.at("right_hip")) / 2 + down * CROTCH_DROP * apart
    return Frame(fork, across_g, down_g, origin, across * scale, down * scale * length)


def _axes(left: Floats, right: Floats) -> tuple[Floats, Floats, float]:
    """Unit vectors from the wearer's right to the left and, at a right angle, downwards; and the distance."""
    across = left - right
    apart = float(np.linalg.norm(across))
    if apart < 4:
        raise FittingError(
            "Two anchors or points that should lie apart lie on each other. Drag them to their places."
        )
    unit = across / apart
    return unit, np.array([-unit[1], unit[0]]), apart
