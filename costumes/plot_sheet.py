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
TOP, HEAD = 24.0, 16.0  # mm: where the table begins, its two header rows
ON_A_SHEET = int((WIDTH - 2 * EDGE - LABEL) // COLUMN), int((HEIGHT - TOP - HEAD - 2 * EDGE) // LINE)
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
    sheets = len(rows) * len(columns)
    for number, (start, people, scenes) in enumerate(
        ((start, people, scenes) for _, people in rows for start, scenes in columns), start=1
    ):
        pdf.add_page()
        sheet = _Sheet(pdf, start, people, scenes)
        order = "shooting order" if plot.order == "shooting" else "story order"
        sheet.text(EDGE, 10, f"{title}: costume plot", 13, bold=True)
        sheet.text(
            EDGE,
            16,
            f"{len(plot.rows)} characters, {plot.changes} changes, {len(plot.columns)} scenes in {order}, "
            f"{plot.gaps} gaps. {today:%d %B %Y}. Sheet {number} of {sheets}",
            8,
            colour=SOFT,
        )
        sheet.draw()
    return bytes(pdf.output())


def _parts(things: Sequence[Part], size: int) -> Iterator[tuple[int, Sequence[Part]]]:
    for start in range(0, len(things), size):
        yield start, things[start : start + size]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One sheet while it is drawn, in millimetres from the upper left. start: its first column in the plot."""

    pdf: FPDF
    start: int
    rows: Sequence[Row]
    columns: Sequence[Column]

    def draw(self) -> None:
        self._heads()
        for place, row in enumerate(self.rows):
            y = TOP + HEAD + place * LINE
            self._line(EDGE, y, EDGE + LABEL + len(self.columns) * COLUMN, y)
            self.text(
                EDGE,
                y + 6,
                f"{row.character.number} {shown(row.character.name)}",
                9,
                bold=True,
                width=LABEL - 3,
            )
            count = len(row.looks)
            self.text(EDGE, y + 10.5, f"{count} change{'' if count == 1 else 's'}", 7, colour=SOFT)
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
        before = ""
        for place, column in enumerate(self.columns):
            x = EDGE + LABEL + place * COLUMN
            if column.day.label != before:
                before = column.day.label
                run = sum(1 for _ in self._same_day(place))
                self._line(x, TOP, x, TOP + 5)
                self.text(x + 1, TOP + 4, f"{before} {column.day.words}", 7, width=run * COLUMN - 2)
            self.pdf.set_draw_color(*RULE)
            self.pdf.rect(x, TOP + 6, COLUMN - 0.6, 8)
            self.text(x + 1.2, TOP + 11.5, column.scene.number, 9, bold=True, width=COLUMN - 6)
            # Interior or exterior, day or night: in letters, since paper may have no colour.
            scene = column.scene
            marks = f"{scene.kind[:1]}{'N' if scene.time_of_day == 'NIGHT' else ''}"
            self.text(x + COLUMN - 5, TOP + 11.5, "–" if column.scene.omitted else marks, 6, colour=SOFT)

    def _same_day(self, place: int) -> Iterator[Column]:
        label = self.columns[place].day.label
        for column in self.columns[place:]:
            if column.day.label != label:
                return
            yield column

    def _bars(self, cells: Sequence[Cell], y: float) -> None:
        place = 0
        while place < len(cells):
            cell, run = cells[place], 1
            if not cell.plays:
                place += 1
                continue
            while not cells[place + run - 1].last and place + run < len(cells):
                run += 1
            self._bar(cell, EDGE + LABEL + place * COLUMN, y + 2, run * COLUMN - 0.8)
            place += run

    def _bar(self, cell: Cell, x: float, y: float, width: float) -> None:
        look = cell.look
        self.pdf.set_fill_color(*(FILL if look else GAP))
        self.pdf.set_draw_color(*RULE)
        self.pdf.rect(x, y, width, LINE - 6, style="DF")
        if look is None:
            self.text(x + 1, y + 5, "No change", 6.5, bold=True, width=width - 1.5)
            return
        for place, colour in enumerate(look.colours):
            red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
            self.pdf.set_fill_color(red, green, blue)
            part = (LINE - 6) / len(look.colours)
            self.pdf.rect(x, y + place * part, 1.6, part, style="F")
        left = x + (2.4 if look.colours else 1)
        self.text(left, y + 4, str(look.change.number), 8, bold=True)
        self.text(left, y + 7.2, look.title, 6, width=x + width - left - 0.5)
        self.text(left, y + 10, look.words, 5.5, colour=SOFT, width=x + width - left - 0.5)
        if cell.stage:
            self.text(x, y + LINE - 3.4, cell.stage, 6, width=width)

    def _line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.pdf.set_draw_color(*RULE)
        self.pdf.line(x0, y0, x1, y1)
