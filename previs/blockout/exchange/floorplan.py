"""The floor plan of a set as marks at a scale, and the schedules that belong to it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise

from previs.blockout.exchange.architecture import (
    draw_openings,
    draw_stairs,
    draw_walls,
    inside_of,
    stairs_outline,
)
from previs.blockout.exchange.footprint import Footprint, seen_from_above
from previs.blockout.exchange.hull import convex_hull
from previs.blockout.exchange.labels import Labels
from previs.blockout.exchange.marks import SOFT, Arc, Dimension, Drawing, Layer, Line, Text, on_plan
from previs.blockout.exchange.schedule import keys_of, plain_name
from previs.blockout.exchange.viewpoints import (
    CAMERA_INK,
    FIGURE_INK,
    draw_camera,
    draw_eyeline,
    draw_figure,
    draw_light,
    lens_words,
    wild_walls,
)
from previs.blockout.plan.document import SetPlan
from previs.blockout.plan.floor import along
from previs.blockout.plan.parts import Colour, Point2

SCALES = (10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000, 10000)
MARGIN = 24.0  # mm around the set for dimensions and labels
OVERHEAD = 2.0  # metres; what begins higher hangs over the set and is dashed
FINE = 0.8  # mm; a solid that is smaller on paper is left out
NEAR_CHAIN, FAR_CHAIN = 9.5, 16.5  # mm between a wall and its two rows of dimensions


def bounds_of(plan: SetPlan) -> tuple[float, float, float, float]:
    """Return x0, y0, x1, y1 of everything but suns, metres on the plan; a square of 4 m if there is nothing."""
    points: list[Point2] = [on_plan(*point) for point in plan.outline]
    for wall in plan.walls:
        half = wall.thickness / 2
        points += [on_plan(*along(wall, at, aside)) for at in (0.0, wall.length) for aside in (-half, half)]
    for piece in seen_from_above(plan):
        points += piece.outline
    for flight in plan.stairs:
        points += stairs_outline(flight)
    around = [(figure.x, figure.z, 0.5) for figure in plan.figures]
    around += [(camera.x, camera.z, 0.5) for camera in plan.cameras]
    around += [(light.x, light.z, 0.2) for light in plan.lights if light.kind != "sun"]
    points += [on_plan(x + dx, z + dz) for x, z, r in around for dx in (-r, r) for dz in (-r, r)]
    if not points:
        return -2.0, -2.0, 2.0, 2.0
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def fitting_scale(bounds: tuple[float, float, float, float], wide_mm: float, high_mm: float) -> int:
    """Return the largest round scale, as 1 to n, at which the set and its dimensions fit a sheet."""
    x0, y0, x1, y1 = bounds
    for scale in SCALES:
        if (x1 - x0) * 1000 / scale + 2 * MARGIN <= wide_mm and (
            y1 - y0
        ) * 1000 / scale + 2 * MARGIN <= high_mm:
            return scale
    return SCALES[-1]


def draw(plan: SetPlan, scale: float, bounds: tuple[float, float, float, float] | None = None) -> Drawing:
    """Return the floor plan at 1 to `scale`."""
    drawing = Drawing(scale, bounds or bounds_of(plan))
    if plan.outline:
        floor = tuple(on_plan(*point) for point in plan.outline)
        drawing.marks.append(
            Line(floor, Layer.FLOOR, closed=True, pen=0.1, ink=SOFT, fill="#faf8f4", ref="floor")
        )
    for flight in plan.stairs:
        draw_stairs(drawing, flight)
    draw_walls(drawing, plan)
    if plan.walls:
        draw_openings(drawing, plan)
    for camera in plan.cameras:
        draw_camera(drawing, plan, camera)
    for figure in plan.figures:
        draw_figure(drawing, figure)
        draw_eyeline(drawing, plan, figure)
    for number, light in enumerate(plan.lights, 1):
        draw_light(drawing, light, f"L{number}")
    drawing.marks.extend(_dimensions(plan, drawing))
    _draw_pieces(drawing, plan)
    _name(plan, drawing)
    return drawing


def _name(plan: SetPlan, drawing: Drawing) -> None:
    """Write all names, people and cameras first, so that pieces make room for them."""
    labels = Labels(drawing)
    for mark in drawing.marks:
        if isinstance(mark, Text) and mark.layer is not Layer.DIMENSIONS:
            wide, high = mark.width, mark.size
            labels.block(mark.at, *((wide + 1, high + 1) if abs(mark.angle) < 45 else (high + 1, wide + 1)))
        elif isinstance(mark, Arc) and mark.layer in (Layer.CAMERAS, Layer.LIGHTS):
            labels.block(mark.centre, *[2 * drawing.paper(mark.radius) + 0.5] * 2)
    _block_walls(plan, labels)
    for flight in plan.stairs:
        corners = stairs_outline(flight)
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        middle = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
        labels.block(middle, drawing.paper(max(xs) - min(xs)), drawing.paper(max(ys) - min(ys)))
    for figure in plan.figures:
        labels.block(on_plan(figure.x, figure.z), *[drawing.paper(0.5)] * 2)
    for camera in plan.cameras:
        labels.block(on_plan(camera.x, camera.z), 5.0, 5.0)
    for figure in plan.figures:
        labels.name_near(figure.name or figure.id, on_plan(figure.x, figure.z), 0.27, ink=FIGURE_INK, bold=True,
                         ref=figure.id)  # fmt: skip
    discs = [m for m in drawing.marks if isinstance(m, Arc) and m.layer is Layer.CAMERAS]
    for camera, disc in zip(plan.cameras, discs, strict=True):
        labels.name_near(f"{lens_words(camera)}, h {camera.y:.2f}", disc.centre, disc.radius, ink=CAMERA_INK, bold=False,
                         size=2.2, ref=camera.id)  # fmt: skip
    for wall in plan.walls:
        wild = [camera.id for camera in plan.cameras if wall.id in wild_walls(plan, camera)]
        if wild:
            text = f"wild for {', '.join(wild)}"
            labels.name_near(text, on_plan(*along(wall, wall.length / 2)), wall.thickness / 2, ink=CAMERA_INK,
                             bold=False, size=2.2, ref=wall.id)  # fmt: skip
    keys = keys_of(plan)
    for piece in seen_from_above(plan):
        xs, ys = [x for x, _ in piece.outline], [y for _, y in piece.outline]
        box = min(xs), min(ys), max(xs), max(ys)
        if not labels.name_within(plain_name(piece.thing.name), box, piece.thing.id):
            labels.number_at(str(keys[piece.thing.kind, piece.thing.id]), box, piece.thing.id)


def _block_walls(plan: SetPlan, labels: Labels) -> None:
    """Keep names off the walls: one patch for a wall along the axes, a row of them for a slanting one."""
    paper = labels.drawing.paper
    for wall in plan.walls:
        dx, dz = abs(wall.b[0] - wall.a[0]), abs(wall.b[1] - wall.a[1])
        patches = 1 if min(dx, dz) < 0.01 else max(1, min(40, round(paper(wall.length) / 4)))
        for i in range(patches):
            middle = on_plan(*along(wall, wall.length * (i + 0.5) / patches))
            thick = paper(wall.thickness)
            labels.block(middle, max(paper(dx) / patches, thick), max(paper(dz) / patches, thick))


def _draw_pieces(drawing: Drawing, plan: SetPlan) -> None:
    """Draw all pieces from above, the lowest solids first, and what hangs over the set as a dashed outline."""
    least = drawing.metres(FINE) ** 2
    solids: list[tuple[Footprint, str]] = []
    for piece in seen_from_above(plan):
        if piece.lowest >= OVERHEAD:
            drawing.marks.append(
                Line(piece.outline, Layer.OVERHEAD, closed=True, pen=0.18, ink=SOFT, dash=(1.6, 0.8),
                     ref=piece.thing.id)
            )  # fmt: skip
            continue
        seen = [part for part in piece.parts if part.area >= least]
        seen = seen or [max(piece.parts, key=lambda part: part.area)]
        solids += [(part, piece.thing.id) for part in seen]
    for part, ref in sorted(solids, key=lambda pair: pair[0].top):
        drawing.marks.append(
            Line(part.outline, Layer.PIECES, closed=True, pen=0.2, fill=_tint(part.colour), ref=ref)
        )


def _tint(colour: Colour) -> str:
    """Return a colour of the set as a pale wash that pencil can be read on."""
    washed = (0.66 + 0.34 * min(max(channel, 0.0), 1.0) ** (1 / 2.2) for channel in colour)
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in washed)


def _dimensions(plan: SetPlan, drawing: Drawing) -> Iterable[Dimension]:
    """Measure every outer wall: its openings, then its whole length; without walls, the set across and deep."""
    ends = convex_hull(on_plan(*point) for wall in plan.walls for point in (wall.a, wall.b))
    measured = False
    for wall in plan.walls:
        if len(ends) < 3 or not _on_edge(on_plan(*wall.a), on_plan(*wall.b), ends):
            continue
        measured = True
        way = -inside_of(plan, wall, wall.length / 2)
        edge = drawing.paper(wall.thickness / 2)
        a, b = on_plan(*wall.a), on_plan(*wall.b)
        if not wall.openings:
            yield Dimension(a, b, way * (edge + NEAR_CHAIN))
            continue
        stops = sorted({0.0, wall.length, *(s for o in wall.openings for s in (o.at, o.at + o.width))})
        kept = [stop for i, stop in enumerate(stops) if i == 0 or stop - stops[i - 1] > 0.005]
        points = [on_plan(*along(wall, stop)) for stop in kept]
        for start, end in pairwise(points):
            yield Dimension(start, end, way * (edge + NEAR_CHAIN))
        yield Dimension(a, b, way * (edge + FAR_CHAIN))
    if not measured:
        x0, y0, x1, y1 = drawing.bounds
        yield Dimension((x0, y0), (x1, y0), -NEAR_CHAIN)
        yield Dimension((x0, y0), (x0, y1), NEAR_CHAIN)


def _on_edge(a: Point2, b: Point2, hull: list[Point2]) -> bool:
    """Say whether a wall lies along one edge of the hull of all walls."""
    for (px, py), (qx, qy) in zip(hull, [*hull[1:], hull[0]], strict=True):
        length = math.hypot(qx - px, qy - py)
        far = [abs((qx - px) * (y - py) - (qy - py) * (x - px)) / length for x, y in (a, b)]
        if max(far) < 0.12:
            return True
    return False
