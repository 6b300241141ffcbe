"""The contact sheet of a grid: its cells in the order of their axes, on a page and as one picture."""

from __future__ import annotations

import io
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from PIL import Image, ImageDraw, ImageFont

from previs.generation import imaging, store
from previs.generation.grid import TITLES, Axis, axes_of
from previs.generation.leaving import Leaving
from previs.generation.models import HIDDEN, Frame, Job, Sheet

CELL_WIDTH = 320
MARGIN, GAP, LINE = 24, 12, 22
GROUND, INK, FAINT = (21, 21, 21), (236, 236, 236), (151, 151, 151)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. label: every value that varies, in words."""

    job: Job
    label: str

    @property
    def made(self) -> Frame | None:
        """What the job ended in, hidden or not."""
        return getattr(self.job, "frame", None)

    @property
    def frame(self) -> Frame | None:
        frame = self.made
        return frame if frame is not None and frame.state not in HIDDEN else None


@dataclass(frozen=True, slots=True)
class Block:
    """One table: the first axis of three picks the block, then rows, then columns."""

    title: str
    columns: list[str]
    rows: list[tuple[str, list[Cell]]]


@dataclass(frozen=True, slots=True)
class ContactSheet:
    axes: list[Axis]
    blocks: list[Block]
    cells: list[Cell]
    prompt: str

    @property
    def frames(self) -> list[Frame]:
        """All that were made, those that are hidden too."""
        return [cell.made for cell in self.cells if cell.made is not None]

    @property
    def open_count(self) -> int:
        return sum(cell.job.is_open for cell in self.cells)

    @property
    def words(self) -> str:
        return " × ".join(f"{axis.title.lower()} ({len(axis.values)})" for axis in self.axes)


def contact_sheet(sheet: Sheet, brief: uuid.UUID) -> ContactSheet | None:
    """The cells of one Generate; None when the sheet has no such brief. A retried cell shows its last try."""
    jobs = sheet.jobs.filter(brief=brief).select_related("frame__provenance", "frame__sheet__project")
    newest: dict[int, Job] = {}
    for job in jobs.order_by("take", "created_at"):
        newest[job.take] = job
    if not newest:
        return None
    cells = [newest[take] for take in sorted(newest)]
    rows = [{field: job.request.get(field, 1.0) for field in TITLES} for job in cells]
    axes = axes_of(rows)
    labelled = [
        Cell(job, ", ".join(axis.label(row[axis.field]) for axis in axes) or f"take {job.take}")
        for job, row in zip(cells, rows, strict=True)
    ]
    return ContactSheet(
        axes, _blocks(axes, labelled, rows), labelled, str(cells[0].request.get("prompt", ""))
    )


def _blocks(axes: list[Axis], cells: list[Cell], rows: list[dict[str, Any]]) -> list[Block]:
    """Lay the cells out; cells that a cancelled job left out keep their place empty by being absent."""
    block_axis = axes[0] if len(axes) == 3 else None
    row_axis = axes[-2] if len(axes) > 1 else None
    column_axis = axes[-1] if axes else None
    blocks = []
    for block_value in block_axis.values if block_axis else (None,):
        inside = [
            (cell, row)
            for cell, row in zip(cells, rows, strict=True)
            if block_axis is None or row[block_axis.field] == block_value
        ]
        table = [
            (
                row_axis.label(value) if row_axis and value is not None else "",
                [cell for cell, row in inside if row_axis is None or row[row_axis.field] == value],
            )
            for value in (row_axis.values if row_axis else (None,))
        ]
        blocks.append(
            Block(
                block_axis.label(block_value) if block_axis and block_value is not None else "",
                [column_axis.label(value) for value in column_axis.values] if column_axis else [],
                table,
            )
        )
    return blocks


def latest_grid(sheet: Sheet) -> str:
    """The address of the contact sheet of the sheet's newest brief, "" when that varied nothing but the take or is withdrawn."""
    brief = sheet.jobs.order_by("-created_at").values_list("brief", flat=True).first()
    if brief is None:
        return ""
    fields = [field for field in TITLES if field != "seed"]
    jobs = sheet.jobs.filter(brief=brief)
    takes = list(jobs.values_list("take", "request__seed", *(f"request__{field}" for field in fields)))
    counts_up = all(seed - take == takes[0][1] - takes[0][0] for take, seed, *_ in takes)
    if counts_up and all(row[2:] == takes[0][2:] for row in takes):
        return ""
    if not jobs.exclude(frame__state__in=HIDDEN).exists():
        return ""
    return reverse("contact_sheet", args=[sheet.project.slug, sheet.pk, brief])


