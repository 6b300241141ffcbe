"""Cameras, people and lights as marks; the wedge of a camera is its true horizontal field of view."""

from __future__ import annotations

import math

from previs.blockout.exchange.marks import INK, PAPER, Arc, Drawing, Layer, Line, Text, on_plan
from previs.blockout.plan.document import SetPlan
from previs.blockout.plan.floor import along, blocks_of, centre, contains, direction
from previs.blockout.plan.lens import field_of_view
from previs.blockout.plan.parts import CameraPosition, PlanFigure, PlanLight, Point2

CAMERA_INK, FIGURE_INK, LIGHT_INK = "#b3470f", "#1d5f9e", "#8a6400"
SENSOR_WORDS = {"super35": "Super 35", "fullframe": "full frame", "16mm": "16 mm film", "super16": "Super 16"}
SUN_OUT = 19.0  # mm outside the set, past the dimensions
Segment = tuple[Point2, Point2]


def lens_words(camera: CameraPosition) -> str:
    """Return the lens as a camera sheet names it: 35 mm, 39.1°."""
    return f"{camera.focal_mm:g} mm, {field_of_view(camera.sensor, camera.focal_mm)[0]:.1f}°"


def sensor_words(camera: CameraPosition) -> str:
    """Return the name of a camera's sensor."""
    return SENSOR_WORDS.get(camera.sensor, camera.sensor)


def wild_walls(plan: SetPlan, camera: CameraPosition) -> set[str]:
    """Return the ids of the walls between a camera outside an interior and its floor: they are taken out."""
    if not plan.interior or not plan.outline or contains(plan.outline, camera.x, camera.z):
        return set()
    found = set()
    middle = centre(plan.outline)
    for wall in plan.walls:
        dx, dz = direction(wall)
        sides = [(x - wall.a[0]) * dz - (z - wall.a[1]) * dx for x, z in (middle, (camera.x, camera.z))]
        if sides[0] * sides[1] < 0:
            found.add(wall.id)
    return found


def obstacles(plan: SetPlan, camera: CameraPosition) -> list[Segment]:
    """Return the middle lines of all walls in a camera's way; openings and wild walls let the view through."""
    wild = wild_walls(plan, camera)
    return [
        (on_plan(*along(wall, block.low)), on_plan(*along(wall, block.high)))
        for wall in plan.walls
        if wall.id not in wild
        for block in blocks_of(wall)
        if block.bottom <= camera.y < block.top
    ]


def forward_of(camera: CameraPosition) -> Point2:
    """Return where a camera points on the drawing."""
    pan = math.radians(camera.pan)
    return -math.sin(pan), math.cos(pan)


def seen_floor(camera: CameraPosition, walls: list[Segment], frame: list[Segment]) -> list[Point2]:
    """Return the polygon a camera sees, from its lens outwards, to the first wall or the frame around the plan.

    The frame must close around the camera.
    """
    here = on_plan(camera.x, camera.z)
    middle = math.atan2(*reversed(forward_of(camera)))
    half = math.radians(field_of_view(camera.sensor, camera.focal_mm)[0]) / 2
    turns = {half * i / 24 for i in range(-24, 25)}
    for segment in (*walls, *frame):
        for end in segment:
            off = math.remainder(math.atan2(end[1] - here[1], end[0] - here[0]) - middle, 2 * math.pi)
            turns.update(turn for turn in (off - 1e-4, off + 1e-4) if abs(turn) < half)
    rays = [(math.cos(middle + turn), math.sin(middle + turn)) for turn in sorted(turns)]
    found = [here]
    for dx, dy in rays:
        far = min(_hit(here, (dx, dy), segment) for segment in (*walls, *frame))
        found.append((here[0] + dx * far, here[1] + dy * far))
    return found


def _hit(here: Point2, way: Point2, segment: Segment) -> float:
    """Return how far along a ray a segment lies, infinity if the ray misses it."""
    (ax, ay), (bx, by) = segment
    ex, ey = bx - ax, by - ay
    cross = way[0] * ey - way[1] * ex
    if abs(cross) < 1e-12:
        return math.inf
    px, py = ax - here[0], ay - here[1]
    far, share = (px * ey - py * ex) / cross, (px * way[1] - py * way[0]) / cross
    return far if far > 1e-6 and 0 <= share <= 1 else math.inf


