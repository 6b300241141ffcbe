"""Articulated people with hair, faces and clothes."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from previs.blockout.description import Figure, Garment
from previs.blockout.furniture import dim
from previs.blockout.geometry import Colour, Point, Solid, Solids, SurfaceClass, Texture, rotation
from previs.blockout.poses import pose_joints
from previs.blockout.words import COLOURS

SKINS: tuple[Colour, ...] = (
    (0.72, 0.52, 0.41),
    (0.60, 0.42, 0.32),
    (0.46, 0.31, 0.22),
    (0.30, 0.20, 0.15),
    (0.66, 0.48, 0.36),
)
HAIRS: tuple[Colour, ...] = (
    (0.05, 0.04, 0.035),
    (0.18, 0.11, 0.06),
    (0.40, 0.27, 0.13),
    (0.34, 0.34, 0.34),
    (0.28, 0.10, 0.05),
)
PLAIN_TOPS = ("grey", "navy", "olive", "brown", "beige", "white", "teal", "burgundy", "blue")
PLAIN_BOTTOMS = ("black", "grey", "navy", "brown")
HEIGHTS = {"person": 1.72, "woman": 1.68, "man": 1.79, "child": 1.24}
PATTERN_TEXTURES = {
    "plain": Texture.FIGURE,
    "striped": Texture.STRIPES,
    "checked": Texture.CHECKS,
    "dotted": Texture.DOTS,
}
# How far each outer garment falls below the hip (m), and how far its hem stands out.
HEMS = {"coat": (0.46, 0.07), "cloak": (0.62, 0.16), "robe": (0.72, 0.10), "dress": (0.50, 0.16), "jacket": (0.12, 0.02),
        "uniform": (0.16, 0.02), "suit": (0.16, 0.02), "armour": (0.12, 0.04), "shirt": (0.05, 0.0),
        "sweater": (0.07, 0.01), "vest": (0.06, 0.0)}  # fmt: skip
LAYERS = ("armour", "cloak", "robe", "coat", "jacket", "uniform", "suit", "dress", "vest", "sweater", "shirt")


@dataclass(frozen=True)
class Cloth:
    """Colour and weave of one piece."""

    colour: Colour
    texture: Texture


def _cloth(garment: Garment) -> Cloth:
    return Cloth(COLOURS[garment.colour], PATTERN_TEXTURES[garment.pattern])


class Mannequin:
    """Builds one figure into `solids`; `head` afterwards holds the middle of its face in the world."""

    def __init__(self, solids: Solids, figure: Figure, rng: random.Random, *, x: float, z: float, yaw: float,
                 floor: float = 0.0, seat: float | None = None, gaze: float = 0.0, only_clothes: bool = False,
                 stage: str = "clean", stretch: float = 1.0) -> None:  # fmt: skip
        self.solids, self.figure = solids, figure
        self.x, self.z, self.yaw, self.floor = x, z, yaw, floor
        self.scale = HEIGHTS[figure.build] * rng.uniform(0.98, 1.02) / 1.72 if not only_clothes else 1.0
        self.child = figure.build == "child"
        self.lying = figure.pose == "lie"
        self.gaze, self.bare, self.stage, self.stretch = gaze, not only_clothes, stage, stretch
        self.skin, self.hair = rng.choice(SKINS), rng.choice(HAIRS)
        self.long_hair = figure.build == "woman" or (figure.build != "man" and rng.random() < 0.4)
        self.bun = self.long_hair and rng.random() < 0.4
        self.beard = figure.build == "man" and rng.random() < 0.3
        self.joints = pose_joints(figure.pose, rng)
        if seat is not None and figure.pose == "sit":
            self.floor = floor + seat - 0.5 * self.scale
        self.clothes = {garment.kind: _cloth(garment) for garment in figure.garments}
        spare_top, spare_bottom = rng.choice(PLAIN_TOPS), rng.choice(PLAIN_BOTTOMS)
        if self.bare:
            if not any(kind in self.clothes for kind in HEMS):
                self.clothes["shirt" if rng.random() < 0.5 else "jacket"] = Cloth(
                    COLOURS[spare_top], Texture.FIGURE
                )
            self.spare_leg = Cloth(COLOURS[spare_bottom], Texture.FIGURE)
        cos, sin = math.cos(yaw), math.sin(yaw)
        self._cos, self._sin = cos, sin
        with solids.object(SurfaceClass.GARMENT) as number:
            self.object = number
            self._build()
        self.head = self.at(0.0, 1.6 - self.joints.drop, 0.05)

    def at(self, dx: float, dy: float, dz: float) -> Point:
        """Return the world point of a body point."""
        if dy < 1.0:
            dy *= self.stretch
        else:
            dy += self.stretch - 1.0
        dz += self.joints.lean * max(0.0, dy - 0.86)
        if self.lying:  # turned onto the back, head away along -z
            dy, dz = 0.16 + dz * 0.9, 0.86 - dy
        dx, dy, dz = dx * self.scale, dy * self.scale, dz * self.scale
        return (
            self.x + self._cos * dx + self._sin * dz,
            self.floor + dy,
            self.z - self._sin * dx + self._cos * dz,
        )

    def limb(self, a: Point, b: Point, r0: float, r1: float, cloth: Cloth) -> None:
        """Add a limb between two body points."""
        self.solids.limb(
            self.at(*a), self.at(*b), r0 * self.scale, r1 * self.scale, cloth.colour, texture=cloth.texture
        )

    def lump(self, p: Point, rx: float, ry: float, rz: float, cloth: Cloth, *, turn: float = 0.0,
             surface: SurfaceClass | None = None) -> None:  # fmt: skip
        """Add an ellipsoid at a body point."""
        k = self.scale
        axes = rotation(self.yaw + turn, -math.pi / 2 if self.lying else 0.0, 0.0)
        self.solids.add(Solid.ELLIPSOID, self.at(*p), (rx * k, ry * k, rz * k), cloth.colour, turn=axes,
                        texture=cloth.texture, surface=surface)  # fmt: skip

    def slab(self, p: Point, w: float, h: float, d: float, colour: Colour, *, turn: float = 0.0, pitch: float = 0.0,
             roll: float = 0.0, texture: Texture = Texture.FIGURE) -> None:  # fmt: skip
        """Add a thin box at a body point (half sizes)."""
        k = self.scale
        axes = rotation(self.yaw + turn, pitch - (math.pi / 2 if self.lying else 0.0), roll)
        self.solids.add(
            Solid.BOX, self.at(*p), (w * k, h * k, d * k), colour, turn=axes, texture=texture, shadow=False
        )

    def _build(self) -> None:
        outer = next((kind for kind in LAYERS if kind in self.clothes), None)
        self._legs(outer)
        if outer is not None:
            self._torso(outer)
        elif "gloves" in self.clothes:
            for elbow, hand in zip(self.joints.elbows, self.joints.hands, strict=True):
                self._glove(self.clothes["gloves"], elbow, hand)
        self._extras()
        if self.bare:
            with self.solids.object(SurfaceClass.FIGURE):
                self._head()
        self._headwear()

    def _legs(self, outer: str | None) -> None:
        joints, drop = self.joints, self.joints.drop
        legs = self.clothes.get("trousers") or self.clothes.get("suit") or self.clothes.get("uniform")
        bare_legs = any(kind in self.clothes for kind in ("dress", "skirt", "shorts")) and legs is None
        skin = Cloth(self.skin, Texture.FIGURE)
        boots = self.clothes.get("boots")
        shoes = boots or self.clothes.get("shoes")
        thigh = legs or (skin if bare_legs else (self.spare_leg if self.bare else None))
        shorts = self.clothes.get("shorts")
        for side, knee, foot in ((-1, joints.knees[0], joints.feet[0]), (1, joints.knees[1], joints.feet[1])):
            hip = (side * 0.1, 0.9 - drop, 0.0)
            if thigh is not None and (self.bare or legs is not None):
                self.limb(hip, knee, 0.095, 0.07, thigh)
                self.lump(knee, 0.07, 0.07, 0.07, thigh)
                self.limb(knee, foot, 0.07, 0.052, thigh)
            if shorts is not None:
                middle = tuple(h + (n - h) * 0.75 for h, n in zip(hip, knee, strict=True))
                self.limb(hip, (middle[0], middle[1], middle[2]), 0.115, 0.1, shorts)
            if shoes is not None or self.bare:
                leather = shoes or Cloth((0.07, 0.055, 0.05), Texture.FIGURE)
                if boots is not None:
                    shaft = tuple(f + (n - f) * 0.62 for f, n in zip(foot, knee, strict=True))
                    self.limb((shaft[0], shaft[1], shaft[2]), foot, 0.082, 0.066, leather)
                self.lump(
                    (foot[0] * 1.05, foot[1] - 0.04, foot[2] + 0.07),
                    0.06,
                    0.055,
                    0.14,
                    leather,
                    turn=side * 0.12,
                )
        skirt = self.clothes.get("skirt")
        if skirt is not None:
            self._skirt(skirt, 0.48, 0.12)
        if legs is not None and not self.bare and outer is None:
            self.limb((0, 0.86, 0), (0, 1.0, 0), 0.18, 0.165, legs)

    def _skirt(self, cloth: Cloth, length: float, flare: float) -> None:
        drop = self.joints.drop
        if drop > 0.3:  # seated: the cloth lies over the thighs
            for side in (-1, 1):
                self.limb((side * 0.09, 0.54, 0.02), (side * 0.12, 0.55, 0.45), 0.125, 0.115, cloth)
            return
        self.limb((0, 0.92 - length, 0), (0, 1.06 - drop, 0), 0.2 + flare, 0.168, cloth)

    def _torso(self, outer: str) -> None:
        cloth, drop = self.clothes[outer], self.joints.drop
        length, flare = HEMS[outer]
        if length > 0.1:
            self._skirt(cloth, length - (0.25 if self.child else 0.0) * (length > 0.4), flare)
        else:
            self.limb((0, 0.88 - drop - length, 0), (0, 1.06 - drop, 0), 0.178, 0.165, cloth)
        waist = 0.15 if self.figure.build == "woman" else 0.165
        self.limb((0, 1.0 - drop, 0), (0, 1.36 - drop, 0), waist, 0.185, cloth)
        broad = 0.2 if self.figure.build == "woman" else 0.222
        self.lump((0, 1.375 - drop, 0), broad, 0.085, 0.115, cloth)
        self.lump((0, 1.2 - drop, 0.03), 0.17, 0.16, 0.12, cloth)
        dark = dim(cloth.colour, 0.62)
        sleeveless = outer == "vest"
        inner = self.clothes.get("shirt") or self.clothes.get("sweater")
        sleeve = inner or Cloth((0.78, 0.77, 0.73), Texture.FIGURE) if sleeveless else cloth
        for side, elbow, hand in (
            (-1, self.joints.elbows[0], self.joints.hands[0]),
            (1, self.joints.elbows[1], self.joints.hands[1]),
        ):
            shoulder = (side * (broad + 0.005), 1.36 - drop, 0.0)
            elbow, hand = self._lower(elbow), self._lower(hand)
            self.lump(shoulder, 0.08, 0.08, 0.08, sleeve)
            self.limb(shoulder, elbow, 0.078, 0.062, sleeve)
            self.lump(elbow, 0.062, 0.062, 0.062, sleeve)
            self.limb(elbow, hand, 0.062, 0.052, sleeve)
            if "gloves" in self.clothes:
                self._glove(self.clothes["gloves"], elbow, hand)
            elif self.bare:
                self._palm(elbow, hand, Cloth(self.skin, Texture.FIGURE), SurfaceClass.FIGURE)
        if outer in ("coat", "jacket", "uniform", "suit", "robe"):
            if outer == "suit":
                self.slab((0, 1.3 - drop, 0.148), 0.05, 0.11, 0.012, (0.82, 0.81, 0.77), pitch=-0.12)
                self.slab((0, 1.28 - drop, 0.162), 0.018, 0.12, 0.006, (0.45, 0.07, 0.08), pitch=-0.12)
            for side in (-1, 1):
                self.slab(
                    (side * 0.065, 1.385 - drop, 0.1),
                    0.055,
                    0.05,
                    0.02,
                    dark,
                    turn=side * 0.35,
                    roll=side * 0.5,
                    pitch=-0.35,
                )
            if drop < 0.3 and length > 0.1:
                half = 0.15 + length / 2
                self.slab(
                    (0.012, 1.1 - length / 2 - 0.04, 0.19 + flare * 0.45),
                    0.008,
                    half,
                    0.012,
                    dark,
                    pitch=-0.16 if length > 0.3 else -0.1,
                )
                for button in range(3):
                    self.lump(
                        (0.045, 1.2 - button * 0.13, 0.165 + button * 0.012),
                        0.014,
                        0.014,
                        0.012,
                        Cloth((0.7, 0.55, 0.25) if outer == "uniform" else dark, Texture.FIGURE),
                    )
        if outer == "uniform":
            self.limb(
                (0, 0.99 - drop, 0),
                (0, 1.04 - drop, 0),
                0.185,
                0.182,
                Cloth((0.16, 0.1, 0.06), Texture.FIGURE),
            )
            for side in (-1, 1):
                self.slab(
                    (side * 0.17, 1.445 - drop, 0.0), 0.06, 0.012, 0.045, (0.7, 0.55, 0.25), roll=-side * 0.25
                )
        if outer == "armour":
            metal = Cloth(dim(cloth.colour, 1.25), Texture.FIGURE)
            for side in (-1, 1):
                self.lump((side * 0.25, 1.4 - drop, 0.0), 0.11, 0.1, 0.11, metal)
            self.lump((0, 1.22 - drop, 0.05), 0.185, 0.19, 0.13, metal)
        if outer == "cloak" and not self.lying:
            self.limb(
                (0, 0.5 - drop * 0.5, -0.06),
                (0, 1.42 - drop, -0.03),
                0.33,
                0.19,
                Cloth(dim(cloth.colour, 0.8), cloth.texture),
            )

    def _palm(self, elbow: Point, hand: Point, cloth: Cloth, surface: SurfaceClass | None) -> None:
        """Add a hand that goes on in the direction of the forearm."""
        reach = math.dist(elbow, hand) or 1.0
        x, y, z = (h + (h - e) / reach * 0.06 for e, h in zip(elbow, hand, strict=True))
        self.lump((x, y, z), 0.042, 0.062, 0.05, cloth, surface=surface)

    def _glove(self, cloth: Cloth, elbow: Point, hand: Point) -> None:
        """Add a glove: a hand with a cuff over the wrist."""
        x, y, z = (h + (e - h) * 0.3 for e, h in zip(elbow, hand, strict=True))
        self.limb(hand, (x, y, z), 0.056, 0.07, cloth)
        self._palm(elbow, hand, cloth, None)

    def _lower(self, p: Point) -> Point:
        """Bring an arm joint down with the hips of a seated or kneeling body."""
        drop = self.joints.drop
        return (p[0], p[1] - (drop if drop > 0.1 else 0.0), p[2])

    def _extras(self) -> None:
        drop = self.joints.drop
        apron, scarf = self.clothes.get("apron"), self.clothes.get("scarf")
        if "cloak" in self.clothes and "armour" in self.clothes and not self.lying:
            cloak = self.clothes["cloak"]
            self.limb((0, 0.3, -0.12), (0, 1.42 - drop, -0.07), 0.36, 0.18, cloak)
        if apron is not None:
            self.limb((0, 0.58, 0.03), (0, 1.06 - drop, 0.025), 0.25, 0.18, apron)
            self.slab((0, 1.2 - drop, 0.165), 0.12, 0.16, 0.02, apron.colour, texture=apron.texture)
            for side in (-1, 1):
                self.limb(
                    (side * 0.1, 1.34 - drop, 0.13), (side * 0.11, 1.45 - drop, 0.02), 0.016, 0.016, apron
                )
        if scarf is not None:
            self.lump((0, 1.44 - drop, 0.01), 0.125, 0.065, 0.125, scarf)
            self.lump(
                (0, 1.475 - drop, 0.03), 0.108, 0.05, 0.112, Cloth(dim(scarf.colour, 0.86), scarf.texture)
            )
            self.slab(
                (0.07, 1.26 - drop, 0.185),
                0.045,
                0.16,
                0.016,
                scarf.colour,
                turn=0.1,
                pitch=0.06,
                roll=-0.05,
                texture=scarf.texture,
            )

    def _turned(self, p: Point) -> Point:
        """Turn a point of the head by the gaze and lower it with the hips."""
        cos, sin = math.cos(self.gaze), math.sin(self.gaze)
        k = 1.18 if self.child else 1.0
        x, y, z = p[0] * k, 1.55 + (p[1] - 1.55) * k - self.joints.drop, p[2] * k
        return cos * x + sin * z, y, -sin * x + cos * z

    def _head(self) -> None:
        skin, hair, drop = (
            Cloth(self.skin, Texture.FIGURE),
            Cloth(self.hair, Texture.FIGURE),
            self.joints.drop,
        )
        k = 1.18 if self.child else 1.0
        self.limb((0, 1.38 - drop, 0), (0, 1.53 - drop, 0.012), 0.058, 0.052, skin)

        def lump(x: float, y: float, z: float, rx: float, ry: float, rz: float, cloth: Cloth) -> None:
            self.lump(self._turned((x, y, z)), rx * k, ry * k, rz * k, cloth, turn=self.gaze)

        lump(0, 1.615, 0.012, 0.078, 0.108, 0.096, skin)
        lump(0, 1.562, 0.035, 0.056, 0.058, 0.062, skin)
        lump(0, 1.602, 0.108, 0.013, 0.028, 0.02, Cloth(dim(self.skin, 0.93), Texture.FIGURE))
        lump(0, 1.59, 0.117, 0.017, 0.012, 0.014, Cloth(dim(self.skin, 0.9), Texture.FIGURE))
        white, iris = Cloth((0.82, 0.80, 0.77), Texture.FIGURE), Cloth((0.05, 0.04, 0.04), Texture.FIGURE)
        brow, lip = (
            Cloth(dim(self.hair, 0.8), Texture.FIGURE),
            Cloth((self.skin[0] * 0.72, self.skin[1] * 0.45, self.skin[2] * 0.45), Texture.FIGURE),
        )
        for side in (-1, 1):
            lump(side * 0.032, 1.627, 0.092, 0.0155, 0.0095, 0.012, white)
            lump(side * 0.032, 1.627, 0.1, 0.0075, 0.0085, 0.0075, iris)
            lump(side * 0.033, 1.648, 0.094, 0.021, 0.0055, 0.014, brow)
            lump(side * 0.08, 1.6, 0.0, 0.014, 0.028, 0.02, skin)
        lump(0, 1.553, 0.093, 0.024, 0.0055, 0.012, lip)
        lump(0, 1.645, -0.022, 0.087, 0.1, 0.098, hair)
        lump(0, 1.695, 0.022, 0.076, 0.042, 0.07, hair)
        if self.long_hair:
            for side in (-1, 1):
                lump(side * 0.068, 1.6, -0.005, 0.03, 0.088, 0.066, hair)
            if self.bun:
                lump(0, 1.645, -0.125, 0.05, 0.05, 0.045, hair)
            else:
                lump(0, 1.54, -0.07, 0.088, 0.15, 0.05, hair)
        if self.beard:
            lump(0, 1.528, 0.05, 0.054, 0.045, 0.058, hair)

    def _headwear(self) -> None:
        def lump(x: float, y: float, z: float, rx: float, ry: float, rz: float, cloth: Cloth) -> None:
            k = 1.18 if self.child else 1.0
            self.lump(self._turned((x, y, z)), rx * k, ry * k, rz * k, cloth, turn=self.gaze)

        if hat := self.clothes.get("hat"):
            lump(0, 1.69, 0, 0.18, 0.016, 0.195, hat)
            top, base = self._turned((0, 1.8, -0.005)), self._turned((0, 1.68, -0.005))
            self.limb(base, top, 0.106, 0.092, hat)
            self.limb(
                base, self._turned((0, 1.715, -0.005)), 0.108, 0.107, Cloth(dim(hat.colour, 0.5), hat.texture)
            )
        if cap := self.clothes.get("cap"):
            lump(0, 1.705, -0.005, 0.1, 0.052, 0.115, cap)
            lump(0, 1.69, 0.09, 0.075, 0.014, 0.07, Cloth(dim(cap.colour, 0.8), cap.texture))
        if hood := self.clothes.get("hood"):
            lump(0, 1.64, -0.04, 0.115, 0.135, 0.115, hood)
            lump(0, 1.46, -0.03, 0.15, 0.07, 0.13, hood)
        if helmet := self.clothes.get("helmet"):
            lump(0, 1.665, 0.0, 0.112, 0.105, 0.128, helmet)
            lump(0, 1.63, 0.0, 0.125, 0.02, 0.145, Cloth(dim(helmet.colour, 0.75), helmet.texture))
