"""Triangles of the three solids and of a floor slab."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from previs.blockout.exchange.things import Shape
from previs.blockout.geometry import Solid
from previs.blockout.plan.floor import area
from previs.blockout.plan.parts import Point2

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Surface = tuple[Floats, Floats, Indices]  # positions (n, 3), normals (n, 3), corner numbers (m, 3)

AROUND, RINGS = 16, 8


def surface_of(shape: Shape) -> Surface:
    """Return the triangles of one solid in its thing's axes, counter-clockwise seen from outside."""
    if shape.kind is Solid.BOX:
        unit, normals, faces = _box()
    elif shape.kind is Solid.ELLIPSOID:
        unit, normals, faces = _ball()
    else:
        unit, normals, faces = _cone(round(shape.taper, 4))
    turned = (normals / shape.half) @ shape.axes.T
    turned /= np.linalg.norm(turned, axis=1, keepdims=True)
    return (unit * shape.half) @ shape.axes.T + shape.centre, turned, faces


@lru_cache(maxsize=1)
def _box() -> Surface:
    corners: list[Floats] = []
    normals: list[Floats] = []
    faces: list[tuple[int, int, int]] = []
    for axis in range(3):
        for side in (-1.0, 1.0):
            out, across = np.zeros(3), np.zeros(3)
            out[axis], across[(axis + 1) % 3] = side, 1.0
            up = np.cross(out, across)
            start = len(corners)
            corners += [out - across - up, out + across - up, out + across + up, out - across + up]
            normals += [out] * 4
            faces += [(start, start + 1, start + 2), (start, start + 2, start + 3)]
    return np.array(corners), np.array(normals), np.array(faces)


@lru_cache(maxsize=1)
def _ball() -> Surface:
    down = np.linspace(0.0, math.pi, RINGS + 1)
    turn = np.linspace(0.0, 2 * math.pi, AROUND + 1)
    theta, phi = np.meshgrid(down, turn, indexing="ij")
    points = np.stack([np.sin(theta) * np.sin(phi), np.cos(theta), np.sin(theta) * np.cos(phi)], axis=2)
    faces = []
    for ring in range(RINGS):
        for i in range(AROUND):
            a = ring * (AROUND + 1) + i
            b = a + AROUND + 1
            if ring:
                faces.append((a, b, a + 1))
            if ring < RINGS - 1:
                faces.append((a + 1, b, b + 1))
    flat = points.reshape(-1, 3)
    return flat, flat, np.array(faces)


@lru_cache(maxsize=256)
def _cone(taper: float) -> Surface:
    """Return a cone of radius 1 below and `taper` above; a pointed one has no upper face."""
    turn = np.linspace(0.0, 2 * math.pi, AROUND + 1)
    around = np.stack([np.sin(turn), np.zeros_like(turn), np.cos(turn)], axis=1)
    low, high = around - (0, 1, 0), around * taper + (0, 1, 0)
    slope = around * 2 + (0, 1 - taper, 0)
    slope /= np.linalg.norm(slope, axis=1, keepdims=True)
    corners, normals, faces = [low, high], [slope, slope], []
    count = AROUND + 1
    for i in range(AROUND):
        faces.append((i, i + 1, count + i + 1))
        if taper > 1e-4:
            faces.append((i, count + i + 1, count + i))
    start = 2 * count
    for side, ring in ((-1.0, low), (1.0, high)):
        if side > 0 and taper <= 1e-4:
            continue
        corners.append(np.vstack([ring, [(0.0, side, 0.0)]]))
        normals.append(np.tile((0.0, side, 0.0), (count + 1, 1)))
        for i in range(AROUND):
            pair = (start + i, start + i + 1) if side > 0 else (start + i + 1, start + i)
            faces.append((start + count, *pair))
        start += count + 1
    return np.vstack(corners), np.vstack(normals), np.array(faces)


def slab(outline: Sequence[Point2], thickness: float) -> Surface:
    """Return a floor slab under y = 0: the outline's polygon, its underside and its edges."""
    points = list(outline) if area(outline) < 0 else list(outline)[::-1]  # counter-clockwise seen from above
    count = len(points)
    top = np.array([(x, 0.0, z) for x, z in points])
    bottom = top - (0.0, thickness, 0.0)
    ears = np.array(_ears(points), dtype=np.int64).reshape(-1, 3)
    corners, normals = (
        [top, bottom],
        [np.tile((0.0, 1.0, 0.0), (count, 1)), np.tile((0.0, -1.0, 0.0), (count, 1))],
    )
    faces = [ears, ears[:, ::-1] + count]
    start = 2 * count
    for i in range(count):
        j = (i + 1) % count
        edge = top[j] - top[i]
        out = np.cross(edge, (0.0, 1.0, 0.0))
        length = np.linalg.norm(out)
        if length < 1e-9:
            continue
        corners.append(np.array([bottom[i], bottom[j], top[j], top[i]]))
        normals.append(np.tile(out / length, (4, 1)))
        faces.append(np.array([(start, start + 1, start + 2), (start, start + 2, start + 3)]))
        start += 4
    return np.vstack(corners), np.vstack(normals), np.vstack(faces)


def _ears(points: list[Point2]) -> list[tuple[int, int, int]]:
    """Cut a simple polygon, counter-clockwise seen from above, into triangles.

    An outline that crosses itself loses the part where no ear is left to cut.
    """
    left, found = list(range(len(points))), []
    while len(left) > 3:
        for k in range(len(left)):
            a, b, c = left[k - 1], left[k], left[(k + 1) % len(left)]
            inside = any(
                _within(points[p], points[a], points[b], points[c]) for p in left if p not in (a, b, c)
            )
            if _cross(points[a], points[b], points[c]) < -1e-12 and not inside:
                found.append((a, b, c))
                del left[k]
                break
        else:
            flat = [k for k in range(len(left)) if abs(_cross(points[left[k - 1]], points[left[k]],
                                                              points[left[(k + 1) % len(left)]])) <= 1e-12]  # fmt: skip
            if not flat:
                return found
            del left[flat[0]]
    return [*found, (left[0], left[1], left[2])]


def _cross(a: Point2, b: Point2, c: Point2) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _within(p: Point2, a: Point2, b: Point2, c: Point2) -> bool:
    return _cross(a, b, p) <= 1e-12 and _cross(b, c, p) <= 1e-12 and _cross(c, a, p) <= 1e-12
