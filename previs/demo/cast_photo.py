"""Studio photos of people who do not exist, for the demo and for tests: nobody's likeness, nobody's consent needed."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from previs.blockout.description import Figure, SceneDescription
from previs.blockout.geometry import Array, Solids, SurfaceClass
from previs.blockout.render import Passes, render_staged
from previs.blockout.stage import Stage
from previs.blockout.staging import Staged, stable_random
from previs.demo.sitter import Hair, Sitter, Stance

WIDTH, HEIGHT = 1024, 1365
# A long lens at chest height, far enough off that arms do not grow: metres, and metres of the frame's height.
DISTANCE, LEVEL, FRAME = 5.2, 0.93, 2.02
PIXELS_A_METRE = HEIGHT / FRAME  # where the sitter stands
PAPER = (0.56, 0.57, 0.58)
# Creases of cloth: how far they move its lightness, natural log.
CREASES = 0.045
GRAIN = 1.3  # of 255


@dataclass(frozen=True)
class Studio:
    """One sitting: the photo and what is known about it because it was drawn.

    photo: (h, w, 3) uint8.  joints: name -> (2,) px.  passes: the renderer's own, for masks.
    """

    sitter: Sitter
    photo: npt.NDArray[np.uint8]
    joints: dict[str, Array]
    passes: Passes

    @property
    def skin(self) -> npt.NDArray[np.bool_]:
        """Face, hair, neck, arms and hands that show, (h, w)."""
        return np.asarray(self.passes.classes == SurfaceClass.FIGURE)

    @property
    def person(self) -> npt.NDArray[np.bool_]:
        """(h, w)."""
        body = (SurfaceClass.FIGURE, SurfaceClass.GARMENT, SurfaceClass.PROP)
        return np.isin(self.passes.classes, body)


def mannequin_photo(seed: int = 0, *, stance: Stance = "apart", hair: Hair = "short") -> bytes:
    """A studio photo as PNG, 1024 x 1365: one upright sitter in shirt and trousers, seen whole and from the front.

    The same arguments give the same picture on the same machine.
    """
    file = io.BytesIO()
    Image.fromarray(sitting(Sitter.draw(seed, stance=stance, hair=hair), seed=seed).photo).save(file, "PNG")
    return file.getvalue()


def sitting(
    sitter: Sitter,
    *,
    seed: int = 0,
    wear: Callable[[Solids], None] | None = None,
    turn: float = 0.0,
    alone: bool = False,
    samples: int = 2,
) -> Studio:
    """Photograph a sitter.

    wear: adds what is worn over shirt and trousers.  turn: radians that the camera goes round the sitter.
    alone: show only what is worn.  samples: rays a side of each pixel, 1 where only the masks matter.
    """
    stage = Stage(stable_random("sitting", seed))
    stage.room = (-9.0, 0.0, -2.2, 9.0, 7.0, 9.0)
    stage.wall = stage.floor = stage.ceiling = PAPER
    if not alone:
        sitter.build(stage.solids)
    if wear is not None:
        wear(stage.solids)
    camera = camera_row(turn)
    staged = Staged(stage, stage.solids.table(), camera, 0.0, 0.4)
    look = SceneDescription(domain="croquis", people=(Figure(),))
    passes = render_staged(staged, look, seed=seed, width=WIDTH, height=HEIGHT, samples=samples)
    joints = {name: on_film(camera, point) for name, point in sitter.joints.items()}
    return Studio(sitter, _photographed(passes, seed), joints, passes)


def camera_row(turn: float = 0.0) -> Array:
    """The renderer's camera, (14,): position, right, up, forward, tangents of half the angles across and up."""
    tall = FRAME / 2 / DISTANCE
    sin, cos = np.sin(turn), np.cos(turn)
    return np.array([sin * DISTANCE, LEVEL, cos * DISTANCE, cos, 0, -sin, 0, 1, 0, -sin, 0, -cos, tall * WIDTH / HEIGHT,
                     tall])  # fmt: skip


def on_film(camera: Array, point: Array) -> Array:
    """A point of the world, (3,) m, as x, y px of the photo."""
    offset = point - camera[:3]
    right, up, ahead = (float(offset @ camera[start : start + 3]) for start in (3, 6, 9))
    return np.array(
        [(right / ahead / camera[12] + 1) / 2 * WIDTH - 0.5, (1 - up / ahead / camera[13]) / 2 * HEIGHT - 0.5]
    )


def _photographed(passes: Passes, seed: int) -> npt.NDArray[np.uint8]:
    """Creases on the cloth, a lens that is not sharper than a lens, and grain."""
    rng = np.random.default_rng(seed)
    picture = passes.picture.astype(np.float32)
    noise = rng.integers(
        0, 255, (HEIGHT // 12, WIDTH // 4), dtype=np.uint8
    )  # cloth hangs: creases run down it
    soft = Image.fromarray(noise).filter(ImageFilter.GaussianBlur(1.6))
    creases = np.asarray(soft.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC), np.float32)
    creases = (creases - creases.mean()) / creases.std()
    cloth = (passes.classes == SurfaceClass.GARMENT)[..., None]
    picture = np.where(cloth, picture * np.exp(CREASES * creases[..., None]), picture)
    lens = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.7))
    grainy = np.asarray(lens, np.float32) + rng.normal(0, GRAIN, (HEIGHT, WIDTH, 1))
    return np.clip(np.round(grainy), 0, 255).astype(np.uint8)
