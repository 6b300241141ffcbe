"""The costume plot on paper: A3 landscape, as many sheets as the scenes and the cast need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from costumes.plot import Cell, Column, Plot, Row
from previs.names import shown

if TYPE_CHECKING:
    from fpdf import FPDF

WIDTH, HEIGHT, EDGE = 420.0, 297.0, 10.0  # mm, A3 landscape
LABEL, COLUMN, LINE = 46.0, 14.5, 17.0  # mm: names, one scene, one character
TOP, HEAD = 24.0, 18.0  # mm: where the table begins, its two header rows
LARGEST = 2.0  # times these sizes, where a short film leaves room on the sheet
WIDE, HIGH = WIDTH - 2 * EDGE, HEIGHT - TOP - 2 * EDGE  # mm: room for the table
ON_A_SHEET = int((WIDE - LABEL) // COLUMN), int((HIGH - HEAD) // LINE)
INK, SOFT, RULE, FILL, GAP = (20, 20, 20), (105, 105, 105), (190, 190, 190), (236, 234, 228), (246, 219, 211)
Part = TypeVar("Part")


def plot_pdf(plot: Plot, *, title: str, today: date) -> bytes:
    """The plot as PDF. Bars carry number, title, stage and standing in words, so they read in black and white.

    Letters of scripts outside Latin, Greek and Cyrillic print as empty boxes.
    """
    # A second and a half and 40 MB, which only who prints should pay.
    from fpdf import FPDF

    from previs.blockout.exchange.pdf import FONTS

    pdf = FPDF(orientation="landscape", unit="mm", format="A3")
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.c_margin = 0
    pdf.add_font("Inter", "", FONTS / "Inter-Regular.ttf")
    pdf.add_font("Inter", "B", FONTS / "Inter-SemiBold.ttf")
    pdf.set_title(f"{title}, costume plot")
    pdf.set_creator("Previs")
    rows = list(_parts(plot.rows, ON_A_SHEET[1])) or [(0, [])]
    columns = list(_parts(plot.columns, ON_A_SHEET[0])) or [(0, [])]
    size = _size(len(columns[0][1]), len(rows[0][1]))
    sheets = len(rows) * len(columns)
    for number, (start, people, scenes) in enumerate(
        ((start, people, scenes) for _, people in rows for start, scenes in columns), start=1
    ):
        pdf.add_page()
        sheet = _Sheet(pdf, start, people, scenes, size)
        order = "shooting order" if plot.order == "shooting" else "story order"
        sheet.text(EDGE, 10, f"{title}: costume plot", 13, bold=True)
        sheet.text(
            EDGE,
            16,
            f"{_counted(len(plot.rows), 'character')}, {_counted(plot.changes, 'change')}, "
            f"{_counted(len(plot.columns), 'scene')} in {order}, {_counted(plot.gaps, 'gap')}. "
            f"{today:%d %B %Y}. Sheet {number} of {sheets}",
            9,
            colour=SOFT,
        )
        sheet.draw()
    return bytes(pdf.output())


def _parts(things: Sequence[Part], most: int) -> Iterator[tuple[int, Sequence[Part]]]:
    """Equal parts of at most so many, so that no sheet is nearly empty."""
    if not things:
        return
    size = -(-len(things) // -(-len(things) // most))
    for start in range(0, len(things), size):
        yield start, things[start : start + size]


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class _Size:
    """times: how much larger than its least size all is drawn.  label, column, line, head: mm."""

    times: float
    label: float
    column: float
    line: float
    head: float


def _size(columns: int, rows: int) -> _Size:
    """As large as the sheet holds; what is left of its width is shared by the columns."""
    across = WIDE / (LABEL + max(columns, 1) * COLUMN)
    down = HIGH / (HEAD + max(rows, 1) * LINE)
    times = max(1.0, min(across, down, LARGEST))
    column = min((WIDE - LABEL * times) / max(columns, 1), 4 * COLUMN)
    return _Size(times, LABEL * times, column, LINE * times, HEAD * times)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One sheet while it is drawn, in millimetres from the upper left. start: its first column in the plot."""

    pdf: FPDF
    start: int
    rows: Sequence[Row]
    columns: Sequence[Column]
    size: _Size

    def draw(self) -> None:
        self._heads()
        size, up = self.size, self.size.times
        for place, row in enumerate(self.rows):
            y = TOP + size.head + place * size.line
            self._line(EDGE, y, EDGE + size.label + len(self.columns) * size.column, y)
            name = f"{row.character.number} {shown(row.character.name)}"
            self.text(EDGE, y + 6 * up, name, 9 * up, bold=True, width=size.label - 3)
            self.text(EDGE, y + 10.5 * up, _counted(len(row.looks), "change"), 7 * up, colour=SOFT)
            self._bars(row.cells[self.start : self.start + len(self.columns)], y)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        points: float,
        *,
        bold: bool = False,
        colour: tuple[int, int, int] = INK,
        width: float = 0,
    ) -> None:
        """One line with its base at y; cut off with an ellipsis where it is wider than `width`, 0 for any width."""
        self.pdf.set_font("Inter", "B" if bold else "", points)
        self.pdf.set_text_color(*colour)
        if width and self.pdf.get_string_width(words) > width:
            while words and self.pdf.get_string_width(words + "…") > width:
                words = words[:-1]
            words = words.rstrip() + "…" if words else ""
        self.pdf.text(x, y, words)

    def _heads(self) -> None:
        before, wide, up = "", self.size.column, self.size.times
        for place, column in enumerate(self.columns):
            x = EDGE + self.size.label + place * wide
            if column.day.label != before:
                before = column.day.label
                run = sum(1 for _ in self._same_day(place))
                self._line(x, TOP, x, TOP + 5 * up)
                words = f"{before} {column.day.words}"
                self.text(x + 1, TOP + 4 * up, words, 7 * up, width=run * wide - 2)
            self.pdf.set_draw_color(*RULE)
            self.pdf.rect(x, TOP + 6 * up, wide - 0.6, 10 * up)
            self.text(x + 1.2, TOP + 10.3 * up, column.scene.number, 9 * up, bold=True, width=wide - 2)
            # Interior or exterior, day or night: in words, since paper may have no colour.
            self.text(x + 1.2, TOP + 14.4 * up, _where(column), 5.5 * up, colour=SOFT, width=wide - 2)

    def _same_day(self, place: int) -> Iterator[Column]:
        label = self.columns[place].day.label
        for column in self.columns[place:]:
            if column.day.label != label:
                return
            yield column

    def _bars(self, cells: Sequence[Cell], y: float) -> None:
        place, wide = 0, self.size.column
        while place < len(cells):
            cell, run = cells[place], 1
            if not cell.plays:
                place += 1
                continue
            while not cells[place + run - 1].last and place + run < len(cells):
                run += 1
            left = EDGE + self.size.label + place * wide
            self._bar(cell, left, y + 2 * self.size.times, run * wide - 0.8)
            place += run

    def _bar(self, cell: Cell, x: float, y: float, width: float) -> None:
        look, up = cell.look, self.size.times
        high = (LINE - 6) * up
        self.pdf.set_fill_color(*(FILL if look else GAP))
        self.pdf.set_draw_color(*RULE)
        self.pdf.rect(x, y, width, high, style="DF")
        if look is None:
            self.text(x + 1, y + 5 * up, "No change", 6.5 * up, bold=True, width=width - 1.5)
            return
        for place, colour in enumerate(look.colours):
            red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
            self.pdf.set_fill_color(red, green, blue)
            part = high / len(look.colours)
            self.pdf.rect(x, y + place * part, 1.6 * up, part, style="F")
        left = x + (2.4 if look.colours else 1) * up
        room = x + width - left - 0.5
        self.text(left, y + 4 * up, str(look.change.number), 8 * up, bold=True)
        self.text(left, y + 7.2 * up, look.title, 6 * up, width=room)
        self.text(left, y + 10 * up, look.words, 5.5 * up, colour=SOFT, width=room)
        if cell.stage:
            self.text(x, y + 13.6 * up, cell.stage, 6 * up, width=width)

    def _line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.pdf.set_draw_color(*RULE)
        self.pdf.line(x0, y0, x1, y1)


def _where(column: Column) -> str:
    """ "Ext. night", as the heading of the scene says it."""
    scene = column.scene
    if scene.omitted:
        return "Omitted"
    inside = {"INT": "Int.", "EXT": "Ext.", "I/E": "Int./ext."}[scene.kind]
    return f"{inside} {scene.time_of_day.lower()}".rstrip()
