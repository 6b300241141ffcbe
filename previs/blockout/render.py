"""The blockout renderer: a scene description in, picture and passes out.

The same arguments give the same bytes on the same machine. `stage_key` fixes the set; `seed` moves only the
camera a little and the people in it, so two takes of a set show one room.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from previs.blockout import finish, rays, surface
from previs.blockout.atmosphere import Atmosphere, atmosphere
from previs.blockout.description import SceneDescription
from previs.blockout.geometry import Array, Column, SurfaceClass
from previs.blockout.plan.staged import stage_plan
from previs.blockout.staging import Staged, stage_scene
from previs.blockout.studio import stage_costume, studio_lamps

__all__ = ["Passes", "SurfaceClass", "depth_picture", "render", "render_staged"]

SMALLEST, LARGEST = 32, 2048  # pixels of a side
PLAIN_GAMMA = 1 / 2.1
PLAIN_LOOK = np.array([1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, PLAIN_GAMMA, 0.0, 0.0])
BLOOM = 0.45  # share of the light above the highlights' threshold that spills
CLAY_LIGHT = (0.42, 0.72, 0.55)  # towards the light of the clay pass, length 1
CLAY_SKY = 0.78
KEPT_SAMPLES = 1 << 18  # of a picture whose buffers a thread keeps for the next one: 24 MB

_kept = threading.local()


@dataclass(frozen=True)
class Passes:
    """What one shot looks like, all (h, w).

    picture: uint8 RGB, lit. unlit: uint8 RGB, object colours with ambient occlusion only. depth: float32
    metres along the view, inf where the sky is. classes: uint8, see SurfaceClass. lines: uint8, 255 on edges.
    shining: uint8, 255 where all that is seen is light of its own: a lamp, a lit window, a star.
    facing: (h s, w s, 3) float32 normals in the world, at s samples a side; openness: (h s, w s) float32, how
    little of the surroundings is hidden, 0..1; both empty unless rendered with shapes. `normals` and `clay` are
    made of these two when asked for.
    """

    picture: npt.NDArray[np.uint8]
    unlit: npt.NDArray[np.uint8]
    depth: npt.NDArray[np.float32]
    classes: npt.NDArray[np.uint8]
    lines: npt.NDArray[np.uint8]
    shining: npt.NDArray[np.uint8]
    facing: npt.NDArray[np.float32]
    openness: npt.NDArray[np.float32]

    @cached_property
    def normals(self) -> npt.NDArray[np.uint8]:
        """World normals, (h, w, 3) RGB: 0 is -1, 255 is 1 along x, y and z; the sky is black."""
        samples = self._samples()
        out: npt.NDArray[np.uint8] = np.rint(self.facing[::samples, ::samples] * 127.5 + 127.5).astype(
            np.uint8
        )
        out[~np.isfinite(self.depth)] = 0
        return out

    @cached_property
    def clay(self) -> npt.NDArray[np.uint8]:
        """The shapes alone, (h, w, 3): everything of one grey, under the same soft light whatever the hour."""
        samples = self._samples()
        height, width = self.lines.shape
        light = self.facing @ np.array(CLAY_LIGHT, np.float32)
        lit = self.openness * (0.42 + 0.16 * self.facing[..., 1]) + 0.42 * np.maximum(light, 0.0)
        lit[~np.isfinite(np.repeat(np.repeat(self.depth, samples, 0), samples, 1))] = CLAY_SKY
        small = lit.reshape(height, samples, width, samples).mean(axis=(1, 3))
        grey = np.rint(np.clip(small, 0.0, 1.0) ** PLAIN_GAMMA * 255).astype(np.uint8)
        return np.repeat(grey[..., None], 3, axis=2)

    def _samples(self) -> int:
        """Samples a side of each pixel. Raises ValueError if the shapes were not kept."""
        if not self.facing.size:
            raise ValueError("render(..., shapes=True) keeps what the normal and the clay pass are made of")
        return int(self.facing.shape[0] // self.lines.shape[0])


def render(
    description: SceneDescription,
    *,
    seed: int,
    width: int,
    height: int,
    samples: int = 2,
    threads: int = 1,
    shapes: bool = False,
) -> Passes:
    """Render a description.

    seed: any integer, names the take. width, height: pixels, 32 to 2048. samples: 1 or 2 rays a side of each
    pixel; 1 is for training data and previews. threads: the rows are shared out; the bytes do not change.
    shapes: keep what the normal and the clay pass are made of.
    Raises ValueError if a number is out of range.
    """
    for name, side in (("width", width), ("height", height)):
        if not SMALLEST <= side <= LARGEST:
            raise ValueError(f"{name} is {side}; use {SMALLEST} to {LARGEST} pixels")
    if samples not in (1, 2):
        raise ValueError(f"samples is {samples}; use 1 or 2")
    if description.domain == "scene" and description.plan is not None:
        staged = stage_plan(description, seed=seed, width=width, height=height)
    elif description.domain == "scene":
        staged = stage_scene(description, seed=seed, width=width, height=height)
    else:
        staged = stage_costume(description, seed=seed, width=width, height=height)
    return render_staged(staged, description, seed=seed, width=width, height=height, samples=samples, threads=threads,
                         shapes=shapes)  # fmt: skip


def render_staged(
    staged: Staged,
    description: SceneDescription,
    *,
    seed: int,
    width: int,
    height: int,
    samples: int = 2,
    threads: int = 1,
    shapes: bool = False,
) -> Passes:
    """Render what somebody else has staged; of the description, only hour, weather, look, damage and domain count."""
    light = atmosphere(description, staged.stage, pattern_seed=staged.pattern_seed, sun_side=staged.sun_side)
    if description.domain != "scene":
        light = _studio(light)
    buffers = _buffers(width, height, samples)
    _trace(staged, light, description, buffers, threads)
    return _develop(buffers, light, samples, threads, seed, shapes)


def _studio(light: Atmosphere) -> Atmosphere:
    """Replace the weather by even studio light; the look of the grade stays."""
    look = light.look.copy()
    look[8], look[9] = 0.15, 0.2
    sun = np.array([0.3, 0.75, 0.6, 0.16, 0.16, 0.16])
    ambient = np.array([0.36, 0.36, 0.37, 0.26, 0.26, 0.26])
    air = light.air.copy()
    air[6], air[10:14] = 0.0, (0.0, 0.0, 0.0, 1.0)
    return Atmosphere(sun, ambient, air, look, studio_lamps(), 0.5, 0.65, 0, 0.0)


@dataclass(frozen=True)
class _Buffers:
    ids: Any
    normals: Any
    depth: Any
    lit: Any
    plain: Any
    own: Any
    classes: Any
    objects: Any
    shade: Any
    small_lit: Any
    small_plain: Any


def _buffers(width: int, height: int, samples: int) -> _Buffers:
    """Memory for the kernels, unset; the calling thread's last one if it fits.

    Fresh memory costs a fault for each 4 kB at first touch: for a training picture a fifth of its time.
    """
    kept: _Buffers | None = getattr(_kept, "buffers", None)
    fine, small = (height * samples, width * samples), (height, width, 3)
    if kept is not None and kept.ids.shape == fine and kept.small_lit.shape == small:
        return kept
    made = _Buffers(
        ids=np.empty(fine, np.int32),
        normals=np.empty((*fine, 3), np.float32),
        depth=np.empty(fine, np.float32),
        lit=np.empty((*fine, 3), np.float32),
        plain=np.empty((*fine, 3), np.float32),
        own=np.empty(fine, np.float32),
        classes=np.empty(fine, np.uint8),
        objects=np.empty(fine, np.int32),
        shade=np.empty((*fine, 4), np.float32),
        small_lit=np.empty(small, np.float32),
        small_plain=np.empty(small, np.float32),
    )
    _kept.buffers = made if made.ids.size <= KEPT_SAMPLES else None
    return made


def _room_row(staged: Staged, damage: str) -> npt.NDArray[np.float64]:
    stage = staged.stage
    if stage.room is None:
        row = np.zeros(20)
        row[19] = stage.wear
        return row
    grime = {"intact": 0.0, "damaged": 0.30, "ruined": 0.42}[damage]
    colours = [*stage.wall, *stage.floor, *stage.ceiling]
    return np.array([1.0, *stage.room, *colours, stage.wall_texture, stage.floor_texture, grime, stage.wear])


def _tree(solids: Array, most: int) -> tuple[Array, Array, npt.NDArray[np.int64], int]:
    """Return the solids in the order of their tree, its boxes, its ranges and the number of its nodes."""
    count = len(solids)
    order = np.empty(count, np.int64)
    bounds, ranges = np.empty((2 * count + 1, 6)), np.empty((2 * count + 1, 3), np.int64)
    nodes = rays.build_tree(solids, order, bounds, ranges, most) if count else 0
    return np.ascontiguousarray(solids[order]), bounds, ranges, int(nodes)


def _trace(
    staged: Staged, light: Atmosphere, description: SceneDescription, out: _Buffers, threads: int
) -> None:
    """Run the kernels over all rows of the buffers, in bands when there are several threads."""
    stage, solids = staged.stage, staged.solids
    room = _room_row(staged, description.damage if description.domain == "scene" else "intact")
    windows = np.array(
        [[w.axis, w.plane, w.low, w.high, w.bottom, w.top, w.across, w.up] for w in stage.windows],
        dtype=np.float64,
    ).reshape(-1, 8)
    ground = np.array([*stage.ground, float(stage.ground_texture)])
    packed, bounds, ranges, nodes = _tree(solids, rays.LEAF)
    casting, cast_bounds, cast_ranges, cast_nodes = _tree(
        solids[solids[:, Column.CASTS_SHADOW] != 0], rays.CASTING_LEAF
    )

    def lit(top: int, bottom: int, between: int) -> None:
        rays.light(packed, bounds, ranges, nodes, casting, cast_bounds, cast_ranges, cast_nodes, staged.camera, room[:7], windows, light.sun, light.ambient,
                   light.lamps, out.ids, out.normals, out.depth, out.shade, top, bottom, between)  # fmt: skip

    def seen(top: int, bottom: int) -> None:
        rays.see(solids, staged.camera, room[:7], out.ids, out.normals, out.depth, top, bottom)
        lit(top, bottom, 0)

    def painted(top: int, bottom: int) -> None:
        lit(top, bottom, 1)
        surface.paint(solids, staged.camera, room, windows, ground, light.air, light.sun, out.ids, out.normals,
                      out.depth, out.shade, out.lit, out.plain, out.own, out.classes, out.objects, top, bottom)  # fmt: skip

    _in_bands(seen, len(out.ids), threads)
    _in_bands(painted, len(out.ids), threads)


def _in_bands(work: Callable[[int, int], None], height: int, threads: int) -> None:
    """Call work(top, bottom) for all rows: at once, or for bands whose height is a multiple of four when there are threads."""
    if threads <= 1:
        work(0, height)
        return
    step = -(-height // (threads * 4)) // 4 * 4 + 4
    edges = [*range(0, height, step), height]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, edges[:-1], edges[1:]))


@lru_cache(64)
def _curve(look: bytes) -> npt.NDArray[np.uint8]:
    curve: npt.NDArray[np.uint8] = finish.curve_of(np.frombuffer(look))
    return curve


def _develop(raw: _Buffers, light: Atmosphere, samples: int, threads: int, seed: int, shapes: bool) -> Passes:
    """Turn linear buffers into the passes at their final size."""
    picture, flat = raw.small_lit, raw.small_plain
    height, width = picture.shape[:2]
    developed, unlit = (np.empty((height, width, 3), np.uint8) for _ in range(2))
    lines, shining = (np.empty((height, width), np.uint8) for _ in range(2))
    unlit_curve, picture_curve = _curve(PLAIN_LOOK.tobytes()), _curve(light.look.tobytes())

    def shrink(top: int, bottom: int) -> None:
        finish.shrink(raw.lit, samples, picture, top, bottom)
        finish.shrink(raw.plain, samples, flat, top, bottom)
        finish.share(raw.own, samples, shining, top, bottom)
        finish.grade(flat, 1.0, PLAIN_LOOK, unlit_curve, unlit, top, bottom)
        finish.draw_lines(
            raw.ids, raw.objects, raw.normals, raw.depth, raw.plain, samples, lines, top, bottom
        )

    _in_bands(shrink, height, threads)
    depth = raw.depth[::samples, ::samples].copy()
    sky = raw.ids[::samples, ::samples] == rays.SKY
    mean = max(float(finish.key_luminance(picture)), 0.01)
    exposure = min(max((light.key / mean) ** light.adaptation, 0.25), 2.6)
    if light.fall:
        finish.fall(picture, depth, light.fall, seed & 0xFFFFFFFF, light.fall_tone / exposure**0.5)
    glow = finish.highlights(picture)

    def grade(top: int, bottom: int) -> None:
        finish.bloom(picture, glow, BLOOM, top, bottom)
        finish.grade(picture, exposure, light.look, picture_curve, developed, top, bottom)

    _in_bands(grade, height, threads)
    depth[sky] = np.inf
    return Passes(
        developed,
        unlit,
        depth,
        raw.classes[::samples, ::samples].copy(),
        lines,
        shining,
        raw.normals.copy() if shapes else np.empty((0, 0, 3), np.float32),
        raw.shade[..., 3].copy() if shapes else np.empty((0, 0), np.float32),
    )


def depth_picture(depth: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """Return depth (h, w) metres as a picture (h, w) uint8, near is white, the sky black.

    Inverse depth, so near things keep their detail; scaled to the nearest and farthest surface in the frame.
    """
    finite = np.isfinite(depth)
    out = np.zeros(depth.shape, np.uint8)
    if not finite.any():
        return out
    near = 1.0 / np.clip(depth[finite], 0.2, 80.0)
    low, high = float(near.min()), float(near.max())
    scaled = (near - low) / max(high - low, 1e-6)
    out[finite] = (scaled**0.7 * 235 + 20).astype(np.uint8)
    return out