def frame_around(drawing: Drawing) -> list[Segment]:
    """Return the four lines, a little outside the set, at which what cameras see ends."""
    x0, y0, x1, y1 = drawing.bounds
    more = drawing.metres(4.0)
    corners = ((x0 - more, y0 - more), (x1 + more, y0 - more), (x1 + more, y1 + more), (x0 - more, y1 + more))
    return list(zip(corners, (*corners[1:], corners[0]), strict=True))


def draw_camera(drawing: Drawing, plan: SetPlan, camera: CameraPosition) -> None:
    """Add the wedge, the body and the round label of a camera."""
    walls, frame = obstacles(plan, camera), frame_around(drawing)
    polygon = seen_floor(camera, walls, frame)
    marks, ref = drawing.marks, camera.id
    marks.append(
        Line(tuple(polygon), Layer.VIEWS, closed=True, pen=0, fill=CAMERA_INK, opacity=0.09, ref=ref)
    )
    here = polygon[0]
    for edge in (polygon[1], polygon[-1]):
        marks.append(Line((here, edge), Layer.CAMERAS, pen=0.25, ink=CAMERA_INK, ref=ref))
    (fx, fy), mm = forward_of(camera), drawing.metres(1.0)
    sight = min(_hit(here, (fx, fy), segment) for segment in (*walls, *frame))
    marks.append(
        Line((here, (here[0] + fx * sight, here[1] + fy * sight)), Layer.CAMERAS, pen=0.13, ink=CAMERA_INK,
             dash=(3.0, 0.8, 0.6, 0.8), ref=ref)
    )  # fmt: skip

    def at(along_mm: float, aside_mm: float) -> Point2:
        return (
            here[0] + (fx * along_mm - fy * aside_mm) * mm,
            here[1] + (fy * along_mm + fx * aside_mm) * mm,
        )

    body = (at(0, -0.5), at(0, 0.5), at(-1.4, 0.9), at(-1.4, 1.3), at(-4.4, 1.3), at(-4.4, -1.3), at(-1.4, -1.3),
            at(-1.4, -0.9))  # fmt: skip
    marks.append(Line(body, Layer.CAMERAS, closed=True, pen=0.18, ink=CAMERA_INK, fill=CAMERA_INK, ref=ref))
    marks.append(Arc(at(-7.4, 0), 2.4 * mm, Layer.CAMERAS, pen=0.35, ink=CAMERA_INK, fill=PAPER, ref=ref))
    marks.append(Text(at(-7.4, 0), camera.id[:3], 2.8, Layer.CAMERAS, ink=CAMERA_INK, bold=True, ref=ref))


def draw_figure(drawing: Drawing, figure: PlanFigure) -> None:
    """Add shoulders, head and the way the chest points, as seen from above."""
    x, y = on_plan(figure.x, figure.z)
    yaw = math.radians(figure.yaw)
    fx, fy = math.sin(yaw), -math.cos(yaw)
    size = max(0.72 if figure.build == "child" else 1.0, drawing.metres(2.4) / 0.48)  # seen at every scale

    def at(ahead: float, aside: float) -> Point2:
        return x + (fx * ahead - fy * aside) * size, y + (fy * ahead + fx * aside) * size

    if figure.pose == "lie":
        body = [at(-0.12 + 0.26 * math.sin(t), 0.85 * math.cos(t)) for t in _turns(28)]
        head = at(0.0, 0.75)
    else:
        body = [at(0.13 * math.sin(t), 0.24 * math.cos(t)) for t in _turns(28)]
        head = at(0.02, 0.0)
    marks, ref = drawing.marks, figure.id
    marks.append(
        Line(tuple(body), Layer.FIGURES, closed=True, pen=0.25, ink=FIGURE_INK, fill="#d3e3f3", ref=ref)
    )
    nose = (at(0.11, -0.07), at(0.24, 0.0), at(0.11, 0.07))
    if figure.pose != "lie":
        marks.append(
            Line(nose, Layer.FIGURES, closed=True, pen=0.1, ink=FIGURE_INK, fill=FIGURE_INK, ref=ref)
        )
    marks.append(Arc(head, 0.1 * size, Layer.FIGURES, pen=0.25, ink=FIGURE_INK, fill=FIGURE_INK, ref=ref))


