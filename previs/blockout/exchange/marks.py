"""Marks of a drawing, the same for SVG, PDF and DXF.

Coordinates are metres on the plan: x to the right and y up the sheet, so y is minus the z of the set. Pens,
letters and symbols are millimetres on paper and keep their size at every scale.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

from previs.blockout.plan.parts import Point2

INK, SOFT, PAPER = "#1c1b19", "#76726b", "#ffffff"
LETTER_WIDTH = 0.56  # of a letter's height, the mean of the drawing's typeface


class Layer(StrEnum):
    """What a mark belongs to; the order is the order of drawing."""

    FLOOR = "FLOOR"
    VIEWS = "VIEWS"
    STAIRS = "STAIRS"
    PIECES = "PIECES"
    WALLS = "WALLS"
    OPENINGS = "OPENINGS"
    OVERHEAD = "OVERHEAD"
    FIGURES = "FIGURES"
    LIGHTS = "LIGHTS"
    CAMERAS = "CAMERAS"
    DIMENSIONS = "DIMENSIONS"
    TEXT = "TEXT"


@dataclass(frozen=True)
class Line:
    """A run of straight lines. pen: mm, 0 draws no line. dash: mm on and off. ref: id of the thing it shows."""

    points: tuple[Point2, ...]
    layer: Layer
    closed: bool = False
    pen: float = 0.18
    ink: str = INK
    fill: str | None = None
    opacity: float = 1.0  # of the fill
    dash: tuple[float, ...] = ()
    ref: str = ""


@dataclass(frozen=True)
class Arc:
    """A circle or a part of it, counter-clockwise from `start` to `end` in degrees."""

    centre: Point2
    radius: float
    layer: Layer
    start: float = 0.0
    end: float = 360.0
    pen: float = 0.18
    ink: str = INK
    fill: str | None = None
    ref: str = ""

    @property
    def full(self) -> bool:
        """Whether it is a whole circle."""
        return self.end - self.start >= 360.0

    def at(self, degrees: float) -> Point2:
        """Return the point at an angle."""
        turn = math.radians(degrees)
        return self.centre[0] + self.radius * math.cos(turn), self.centre[1] + self.radius * math.sin(turn)


@dataclass(frozen=True)
class Text:
    """One line of text, centred on `at` in height. size: mm of the letters. anchor: which end lies at `at`."""

    at: Point2
    text: str
    size: float
    layer: Layer = Layer.TEXT
    ink: str = INK
    bold: bool = False
    anchor: str = "middle"  # start, middle, end
    angle: float = 0.0
    backed: bool = False  # on a patch of paper, where lines run behind it
    ref: str = ""

    @property
    def width(self) -> float:
        """About how wide it is on paper, mm."""
        return len(self.text) * self.size * LETTER_WIDTH * (1.05 if self.bold else 1.0)


@dataclass(frozen=True)
class Dimension:
    """The distance from a to b in metres, written `offset` mm to the left of the way from a to b."""

    a: Point2
    b: Point2
    offset: float


Stroke = Line | Arc | Text
Mark = Stroke | Dimension


@dataclass
class Drawing:
    """All marks of a plan at one scale, 1 to `scale`. bounds: x0, y0, x1, y1 of the set itself, metres."""

    scale: float
    bounds: tuple[float, float, float, float]
    marks: list[Mark] = field(default_factory=list)

    def metres(self, paper_mm: float) -> float:
        """Return how many metres of the set so many millimetres of paper cover."""
        return paper_mm * self.scale / 1000

    def paper(self, metres: float) -> float:
        """Return how many millimetres of paper so many metres of the set take."""
        return metres * 1000 / self.scale

    def in_order(self) -> list[Stroke]:
        """Return the marks layer by layer, dimensions as lines and numbers."""
        order = {layer: number for number, layer in enumerate(Layer)}
        plain: list[Stroke] = [
            part
            for mark in self.marks
            for part in (self.spelled(mark) if isinstance(mark, Dimension) else (mark,))
        ]
        return sorted(plain, key=lambda mark: order[mark.layer])

    def spelled(self, dimension: Dimension) -> tuple[Line | Text, ...]:
        """Return the lines and the number of a dimension, read from below or from the right."""
        (ax, ay), (bx, by) = dimension.a, dimension.b
        length = math.dist(dimension.a, dimension.b)
        dx, dy = (bx - ax) / length, (by - ay) / length
        nx, ny = -dy, dx
        far, over, gap = (self.metres(value) for value in (dimension.offset, 1.2, 1.0))
        sign = math.copysign(1.0, far)
        layer, pen = Layer.DIMENSIONS, 0.13
        start, end = (ax + nx * far, ay + ny * far), (bx + nx * far, by + ny * far)
        marks: list[Line | Text] = [Line((start, end), layer, pen=pen, ink=SOFT)]
        for (px, py), (qx, qy) in ((dimension.a, start), (dimension.b, end)):
            near = (px + nx * gap * sign, py + ny * gap * sign)
            beyond = (qx + nx * over * sign, qy + ny * over * sign)
            tick = self.metres(0.9)
            slant = ((dx + nx) * tick, (dy + ny) * tick)
            marks.append(Line((near, beyond), layer, pen=pen, ink=SOFT))
            marks.append(
                Line(
                    ((qx - slant[0], qy - slant[1]), (qx + slant[0], qy + slant[1])), layer, pen=0.3, ink=INK
                )
            )
        angle = math.degrees(math.atan2(dy, dx))
        upright = (angle + 90) % 180 - 90
        if abs(upright + 90) < 1e-6:
            upright = 90.0  # upright numbers are read from the right
        ux, uy = -math.sin(math.radians(upright)), math.cos(math.radians(upright))
        narrow = self.paper(length) < 6.0  # the number would not fit between its ticks
        lift = self.metres(4.4 if narrow else 1.8)
        middle = ((start[0] + end[0]) / 2 + ux * lift, (start[1] + end[1]) / 2 + uy * lift)
        marks.append(Text(middle, f"{length:.2f}", 2.5, layer, angle=upright))
        return tuple(marks)


def on_plan(x: float, z: float) -> Point2:
    """Return a point of the set's floor as a point of the drawing."""
    return x + 0.0, 0.0 - z
