"""Flat photos of garments for the demo, drawn: nobody's pictures, on the plain ground that a cut-out needs."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from zlib import crc32

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 640, 800
ROUND, STEEP = 4, 8  # px that corners are rounded by; how fast the edge falls off, so that it is smooth
PAPER, SLATE = (219, 217, 212), (62, 64, 67)
# Of the lightness of cloth: how far creases and weave move it, and how much darker the rim lies.
CREASES, WEAVE, RIM = 0.055, 0.018, 0.16

Point = tuple[float, float]
Line = Sequence[Point]
Pattern = Literal["coat", "long coat", "jacket", "jumper", "shirt", "cassock", "trousers", "skirt", "apron", "boots",
                  "cap", "hat", "scarf"]  # fmt: skip

# Half an outline each, from the middle of the top to the middle of the bottom: x from the middle to the wearer's left,
# y down, both as shares of the height. Mirrored, it is the garment.
HALVES: dict[str, Line] = {
    "coat": ((0, 0.115), (0.05, 0.075), (0.175, 0.115), (0.335, 0.62), (0.25, 0.65), (0.165, 0.30), (0.21, 0.80), (0, 0.815)),
    "long coat": ((0, 0.10), (0.05, 0.06), (0.165, 0.095), (0.32, 0.595), (0.238, 0.625), (0.155, 0.27), (0.225, 0.93), (0, 0.945)),
    "jacket": ((0, 0.16), (0.055, 0.12), (0.19, 0.16), (0.345, 0.655), (0.262, 0.685), (0.178, 0.36), (0.195, 0.73), (0, 0.74)),
    "jumper": ((0, 0.17), (0.06, 0.14), (0.185, 0.18), (0.335, 0.69), (0.26, 0.715), (0.178, 0.38), (0.178, 0.74), (0, 0.745)),
    "shirt": ((0, 0.155), (0.055, 0.115), (0.18, 0.155), (0.34, 0.665), (0.27, 0.69), (0.172, 0.35), (0.18, 0.79), (0, 0.81)),
    "cassock": ((0, 0.085), (0.045, 0.05), (0.15, 0.08), (0.305, 0.575), (0.228, 0.60), (0.145, 0.25), (0.235, 0.955), (0, 0.965)),
    "trousers": ((0, 0.06), (0.104, 0.06), (0.135, 0.24), (0.15, 0.945), (0.068, 0.95), (0.01, 0.325), (0, 0.315)),
    "skirt": ((0, 0.12), (0.12, 0.12), (0.17, 0.27), (0.265, 0.87), (0, 0.895)),
    "apron": ((0, 0.09), (0.085, 0.09), (0.10, 0.34), (0.20, 0.37), (0.215, 0.90), (0, 0.91)),
    "cap": ((0, 0.30), (0.10, 0.325), (0.175, 0.43), (0.195, 0.58), (0.195, 0.66), (0, 0.665)),
    "hat": ((0, 0.31), (0.10, 0.315), (0.15, 0.36), (0.165, 0.55), (0.31, 0.585), (0.29, 0.635), (0, 0.665)),
}  # fmt: skip
# What is not one outline mirrored: whole pieces, each with the darker lines on it.
PIECES: dict[str, tuple[Line, ...]] = {
    "boots": (
        ((-0.21, 0.22), (-0.07, 0.22), (-0.065, 0.60), (-0.04, 0.66), (-0.03, 0.73), (-0.235, 0.73), (-0.22, 0.60)),
        ((0.21, 0.22), (0.07, 0.22), (0.065, 0.60), (0.04, 0.66), (0.03, 0.73), (0.235, 0.73), (0.22, 0.60)),
    ),
    "scarf": (((-0.055, 0.10), (0.13, 0.08), (0.17, 0.16), (0.075, 0.22), (0.10, 0.88), (-0.05, 0.89), (-0.075, 0.20)),),
}  # fmt: skip
FRONT = (((0, 0.12), (0, 0.95)),)
SEAMS: dict[str, tuple[Line, ...]] = {
    "coat": (*FRONT, ((0, 0.24), (0.05, 0.075)), ((0, 0.24), (-0.05, 0.075)), ((0.07, 0.56), (0.14, 0.55)), ((-0.07, 0.56), (-0.14, 0.55))),
    "long coat": (*FRONT, ((0, 0.25), (0.05, 0.06)), ((0, 0.25), (-0.05, 0.06)), ((0.075, 0.54), (0.15, 0.53)), ((-0.075, 0.54), (-0.15, 0.53))),
    "jacket": (*FRONT, ((0, 0.33), (0.055, 0.12)), ((0, 0.33), (-0.055, 0.12)), ((0.065, 0.58), (0.135, 0.58)), ((-0.065, 0.58), (-0.135, 0.58))),
    "jumper": (((-0.178, 0.70), (0.178, 0.70)), ((-0.06, 0.14), (0, 0.19), (0.06, 0.14))),
    "shirt": (*FRONT, ((-0.055, 0.115), (0, 0.20), (0.055, 0.115)), ((0.05, 0.34), (0.11, 0.34), (0.11, 0.42), (0.05, 0.42), (0.05, 0.34))),
    "cassock": (*FRONT, ((-0.045, 0.05), (0, 0.09), (0.045, 0.05)), ((-0.16, 0.44), (0.16, 0.44))),
    "trousers": (((0, 0.06), (0, 0.315)), ((-0.108, 0.09), (0.108, 0.09)), ((0.078, 0.24), (0.108, 0.945)), ((-0.078, 0.24), (-0.108, 0.945))),
    "skirt": (((-0.125, 0.155), (0.125, 0.155)), ((-0.05, 0.16), (-0.10, 0.88)), ((0.05, 0.16), (0.10, 0.88))),
    "apron": (((-0.10, 0.34), (0.10, 0.34)), ((-0.10, 0.52), (0.10, 0.52), (0.10, 0.66), (-0.10, 0.66), (-0.10, 0.52))),
    "cap": (((-0.195, 0.575), (0.195, 0.575)),),
    "hat": (((-0.165, 0.53), (0, 0.56), (0.165, 0.53)), ((-0.165, 0.55), (0, 0.585), (0.165, 0.55))),
    "boots": (((-0.22, 0.62), (-0.05, 0.62)), ((0.05, 0.62), (0.22, 0.62))),
    "scarf": (((-0.06, 0.84), (0.095, 0.83)), ((-0.07, 0.22), (0.075, 0.22))),
}  # fmt: skip
BUTTONS = {"coat": 4, "long coat": 6, "jacket": 3, "shirt": 6, "cassock": 9}


@dataclass(frozen=True, slots=True)
class Flat:
    """One garment as it lies. colour: sRGB of its cloth.  trim: of its buttons."""

    pattern: Pattern
    colour: tuple[int, int, int]
    trim: tuple[int, int, int] = (43, 38, 33)


def garment_photo(flat: Flat) -> bytes:
    """A garment from above as PNG, 640 x 800, on light paper, or on slate where it is itself light.

    The same garment gives the same bytes.
    """
    outline, lines = _drawn(flat)
    cloth = np.asarray(outline, np.float32)[..., None] / 255
    light = _light(outline, seed=crc32(repr(flat).encode()))
    light *= 1 - 0.42 * np.asarray(lines, np.float32)[..., None] / 255
    ground = np.array(SLATE if sum(flat.colour) > 3 * 170 else PAPER, np.float32)
    picture = ground * (1 - cloth) + np.array(flat.colour, np.float32) * light * cloth
    photo = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
    _buttons(photo, flat)
    file = io.BytesIO()
    photo.save(file, "PNG", compress_level=1)
    return file.getvalue()


def _drawn(flat: Flat) -> tuple[Image.Image, Image.Image]:
    """Where the cloth lies, and the lines on it; both grey, 640 x 800."""
    outline = Image.new("L", (WIDTH, HEIGHT))
    lines = outline.copy()
    for piece in _pieces(flat.pattern):
        ImageDraw.Draw(outline).polygon([_px(point) for point in piece], fill=255)
    for seam in SEAMS[flat.pattern]:
        ImageDraw.Draw(lines).line([_px(point) for point in seam], fill=255, width=3, joint="curve")
    # Cloth has no corners.
    edge = [max(0, min(255, round(127.5 + STEEP * (value - 127.5)))) for value in range(256)]
    outline = outline.filter(ImageFilter.GaussianBlur(ROUND)).point(edge)
    return outline, lines.filter(ImageFilter.GaussianBlur(0.7))


def _pieces(pattern: str) -> tuple[Line, ...]:
    if pattern in PIECES:
        return PIECES[pattern]
    half = HALVES[pattern]
    return ((*half, *[(-x, y) for x, y in reversed(half)]),)


def _light(outline: Image.Image, *, seed: int) -> npt.NDArray[np.float32]:
    """(h, w, 1), about 1: creases, weave, and the fall of light at the rim."""
    noise = np.random.default_rng(seed)
    crease = noise.normal(size=(14, 22)).astype(np.float32)
    creases = Image.fromarray(crease).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    inner = np.asarray(outline.filter(ImageFilter.BoxBlur(14)), np.float32) / 255
    light = 1 + CREASES * np.asarray(creases) + WEAVE * noise.standard_normal((HEIGHT, WIDTH), np.float32)
    shaded: npt.NDArray[np.float32] = (light * (1 - RIM * (1 - inner)))[..., None].astype(np.float32)
    return shaded


def _buttons(photo: Image.Image, flat: Flat) -> None:
    count = BUTTONS.get(flat.pattern, 0)
    ys = [y for _, y in _pieces(flat.pattern)[0]]
    for place in range(count):
        x, y = _px((0.022, min(ys) + 0.2 + place * (max(ys) - min(ys) - 0.3) / max(1, count - 1)))
        ImageDraw.Draw(photo).ellipse((x - 6, y - 6, x + 6, y + 6), fill=flat.trim)


def _px(point: Point) -> tuple[float, float]:
    return WIDTH / 2 + point[0] * HEIGHT, point[1] * HEIGHT