def draw_eyeline(drawing: Drawing, plan: SetPlan, figure: PlanFigure) -> None:
    """Add the line from a person's head to whom they look at."""
    for other in plan.figures:
        if other.id == figure.looks_at:
            a, b = on_plan(figure.x, figure.z), on_plan(other.x, other.z)
            length = math.dist(a, b)
            if length < 0.8:
                return
            ux, uy = (b[0] - a[0]) / length, (b[1] - a[1]) / length
            start, end = (a[0] + ux * 0.32, a[1] + uy * 0.32), (b[0] - ux * 0.32, b[1] - uy * 0.32)
            head = min(drawing.metres(1.4), 0.2)
            barb = [
                (end[0] - ux * head - s * uy * head / 2, end[1] - uy * head + s * ux * head / 2)
                for s in (-1, 1)
            ]
            drawing.marks.append(
                Line((start, end), Layer.FIGURES, pen=0.18, ink=FIGURE_INK, dash=(0.7, 0.7), ref=figure.id)
            )
            drawing.marks.append(
                Line((barb[0], end, barb[1]), Layer.FIGURES, pen=0.18, ink=FIGURE_INK, ref=figure.id)
            )


def draw_light(drawing: Drawing, light: PlanLight, number: str) -> None:
    """Add a lamp (circle and cross), a soft window light (square) or, at the edge of the sheet, the sun."""
    x, y = on_plan(light.x, light.z)
    x0, y0, x1, y1 = drawing.bounds
    mm, marks, ref = drawing.metres(1.0), drawing.marks, light.id
    pen, ink, layer = 0.25, LIGHT_INK, Layer.LIGHTS
    if light.kind == "sun":
        mx, my = (x0 + x1) / 2, (y0 + y1) / 2
        away = math.dist((x, y), (mx, my)) or 1.0
        ux, uy = (x - mx) / away, (y - my) / away
        share = min(
            ((x1 - x0) / 2 + SUN_OUT * mm) / abs(ux) if abs(ux) > 1e-6 else math.inf,
            ((y1 - y0) / 2 + SUN_OUT * mm) / abs(uy) if abs(uy) > 1e-6 else math.inf,
        )
        x, y = mx + ux * share, my + uy * share
        tip = (x - ux * 7 * mm, y - uy * 7 * mm)
        marks.append(Line(((x, y), tip), layer, pen=pen, ink=ink, ref=ref))
        barbs = [(tip[0] + (ux * 2 - s * uy) * mm, tip[1] + (uy * 2 + s * ux) * mm) for s in (-1, 1)]
        marks.append(Line((barbs[0], tip, barbs[1]), layer, pen=pen, ink=ink, ref=ref))
    if light.kind == "window":
        square = [(x + a * 1.7 * mm, y + b * 1.7 * mm) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
        marks.append(Line(tuple(square), layer, closed=True, pen=pen, ink=ink, fill="#fff3cf", ref=ref))
        marks.append(Line((square[0], square[2]), layer, pen=0.18, ink=ink, ref=ref))
    else:
        marks.append(Arc((x, y), 1.7 * mm, layer, pen=pen, ink=ink, fill="#ffe9a8", ref=ref))
        for turn in (45, 135):
            dx, dy = math.cos(math.radians(turn)) * 1.7 * mm, math.sin(math.radians(turn)) * 1.7 * mm
            marks.append(Line(((x - dx, y - dy), (x + dx, y + dy)), layer, pen=0.18, ink=ink, ref=ref))
    ink = ink if light.on else INK
    marks.append(
        Text((x + 2.4 * mm, y + 1.9 * mm), number, 2.2, layer, ink=ink, anchor="start", backed=True, ref=ref)
    )


def _turns(count: int) -> list[float]:
    return [2 * math.pi * i / count for i in range(count)]
