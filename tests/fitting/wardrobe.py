"""Drawn mannequins and garments whose points, masks and worn silhouettes are known because we drew them.

The silhouette of a worn garment is drawn straight onto the body by its own rules (polygons and strokes of varying width);
no code of `costumes.fitting` takes part. Fittings get the drawing's own points, off by a few px: the pose model sees one
of these flat drawings to about 17 px, which would measure the model and not the fitting.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from previs.engine.eyes import INDEX, Pose

WIDTH, HEIGHT = 1024, 1365
FINE = 2  # drawn this much larger and averaged, so that edges are soft as a photo's
# Units of the shoulder joints' distance: where a seam lies against the joints.
SEAM, LIFT = 0.55, 0.10

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Uint8 = NDArray[np.uint8]


@dataclass
class Cut:
    """One top, in units of the shoulder joints' distance; x towards the wearer's left, y down from the seams."""

    collar: float
    armpit: tuple[float, float]
    hem: float
    length: float
    sleeve: float
    cuff: float
    angle: float  # of the flat sleeve, degrees from straight down
    colour: tuple[int, int, int]
    second: tuple[int, int, int]
    pattern: str  # "plain", "stripes", "checks"
    ground: tuple[int, int, int]
    scale: int = 330  # px of the flat picture for one unit

    def torso(self) -> Floats:
        c, (ax, ay), h = self.collar, self.armpit, self.hem
        neck = [(c * math.cos(t), -0.12 + 0.09 * math.sin(t)) for t in np.linspace(0, math.pi, 9)]
        right = [(-SEAM, 0.0), (-ax, ay), (-h, self.length)]
        left = [(h, self.length), (ax, ay), (SEAM, 0.0)]
        return np.array([*neck, *right, *left])

    @property
    def root(self) -> tuple[Floats, float]:
        """Middle of the left armhole, and half its width across the flat sleeve."""
        shoulder, armpit = np.array([SEAM, 0.0]), np.array(self.armpit)
        axis = np.array([math.sin(math.radians(self.angle)), math.cos(math.radians(self.angle))])
        across = np.array([axis[1], -axis[0]])
        return (shoulder + armpit) / 2, abs(float(across @ (shoulder - armpit))) / 2

    def flat_sleeve(self) -> Floats:
        """Shoulder, outer end, inner end, armpit of the left sleeve."""
        middle, _ = self.root
        t = math.radians(self.angle)
        axis, across = np.array([math.sin(t), math.cos(t)]), np.array([math.cos(t), -math.sin(t)])
        end = middle + axis * self.sleeve
        return np.array([(SEAM, 0.0), end + across * self.cuff, end - across * self.cuff, self.armpit])

    def flat(self) -> tuple[Uint8, dict[str, tuple[float, float]], Bools]:
        """The garment photo, its true anchors and its true outline."""
        sleeve = self.flat_sleeve()
        reach = float(sleeve[:, 0].max()) + 0.25
        low = max(self.length, float(sleeve[:, 1].max())) + 0.25
        size = (round(2 * reach * self.scale), round((low + 0.4) * self.scale))
        place = np.array([reach, 0.4])

        def px(points: Floats) -> Floats:
            return (points + place) * self.scale

        mirror = np.array([-1.0, 1.0])
        shapes = [px(self.torso()), px(sleeve), px(sleeve * mirror)]
        alpha = coverage(size, shapes)
        y, x = np.mgrid[0 : size[1], 0 : size[0]]
        picture = np.array(self.ground, np.float64) + np.zeros((size[1], size[0], 3))
        cloth = weave(x, y, self)
        picture = picture * (1 - alpha[..., None]) + cloth * alpha[..., None]
        noise = np.random.default_rng(5).normal(0, 1.0, picture.shape)
        left = {"collar": (self.collar, -0.12), "shoulder": (SEAM, 0.0), "armpit": self.armpit,
                "sleeve_out": tuple(sleeve[1]), "sleeve_in": tuple(sleeve[2]), "hem": (self.hem, self.length)}  # fmt: skip
        anchors = {
            "collar_centre": px(np.array([[0.0, -0.03]]))[0],
            "hem_centre": px(np.array([[0.0, self.length]]))[0],
        }
        for name, (u, v) in left.items():
            stem, _, end = name.partition("_")
            for side, sign in (("left", 1), ("right", -1)):
                anchors["_".join(filter(None, (stem, side, end)))] = px(np.array([[sign * u, v]]))[0]
        points = {name: (float(p[0]), float(p[1])) for name, p in anchors.items()}
        return np.clip(np.round(picture + noise), 0, 255).astype(np.uint8), points, alpha > 0.5


@dataclass
class Mannequin:
    """A drawn person seen from the front; points, px."""

    joints: dict[str, Floats]
    photo: Uint8
    person: Floats
    head: Bools
    hands: Bools

    @property
    def unit(self) -> float:
        return float(np.linalg.norm(self.joints["left_shoulder"] - self.joints["right_shoulder"]))

    def pose(self, *, off: float = 0.0, seed: int = 0) -> Pose:
        """What a pose model would say, each point off by about `off` px."""
        rng = np.random.default_rng(seed)
        points = np.zeros((33, 3), np.float32)
        for name, (x, y) in self.joints.items():
            points[INDEX[name]] = (x + rng.normal(0, off), y + rng.normal(0, off), 0.98)
        return Pose(points, self.person.astype(np.float32), 1)

    def worn(self, cut: Cut) -> Bools:
        """The silhouette of a cut on this body, hidden by neither head nor hands."""
        left, right = self.joints["left_shoulder"], self.joints["right_shoulder"]
        middle = (left + right) / 2
        across = (left - right) / self.unit
        spine = (self.joints["left_hip"] + self.joints["right_hip"]) / 2 - middle
        spine /= np.linalg.norm(spine)
        origin = middle - spine * LIFT * self.unit

        def on(points: Floats) -> Floats:
            return origin + (points[:, :1] * across + points[:, 1:] * spine) * self.unit

        shapes = [on(cut.torso())]
        root, half = cut.root
        for side, sign in (("left", 1.0), ("right", -1.0)):
            mirror = np.array([sign, 1.0])
            path = [on((root * mirror)[None])[0], self.joints[f"{side}_elbow"], self.joints[f"{side}_wrist"]]
            ends = on(np.array([(SEAM, 0.0), cut.armpit]) * mirror)
            shapes += sleeve(path, cut.sleeve * self.unit, half * self.unit, cut.cuff * self.unit, ends)
        return (coverage((WIDTH, HEIGHT), shapes) > 0.5) & ~self.head & ~self.hands


def sleeve(path: list[Floats], length: float, root: float, cuff: float, ends: Floats) -> list[Floats]:
    """A stroke of varying width along a path, cut straight at its end, with a disc at the bend."""
    shapes, done = [], 0.0
    for number, (one, other) in enumerate(pairwise(path)):
        piece = float(np.linalg.norm(other - one))
        take = min(piece if number < len(path) - 2 else math.inf, length - done)
        if take <= 0:
            break
        way = (other - one) / piece
        out = np.array([-way[1], way[0]])
        a, b = (root + (cuff - root) * s / length for s in (done, done + take))
        stop = one + way * take
        shapes.append(np.array([one + out * a, stop + out * b, stop - out * b, one - out * a]))
        if number == 0:
            shapes.append(np.array([ends[0], stop + out * b, stop - out * b]))
            shapes.append(np.array([ends[1], stop + out * b, stop - out * b]))
            shapes.append(np.array([ends[0], ends[1], stop]))
        if length > done + take + 1:
            t = np.linspace(0, 2 * math.pi, 40)
            shapes.append(stop + b * np.stack([np.cos(t), np.sin(t)], axis=1))
        done += take
    return shapes


def coverage(size: tuple[int, int], shapes: list[Floats]) -> Floats:
    """Union of polygons, (h, w), 0 to 1 with soft edges."""
    picture = Image.new("L", (size[0] * FINE, size[1] * FINE))
    draw = ImageDraw.Draw(picture)
    for shape in shapes:
        draw.polygon([(float(x) * FINE, float(y) * FINE) for x, y in shape], fill=255)
    return np.asarray(picture.reduce(FINE), np.float64) / 255


def stroke(one: Floats, other: Floats, radius: float) -> list[Floats]:
    """A straight limb with round ends."""
    way = (other - one) / np.linalg.norm(other - one)
    out = np.array([-way[1], way[0]]) * radius
    t = np.linspace(0, 2 * math.pi, 40)
    ring = radius * np.stack([np.cos(t), np.sin(t)], axis=1)
    return [np.array([one + out, other + out, other - out, one - out]), one + ring, other + ring]


def weave(x: Floats, y: Floats, cut: Cut) -> Floats:
    first, second = np.array(cut.colour, np.float64), np.array(cut.second, np.float64)
    if cut.pattern == "stripes":
        on = (x // 17) % 4 == 0
    elif cut.pattern == "checks":
        on = ((x // 26) % 3 == 0) | ((y // 26) % 3 == 0)
    else:
        on = np.zeros(x.shape, np.bool_)
    return np.where(on[..., None], second, first)


def mannequin(seed: int) -> Mannequin:
    rng = np.random.default_rng(seed)
    unit = rng.uniform(225, 275)
    lean = math.radians(rng.uniform(-4, 4))
    across, down = np.array([math.cos(lean), math.sin(lean)]), np.array([-math.sin(lean), math.cos(lean)])
    middle = np.array([WIDTH / 2 + rng.uniform(-40, 40), rng.uniform(330, 380)])

    def at(u: float, v: float) -> Floats:
        return middle + (across * u + down * v) * unit

    joints = {"left_shoulder": at(0.5, 0), "right_shoulder": at(-0.5, 0),
              "left_hip": at(0.31, 1.5), "right_hip": at(-0.31, 1.5)}  # fmt: skip
    for side, sign in (("left", 1), ("right", -1)):
        upper = math.radians(rng.uniform(8, 50))
        lower = upper + math.radians(rng.uniform(-45, 25))
        elbow = joints[f"{side}_shoulder"] + unit * 0.95 * np.array([sign * math.sin(upper), math.cos(upper)])
        way = np.array([sign * math.sin(lower), math.cos(lower)])
        wrist = elbow + unit * 0.82 * way
        joints |= {f"{side}_elbow": elbow, f"{side}_wrist": wrist, f"{side}_index": wrist + way * unit * 0.27,
                   f"{side}_pinky": wrist + way * unit * 0.25, f"{side}_thumb": wrist + way * unit * 0.18}  # fmt: skip
        joints |= {f"{side}_knee": at(sign * 0.34, 2.6), f"{side}_ankle": at(sign * 0.36, 3.6),
                   f"{side}_heel": at(sign * 0.36, 3.7), f"{side}_foot": at(sign * 0.42, 3.75)}  # fmt: skip
        joints |= {f"{side}_ear": at(sign * 0.24, -0.62), f"{side}_eye": at(sign * 0.1, -0.68)}
        joints |= {f"{side}_eye_inner": at(sign * 0.06, -0.68), f"{side}_eye_outer": at(sign * 0.14, -0.68),
                   f"mouth_{side}": at(sign * 0.08, -0.44)}  # fmt: skip
    joints["nose"] = at(0, -0.58)
    return Mannequin(joints, *_drawn(rng, joints, at, unit))


def _drawn(rng, joints, at, unit):  # type: ignore[no-untyped-def]
    size = (WIDTH, HEIGHT)
    t = np.linspace(0, 2 * math.pi, 60)
    head = [np.array([at(0.25 * math.cos(a), -0.6 + 0.33 * math.sin(a)) for a in t])]
    hair = [np.array([at(0.28 * math.cos(a), -0.68 + 0.31 * math.sin(a)) for a in t])]
    neck = [np.array([at(0.13, -0.4), at(0.16, 0.02), at(-0.16, 0.02), at(-0.13, -0.4)])]
    hands, sleeves, legs = [], [], []
    for side in ("left", "right"):
        wrist, fingers = joints[f"{side}_wrist"], joints[f"{side}_index"]
        hands += stroke(wrist + (fingers - wrist) * 0.3, wrist + (fingers - wrist) * 0.9, 0.075 * unit)
        sleeves += stroke(joints[f"{side}_shoulder"], joints[f"{side}_elbow"], 0.145 * unit)
        sleeves += stroke(joints[f"{side}_elbow"], wrist, 0.11 * unit)
        legs += stroke(joints[f"{side}_hip"], joints[f"{side}_knee"], 0.2 * unit)
        legs += stroke(joints[f"{side}_knee"], joints[f"{side}_ankle"], 0.15 * unit)
    torso = [np.array([at(0.16, -0.1), at(0.54, -0.06), at(0.47, 0.5), at(0.5, 1.62), at(-0.5, 1.62), at(-0.47, 0.5),
                       at(-0.54, -0.06), at(-0.16, -0.1)])]  # fmt: skip
    skin = np.array([(214, 172, 148), (150, 108, 84), (92, 66, 52)][rng.integers(3)], np.float64)
    shirt = np.array(
        [(150, 60, 55), (70, 92, 140), (120, 130, 96), (196, 190, 180)][rng.integers(4)], np.float64
    )
    trousers = np.array([(60, 62, 70), (88, 76, 62)][rng.integers(2)], np.float64)
    y, _ = np.mgrid[0:HEIGHT, 0:WIDTH]
    photo = np.array([176, 180, 184], np.float64) + (y[..., None] / HEIGHT - 0.5) * 30
    folds = np.exp(0.11 * _folds(rng))[..., None]
    drawn = ((legs, trousers, True), (torso + sleeves, shirt, True), (neck, skin * 0.9, False), (hands, skin, False),
             (hair, skin * 0.3, False), (head, skin, False))  # fmt: skip
    for shapes, colour, folded in drawn:
        alpha = coverage(size, shapes)[..., None]
        photo = photo * (1 - alpha) + colour * (folds if folded else 1.0) * alpha
    fringe = [
        np.array(
            [
                at(0.26 * math.cos(a), -0.72 + 0.24 * math.sin(a))
                for a in np.linspace(math.pi, 2 * math.pi, 30)
            ]
        )
    ]
    alpha = coverage(size, fringe)[..., None]
    photo = photo * (1 - alpha) + skin * 0.3 * alpha
    photo += rng.normal(0, 1.2, photo.shape)
    person = coverage(size, torso + sleeves + legs + neck + hands + head + hair)
    top = coverage(size, head + hair) > 0.5
    return np.clip(np.round(photo), 0, 255).astype(np.uint8), person, top, coverage(size, hands) > 0.5


def _folds(rng: np.random.Generator) -> Floats:
    """Soft creases between 8 and 40 px, mean 0, deviation 1."""
    noise = Image.fromarray(rng.integers(0, 255, (HEIGHT // 4, WIDTH // 4), dtype=np.uint8))
    fine = np.asarray(
        noise.filter(ImageFilter.GaussianBlur(3)).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC),
        np.float64,
    )
    return (fine - fine.mean()) / fine.std()


def cut(seed: int, **chosen: object) -> Cut:
    rng = np.random.default_rng(1000 + seed)
    colours = [
        (46, 96, 72),
        (150, 38, 52),
        (38, 52, 96),
        (206, 182, 92),
        (96, 64, 110),
        (60, 60, 62),
        (186, 120, 80),
    ]
    first, second = rng.choice(len(colours), 2, replace=False)
    made: dict[str, object] = {
        "collar": rng.uniform(0.17, 0.24), "armpit": (rng.uniform(0.47, 0.53), rng.uniform(0.42, 0.52)),
        "hem": rng.uniform(0.46, 0.6), "length": rng.uniform(1.5, 2.1),
        "sleeve": float(rng.choice([rng.uniform(0.35, 0.6), rng.uniform(1.3, 1.6)])), "cuff": rng.uniform(0.14, 0.19),
        "angle": rng.uniform(28, 62), "colour": colours[first], "second": colours[second],
        "pattern": str(rng.choice(["plain", "stripes", "checks"])), "ground": (244, 243, 240),
    }  # fmt: skip
    return Cut(**{**made, **chosen})  # type: ignore[arg-type]
