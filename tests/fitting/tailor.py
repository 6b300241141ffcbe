"""Garments of solids: photographed alone on a straight form, and worn by a sitter in another pose, by the renderer.

What a worn garment looks like is traced through the renderer's own lens; no code or constant of `costumes.fitting` takes
part. The garment has a class of surface of its own, so that its silhouette is a pass and not a guess.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from previs.blockout.geometry import Array, Colour, Solid, Solids, SurfaceClass, Texture
from previs.demo.cast_photo import PIXELS_A_METRE, Studio, camera_row, on_film, sitting
from previs.demo.sitter import DEEP, Sitter, rod
from previs.engine.eyes import INDEX, Pose

Bools = NDArray[np.bool_]
Uint8 = NDArray[np.uint8]
WORN = SurfaceClass.VEHICLE  # of which a studio has none
AROUND = 40  # px of paper round a garment
TIP = 0.20  # m from the middle of the neck to the tip of the shoulder blade of a grown person
PAPER = (243, 242, 238)
COLOURS: tuple[Colour, ...] = ((0.10, 0.22, 0.14), (0.42, 0.06, 0.09), (0.07, 0.10, 0.27), (0.55, 0.42, 0.13),
                               (0.20, 0.09, 0.23), (0.50, 0.22, 0.09), (0.06, 0.24, 0.30))  # fmt: skip


@dataclass(frozen=True)
class Tailored:
    """One top, metres. ease: off the body.  flare: more of it at the hem.  sleeve: along the arm.  radii: of a sleeve."""

    colour: Colour
    texture: Texture
    hem: float
    collar: float
    ease: float
    flare: float
    sleeve: float
    root: float
    cuff: float

    @classmethod
    def draw(cls, seed: int) -> Tailored:
        rng = np.random.default_rng(9_000 + seed)
        short = bool(rng.integers(2))
        return cls(
            colour=COLOURS[rng.integers(len(COLOURS))],
            texture=(Texture.FIGURE, Texture.STRIPES, Texture.CHECKS)[rng.integers(3)],
            hem=rng.uniform(0.62, 0.92),
            collar=rng.uniform(1.462, 1.482),
            ease=rng.uniform(0.012, 0.035),
            flare=rng.uniform(0.0, 0.05),
            sleeve=rng.uniform(0.16, 0.24) if short else rng.uniform(0.48, 0.54),
            root=rng.uniform(0.066, 0.074),
            cuff=rng.uniform(0.064, 0.074) if short else rng.uniform(0.046, 0.056),
        )

    def in_size_of(self, sitter: Sitter) -> Tailored:
        """The same cut for broader or narrower shoulders."""
        k = sitter.breadth
        return dataclasses.replace(self, hem=self.collar - (self.collar - self.hem) * k, ease=self.ease * k,
                                   flare=self.flare * k, sleeve=self.sleeve * k, root=self.root * k,
                                   cuff=self.cuff * k)  # fmt: skip

    def hang(self, solids: Solids, sitter: Sitter) -> None:
        """Add the garment as this sitter wears it."""
        with solids.object(WORN):
            edges = np.arange(self.hem, self.collar, 0.012)
            for low, high in zip(edges, [*edges[1:], self.collar], strict=True):
                wide, above = self._half(sitter, float(low)), self._half(sitter, float(high))
                half = (wide, float(high - low) / 2 + 0.0003, wide * DEEP)
                solids.add(Solid.CONE, (0.0, float(low + high) / 2, 0.0), half, self.colour, taper=above / wide,
                           texture=self.texture, shadow=False)  # fmt: skip
            for side in ("left", "right"):
                shoulder, elbow, wrist = (
                    sitter.joints[f"{side}_{name}"] for name in ("shoulder", "elbow", "wrist")
                )
                upper = float(np.linalg.norm(elbow - shoulder))
                if self.sleeve <= upper:
                    path = [shoulder, shoulder + (elbow - shoulder) * self.sleeve / upper]
                    radii = [self.root, self.cuff]
                else:
                    lower = float(np.linalg.norm(wrist - elbow))
                    end = elbow + (wrist - elbow) * (self.sleeve - upper) / lower
                    middle = self.root + (self.cuff - self.root) * upper / self.sleeve
                    path, radii = [shoulder, elbow, end], [self.root, middle, self.cuff]
                rod(solids, path, radii, self.colour, texture=self.texture, closed=False)
                solids.ball(shoulder.tolist(), self.root, self.colour, texture=self.texture)

    def _half(self, sitter: Sitter, height: float) -> float:
        below = max(0.0, 1.0 - height)
        taken_in = min(1.0, (1.5 - height) / 0.06)  # at the collar it lies close
        return sitter.trunk(max(height, 0.80)) + self.ease * taken_in + self.flare * below

    def photo(self, seed: int = 0) -> tuple[Uint8, dict[str, tuple[float, float]]]:
        """Alone on a straight form, arms held off, on plain paper, (h, w, 3) uint8; and its anchors, px."""
        form = Sitter.draw(0)
        joints = dict(form.joints)
        for side, sign in (("left", 1.0), ("right", -1.0)):
            shoulder = np.array([sign * 0.183, 1.425, 0.0])
            way = np.array([sign * np.sin(0.7), -np.cos(0.7), 0.0])
            joints |= {f"{side}_shoulder": shoulder, f"{side}_elbow": shoulder + way * 0.3,
                       f"{side}_wrist": shoulder + way * 0.56}  # fmt: skip
        form = dataclasses.replace(form, breadth=1.0, joints=joints)
        taken = sitting(form, seed=seed, wear=lambda solids: self.hang(solids, form), alone=True)
        cloth = taken.passes.classes == WORN
        soft = Image.fromarray(cloth.astype(np.uint8) * 255).filter(ImageFilter.GaussianBlur(0.7))
        alpha = np.asarray(soft, np.float32)[..., None] / 255
        rows, columns = np.flatnonzero(cloth.any(axis=1)), np.flatnonzero(cloth.any(axis=0))
        mixed = np.array(PAPER) * (1 - alpha) + taken.passes.picture * alpha
        mixed += np.random.default_rng(seed).normal(0, 1.0, mixed.shape)
        left, top = int(columns[0]) - AROUND, int(rows[0]) - AROUND
        cut = mixed[top : rows[-1] + AROUND, left : columns[-1] + AROUND]
        anchors = {
            name: tuple(float(v) for v in on_film(camera_row(), point) - (left, top))
            for name, point in self._marks(form).items()
        }
        return np.clip(np.round(cut), 0, 255).astype(np.uint8), anchors

    def _marks(self, form: Sitter) -> dict[str, Array]:
        """Where a dressmaker would set the anchors, m: the shoulder's seam lies over the tip of the shoulder blade."""
        neck, hem = self._half(form, self.collar), self._half(form, self.hem)
        found = {"collar_centre": np.array([0.0, self.collar, neck * DEEP]),
                 "hem_centre": np.array([0.0, self.hem, hem * DEEP])}  # fmt: skip
        for side, sign in (("left", 1.0), ("right", -1.0)):
            shoulder, elbow = form.joints[f"{side}_shoulder"], form.joints[f"{side}_elbow"]
            way = (elbow - shoulder) / np.linalg.norm(elbow - shoulder)
            out = np.array([-sign * way[1], sign * way[0], 0.0])
            seam = np.array(
                [sign * TIP, shoulder[1] + (self.root**2 - (TIP - abs(shoulder[0])) ** 2) ** 0.5, 0.0]
            )
            end = shoulder + way * self.sleeve
            inner = [
                shoulder + way * t - out * (self.root + (self.cuff - self.root) * t / self.sleeve)
                for t in np.linspace(0, self.sleeve, 200)
            ]
            armpit = next(point for point in inner if sign * point[0] > self._half(form, float(point[1])))
            found |= {f"collar_{side}": np.array([sign * neck, self.collar, 0.0]), f"shoulder_{side}": seam,
                      f"armpit_{side}": armpit, f"sleeve_{side}_out": end + out * self.cuff,
                      f"sleeve_{side}_in": end - out * self.cuff,
                      f"hem_{side}": np.array([sign * hem, self.hem, 0.0])}  # fmt: skip
        return found

    def truth(self, sitter: Sitter, seed: int) -> Bools:
        """Where a photo of the sitter shows the garment once it is worn, (h, w)."""
        sized = self.in_size_of(sitter)
        worn = sitting(sitter, seed=seed, wear=lambda solids: sized.hang(solids, sitter), samples=1)
        return np.asarray(worn.passes.classes == WORN)


