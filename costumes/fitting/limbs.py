"""A sleeve or a leg laid along a limb: in one piece where it hangs straight, in two where an elbow or a knee bends."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from costumes.fitting.body import Frame
from costumes.fitting.filters import Bools, Floats

# Shares of a limb's length at which its cloth is held on both sides.
HOLDS = (0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.0)

# Share of a limb's length over which cloth turns from how it was sewn on to how the arm hangs.
SETTLING = 0.22

# Degrees of an elbow or a knee from which cloth breaks instead of bending: one plate would blow up like a balloon there.
BREAKS = 30.0


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of cloth: which pixels of the garment picture, and where its points go.

    cloth: (h, w) bool over the garment picture.  garment, body: (n, 2) px, the same points in both pictures.
    """

    name: str
    cloth: Bools
    garment: Floats
    body: Floats


@dataclass(frozen=True, slots=True)
class _Flat:
    """A limb of cloth as it lies flat.

    start: (2,) px, the middle of its root.  axis, normal: (2,) unit vectors along it and to its outer side.
    reach: px.  root_half, end_half: half its width there, px.  turn: 1 or -1, on which side of its way the normal lies.
    """

    start: Floats
    axis: Floats
    normal: Floats
    reach: float
    root_half: float
    end_half: float
    turn: float

    @classmethod
    def of(cls, root: Floats, end: Floats) -> _Flat:
        start, tip = root.mean(axis=0), end.mean(axis=0)
        reach = float(np.linalg.norm(tip - start))
        axis = (tip - start) / reach
        normal = np.array([-axis[1], axis[0]])
        if normal @ (root[0] - start) < 0:
            normal = -normal
        turn = 1.0 if normal @ np.array([-axis[1], axis[0]]) > 0 else -1.0
        root_half = abs(float(normal @ (root[0] - root[1]))) / 2
        end_half = abs(float(normal @ (end[0] - end[1]))) / 2
        return cls(start, axis, normal, reach, root_half, end_half, turn)

    def half(self, share: float) -> float:
        return self.root_half + (self.end_half - self.root_half) * share

    def edges(self, share: float) -> list[Floats]:
        """The outer and the inner edge there, px."""
        place = self.start + self.axis * self.reach * share
        return [place + self.normal * self.half(share), place - self.normal * self.half(share)]


def limb_parts(
    name: str,
    cloth: Bools,
    root: Floats,
    end: Floats,
    frame: Frame,
    joints: list[Floats],
    *,
    length: float = 1.0,
) -> list[Part]:
    """One part, or two that meet at a bent joint, the farther one on top.

    root, end: (2, 2) px of the garment, outer and inner.  joints: px of the photo, the bends of the limb after its
    root and its end.
    """
    flat = _Flat.of(root, end)
    path = [frame.carry(root).mean(axis=0), *joints]
    along = flat.reach * frame.scale * length
    share = float(np.linalg.norm(path[1] - path[0])) / along
    if len(path) < 3 or share > 0.95 or _angle(path) < BREAKS:
        source, target = _seam(root, frame)
        for held in _held(flat, root, frame, path, along):
            half = flat.half(held)
            soft = max(half * frame.scale, 0.05 * along)
            here = _walk(path, held * along)
            way = _unit(_walk(path, held * along + soft) - _walk(path, max(0.0, held * along - soft)))
            source += flat.edges(held)
            target += _sides(flat, here, way, half * frame.scale)
        return [Part(name, cloth, np.array(source), np.array(target))]
    # Each piece goes a round end beyond the joint, so that no gap opens on the outer side of the bend.
    y, x = np.mgrid[0 : cloth.shape[0], 0 : cloth.shape[1]]
    joint = flat.start + flat.axis * flat.reach * share
    along_it = (x - joint[0]) * flat.axis[0] + (y - joint[1]) * flat.axis[1]
    at_joint = (x - joint[0]) ** 2 + (y - joint[1]) ** 2 <= flat.half(share) ** 2
    spare = flat.half(share) / flat.reach
    shares = [one for one in _held(flat, root, frame, path, along) if one < share]
    upper = _piece(
        flat, path[1], path[1] - path[0], [*shares, share, share + spare], share, along, frame.scale
    )
    lower = _piece(
        flat,
        path[1],
        path[2] - path[1],
        [share - spare, share, (share + 1) / 2, 1.0],
        share,
        along,
        frame.scale,
    )
    seam = _seam(root, frame)
    return [
        Part(
            name, cloth & ((along_it <= 0) | at_joint), _points(seam[0], upper[0]), _points(seam[1], upper[1])
        ),
        Part(name, cloth & ((along_it >= 0) | at_joint), np.array(lower[0]), np.array(lower[1])),
    ]


def _points(one: list[Floats], other: list[Floats]) -> Floats:
    return np.array([*one, *other])


def _piece(
    flat: _Flat, bend: Floats, bone: Floats, held: list[float], joint: float, along: float, scale: float
) -> tuple[list[Floats], list[Floats]]:
    """The edges at the held shares, flat and along a bone.

    bend: px of the photo, the bent joint, where the share `joint` lies.  along: length of the limb, px of the photo.
    """
    way = _unit(bone)
    source: list[Floats] = []
    target: list[Floats] = []
    for share in held:
        source += flat.edges(share)
        here = bend + way * (share - joint) * along
        target += _sides(flat, here, way, flat.half(min(share, 1.0)) * scale)
    return source, target


def _seam(root: Floats, frame: Frame) -> tuple[list[Floats], list[Floats]]:
    """Held along the whole seam, not at its ends alone, or a gap opens in its middle."""
    seam = [root[0] + (root[1] - root[0]) * share for share in (0.0, 1 / 3, 2 / 3, 1.0)]
    return seam, list(frame.carry(np.array(seam)))


def _held(flat: _Flat, root: Floats, frame: Frame, path: list[Floats], along: float) -> list[float]:
    """The shares that are held. The root lies aslant: a hold before its farther corner would turn the cloth over."""
    body_root = frame.carry(root)
    slant = abs(float(flat.axis @ (root[0] - root[1]))) / 2 / flat.reach
    slant = max(slant, abs(float(_unit(path[1] - path[0]) @ (body_root[0] - body_root[1]))) / 2 / along)
    return [share for share in HOLDS if share >= min(slant + SETTLING, 1.0)]


def _sides(flat: _Flat, here: Floats, way: Floats, half: float) -> list[Floats]:
    out = flat.turn * np.array([-way[1], way[0]])
    return [here + out * half, here - out * half]


def _angle(path: list[Floats]) -> float:
    """Degrees by which the limb bends at its first joint."""
    turned = float(_unit(path[1] - path[0]) @ _unit(path[2] - path[1]))
    return float(np.degrees(np.arccos(np.clip(turned, -1, 1))))


def _unit(way: Floats) -> Floats:
    result: Floats = way / max(float(np.linalg.norm(way)), 1e-6)
    return result


def _walk(path: list[Floats], distance: float) -> Floats:
    """The point `distance` px along a path of straight pieces; the last goes on for ever."""
    for number, (one, other) in enumerate(pairwise(path)):
        piece = float(np.linalg.norm(other - one))
        if distance <= piece or number == len(path) - 2:
            result: Floats = one + (other - one) * (distance / max(piece, 1e-6))
            return result
        distance -= piece
    raise AssertionError("a limb has at least one joint after its root")
