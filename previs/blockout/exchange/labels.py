"""Where names go on a drawing: never one over another, and a number instead of a name where there is no room."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import product

from previs.blockout.exchange.marks import PAPER, SOFT, Arc, Drawing, Layer, Line, Text
from previs.blockout.plan.parts import Point2

Box = tuple[float, float, float, float]  # x0, y0, x1, y1, metres of the plan

NAME, KEY = 2.4, 2.1  # mm of the letters
DISC = 1.75  # mm, radius of a numbered disc
CELL = 10.0  # mm


class Labels:
    """The places of a drawing that are taken."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.cell = drawing.metres(CELL)
        self.taken: dict[tuple[int, int], list[Box]] = {}  # by cells of a grid, so that few need be looked at

    def block(self, centre: Point2, wide_mm: float, high_mm: float) -> None:
        """Keep a place free of names."""
        box = self._box(centre, wide_mm, high_mm)
        for cell in self._cells(box):
            self.taken.setdefault(cell, []).append(box)

    def _cells(self, box: Box) -> Iterator[tuple[int, int]]:
        x0, y0, x1, y1 = (math.floor(side / self.cell) for side in box)
        return product(range(x0, x1 + 1), range(y0, y1 + 1))

    def _box(self, centre: Point2, wide_mm: float, high_mm: float) -> Box:
        w, h = self.drawing.metres(wide_mm) / 2, self.drawing.metres(high_mm) / 2
        return centre[0] - w, centre[1] - h, centre[0] + w, centre[1] + h

    def _crowded(self, box: Box) -> float:
        """Return how many square metres of a box are taken already."""
        total = 0.0
        for other in {other for cell in self._cells(box) for other in self.taken.get(cell, ())}:
            wide = min(box[2], other[2]) - max(box[0], other[0])
            high = min(box[3], other[3]) - max(box[1], other[1])
            if wide > 0 and high > 0:
                total += wide * high
        return total

    def _least_crowded(self, places: Iterable[Point2], wide_mm: float, high_mm: float) -> Point2:
        """Return the first free place, or else the one where least is covered; it is taken from now on."""
        best, least = None, math.inf
        for place in places:
            crowded = self._crowded(self._box(place, wide_mm, high_mm))
            if crowded < least - 1e-12:
                best, least = place, crowded
            if crowded == 0:
                break
        assert best is not None
        self.block(best, wide_mm, high_mm)
        return best

    def name_within(self, text: str, box: Box, ref: str) -> bool:
        """Write a name inside a box of the plan, upright if need be; say whether it fits."""
        label = Text((0.0, 0.0), text, NAME)
        wide, high = self.drawing.paper(box[2] - box[0]), self.drawing.paper(box[3] - box[1])
        for angle, room, cross in ((0.0, wide, high), (90.0, high, wide)):
            if label.width + 1.0 > room or cross < NAME + 0.4:
                continue
            size = (label.width, NAME) if angle == 0 else (NAME, label.width)
            mx, my = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
            slack_x, slack_y = (
                self.drawing.metres(max(r - s, 0) / 2) for r, s in zip((wide, high), size, strict=True)
            )
            for share in (0.0, 0.5, -0.5, 0.9, -0.9):
                place = (mx, my + share * slack_y) if angle == 0 else (mx + share * slack_x, my)
                if self._crowded(self._box(place, *size)) == 0:
                    self.block(place, *size)
                    self.drawing.marks.append(Text(place, text, NAME, angle=angle, backed=True, ref=ref))
                    return True
        return False

    def number_at(self, number: str, box: Box, ref: str) -> None:
        """Put a number in a disc on a thing, or beside it with a line to it where the thing is small."""
        middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        reach = self.drawing.metres(DISC + 1.6)
        half_x, half_y = (box[2] - box[0]) / 2 + reach, (box[3] - box[1]) / 2 + reach
        small = self.drawing.paper(min(box[2] - box[0], box[3] - box[1])) < 2 * DISC
        beside = [
            (middle[0] + half_x * dx * far, middle[1] + half_y * dy * far)
            for far in (1.0, 1.6)
            for dx, dy in (
                (0.8, 0.8),
                (-0.8, 0.8),
                (0.8, -0.8),
                (-0.8, -0.8),
                (1, 0),
                (-1, 0),
                (0, 1),
                (0, -1),
            )
        ]
        place = self._least_crowded(beside if small else [middle, *beside], 2 * DISC, 2 * DISC)
        marks, mm = self.drawing.marks, self.drawing.metres(1.0)
        if place != middle:
            away = math.dist(place, middle)
            start = [place[i] + (middle[i] - place[i]) / away * DISC * mm for i in (0, 1)]
            marks.append(Line(((start[0], start[1]), middle), Layer.TEXT, pen=0.13, ink=SOFT, ref=ref))
        marks.append(Arc(place, DISC * mm, Layer.TEXT, pen=0.13, ink=SOFT, fill=PAPER, ref=ref))
        marks.append(Text(place, number, KEY, ref=ref))

    def name_near(
        self,
        text: str,
        centre: Point2,
        apart: float,
        *,
        ink: str,
        bold: bool,
        size: float = NAME,
        ref: str = "",
    ) -> None:
        """Write a name beside a point, at least `apart` metres from it, where it is free."""
        label = Text(centre, text, size, bold=bold)
        up, aside = (
            apart + self.drawing.metres(size * 0.7),
            apart + self.drawing.metres(label.width / 2 + 0.8),
        )
        ways = ((0, -1), (0, 1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1))
        row = self.drawing.metres(size * 1.4)
        near = [(centre[0] + dx * aside, centre[1] + dy * up) for dx, dy in ways]
        far = [
            (centre[0] + dx * (aside + row * more), centre[1] + dy * (up + row * more))
            for more in (1, 2.2, 3.4)
            for dx, dy in ways
        ]
        place = self._least_crowded([*near, *far], label.width + 0.6, size + 0.4)
        if place not in near:
            self.drawing.marks.append(Line((centre, place), Layer.FIGURES, pen=0.13, ink=ink, ref=ref))
        self.drawing.marks.append(Text(place, text, size, ink=ink, bold=bold, backed=True, ref=ref))
