"""CIE Lab under D65, and how different two colours look."""

from __future__ import annotations

import functools

import numpy as np

from costumes.fitting.filters import Floats, Uint8

_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]],
    np.float32,
)
_WHITE = np.array([0.95047, 1.0, 1.08883], np.float32)
_FROM_XYZ = np.linalg.inv(_TO_XYZ)
_KNEE = 6 / 29


@functools.cache
def _linear() -> Floats:
    codes = np.arange(256, dtype=np.float32) / 255
    return np.where(codes <= 0.04045, codes / 12.92, ((codes + 0.055) / 1.055) ** 2.4).astype(np.float32)


@functools.cache
def _codes() -> Uint8:
    light = np.arange(16_385, dtype=np.float32) / 16_384
    codes = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.round(codes * 255).astype(np.uint8)


def lab_of(picture: Uint8) -> Floats:
    """(..., 3) uint8 sRGB -> (..., 3) float32: L 0 to 100, a, b."""
    xyz = (_linear()[picture] @ _TO_XYZ.T) / _WHITE
    curved = np.where(xyz > _KNEE**3, np.cbrt(xyz), xyz / (3 * _KNEE**2) + 4 / 29)
    lab = np.empty_like(curved)
    lab[..., 0] = 116 * curved[..., 1] - 16
    lab[..., 1] = 500 * (curved[..., 0] - curved[..., 1])
    lab[..., 2] = 200 * (curved[..., 1] - curved[..., 2])
    return lab


def rgb_of(lab: Floats) -> Uint8:
    """(..., 3) Lab -> (..., 3) uint8 sRGB, what is out of gamut clipped."""
    middle = (lab[..., 0] + 16) / 116
    curved = np.stack([middle + lab[..., 1] / 500, middle, middle - lab[..., 2] / 200], axis=-1)
    xyz = np.where(curved > _KNEE, curved**3, 3 * _KNEE**2 * (curved - 4 / 29)) * _WHITE
    light = np.clip(xyz @ _FROM_XYZ.T, 0, 1)
    result: Uint8 = _codes()[(light * 16_384 + 0.5).astype(np.int32)]
    return result


def difference(one: Floats, other: Floats) -> Floats:
    """CIEDE2000 between Lab colours, (..., 3) and (..., 3) -> (...); 1 is just noticeable side by side."""
    l1, a1, b1 = np.moveaxis(one.astype(np.float64), -1, 0)
    l2, a2, b2 = np.moveaxis(other.astype(np.float64), -1, 0)
    chroma = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    g = 0.5 * (1 - np.sqrt(chroma / (chroma + 25.0**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    grey = (c1 * c2) == 0
    turn = np.where(grey, 0.0, (h2 - h1 + 180) % 360 - 180)
    dl, dc = l2 - l1, c2 - c1
    dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn) / 2)
    lm, cm = (l1 + l2) / 2, (c1 + c2) / 2
    far = np.abs(h1 - h2) > 180
    hm = np.where(
        grey, h1 + h2, np.where(far, (h1 + h2 + np.where(h1 + h2 < 360, 360, -360)) / 2, (h1 + h2) / 2)
    )
    t = (
        1
        - 0.17 * np.cos(np.radians(hm - 30))
        + 0.24 * np.cos(np.radians(2 * hm))
        + 0.32 * np.cos(np.radians(3 * hm + 6))
        - 0.20 * np.cos(np.radians(4 * hm - 63))
    )
    sl = 1 + 0.015 * (lm - 50) ** 2 / np.sqrt(20 + (lm - 50) ** 2)
    sc, sh = 1 + 0.045 * cm, 1 + 0.015 * cm * t
    seventh = cm**7
    rt = (
        -2
        * np.sqrt(seventh / (seventh + 25.0**7))
        * np.sin(np.radians(60 * np.exp(-(((hm - 275) / 25) ** 2))))
    )
    c, h = dc / sc, dh / sh
    result: Floats = np.sqrt((dl / sl) ** 2 + c**2 + h**2 + rt * c * h)
    return result


def apart(lab: Floats, colour: Floats) -> Floats:
    """Distance of each pixel (..., 3) from a colour (3,), both Lab; shadow moves L far more than a and b, so L counts half."""
    result: Floats = np.sqrt((lab - colour) ** 2 @ np.array([0.25, 1.0, 1.0], np.float32))
    return result
