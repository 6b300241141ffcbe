"""A garment in parts, each with the points that carry it onto the body: never one bend for the whole."""

from __future__ import annotations

import numpy as np

from costumes.fitting.body import Body, hip_frame, shoulder_frame
from costumes.fitting.filters import Bools, Floats, grown
from costumes.fitting.garments import Garment, reached
from costumes.fitting.limbs import Part, limb_parts


def parts_of(garment: Garment, body: Body, *, size: float, length: float) -> list[Part]:
    """Split a garment and find where each part goes, from the one that lies lowest to the one on top.

    size: 1 lets shoulders (or hips) meet, more is wider.  length: 1 keeps the garment's own proportions.
    Raises FittingError if a point of the body that the garment needs is not seen.
    """
    if garment.category == "top":
        return _top(garment, body, size, length)
    return (
        _trousers(garment, body, size, length)
        if garment.category == "trousers"
        else _skirt(garment, body, size, length)
    )


def _top(garment: Garment, body: Body, size: float, length: float) -> list[Part]:
    left, right = garment.at("shoulder_left", "shoulder_right")
    frame = shoulder_frame(body, left, right, size=size, length=length)
    sleeves: list[Part] = []
    rest = garment.alpha > 0
    for side in ("left", "right"):
        root = garment.at(f"shoulder_{side}", f"armpit_{side}")
        cuff = garment.at(f"sleeve_{side}_out", f"sleeve_{side}_in")
        if np.linalg.norm(cuff.mean(axis=0) - root.mean(axis=0)) < 0.15 * np.linalg.norm(root[0] - root[1]):
            continue
        hem = garment.at(f"hem_{side}")[0]
        cloth = _beyond(_above_armpit(garment.alpha > 0, root[1], cuff[1], hem), root, cuff.mean(axis=0))
        rest = rest & ~cloth
        joints = [f"{side}_shoulder", f"{side}_elbow"]
        reach = float(np.linalg.norm(cuff.mean(axis=0) - root.mean(axis=0))) * frame.scale
        upper = float(np.linalg.norm(body.at(f"{side}_elbow") - body.at(f"{side}_shoulder")))
        if reach > upper:
            joints.append(f"{side}_wrist")
        body.need(joints)
        # A sleeve lies on the body's cloth by a few threads, so that no gap opens where they are sewn.
        overlap = max(2.0, 0.015 * float(np.linalg.norm(left - right)))
        cloth = grown(cloth, overlap) & (garment.alpha > 0)
        bends = [body.at(name) for name in joints[1:]]
        sleeves += limb_parts(f"{side} sleeve", cloth, root, cuff, frame, bends)
    names = [n for n in garment.anchors if not n.startswith("sleeve")]
    anchors = garment.at(*sorted(names))
    sides = [
        (1 - share) * garment.at(f"armpit_{side}")[0] + share * garment.at(f"hem_{side}")[0]
        for side in ("left", "right")
        for share in (1 / 3, 2 / 3)
    ]
    source = np.concatenate([anchors, sides])
    return [Part("body", rest, source, frame.carry(source)), *sleeves]


def _trousers(garment: Garment, body: Body, size: float, length: float) -> list[Part]:
    hips = garment.at("hip_left", "hip_right")
    crotch = garment.at("crotch")[0]
    frame = hip_frame(body, hips[0], hips[1], crotch, size=size, length=1.0)
    middle = (hips[0] + hips[1]) / 2
    down = crotch - middle
    legs: list[Part] = []
    roots = []
    rest = garment.alpha > 0
    for side in ("left", "right"):
        # The leg begins on a line from the crotch to the outline, a little below the crotch on the outside.
        hip = garment.at(f"hip_{side}")[0]
        hem = garment.at(f"hem_{side}_out", f"hem_{side}_in")
        seam = float(np.linalg.norm(hem[0] - hip))
        outer = hip + (hem[0] - hip) * min(1.0, float(np.linalg.norm(down)) / max(seam, 1.0))
        root = np.stack([outer, crotch])
        cloth = _beyond(garment.alpha > 0, root, hem.mean(axis=0))
        rest = rest & ~cloth
        joints = [f"{side}_hip", f"{side}_knee"]
        reach = float(np.linalg.norm(hem.mean(axis=0) - root.mean(axis=0))) * frame.scale * length
        if reach > 0.8 * float(np.linalg.norm(body.at(joints[1]) - body.at(joints[0]))):
            joints.append(f"{side}_ankle")
        body.need(joints)
        cloth = grown(cloth, max(2.0, 0.02 * float(np.linalg.norm(hips[0] - hips[1])))) & (garment.alpha > 0)
        bends = [body.at(name) for name in joints[1:]]
        legs += limb_parts(f"{side} leg", cloth, root, hem, frame, bends, length=length)
        roots.append(outer)
    source = np.concatenate(
        [
            garment.at("waist_left", "waist_centre", "waist_right", "hip_left", "hip_right", "crotch"),
            np.array(roots),
        ]
    )
    return [Part("hips", rest, source, frame.carry(source)), *legs]


def _skirt(garment: Garment, body: Body, size: float, length: float) -> list[Part]:
    hips = garment.at("hip_left", "hip_right")
    across = hips[0] - hips[1]
    waist = garment.at("waist_left", "waist_right").mean(axis=0)
    middle = hips.mean(axis=0)
    # Hips lie a third of their width below the waist; the frame hangs from where trousers would part.
    fork = middle + (middle - waist) / max(float(np.linalg.norm(middle - waist)), 1) * 0.24 * float(
        np.linalg.norm(across)
    )
    frame = hip_frame(body, hips[0], hips[1], fork, size=size, length=length)
    source = garment.at(*sorted(garment.anchors))
    return [Part("skirt", garment.alpha > 0, source, frame.carry(source))]


def _above_armpit(cloth: Bools, armpit: Floats, cuff: Floats, hem: Floats) -> Bools:
    """The cloth on the sleeve's side of the line that halves the gap between a sleeve and the body below it.

    A hem that is wider than the armpits lies beyond the armhole too, and may hang together with the sleeve.
    """
    along, down = cuff - armpit, hem - armpit
    middle = along / max(float(np.linalg.norm(along)), 1.0) + down / max(float(np.linalg.norm(down)), 1.0)
    normal = np.array([-middle[1], middle[0]])
    if normal @ along < 0:
        normal = -normal
    y, x = np.mgrid[0 : cloth.shape[0], 0 : cloth.shape[1]]
    result: Bools = cloth & ((x - armpit[0]) * normal[0] + (y - armpit[1]) * normal[1] >= 0)
    return result


def _beyond(cloth: Bools, root: Floats, far: Floats) -> Bools:
    """The cloth on the far side of the line through the two root points that hangs together with `far`."""
    line = root[1] - root[0]
    normal = np.array([-line[1], line[0]])
    if normal @ (far - root[0]) < 0:
        normal = -normal
    y, x = np.mgrid[0 : cloth.shape[0], 0 : cloth.shape[1]]
    side = cloth & ((x - root[0, 0]) * normal[0] + (y - root[0, 1]) * normal[1] > 0)
    seed = np.zeros_like(side)
    # From the root to the end, so that an end set a little outside the cloth still finds it.
    for share in np.linspace(0.3, 0.98, 12):
        column, row = np.round(root.mean(axis=0) * (1 - share) + far * share).astype(int)
        if 0 <= row < cloth.shape[0] and 0 <= column < cloth.shape[1]:
            seed[row, column] = True
    return reached(side, seed & side)