def png(sheet: Sheet, contact: ContactSheet, leaving: Leaving) -> bytes:
    """The contact sheet as one PNG, labelled; it says of itself that models made what it shows.

    leaving: of `ContactSheet.frames`. A cell that may not leave stays empty, and the head says how many and why.
    """
    shown = leaving.allowed
    first = next((cell.frame for cell in contact.cells if cell.frame), None)
    ratio = first.height / first.width if first else 0.5625
    height = round(CELL_WIDTH * ratio)
    columns = max(len(cells) for block in contact.blocks for _, cells in block.rows)
    wrapped = [_wrapped(block, columns) for block in contact.blocks]
    columns = min(columns, 8) if len(contact.axes) < 2 else columns
    width = 2 * MARGIN + columns * CELL_WIDTH + (columns - 1) * GAP
    lines = sum(len(rows) for rows in wrapped)
    titles = sum(bool(block.title) for block in contact.blocks)
    head = (4 if leaving.words else 3) * LINE
    tall = 2 * MARGIN + head + lines * (height + LINE + GAP) + titles * (LINE + GAP)
    canvas = Image.new("RGB", (width, tall), GROUND)
    draw = ImageDraw.Draw(canvas)
    big, small = ImageFont.load_default(18), ImageFont.load_default(13)
    draw.text((MARGIN, MARGIN), f"{sheet.project.title}: {sheet.title}", fill=INK, font=big)
    words = contact.prompt if len(contact.prompt) <= 160 else contact.prompt[:157] + "..."
    draw.text((MARGIN, MARGIN + 26), " ".join(words.split()), fill=FAINT, font=small)
    draw.text((MARGIN, MARGIN + 26 + LINE), leaving.words, fill=INK, font=small)
    top = MARGIN + head
    for block, rows in zip(contact.blocks, wrapped, strict=True):
        if block.title:
            draw.text((MARGIN, top), block.title.capitalize(), fill=INK, font=big)
            top += LINE + GAP
        for cells in rows:
            for column, cell in enumerate(cells):
                left = MARGIN + column * (CELL_WIDTH + GAP)
                _draw_cell(canvas, draw, cell, (left, top), (CELL_WIDTH, height), small, shown)
            top += height + LINE + GAP
    record = {
        "contact_sheet": str(contact.cells[0].job.brief),
        "frames": [c.frame.sha256 for c in contact.cells if c.frame and c.frame.pk in shown],
    }
    return imaging.png(canvas, record | {"model": contact.cells[0].job.model})


def _wrapped(block: Block, columns: int) -> list[list[Cell]]:
    """The rows of a block; a grid of one axis is broken every 8 cells."""
    if len(block.rows) > 1 or columns <= 8:
        return [cells for _, cells in block.rows]
    cells = block.rows[0][1]
    return [cells[start : start + 8] for start in range(0, len(cells), 8)]


def _draw_cell(
    canvas: Image.Image,
    draw: ImageDraw.ImageDraw,
    cell: Cell,
    at: tuple[int, int],
    size: tuple[int, int],
    font: Any,
    shown: Collection[uuid.UUID],
) -> None:
    left, top = at
    width, height = size
    picture = _picture(cell) if cell.frame and cell.frame.pk in shown else None
    if picture is None:
        draw.rectangle((left, top, left + width - 1, top + height - 1), outline=(58, 58, 58))
        words = "Left out" if cell.made is not None else cell.job.get_state_display()
        draw.text((left + 10, top + height // 2 - 8), words, fill=FAINT, font=font)
    else:
        canvas.paste(picture.convert("RGB").resize(size, Image.Resampling.LANCZOS), at)
        draw.rectangle((left + 5, top + height - 22, left + 27, top + height - 6), fill=(13, 13, 13))
        draw.text((left + 9, top + height - 21), "AI", fill=INK, font=font)
    draw.text((left, top + height + 4), cell.label, fill=INK, font=font)


def _picture(cell: Cell) -> Image.Image | None:
    if cell.frame is None:
        return None
    try:
        return Image.open(io.BytesIO(store.read(cell.frame.thumb_sha256)))
    except (KeyError, OSError):
        return None
