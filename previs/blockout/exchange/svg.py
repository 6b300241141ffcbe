"""The floor plan as SVG: one unit is one millimetre of paper, so that it prints at its scale."""

from __future__ import annotations

from html import escape

from previs.blockout.exchange.floorplan import MARGIN, bounds_of, draw, fitting_scale
from previs.blockout.exchange.marks import INK, PAPER, SOFT, Arc, Drawing, Layer, Stroke, Text
from previs.blockout.plan.document import SetPlan
from previs.blockout.plan.parts import Point2

SHEET_MM = (400.0, 277.0)  # an A3 sheet less its margins, for which the scale is chosen
FOOT = 14.0  # mm below the drawing for the scale bar
TYPEFACE = "Inter, Helvetica, Arial, sans-serif"
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


def to_svg(plan: SetPlan, *, title: str = "", scale: int | None = None) -> str:
    """Return the plan as an SVG document.

    title: what the set is called.  scale: 1 to so many; without it the largest round one at which the set fits an
    A3 sheet. Attributes of the root tell it (`data-scale`) and where the set's origin lies on the sheet
    (`data-origin`, mm). Marks of one thing carry its id in `data-ref`; there is no style, no script and no reference
    to anything outside.
    """
    bounds = bounds_of(plan)
    chosen = scale or fitting_scale(bounds, SHEET_MM[0], SHEET_MM[1] - FOOT)
    return _Sheet(draw(plan, chosen, bounds)).write(f"{title or plan.place or 'Set'}: floor plan 1:{chosen}")


class _Sheet:
    """Turns metres of the set into millimetres from the upper left of the sheet."""

    def __init__(self, drawing: Drawing) -> None:
        x0, y0, x1, y1 = drawing.bounds
        self.drawing = drawing
        self.left, self.top = x0 - drawing.metres(MARGIN), y1 + drawing.metres(MARGIN)
        self.width = max(drawing.paper(x1 - x0) + 2 * MARGIN, 110.0)
        self.height = drawing.paper(y1 - y0) + 2 * MARGIN + FOOT

    def at(self, point: Point2) -> Point2:
        return self.drawing.paper(point[0] - self.left), self.drawing.paper(self.top - point[1])

    def write(self, title: str) -> str:
        origin = self.at((0.0, 0.0))
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(self.width)}mm" height="{_n(self.height)}mm" '
            f'viewBox="0 0 {_n(self.width)} {_n(self.height)}" data-scale="{self.drawing.scale:g}" '
            f'data-origin="{_n(origin[0])} {_n(origin[1])}" font-family="{TYPEFACE}">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{_n(self.width)}" height="{_n(self.height)}" fill="{PAPER}"/>',
        ]
        layer: Layer | None = None
        for mark in self.drawing.in_order():
            if mark.layer is not layer:
                parts.append(f'{"</g>" if layer else ""}<g id="{mark.layer.value.lower()}">')
                layer = mark.layer
            parts.append(self.mark(mark))
        parts.append("</g>" if layer else "")
        parts += [*self.scale_bar(), "</svg>"]
        return "\n".join(part for part in parts if part)

    def mark(self, mark: Stroke) -> str:
        if isinstance(mark, Text):
            return self.text(mark)
        if isinstance(mark, Arc):
            return self.arc(mark)
        points = " ".join(f"{_n(x)},{_n(y)}" for x, y in map(self.at, mark.points))
        look = _stroke(mark.pen, mark.ink) + _ref(mark.ref)
        look += f' fill="{mark.fill}"' if mark.fill else ' fill="none"'
        if mark.fill and mark.opacity < 1:
            look += f' fill-opacity="{mark.opacity:g}"'
        if mark.dash:
            look += f' stroke-dasharray="{" ".join(f"{length:g}" for length in mark.dash)}"'
        return (
            f'<{"polygon" if mark.closed else "polyline"} points="{points}"{look} stroke-linejoin="round"/>'
        )

    def arc(self, mark: Arc) -> str:
        (x, y), radius = self.at(mark.centre), self.drawing.paper(mark.radius)
        look = _stroke(mark.pen, mark.ink) + _ref(mark.ref)
        if mark.full:
            return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{mark.fill or "none"}"{look}/>'
        (ax, ay), (bx, by) = self.at(mark.at(mark.start)), self.at(mark.at(mark.end))
        large = int(mark.end - mark.start > 180)
        return (
            f'<path d="M{_n(ax)} {_n(ay)}A{_n(radius)} {_n(radius)} 0 {large} 0 {_n(bx)} {_n(by)}" '
            f'fill="none"{look}/>'
        )

    def text(self, mark: Text) -> str:
        x, y = self.at(mark.at)
        turn = f' transform="rotate({-mark.angle:g} {_n(x)} {_n(y)})"' if mark.angle else ""
        weight = ' font-weight="600"' if mark.bold else ""
        patch = ""
        if mark.backed:
            w, h = mark.width + 0.8, mark.size * 1.1
            left = {"start": x - 0.4, "middle": x - w / 2, "end": x - w + 0.4}[mark.anchor]
            patch = (
                f'<rect x="{_n(left)}" y="{_n(y - h / 2)}" width="{_n(w)}" height="{_n(h)}" '
                f'fill="{PAPER}" fill-opacity="0.8"{turn}/>'
            )
        return (
            f'{patch}<text x="{_n(x)}" y="{_n(y + mark.size * 0.36)}" font-size="{mark.size:g}" fill="{mark.ink}" '
            f'text-anchor="{mark.anchor}"{weight}{turn}{_ref(mark.ref)}>{escape(mark.text)}</text>'
        )

    def scale_bar(self) -> list[str]:
        step, x, y = bar_step(self.drawing.scale), 8.0, self.height - 8.0
        wide = self.drawing.paper(step)
        parts = ['<g id="scale-bar">']
        for i in range(5):
            fill = INK if i % 2 == 0 else PAPER
            parts.append(
                f'<rect x="{_n(x + i * wide)}" y="{_n(y)}" width="{_n(wide)}" height="1.4" fill="{fill}" '
                f'stroke="{INK}" stroke-width="0.15"/>'
            )
        for i in range(6):
            unit = " m" if i == 5 else ""
            parts.append(
                f'<text x="{_n(x + i * wide)}" y="{_n(y - 1)}" font-size="2.4" fill="{INK}" '
                f'text-anchor="middle">{i * step:g}{unit}</text>'
            )
        parts.append(
            f'<text x="{_n(x)}" y="{_n(y + 4.6)}" font-size="2.6" fill="{SOFT}">'
            f"Scale 1:{self.drawing.scale:g}, dimensions in metres</text></g>"
        )
        return parts


def bar_step(scale: float) -> float:
    """Return the metres of one fifth of the scale bar, about 15 mm of paper."""
    return min(STEPS, key=lambda step: abs(step * 1000 / scale - 15))


def _stroke(pen: float, ink: str) -> str:
    return f' stroke="{ink}" stroke-width="{pen:g}"' if pen else ""


def _ref(ref: str) -> str:
    return f' data-ref="{escape(ref)}"' if ref else ""


def _n(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
