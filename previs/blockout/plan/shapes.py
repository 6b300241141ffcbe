"""Between rows of the solids table and the solids of a plan's document."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from previs.blockout.geometry import Column, Solid, Solids, SurfaceClass, Texture, rotation
from previs.blockout.plan.parts import TEXTURES, Colour, PlanSolid, Vector

SHAPE_WORDS = {Solid.BOX: "box", Solid.ELLIPSOID: "ellipsoid", Solid.CONE: "cone"}
SHAPES = {word: shape for shape, word in SHAPE_WORDS.items()}
TEXTURE_WORDS = {number: word for word, number in TEXTURES.items()}
PLACES = 4  # decimals kept: a tenth of a millimetre


def _round(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(round(float(value), PLACES) + 0.0 for value in values)


def _triple(values: Iterable[float]) -> Vector:
    x, y, z = _round(values)
    return x, y, z


def solid_of(row: Sequence[float], x: float = 0.0, z: float = 0.0, yaw: float = 0.0) -> PlanSolid:
    """Return one row of the table as a solid, in the axes of a piece that stands at (x, 0, z) turned by yaw.

    yaw: radians.
    """
    half = np.array(row[Column.SCALE : Column.SCALE + 3])
    axes = (np.array(row[Column.INVERSE : Column.INVERSE + 9]).reshape(3, 3) * half[:, None]).T
    cos, sin = math.cos(yaw), math.sin(yaw)
    back = np.array([[cos, 0.0, -sin], [0.0, 1.0, 0.0], [sin, 0.0, cos]])
    axes = back @ axes
    centre = back @ (np.array(row[1:4]) - (x, 0.0, z))
    turned = not np.allclose(axes, np.eye(3), atol=1e-6)
    return PlanSolid(
        shape=SHAPE_WORDS[Solid(int(row[Column.SHAPE]))],
        centre=_triple(centre),
        half=_triple(half),
        turn=_round(axes.ravel()) if turned else None,
        colour=_triple(row[Column.COLOUR : Column.COLOUR + 3]),
        taper=round(float(row[Column.TAPER]), PLACES),
        glow=round(float(row[Column.EMISSION]), PLACES),
        class_=int(row[Column.CLASS]),
        texture=TEXTURE_WORDS.get(int(row[Column.TEXTURE]), "plain"),
        lamp=bool(row[Column.LAMP]),
        shadow=bool(row[Column.CASTS_SHADOW]),
    )


def reach_of(solid: PlanSolid) -> Vector:
    """Return how far a solid reaches from its centre along the piece's axes, metres."""
    widest = max(1.0, solid.taper) if solid.shape == "cone" else 1.0
    half = (solid.half[0] * widest, solid.half[1], solid.half[2] * widest)
    if solid.turn is None:
        return half
    parts = [[abs(solid.turn[3 * axis + k]) * half[k] for k in range(3)] for axis in range(3)]
    if solid.shape == "ellipsoid":
        return math.hypot(*parts[0]), math.hypot(*parts[1]), math.hypot(*parts[2])
    return sum(parts[0]), sum(parts[1]), sum(parts[2])


def bounds_of(solids: Iterable[PlanSolid]) -> tuple[Vector, Vector]:
    """Return the lower and upper corner of the box around some solids; a point if there are none."""
    low, high = [math.inf] * 3, [-math.inf] * 3
    for solid in solids:
        for axis, reach in enumerate(reach_of(solid)):
            low[axis] = min(low[axis], solid.centre[axis] - reach)
            high[axis] = max(high[axis], solid.centre[axis] + reach)
    if low[0] > high[0]:
        return (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)
    return (low[0], low[1], low[2]), (high[0], high[1], high[2])


def size_of(solids: Iterable[PlanSolid]) -> Vector:
    """Return width, height and depth of the box around some solids, metres."""
    low, high = bounds_of(solids)
    return _triple(b - a for a, b in zip(low, high, strict=True))


def scale_to(solids: Sequence[PlanSolid], size: Vector | None) -> tuple[float, float, float]:
    """Return the factors along x, y and z that bring some solids to a size."""
    if size is None:
        return 1.0, 1.0, 1.0
    own = size_of(solids)
    x, y, z = (wanted / max(have, 1e-3) for wanted, have in zip(size, own, strict=True))
    return x, y, z


def tint(solids: Sequence[PlanSolid], colour: Colour | None) -> list[Colour]:
    """Return the colour of each solid when the piece takes a colour: as light against its first as it was."""
    if colour is None or not solids:
        return [solid.colour for solid in solids]
    first = max(_luminance(solids[0].colour), 0.02)
    found = []
    for solid in solids:
        share = min(max(_luminance(solid.colour) / first, 0.3), 1.4)
        red, green, blue = (min(1.0, channel * share) for channel in colour)
        found.append(solid.colour if solid.glow > 0 else (red, green, blue))
    return found


def _luminance(colour: Colour) -> float:
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def put(
    table: Solids,
    solids: Sequence[PlanSolid],
    *,
    x: float,
    y: float,
    z: float,
    yaw: float,
    size: Vector | None = None,
    factor: float = 1.0,
    colour: Colour | None = None,
    pitch: float = 0.0,
    roll: float = 0.0,
) -> None:
    """Add the solids of one piece to a table as one object.

    yaw, pitch, roll: radians. A turned solid that is scaled unevenly keeps its turn; its half sizes grow by
    how far the scale stretches each of its own axes.
    """
    sx, sy, sz = (factor * part for part in scale_to(solids, size))
    place = rotation(yaw, pitch, roll)
    scale = np.array([sx, sy, sz])
    with table.object(SurfaceClass.PROP):
        for solid, tone in zip(solids, tint(solids, colour), strict=True):
            axes = np.eye(3) if solid.turn is None else np.array(solid.turn).reshape(3, 3)
            half = np.array(solid.half) * np.linalg.norm(axes * scale[:, None], axis=0)
            centre = place @ (np.array(solid.centre) * scale) + (x, y, z)
            table.add(
                SHAPES[solid.shape], centre.tolist(), half.tolist(), tone, turn=place @ axes, glow=solid.glow,
                taper=solid.taper, texture=Texture(TEXTURES[solid.texture]), shadow=solid.shadow,
                surface=SurfaceClass(solid.class_), lamp=solid.lamp,
            )  # fmt: skip
