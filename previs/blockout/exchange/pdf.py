"""The floor plan on an A3 sheet at a round scale, with its schedules and a title block."""

from __future__ import annotations

import math
from pathlib import Path

from fpdf import FPDF

from previs.blockout.exchange.floorplan import bounds_of, draw, fitting_scale
from previs.blockout.exchange.marks import INK, PAPER, SOFT, Arc, Drawing, Stroke, Text
from previs.blockout.exchange.schedule import Row, Schedule, schedule_of
from previs.blockout.exchange.svg import bar_step
from previs.blockout.plan.document import SetPlan
from previs.blockout.plan.floor import area
from previs.blockout.plan.parts import Point2

WIDTH, HEIGHT, EDGE = 420.0, 297.0, 8.0  # mm, A3 landscape
COLUMN = 92.0  # mm, schedules and title block
FIELD = (EDGE, EDGE, WIDTH - EDGE - COLUMN, HEIGHT - EDGE)  # where the plan is drawn: x0, y0, x1, y1
FOOT = 16.0  # mm at the foot of the field for the scale bar
TITLE_BLOCK, TITLE_ROOM = 74.0, 16.0
FONTS = Path(__file__).parent / "fonts"
POINT = 72 / 25.4  # of a millimetre
NOTES = (
    "Cut 1.2 m above the floor; walls are measured along their middle lines. A wedge is the camera's horizontal field "
    "of view up to the first wall; walls between a camera and the set are wild. Dashed things hang above 2 m. The "
    "sheet's upper edge is the back of the set; no north."
)


def to_pdf(plan: SetPlan, *, title: str, revision: str) -> bytes:
    """Return the plan as a PDF, A3 landscape, at the largest round scale at which the set fits.

    title: what the title block calls the set. revision: what it calls this state of the plan, "v3". Schedules that
    are longer than the sheet go on on further sheets. Letters of scripts outside Latin, Greek and Cyrillic print as
    empty boxes.
    """
    bounds = bounds_of(plan)
    scale = fitting_scale(bounds, FIELD[2] - FIELD[0], FIELD[3] - FIELD[1] - FOOT)
    sheet = _Sheet(plan, draw(plan, scale, bounds), title, revision)
    return sheet.write()


