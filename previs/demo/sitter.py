"""A person who does not exist: a body of solids for the blockout renderer, with its joints known to the millimetre.

Metres; the floor is y = 0, the sitter faces +z, so the sitter's left is +x.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from previs.blockout.geometry import Array, Colour, Point, Solid, Solids, SurfaceClass, Texture

Stance = Literal["apart", "down", "hips", "crossed"]
Hair = Literal["short", "bun", "long"]
SKINS: tuple[Colour, ...] = ((0.70, 0.49, 0.39), (0.55, 0.37, 0.27), (0.40, 0.26, 0.18), (0.25, 0.16, 0.11))
HAIRS: tuple[Colour, ...] = (
    (0.035, 0.03, 0.028),
    (0.13, 0.08, 0.045),
    (0.33, 0.21, 0.10),
    (0.28, 0.27, 0.26),
)
SHIRTS: tuple[Colour, ...] = ((0.30, 0.36, 0.42), (0.42, 0.30, 0.27), (0.33, 0.37, 0.28), (0.50, 0.48, 0.44))
TROUSERS: tuple[Colour, ...] = ((0.065, 0.07, 0.085), (0.12, 0.10, 0.08))
# Half width of the trunk at each height, hips to neck; it is DEEP times as deep.
TRUNK: tuple[tuple[float, float], ...] = (
    (0.80, 0.166), (0.84, 0.172), (0.93, 0.174), (1.02, 0.160), (1.10, 0.151), (1.20, 0.158), (1.30, 0.172),
    (1.37, 0.180), (1.42, 0.178), (1.455, 0.160), (1.475, 0.128), (1.49, 0.098), (1.505, 0.074), (1.52, 0.060),
)  # fmt: skip
DEEP = 0.70
# How far hands turn their backs to the camera, 0 to 1; palms seen flat are taken for faces.
TURN = 0.15
COLLAR, WAIST = 1.475, 0.90
# Elbow, wrist of the left arm against its shoulder; mirrored for the right.
ARMS: dict[Stance, tuple[Point, Point]] = {
    "apart": ((0.125, -0.26, -0.01), (0.185, -0.51, 0.06)),
    "down": ((0.055, -0.285, -0.02), (0.065, -0.545, 0.04)),
    "hips": ((0.185, -0.225, -0.05), (0.035, -0.415, 0.06)),
    "crossed": ((0.05, -0.255, 0.075), (-0.235, -0.21, 0.205)),
}


@dataclass(frozen=True)
class Sitter:
    """How one sitter is built and stands.

    joints: name -> (3,) m, named as the pose model names them.
    """

    skin: Colour
    hair_colour: Colour
    shirt: Colour
    trousers: Colour
    hair: Hair
    breadth: float
    stance: Stance
    joints: dict[str, Array]

    @classmethod
    def draw(cls, seed: int, *, stance: Stance = "apart", hair: Hair = "short") -> Sitter:
        """A sitter of this seed; the same arguments give the same one."""
        rng = random.Random(f"sitter {seed}")  # noqa: S311  shapes, not secrets
        breadth = rng.uniform(0.93, 1.07)
        joints: dict[str, Array] = {}
        for side, sign in (("left", 1.0), ("right", -1.0)):
            shoulder = np.array([sign * 0.183 * breadth, 1.425, 0.0])
            elbow, wrist = (np.array(point) + _jitter(rng, 0.012) for point in ARMS[stance])
            if stance == "crossed":  # one forearm lies in front of the other
                wrist = wrist + np.array([0.0, 0.05 * (sign > 0), 0.045 * (sign > 0)])
            mirror = np.array([sign, 1.0, 1.0])
            joints[f"{side}_shoulder"] = shoulder
            joints[f"{side}_elbow"] = shoulder + elbow * mirror
            joints[f"{side}_wrist"] = shoulder + wrist * mirror
            way = _unit(joints[f"{side}_wrist"] - joints[f"{side}_elbow"])
            aim = np.array([-sign * TURN, 0.0, (1 - TURN**2) ** 0.5])
            across = _unit(aim - way * float(aim @ way))
            for finger, reach, aside in (
                ("index", 0.165, 0.03),
                ("pinky", 0.145, -0.034),
                ("thumb", 0.085, 0.062),
            ):
                joints[f"{side}_{finger}"] = joints[f"{side}_wrist"] + way * reach + across * aside
            joints[f"{side}_hip"] = np.array([sign * 0.097 * breadth, 0.90, 0.0])
            joints[f"{side}_knee"] = np.array([sign * 0.115, 0.485, 0.02])
            joints[f"{side}_ankle"] = np.array([sign * 0.13, 0.085, -0.02])
            joints[f"{side}_heel"] = np.array([sign * 0.13, 0.03, -0.06])
            joints[f"{side}_foot"] = np.array([sign * 0.165, 0.02, 0.15])
            joints[f"{side}_ear"] = np.array([sign * 0.076, 1.655, -0.005])
            joints[f"{side}_eye"] = np.array([sign * 0.032, 1.68, 0.092])
            joints[f"{side}_eye_inner"] = np.array([sign * 0.019, 1.679, 0.094])
            joints[f"{side}_eye_outer"] = np.array([sign * 0.046, 1.68, 0.085])
            joints[f"mouth_{side}"] = np.array([sign * 0.024, 1.598, 0.092])
        joints["nose"] = np.array([0.0, 1.638, 0.125])
        return cls(rng.choice(SKINS), rng.choice(HAIRS), rng.choice(SHIRTS), rng.choice(TROUSERS), hair, breadth,
                   stance, joints)  # fmt: skip

    def trunk(self, height: float) -> float:
        """Half width of the bare trunk at a height, m."""
        heights, wide = zip(*TRUNK, strict=True)
        return float(np.interp(height, heights, wide)) * self.breadth

    def build(self, solids: Solids) -> None:
        """Add the sitter, in a plain shirt with short sleeves and trousers, each its own class of surface."""
        with solids.object(SurfaceClass.GARMENT, "shirt"):
            self.stack(solids, WAIST, COLLAR, self.shirt, ease=0.008)
            for side in ("left", "right"):
                shoulder, elbow = self.joints[f"{side}_shoulder"], self.joints[f"{side}_elbow"]
                solids.ball(shoulder.tolist(), 0.058, self.shirt, texture=Texture.FIGURE)
                rod(solids, [shoulder, shoulder + (elbow - shoulder) * 0.55], [0.058, 0.06], self.shirt)
        with solids.object(SurfaceClass.GARMENT, "trousers"):
            self.stack(solids, 0.80, WAIST + 0.005, self.trousers, ease=0.006)
            for side in ("left", "right"):
                hip, knee, ankle = (self.joints[f"{side}_{name}"] for name in ("hip", "knee", "ankle"))
                rod(
                    solids,
                    [hip - np.array([0.0, 0.07, 0.0]), knee, ankle],
                    [0.083, 0.062, 0.05],
                    self.trousers,
                )
        with solids.object(SurfaceClass.PROP, "shoes"):
            for side in ("left", "right"):
                heel, toe = self.joints[f"{side}_heel"], self.joints[f"{side}_foot"]
                rod(solids, [heel + np.array([0.0, 0.015, 0.0]), toe + np.array([0.0, 0.02, 0.0])], [0.045, 0.042],
                    (0.06, 0.05, 0.045))  # fmt: skip
        with solids.object(SurfaceClass.FIGURE, "skin"):
            self.stack(solids, COLLAR - 0.01, TRUNK[-1][0], self.skin)
            rod(solids, [np.array([0.0, 1.44, -0.01]), np.array([0.0, 1.60, 0.0])], [0.056, 0.05], self.skin)
            for side in ("left", "right"):
                self._arm(solids, side)
            self._head(solids)

    def stack(
        self, solids: Solids, low: float, high: float, colour: Colour, *, ease: float = 0.0,
        texture: Texture = Texture.FIGURE,
    ) -> None:  # fmt: skip
        """Add the trunk between two heights as thin slices; ease: m that cloth stands off the body."""
        edges = np.linspace(low, high, max(2, math.ceil((high - low) / 0.012)))
        for bottom, top in pairwise(edges):
            wide, above = self.trunk(float(bottom)) + ease, self.trunk(float(top)) + ease
            half = (wide, float(top - bottom) / 2 + 0.0003, wide * DEEP)
            # Its own slices would throw hair lines of shadow on each other.
            solids.add(Solid.CONE, (0.0, float(bottom + top) / 2, 0.0), half, colour, taper=above / wide,
                       texture=texture, shadow=False)  # fmt: skip

    def _arm(self, solids: Solids, side: str) -> None:
        shoulder, elbow, wrist = (self.joints[f"{side}_{name}"] for name in ("shoulder", "elbow", "wrist"))
        rod(solids, [shoulder, elbow, wrist], [0.05, 0.041, 0.03], self.skin)
        way = _unit(wrist - elbow)
        knuckles = (self.joints[f"{side}_index"] + self.joints[f"{side}_pinky"]) / 2 - way * 0.06
        across = _unit(self.joints[f"{side}_index"] - self.joints[f"{side}_pinky"])
        rod(solids, [wrist, (wrist + knuckles) / 2, knuckles], [0.03, 0.034, 0.03], self.skin)
        for number, reach in enumerate((0.058, 0.075, 0.08, 0.072)):
            base, tip = ((number - 1.5) * apart for apart in (0.0175, 0.021))
            path = [wrist + way * 0.02 + across * base * 0.6, knuckles + across * base,
                    knuckles + across * tip + way * reach]  # fmt: skip
            rod(solids, path, [0.016, 0.0135, 0.0085], self.skin)
        thumb = self.joints[f"{side}_thumb"]
        rod(
            solids,
            [wrist + way * 0.02 + across * 0.02, thumb, thumb + way * 0.02],
            [0.014, 0.011, 0.009],
            self.skin,
        )

    def _head(self, solids: Solids) -> None:
        def lump(x: float, y: float, z: float, rx: float, ry: float, rz: float, colour: Colour) -> None:
            solids.ellipsoid(x, y, z, rx, ry, rz, colour, texture=Texture.FIGURE)

        skin, hair = self.skin, self.hair_colour
        darker = (skin[0] * 0.9, skin[1] * 0.86, skin[2] * 0.84)
        lump(0, 1.675, 0.0, 0.075, 0.112, 0.098, skin)
        lump(0, 1.618, 0.03, 0.058, 0.066, 0.066, skin)
        lump(0, 1.575, 0.056, 0.028, 0.022, 0.03, skin)
        rod(solids, [np.array([0, 1.685, 0.092]), np.array([0, 1.645, 0.112])], [0.008, 0.012], darker)
        lump(0, 1.64, 0.112, 0.0145, 0.010, 0.012, darker)
        for side in (-1, 1):
            lump(side * 0.032, 1.68, 0.083, 0.0165, 0.0095, 0.011, (0.74, 0.72, 0.70))
            lump(side * 0.032, 1.68, 0.0905, 0.0078, 0.0085, 0.0055, (0.06, 0.04, 0.03))
            lump(side * 0.033, 1.6935, 0.086, 0.020, 0.0045, 0.012, darker)
            lump(side * 0.034, 1.705, 0.085, 0.021, 0.0048, 0.012, hair)
            lump(side * 0.074, 1.655, -0.008, 0.012, 0.028, 0.018, darker)
        lip = (skin[0] * 0.72, skin[1] * 0.5, skin[2] * 0.5)
        lump(0, 1.602, 0.088, 0.025, 0.0045, 0.011, lip)
        lump(0, 1.595, 0.087, 0.021, 0.0055, 0.012, lip)
        lump(0, 1.71, -0.03, 0.083, 0.092, 0.09, hair)
        lump(0, 1.762, 0.008, 0.07, 0.036, 0.076, hair)
        if self.hair == "bun":
            lump(0, 1.80, -0.06, 0.045, 0.042, 0.045, hair)
        if self.hair == "long":
            for side in (-1, 1):
                path = [(0.045, 1.765, 0.0), (0.079, 1.68, 0.01), (0.085, 1.56, 0.035), (0.095, 1.44, 0.105),
                        (0.092, 1.33, 0.128)]  # fmt: skip
                places = [np.array([side * x, y, z]) for x, y, z in path]
                rod(solids, places, [0.03, 0.03, 0.034, 0.034, 0.02], hair)
            lump(0, 1.60, -0.07, 0.085, 0.16, 0.045, hair)


def rod(
    solids: Solids, path: Sequence[Array], radii: Sequence[float], colour: Colour, *,
    texture: Texture = Texture.FIGURE, closed: bool = True,
) -> None:  # fmt: skip
    """A round bar along a path, with a ball at each bend; closed: at both ends too."""
    for index in range(len(path) - 1):
        solids.limb(
            path[index].tolist(),
            path[index + 1].tolist(),
            radii[index],
            radii[index + 1],
            colour,
            texture=texture,
        )
    for index in range(0 if closed else 1, len(path) if closed else len(path) - 1):
        solids.ball(path[index].tolist(), radii[index], colour, texture=texture)


def _unit(way: Array) -> Array:
    result: Array = way / max(float(np.linalg.norm(way)), 1e-9)
    return result


def _jitter(rng: random.Random, most: float) -> Array:
    return np.array([rng.uniform(-most, most) for _ in range(3)])
