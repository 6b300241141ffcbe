"""Costume pictures: a croquis on paper, a garment alone on a plain ground."""

from __future__ import annotations

import math
import random

import numpy as np

from previs.blockout.description import Figure, SceneDescription
from previs.blockout.furniture import dim
from previs.blockout.geometry import Array, Solid, SurfaceClass, Texture
from previs.blockout.mannequin import Mannequin
from previs.blockout.stage import Stage
from previs.blockout.staging import Staged, stable_random

PAPERS = ((0.84, 0.82, 0.77), (0.76, 0.77, 0.78), (0.62, 0.62, 0.61))
# Height of the middle of each garment and how much of it the frame shows, metres.
FLATS: dict[str, tuple[float, float]] = {
    "coat": (0.98, 1.15), "jacket": (1.12, 0.85), "cloak": (0.92, 1.35), "robe": (0.88, 1.4), "shirt": (1.14, 0.8),
    "sweater": (1.14, 0.8), "vest": (1.14, 0.75), "dress": (0.97, 1.2), "skirt": (0.76, 0.8), "trousers": (0.52, 1.15),
    "shorts": (0.72, 0.6), "suit": (0.78, 1.6), "uniform": (0.78, 1.6), "armour": (1.12, 0.9), "apron": (0.95, 1.0),
    "scarf": (1.34, 0.55), "hat": (1.73, 0.5), "cap": (1.69, 0.36), "hood": (1.6, 0.5), "helmet": (1.66, 0.42),
    "gloves": (0.86, 0.75), "boots": (0.2, 0.55), "shoes": (0.09, 0.45),
}  # fmt: skip


def stage_costume(description: SceneDescription, *, seed: int, width: int, height: int) -> Staged:
    """Stage a croquis or a garment flat before a plain backdrop."""
    key = stable_random("studio", description.stage_key)
    take = stable_random("take", seed)
    stage = Stage(key)
    paper = stage.vary(key.choice(PAPERS), 0.03)
    stage.room = (-8.0, 0.0, -2.4, 8.0, 7.0, 9.0)
    stage.wall = stage.floor = stage.ceiling = paper
    ratio = height / width
    if description.domain == "croquis":
        figure = description.people[0]
        turns = [take.uniform(-0.45, 0.45)]
        tall = 1.28 if figure.build == "child" else 1.95
        if ratio < 0.8:  # room for the back view beside the front
            turns = [take.uniform(0.1, 0.4), math.pi + take.uniform(-0.3, 0.3)]
        for index, yaw in enumerate(turns):
            x = (index - (len(turns) - 1) / 2) * 1.3
            body = Mannequin(
                stage.solids, figure, stable_random("body", seed), x=x, z=0.0, yaw=yaw, stretch=1.06
            )
            _wear(stage, description.stage, x, yaw, take)
        assert body is not None
        middle, frame = tall * 0.47, tall * 1.16
        if ratio > 1.2:
            frame = max(frame, 1.15 * ratio)
    else:
        assert description.garment is not None
        kind = description.garment.kind
        worn = (description.garment,)
        yaw = take.uniform(-0.3, 0.3)
        Mannequin(
            stage.solids,
            Figure("person", worn),
            stable_random("body", seed),
            x=0.0,
            z=0.0,
            yaw=yaw,
            only_clothes=True,
        )
        _wear(stage, description.stage, 0.0, yaw, take)
        middle, frame = FLATS[kind]
        frame *= 1.15 * max(1.0, 0.85 * ratio)
    tall_tangent = 0.12
    distance = frame / 2 / tall_tangent
    distance = min(distance, 8.6)
    tall_tangent = frame / 2 / distance
    camera = np.array(
        [0.0, middle + 0.06, distance, 1, 0, 0, 0, 1, 0, 0, 0, -1.0, tall_tangent / ratio, tall_tangent]
    )
    return Staged(stage, stage.solids.table(), camera, key.uniform(0, 50), 0.4)


def _wear(stage: Stage, state: str, x: float, yaw: float, rng: random.Random) -> None:
    """Mark the clothes by what the story did to them."""
    rows = stage.solids.rows
    if state in ("wet", "dirty", "scorched"):
        factor = {"wet": 0.55, "dirty": 0.8, "scorched": 0.62}[state]
        for i, row in enumerate(rows):
            if row[24] == SurfaceClass.GARMENT:
                red, green, blue = dim((row[16], row[17], row[18]), factor)
                texture = row[21] if state == "wet" else float(Texture.STAINS)
                rows[i] = (*row[:16], red, green, blue, *row[19:21], texture, *row[22:])
    if state in ("torn", "scorched"):
        with stage.solids.object(SurfaceClass.GARMENT):
            for _ in range(7):
                side, y = rng.uniform(-0.16, 0.16), rng.uniform(0.62, 1.3)
                px, pz = (
                    x + math.cos(yaw) * side + math.sin(yaw) * 0.2,
                    -math.sin(yaw) * side + math.cos(yaw) * 0.2,
                )
                stage.solids.add(
                    Solid.BOX,
                    (px, y, pz),
                    (0.014, rng.uniform(0.04, 0.09), 0.03),
                    (0.06, 0.03, 0.02),
                    roll=rng.uniform(-0.8, 0.8),
                    yaw=yaw,
                    shadow=False,
                )
    if state == "snowy":
        with stage.solids.object(SurfaceClass.GARMENT):
            for _ in range(26):
                a, y = rng.uniform(-1.3, 1.3), rng.choice((1.42, 1.4, rng.uniform(0.5, 1.3)))
                r = 0.2 + (1.3 - min(y, 1.3)) * 0.12
                stage.solids.ball(
                    (x + math.sin(yaw + a) * r, y, math.cos(yaw + a) * r),
                    rng.uniform(0.015, 0.035),
                    (0.92, 0.94, 0.97),
                    shadow=False,
                )


def studio_lamps() -> Array:
    """Return the three lamps of the studio, (3, 8): key, fill, back."""
    return np.array(
        [
            [2.6, 3.3, 3.4, 0.95, 0.93, 0.90, 0.035, 1.0],
            [-3.0, 2.4, 3.0, 0.40, 0.42, 0.46, 0.05, 0.0],
            [-1.4, 3.2, -1.6, 0.50, 0.50, 0.50, 0.05, 0.0],
        ]
    )
