"""A finding as a small floor plan: who is meant, the line, and the cameras before and now. Points for an SVG."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from previs.storyboard.lint.findings import Finding
from previs.storyboard.lint.setups import Camera, Figure, Floor, look_of

WIDTH, HEIGHT, MARGIN = 120.0, 96.0, 21.0
# Metres that the drawing shows at least, so that two people at a table do not fill it.
SMALLEST = 2.2
CAMERA_SIZE, RAY, NOSE = 8.0, 30.0, 9.0


@dataclass(frozen=True, slots=True)
class DrawnFigure:
    """x, y: middle of the dot.  nose: where the look ends.  meant: the finding speaks of this figure."""

    name: str
    x: float
    y: float
    nose: tuple[float, float]
    meant: bool


@dataclass(frozen=True, slots=True)
class DrawnCamera:
    """body: SVG points of the triangle.  field: of the wedge that it sees.  here: of the panel being judged."""

    label: str
    body: str
    field: str
    text: tuple[float, float]
    here: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """A plan in a box of WIDTH x HEIGHT, z downwards as on a floor plan. line, outline: SVG points, "" for none."""

    words: str
    figures: tuple[DrawnFigure, ...]
    cameras: tuple[DrawnCamera, ...]
    line: str = ""
    outline: str = ""
    width: float = WIDTH
    height: float = HEIGHT


def draw(finding: Finding, figures: Sequence[Figure] = (), outline: Sequence[Floor] = ()) -> Drawing:
    """The plan of one finding. figures: everybody on the set, drawn faint.  outline: the walls, where they fit."""
    meant = {figure.id: figure for figure in finding.figures}
    everybody = [*finding.figures, *(figure for figure in figures if figure.id not in meant)]
    points = [figure.floor for figure in finding.figures] + [camera.floor for camera in finding.cameras]
    to_paper = _fitted(points + (list(finding.line) if finding.line else []))
    line = ""
    if finding.line:
        line = _points(_stretched(to_paper(finding.line[0]), to_paper(finding.line[1])))
    drawn = []
    for figure in everybody:
        x, y = to_paper(figure.floor)
        look = look_of(figure, tuple(everybody))
        nose = (round(x + NOSE * look[0], 1), round(y + NOSE * look[1], 1))
        drawn.append(DrawnFigure(figure.called, round(x, 1), round(y, 1), nose, figure.id in meant))
    # Two panels from one position are one camera on paper; the later one is drawn.
    last = len(finding.cameras) - 1
    standing = {(camera.x, camera.z, camera.pan): index for index, camera in enumerate(finding.cameras)}
    return Drawing(
        words=f"Floor plan. {finding.sentence}",
        figures=tuple(drawn),
        cameras=tuple(
            _camera(camera, to_paper(camera.floor), here=index == last)
            for index, camera in enumerate(finding.cameras)
            if standing[camera.x, camera.z, camera.pan] == index
        ),
        line=line,
        outline=_points([to_paper(corner) for corner in outline]),
    )


def _fitted(points: Sequence[Floor]) -> Callable[[Floor], tuple[float, float]]:
    """From metres on the floor to the paper, so that all the points fit with a margin."""
    xs, zs = [x for x, _ in points], [z for _, z in points]
    wide = max(max(xs) - min(xs), SMALLEST)
    deep = max(max(zs) - min(zs), SMALLEST)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / deep)
    middle = (max(xs) + min(xs)) / 2, (max(zs) + min(zs)) / 2

    def to_paper(point: Floor) -> tuple[float, float]:
        return WIDTH / 2 + (point[0] - middle[0]) * scale, HEIGHT / 2 + (point[1] - middle[1]) * scale

    return to_paper


def _stretched(start: tuple[float, float], end: tuple[float, float]) -> list[tuple[float, float]]:
    """The line through two points, longer than both, because it does not end at the people."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy) or 1.0
    reach = WIDTH / length
    return [(start[0] - dx * reach, start[1] - dy * reach), (end[0] + dx * reach, end[1] + dy * reach)]


def _camera(camera: Camera, at: tuple[float, float], *, here: bool) -> DrawnCamera:
    pan = math.radians(camera.pan)
    ahead = -math.sin(pan), -math.cos(pan)
    across = math.cos(pan), -math.sin(pan)

    def place(forward: float, right: float) -> tuple[float, float]:
        return (
            at[0] + ahead[0] * forward + across[0] * right,
            at[1] + ahead[1] * forward + across[1] * right,
        )

    spread = RAY * camera.half
    return DrawnCamera(
        label=camera.label,
        body=_points([place(6.0, 0), place(-5.0, CAMERA_SIZE / 1.6), place(-5.0, -CAMERA_SIZE / 1.6)]),
        field=_points([place(6.0, 0), place(RAY, spread), place(RAY, -spread)]),
        text=(round(place(-12.0, 0)[0], 1), round(place(-12.0, 0)[1] + 3.0, 1)),
        here=here,
    )


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