def pose_of(studio: Studio, *, off: float = 2.0, seed: int = 0) -> Pose:
    """The sitter's own joints as a pose model would give them, each off by about `off` px."""
    rng = np.random.default_rng(seed)
    points = np.zeros((33, 3), np.float32)
    for name, place in studio.joints.items():
        points[INDEX[name]] = (*(place + rng.normal(0, off, 2)), 0.98)
    soft = Image.fromarray(studio.person.astype(np.uint8) * 255).filter(ImageFilter.GaussianBlur(1))
    return Pose(points, np.asarray(soft, np.float32) / 255, 1)


def kept_skin(studio: Studio) -> Bools:
    """Face, hair and hands as they were drawn, without neck and arms, (h, w)."""
    height, width = studio.skin.shape
    y, x = np.mgrid[0:height, 0:width]

    def near(place: Array, metres: float) -> Bools:
        return np.asarray(np.hypot(x - place[0], y - place[1]) < metres * PIXELS_A_METRE)

    chin = (studio.joints["mouth_left"] + studio.joints["mouth_right"]) / 2
    found = near(studio.joints["nose"], 0.30) & (y < chin[1] + 0.02 * PIXELS_A_METRE)
    for side in ("left", "right"):
        found |= near((studio.joints[f"{side}_index"] + studio.joints[f"{side}_pinky"]) / 2, 0.05)
    return found & studio.skin
