"""How long a scene is on paper: lines laid out at the standard widths, counted in eighths of a page."""

from __future__ import annotations

from collections.abc import Iterable

from previs.script.document import Element, Kind
from previs.script.emphasis import plain

LINES_A_PAGE = 55
LONGEST_PARAGRAPH = 10_000
# Characters of 12 point Courier, ten to the inch.
WIDTHS = {
    Kind.HEADING: 61,
    Kind.ACTION: 61,
    Kind.CENTRED: 61,
    Kind.TRANSITION: 61,
    Kind.CUE: 38,
    Kind.DIALOGUE: 35,
    Kind.LYRICS: 35,
    Kind.PARENTHETICAL: 28,
}
# These follow the line above; every other element leaves one empty line before it.
_ATTACHED = frozenset({Kind.DIALOGUE, Kind.PARENTHETICAL, Kind.LYRICS})


def wrapped_lines(text: str, width: int) -> int:
    """Count the lines that a text takes when words wrap at a width in characters."""
    count = 0
    for line in text.split("\n"):
        count += 1
        start, length = 0, len(line)
        while length - start > width:
            space = line.rfind(" ", start, start + width + 1)
            start = space + 1 if space > start else start + width
            count += 1
    return count


def page_lines(elements: Iterable[Element]) -> int:
    """Count the lines of a page that the elements take. Two who speak at once stand beside each other."""
    total = left = right = 0
    for element in elements:
        width = WIDTHS.get(element.kind)
        if width is None:
            continue
        # Marks matter to the length of a paragraph, not to that of a page without paragraphs.
        text = plain(element.text) if len(element.text) < LONGEST_PARAGRAPH else element.text
        lines = wrapped_lines(text, width) + (element.kind not in _ATTACHED)
        if element.side == "left":
            if element.kind is Kind.CUE:
                total, left = total + max(left, right), 0
                right = 0
            left += lines
        elif element.side == "right":
            right += lines
        else:
            total += lines
    return total + max(left, right)


def eighths(elements: Iterable[Element]) -> int:
    """Length in eighths of a page, rounded to the nearest, at least 1."""
    return max(1, (page_lines(elements) * 8 * 2 + LINES_A_PAGE) // (LINES_A_PAGE * 2))
