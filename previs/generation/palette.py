"""The palette of a picture: its six strongest colours, measured where equal distances look equal."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.cache import cache
from PIL import Image

from previs.generation import store

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from previs.generation.models import Frame

    Colours = npt.NDArray[np.float64]

SWATCHES = 6
SIDE = 96  # px; k-means on 9,000 points takes a hundredth of a second and finds the same colours as on all
ROUNDS = 24
# What set designers call colours, by sRGB. The nearest name in OKLab is the name of a measured colour.
NAMES = {
    "Black": 0x0B0B0C, "Soot": 0x1D1C1B, "Charcoal": 0x33322F, "Graphite": 0x4A4B4C, "Iron": 0x5E6162, "Steel": 0x747879,
    "Concrete": 0x8E8D88, "Pewter": 0xA2A5A6, "Ash": 0xBDBCB6, "Chalk": 0xDEDCD4, "Plaster": 0xE9E4D8, "White": 0xF7F7F5,
    "Ink": 0x12172B, "Midnight": 0x1D2747, "Navy": 0x24365F, "Moonlight": 0x3F5583, "Slate": 0x55626F, "Steel blue": 0x5C7FA3,
    "Haze": 0x9DB0C2, "Sky": 0x8FBCE0, "Ice": 0xCFE2EC, "Cobalt": 0x2450B0, "Petrol": 0x1E4C57, "Teal": 0x1F7377,
    "Verdigris": 0x5A9E8C, "Mint": 0xA9D8BE, "Bottle": 0x1C3A2A, "Pine": 0x2C4F39, "Moss": 0x56653A, "Sage": 0x93A083,
    "Grass": 0x5E8F3C, "Olive": 0x5F5A2C, "Khaki": 0x978C63, "Straw": 0xD3BE7C, "Sand": 0xCDB48C, "Linen": 0xDDCFB6,
    "Lamp": 0xF0CE8B, "Candle": 0xF6DFA8, "Gold": 0xC99A35, "Ochre": 0xB07C2C, "Amber": 0xE09A2B, "Mustard": 0xC2A02E,
    "Rust": 0x8C4322, "Copper": 0xB0683E, "Orange": 0xDD6B22, "Terracotta": 0xB5603F, "Brick": 0x7D3F30, "Oxblood": 0x541D1B,
    "Red": 0xB4231C, "Crimson": 0x8A1730, "Rose": 0xC97C82, "Blush": 0xE6C1B8, "Plum": 0x4F2A43, "Violet": 0x6A4C8C,
    "Lilac": 0xB5A2C9, "Umber": 0x3A2A20, "Peat": 0x2A211B, "Walnut": 0x54402F, "Timber": 0x77593D, "Leather": 0x8D6142,
    "Oak": 0xA98658, "Clay": 0xA58A78, "Dust": 0xB4A696, "Stone": 0x857C6F, "Mud": 0x5E544A, "Taupe": 0x6B6259,
}  # fmt: skip


# A wall in light and in shadow is one colour to a designer: lightness counts less than hue and chroma.
LIGHTNESS_COUNTS = 0.45
# A red door is part of a palette however small it is: a pixel counts the more the stronger its colour.
CHROMA_COUNTS = 12.0


@dataclass(frozen=True, slots=True)
class Swatch:
    """One colour of a palette. hex: "#5c4d3d".  share: 0 to 1 of the picture."""

    hex: str
    name: str
    share: float


def palette_of(frame: Frame) -> list[Swatch]:
    """Six swatches of a frame, the largest first; measured once, since its bytes never change. [] without its file."""
    key = f"palette:1:{frame.sha256}"
    kept: list[Swatch] | None = cache.get(key)
    if kept is not None:
        return kept
    try:
        data = store.read(frame.thumb_sha256)
    except KeyError:
        return []
    swatches = measure(Image.open(io.BytesIO(data)))
    cache.set(key, swatches, timeout=None)
    return swatches


def measure(picture: Image.Image, count: int = SWATCHES) -> list[Swatch]:
    """The `count` colours that stand best for a picture, by weighted k-means in OKLab, the largest first.

    Fewer when the picture has fewer. The same picture gives the same palette.
    """
    import numpy as np

    small = picture.convert("RGB")
    # Averages of neighbours would be colours that stand nowhere in the picture.
    small.thumbnail((SIDE, SIDE), Image.Resampling.NEAREST)
    lab = to_oklab(np.asarray(small, dtype=np.float64).reshape(-1, 3) / 255)
    points = lab * (LIGHTNESS_COUNTS, 1, 1)
    weights = 1 + CHROMA_COUNTS * np.hypot(lab[:, 1], lab[:, 2])
    centres = _spread(points, weights, count)
    for _ in range(ROUNDS):
        nearest = _nearest(points, centres)
        filled = np.unique(nearest)
        moved = np.array(
            [
                np.average(points[nearest == index], axis=0, weights=weights[nearest == index])
                for index in filled
            ]
        )
        if moved.shape == centres.shape and np.allclose(moved, centres, atol=1e-4):
            break
        centres = moved
    nearest = _nearest(points, centres)
    shares = np.bincount(nearest, minlength=len(centres)) / len(points)
    order = [int(index) for index in np.argsort(-shares, kind="stable") if shares[index] > 0]
    return _named([(lab[nearest == index].mean(axis=0), float(shares[index])) for index in order])


def to_oklab(rgb: Colours) -> Colours:
    """sRGB to OKLab (Ottosson, 2020). rgb: (n, 3) in 0 to 1; returns (n, 3): lightness 0 to 1, then a and b."""
    import numpy as np

    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    cones = linear @ np.array(
        [
            [0.4122214708, 0.2119034982, 0.0883024619],
            [0.5363325363, 0.6806995451, 0.2817188376],
            [0.0514459929, 0.1073969566, 0.6299787005],
        ]
    )
    lab: Colours = np.cbrt(cones) @ np.array(
        [
            [0.2104542553, 1.9779984951, 0.0259040371],
            [0.7936177850, -2.4285922050, 0.7827717662],
            [-0.0040720468, 0.4505937099, -0.8086757660],
        ]
    )
    return lab


def from_oklab(lab: Colours) -> Colours:
    """OKLab to sRGB in 0 to 1, clipped to what a screen shows. lab: (n, 3)."""
    import numpy as np

    cones = lab @ np.array(
        [
            [1.0, 1.0, 1.0],
            [0.3963377774, -0.1055613458, -0.0894841775],
            [0.2158037573, -0.0638541728, -1.2914855480],
        ]
    )
    linear = np.clip(
        cones**3
        @ np.array(
            [
                [4.0767416621, -1.2684380046, -0.0041960863],
                [-3.3077115913, 2.6097574011, -0.7034186147],
                [0.2309699292, -0.3413193965, 1.7076147010],
            ]
        ),
        0,
        1,
    )
    rgb: Colours = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return rgb


def _spread(points: Colours, weights: npt.NDArray[np.float64], count: int) -> Colours:
    """Starting centres without chance: the heaviest corner of the picture's colours, then always the pixel that
    counts most and lies farthest from all before."""
    import numpy as np

    chosen: list[Colours] = []
    away = weights.copy()
    while len(chosen) < count and away.max() > 1e-6:
        chosen.append(points[int(away.argmax())])
        distances = ((points - chosen[-1]) ** 2).sum(axis=1) * weights
        away = distances if len(chosen) == 1 else np.minimum(away, distances)
    return np.array(chosen)


def _nearest(points: Colours, centres: Colours) -> npt.NDArray[np.intp]:
    import numpy as np

    distances = ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    nearest: npt.NDArray[np.intp] = np.argmin(distances, axis=1)
    return nearest


def _named(centres: list[tuple[Colours, float]]) -> list[Swatch]:
    """Swatches with names, each name once as long as there are other ones near."""
    import numpy as np

    words = list(NAMES)
    table = to_oklab(
        np.array([[code >> 16 & 255, code >> 8 & 255, code & 255] for code in NAMES.values()]) / 255
    )
    swatches, taken = [], set()
    for centre, share in centres:
        for place in np.argsort(((table - centre) ** 2).sum(axis=1)):
            if words[place] not in taken:
                break
        taken.add(words[place])
        red, green, blue = (round(float(part) * 255) for part in from_oklab(centre[None, :])[0])
        swatches.append(Swatch(f"#{red:02x}{green:02x}{blue:02x}", words[place], share))
    return swatches
