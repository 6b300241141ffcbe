"""Outlines of points on the floor: the convex hull, and the smallest rectangle around it."""

from __future__ import annotations

import math
from collections.abc import Iterable

Point2 = tuple[float, float]
FLAT = 3e-6  # metres off a straight line that still count as on it


def convex_hull(points: Iterable[Point2]) -> list[Point2]:
    """Return the corners of the smallest convex shape around the points, counter-clockwise for y up.

    Fewer than three corners where all points lie on a line or on one spot.
    """
    ordered = sorted({(round(x, 6), round(y, 6)) for x, y in points})
    if len(ordered) < 3:
        return ordered
    return _half(ordered) + _half(ordered[::-1])


def _half(ordered: list[Point2]) -> list[Point2]:
    chain: list[Point2] = []
    for point in ordered:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= FLAT * math.dist(chain[-2], point):
            chain.pop()
        chain.append(point)
    return chain[:-1]


def _turn(a: Point2, b: Point2, c: Point2) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def tightest_angle(hull: list[Point2]) -> tuple[float, float]:
    """Return the angle in radians at which a rectangle around the hull is smallest, and its area.

    One side of the smallest rectangle lies along a side of the hull, so only those are tried.
    """
    best = (math.inf, 0.0)
    for (ax, ay), (bx, by) in zip(hull, [*hull[1:], *hull[:1]], strict=True):
        angle = math.atan2(by - ay, bx - ax)
        best = min(best, (area_at(hull, angle), angle))
    return best[1], best[0]


def area_at(hull: list[Point2], angle: float) -> float:
    """Return the area of the rectangle around the hull whose one side has the angle."""
    cos, sin = math.cos(angle), math.sin(angle)
    along = [x * cos + y * sin for x, y in hull]
    across = [y * cos - x * sin for x, y in hull]
    return (max(along) - min(along)) * (max(across) - min(across))
