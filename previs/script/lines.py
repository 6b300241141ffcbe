"""A source read line by line, with the one question that Fountain always asks: is there an empty line around?"""

from __future__ import annotations

import re
from typing import NamedTuple

from previs.script.comments import HIDDEN, visible

# Marks that order text from right to left, join or measure it, and print nothing.
UNSEEN = "\u200b\u200c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_HAS_UNSEEN = re.compile(f"[{UNSEEN}]")
_LINE = re.compile(r"[^\r\n]+")
# Lines that can be nothing but more of the paragraph they stand in: no mark, no INT or EXT, no comment, no indent.
# One match takes them all, which keeps a megabyte of short lines fast.
_PLAIN_RUN = re.compile(
    rf"(?:(?:\r\n|\n|\r)(?![ie](?:nt|xt|st|\ ?/)|\.\w)[^\s!@>#=~(*_{HIDDEN}{UNSEEN}][^\r\n{HIDDEN}]*+)++",
    re.IGNORECASE,
)
_HIDDEN_RUN = re.compile(rf"(?:(?:\r\n|\n|\r){HIDDEN}++(?=[\r\n]|\Z))++")

JOINED, APART, HELD_OPEN = 0, 1, 2


class Row(NamedTuple):
    """One line with something on it, as it prints.

    start, end: offsets without the line's end.  line, end_line: its number; a comment may make it span several.  raw: the visible text with its indent.
    text: raw without the space around it.  gap: JOINED when it directly follows the row before, APART when an empty
    line or the start of the script is between, HELD_OPEN when only lines of two spaces or more are, which keep a
    speech open.
    """

    start: int
    end: int
    line: int
    end_line: int
    raw: str
    text: str
    gap: int


class Reader:
    """Reads the rows of a source in order. Lines that hold only comments are passed over as if they were not there.

    source and shown have the same length; shown has the comments hidden (`comments.hide_comments`).
    """

    def __init__(self, source: str, shown: str) -> None:
        self._source, self._shown = source, shown
        self._carriage = "\r" in source
        self._hidden = HIDDEN in shown
        self._unseen = _HAS_UNSEEN.search(shown) is not None
        self._position, self._number, self._counted, self._gap = 0, 1, 0, APART

    def read(self) -> Row | None:
        """The next row, None at the end."""
        shown = self._shown
        gap = self._gap
        position = self._position
        while found := _LINE.search(shown, position):
            start, end = found.span()
            if gap != APART:
                ends = start - position
                if ends > 1 and (ends > 2 or shown[position:start] != "\r\n"):
                    gap = APART
            raw = found[0]
            commented = self._hidden and HIDDEN in raw
            if commented:
                if not raw.strip(HIDDEN):
                    hidden_run = _HIDDEN_RUN.match(shown, end)
                    position = hidden_run.end() if hidden_run else end
                    continue
                raw = visible(raw)
            text = raw.strip()
            if self._unseen:
                text = text.strip(UNSEEN).strip()
            position = end
            if text:
                self._position, self._gap = end, JOINED
                line = self.line_at(start)
                return Row(start, end, line, self.line_at(end) if commented else line, raw, text, gap)
            if not commented:
                # One space alone is a slip of the hand; two say that the speech goes on.
                gap = HELD_OPEN if gap != APART and raw.startswith("  ") else APART
        self._position, self._gap = len(shown), APART
        return None

    def peek(self) -> Row | None:
        """The next row, which `read` will give again."""
        place = self._position, self._number, self._counted, self._gap
        row = self.read()
        self._position, self._number, self._counted, self._gap = place
        return row

    def peek_second(self) -> Row | None:
        """The row after the next one."""
        place = self._position, self._number, self._counted, self._gap
        self.read()
        row = self.read()
        self._position, self._number, self._counted, self._gap = place
        return row

    def plain_run(self) -> tuple[int, str]:
        """Pass over the plain lines that directly follow the last row: where they end, and their text."""
        start = self._position
        found = _PLAIN_RUN.match(self._shown, start)
        if not found:
            return start, ""
        self._position = found.end()
        run = found[0]
        if self._carriage:
            run = run.replace("\r\n", "\n").replace("\r", "\n")
        return found.end(), "\n".join(map(str.rstrip, run[1:].split("\n")))

    def line_at(self, offset: int) -> int:
        """Number of the line at an offset. Offsets must not decrease from call to call."""
        counted = self._counted
        self._number += self._source.count("\n", counted, offset)
        if self._carriage:
            self._number += self._source.count("\r", counted, offset) - self._source.count(
                "\r\n", counted, offset
            )
        self._counted = offset
        return self._number