class _Sheet:
    """A PDF while it is drawn; all of its methods take millimetres from the upper left."""

    def __init__(self, plan: SetPlan, drawing: Drawing, title: str, revision: str) -> None:
        self.plan, self.drawing, self.title, self.revision = plan, drawing, title, revision
        self.pdf = pdf = FPDF(orientation="landscape", unit="mm", format="A3")
        pdf.set_auto_page_break(False)
        pdf.set_margin(0)
        pdf.c_margin = 0
        pdf.add_font("Inter", "", FONTS / "Inter-Regular.ttf")
        pdf.add_font("Inter", "B", FONTS / "Inter-SemiBold.ttf")
        pdf.set_title(f"{title}, floor plan {revision}")
        pdf.set_creator("Previs")
        x0, y0, x1, y1 = drawing.bounds
        self.centre = ((x0 + x1) / 2, (y0 + y1) / 2)

    def write(self) -> bytes:
        """Draw everything and return the file."""
        self.pdf.add_page()
        self.rect(EDGE, EDGE, WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE, pen=0.5)
        self.line((FIELD[2], EDGE), (FIELD[2], HEIGHT - EDGE), pen=0.35)
        for mark in self.drawing.in_order():
            self.mark(mark)
        self.scale_bar(EDGE + 8, HEIGHT - EDGE - 8)
        blocks = _blocks(schedule_of(self.plan))
        top, left = EDGE + 3, FIELD[2] + 5
        rest = self.column(blocks, left, top, HEIGHT - EDGE - TITLE_BLOCK - 3)
        sheets = 1
        while rest:
            sheets += 1
            self.pdf.add_page()
            self.text(
                EDGE, EDGE + 4, f"{self.title}, {self.revision}: schedules, sheet {sheets}", 4, bold=True
            )
            for i in range(4):
                rest = self.column(rest, EDGE + i * (COLUMN + 8), EDGE + 10, HEIGHT - EDGE)
        self.pdf.page = 1
        self.title_block(sheets)
        self.pdf.page = sheets
        return bytes(self.pdf.output())

    def at(self, point: Point2) -> Point2:
        """Return where a point of the plan lies on the sheet."""
        middle = ((FIELD[0] + FIELD[2]) / 2, (FIELD[1] + FIELD[3] - FOOT) / 2)
        return (
            middle[0] + self.drawing.paper(point[0] - self.centre[0]),
            middle[1] - self.drawing.paper(point[1] - self.centre[1]),
        )

    def mark(self, mark: Stroke) -> None:
        """Draw one mark of the plan."""
        if isinstance(mark, Text):
            self._text_mark(mark)
        elif isinstance(mark, Arc):
            self._arc(mark)
        else:
            points = [self.at(point) for point in mark.points]
            self.shape(points, mark.closed, mark.pen, mark.ink, mark.fill, mark.opacity, mark.dash)

    def shape(
        self,
        points: list[Point2],
        closed: bool,
        pen: float,
        ink: str = INK,
        fill: str | None = None,
        opacity: float = 1.0,
        dash: tuple[float, ...] = (),
    ) -> None:
        """Draw a run of lines, filled if `fill` is a colour."""
        pdf = self.pdf
        style = ("D" if pen else "") + ("F" if fill else "")
        pdf.set_draw_color(ink)
        pdf.set_line_width(pen or 0.1)
        if fill:
            pdf.set_fill_color(fill)
        if len(dash) > 1:
            pdf.set_dash_pattern(dash=dash[0], gap=dash[1])
        if opacity < 1:
            with pdf.local_context(fill_opacity=opacity):
                pdf.polyline(points, polygon=closed, style=style)
        else:
            pdf.polyline(points, polygon=closed, style=style)
        if len(dash) > 1:
            pdf.set_dash_pattern()

    def _arc(self, mark: Arc) -> None:
        if mark.full:
            x, y = self.at(mark.centre)
            self.pdf.set_draw_color(mark.ink)
            self.pdf.set_line_width(mark.pen)
            if mark.fill:
                self.pdf.set_fill_color(mark.fill)
            self.pdf.circle(x, y, self.drawing.paper(mark.radius), style="DF" if mark.fill else "D")
            return
        steps = max(6, math.ceil((mark.end - mark.start) / 3))
        turns = [mark.start + (mark.end - mark.start) * i / steps for i in range(steps + 1)]
        self.shape([self.at(mark.at(turn)) for turn in turns], False, mark.pen, mark.ink)

    def _text_mark(self, mark: Text) -> None:
        x, y = self.at(mark.at)
        self.font(mark.size, mark.bold, mark.ink)
        wide = self.pdf.get_string_width(mark.text)
        left = x - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[mark.anchor]
        with self.pdf.rotation(mark.angle, x, y):
            if mark.backed:
                self.pdf.set_fill_color(PAPER)
                with self.pdf.local_context(fill_opacity=0.8):
                    self.pdf.rect(left - 0.4, y - mark.size * 0.55, wide + 0.8, mark.size * 1.1, style="F")
            self.pdf.text(left, y + mark.size * 0.36, mark.text)

    def font(self, size: float, bold: bool = False, ink: str = INK) -> None:
        """Choose the typeface; size in mm."""
        self.pdf.set_font("Inter", "B" if bold else "", size * POINT)
        self.pdf.set_text_color(ink)

    def text(self, x: float, y: float, text: str, size: float, *, bold: bool = False, ink: str = INK,
             right: bool = False) -> None:  # fmt: skip
        """Write one line whose letters stand on y."""
        self.font(size, bold, ink)
        self.pdf.text(x - (self.pdf.get_string_width(text) if right else 0.0), y, text)

    def wrapped(self, text: str, wide: float, size: float, *, bold: bool = False) -> list[str]:
        """Return a text as lines that fit; a word that is too long for one is divided."""
        self.font(size, bold)
        lines = [""]
        for word in text.split():
            joined = f"{lines[-1]} {word}".strip()
            if self.pdf.get_string_width(joined) <= wide:
                lines[-1] = joined
                continue
            if lines[-1]:
                lines.append("")
            for letter in word:
                if self.pdf.get_string_width(lines[-1] + letter) > wide:
                    lines.append("")
                lines[-1] += letter
        return lines

    def line(self, a: Point2, b: Point2, *, pen: float, ink: str = INK) -> None:
        """Draw a straight line."""
        self.shape([a, b], False, pen, ink)

    def rect(
        self, x: float, y: float, wide: float, high: float, *, pen: float, fill: str | None = None
    ) -> None:
        """Draw a rectangle."""
        self.shape([(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)], True, pen, INK, fill)

    def column(
        self, blocks: list[tuple[str, tuple[Row, ...]]], x: float, y: float, bottom: float
    ) -> list[tuple[str, tuple[Row, ...]]]:
        """Write schedules down one column; return what had no room."""
        wide = COLUMN - 10
        for number, (title, rows) in enumerate(blocks):
            if y + 14 > bottom:
                return blocks[number:]
            self.text(x, y + 4, title, 3.1, bold=True)
            self.line((x, y + 5.8), (x + wide, y + 5.8), pen=0.25)
            y += 6.6
            for done, row in enumerate(rows):
                size, note_size = 2.7, 2.5
                self.font(note_size)
                note_wide = self.pdf.get_string_width(row.note)
                name = f"{row.count} × {row.name}" if row.count > 1 else row.name
                lines = self.wrapped(name, wide - note_wide - (11 if row.key else 2), size)
                high = 3.7 * len(lines) + 0.9
                if y + high > bottom:
                    return [(title, rows[done:]), *blocks[number + 1 :]]
                self.text(x, y + 3.2, row.key, size, bold=True)
                for i, part in enumerate(lines):
                    self.text(x + (9 if row.key else 0), y + 3.2 + 3.7 * i, part, size)
                self.text(x + wide, y + 3.2, row.note, note_size, ink=SOFT, right=True)
                y += high
                self.line((x, y), (x + wide, y), pen=0.08, ink="#c9c5bd")
            y += 4.5
        return []

    def title_block(self, sheets: int) -> None:
        """Write the title, the scale and the notes into the lower right corner."""
        x, y, wide = FIELD[2], HEIGHT - EDGE - TITLE_BLOCK, COLUMN
        self.line((x, y), (x + wide, y), pen=0.5)
        size = 6.2
        lines = self.wrapped(self.title, wide - 10, size, bold=True)
        while len(lines) * size * 1.15 > TITLE_ROOM and size > 1.5:
            size -= 0.4
            lines = self.wrapped(self.title, wide - 10, size, bold=True)
        for i, part in enumerate(lines):
            self.text(x + 5, y + 3.5 + size + i * size * 1.15, part, size, bold=True)
        self.text(x + 5, y + 23.5, f"Floor plan. {_facts(self.plan)}", 2.7, ink=SOFT)
        y += 27
        cells = (("Scale", f"1:{self.drawing.scale:g} on A3"), ("Revision", self.revision),
                 ("Dimensions", "metres"), ("Sheet", f"1 of {sheets}"))  # fmt: skip
        for i, (label, value) in enumerate(cells):
            cx, cy = x + (i % 2) * wide / 2, y + (i // 2) * 12
            self.rect(cx, cy, wide / 2, 12, pen=0.25)
            self.text(cx + 5, cy + 4, label, 2.3, ink=SOFT)
            room = wide / 2 - 8
            self.font(4.0, bold=True)
            shrink = min(1.0, room / max(self.pdf.get_string_width(value), 0.1))
            self.text(cx + 5, cy + 9.4, value, 4.0 * shrink, bold=True)
        y += 28.2
        for part in self.wrapped(NOTES, wide - 10, 2.25):
            self.text(x + 5, y, part, 2.25, ink=SOFT)
            y += 3.1
        self.text(x + 5, HEIGHT - EDGE - 2.2, f"Previs, plan {self.plan.digest[:12]}", 2.25, ink=SOFT)

    def scale_bar(self, x: float, y: float) -> None:
        """Draw five fields of a round length."""
        step = bar_step(self.drawing.scale)
        wide = self.drawing.paper(step)
        for i in range(5):
            self.rect(x + i * wide, y, wide, 1.5, pen=0.15, fill=PAPER if i % 2 else INK)
        for i in range(6):
            label = f"{i * step:g}{' m' if i == 5 else ''}"
            self.font(2.5)
            self.text(x + i * wide - self.pdf.get_string_width(label) / 2, y - 1.1, label, 2.5)
        self.text(x + 5 * wide + 10, y + 1.5, f"1:{self.drawing.scale:g}", 3.4, bold=True)


def _facts(plan: SetPlan) -> str:
    """Return interior or exterior, the floor's area and the ceiling's height."""
    facts = ["Interior" if plan.interior else "Exterior"]
    if plan.outline:
        facts.append(f"floor {abs(area(plan.outline)):.1f} m²")
    if plan.ceiling is not None:
        facts.append(f"ceiling {plan.ceiling:.2f} m")
    return ", ".join(facts)


def _blocks(schedule: Schedule) -> list[tuple[str, tuple[Row, ...]]]:
    """Return the schedules that have rows, in the order of the sheet."""
    listed = (("Cameras", schedule.cameras), ("Doors and windows, width × height", schedule.openings),
              ("Pieces, width × depth × height", schedule.pieces), ("Figures", schedule.figures),
              ("Lights", schedule.lights))  # fmt: skip
    return [(title, rows) for title, rows in listed if rows]
