"""The cells of one character's row, as HTML.

A plot of a long film has thousands of them: written by the template engine they alone would take half a second, so
they are put together here, and what a change looks like once for all its bars.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from costumes.looks import Look
    from costumes.plot import Cell, Column

EMPTY, OMITTED = "<td></td>", '<td class="om"></td>'
NARROW = 2  # scenes of a bar
WORN_ON = ", worn on from the scene before"


def cells_html(name: str, cells: Sequence[Cell]) -> SafeString:
    """One <td> for each cell; the first of a bar holds what is seen of it (costumes.css). name: of the character."""
    looks: dict[int, tuple[str, str, str]] = {}
    name = escape(name)
    pieces = []
    for cell in cells:
        if not cell.plays:
            pieces.append(OMITTED if cell.scene.omitted else EMPTY)
            continue
        look = cell.look
        if look is None:
            inside = GAP if cell.first else ""
            pieces.append(
                f'<td class="b-gap{_ends(cell)}" aria-label="{name}, scene {_safe(cell.scene.number)}, '
                f'no change set">{inside}</td>'
            )
            continue
        title, standing, seen = looks.get(id(look)) or looks.setdefault(id(look), _drawn(look))
        said, under = title, ""
        if cell.stage:
            said, under = f"{title}, {_safe(cell.stage)}", f'<span class="stg">{_safe(cell.stage)}</span>'
        inside = f'<span class="bar2">{seen}{under}</span>' if cell.first else ""
        pieces.append(
            f'<td class="{look.tone}{_ends(cell)}" data-n="{look.change.number}" aria-label="{name}, scene '
            f"{_safe(cell.scene.number)}, {said}, {standing}"
            f'{WORN_ON if cell.inherited else ""}"{_hint(cell, said, standing)}>{inside}</td>'
        )
    return mark_safe("".join(pieces))  # noqa: S308 - every word from people goes through escape()


def heads_html(columns: Sequence[Column]) -> SafeString:
    """One <th> for each scene: its number in its colour."""
    return mark_safe(  # noqa: S308 - every word from people goes through escape()
        "".join(
            f'<th scope="col" data-scene="{column.scene.pk}" data-number="{escape(column.scene.number)}">'
            f'<span class="seg {column.kind}" title="{escape(f"{column.scene.number} {column.scene.heading}")}">'
            f"{escape(column.scene.number)}</span></th>"
            for column in columns
        )
    )


@lru_cache(maxsize=4096)
def _safe(words: str) -> str:
    """Numbers of scenes and names of stages: the same few for thousands of cells."""
    return str(escape(words))


def _ends(cell: Cell) -> str:
    first = f" first w{cell.width}" if cell.first else ""
    return f"{first}{' last' if cell.last else ''}{' on' if cell.inherited else ''}"


def _hint(cell: Cell, said: str, standing: str) -> str:
    """Bars without room for words say them under the pointer."""
    return f' title="{said}, {standing}"' if cell.first and cell.span <= NARROW else ""


def _icon(name: str) -> str:
    """plot.html defines the shapes once; drawn anew in each bar they would be half of the page."""
    return f'<svg class="i s" aria-hidden="true" focusable="false"><use href="#icon-{name}"/></svg>'


GAP = f'<span class="bar2">{_icon("triangle-alert")}<span>No change set</span></span>'


def _drawn(look: Look) -> tuple[str, str, str]:
    """A look as it is read out, where its picture stands in words, and how its bar looks."""
    title = f"change {look.change.number} {look.title}".rstrip()
    return escape(title), escape(look.words.lower()), _seen(look)


def _seen(look: Look) -> str:
    shown = look.frame.thumb_url if look.frame is not None else look.garment
    picture = '<i class="no-im"></i>'
    if shown:
        flat = "" if look.frame is not None else ' class="flat"'
        picture = f'<img{flat} src="{escape(shown)}" alt="" loading="lazy" decoding="async">'
    bands = "".join(
        f'<rect y="{place}" width="1" height="1" fill="{escape(colour)}"/>'
        for place, colour in enumerate(look.colours)
    )
    if bands:
        picture += (
            f'<svg class="pal" viewBox="0 0 1 {len(look.colours)}" preserveAspectRatio="none" '
            f'aria-hidden="true">{bands}</svg>'
        )
    return (
        f'{picture}<span class="nm"><b>{look.change.number}</b><span>{escape(look.title)}</span>'
        f"<em>{_icon(look.icon)}<span>{escape(look.words)}</span></em></span>"
    )
