"""Finding what a script says to its writer only: notes `[[ ]]` and the boneyard `/* */`.

Both are blanked out in a copy of the same length, so that whatever is read from the copy has the offsets of the
source. NUL stands for "not there"; a NUL of the source is not there either.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

HIDDEN = "\x00"
# More than these stay hidden but are not listed one by one.
MOST_COMMENTS = 20_000
_OPENING = re.compile(r"/\*|\[\[")
_NOTE_END = re.compile(r"\]\]")
_EMPTY_LINE = re.compile(r"(?:\r\n|\n|\r(?!\n))(?=\r|\n)")
_GAP = re.compile(f"{HIDDEN}+")


class Comments(NamedTuple):
    """shown: the source with every comment hidden.  notes, boneyards: (start, end) with their brackets.

    unclosed_notes: offsets of `[[` that stay text.  unclosed_boneyard: offset of the `/*` that runs to the end.
    unlisted: how many comments are hidden beyond MOST_COMMENTS.
    """

    shown: str
    notes: list[tuple[int, int]]
    boneyards: list[tuple[int, int]]
    unclosed_notes: list[int]
    unclosed_boneyard: int | None
    unlisted: int


def hide_comments(source: str) -> Comments:
    """Hide notes and boneyard in one pass.

    A note may span lines but no empty one (two spaces keep it open); otherwise its brackets are text. A boneyard
    that is never closed runs to the end.
    """
    notes: list[tuple[int, int]] = []
    boneyards: list[tuple[int, int]] = []
    unclosed_notes: list[int] = []
    unclosed_boneyard, unlisted = None, 0
    # Looked up by position, never searched again: twenty thousand `[[` stay linear.
    note_ends = [found.start() for found in _NOTE_END.finditer(source)] if "[[" in source else []
    empty_lines = [found.start() for found in _EMPTY_LINE.finditer(source)] if note_ends else []
    shown: list[str] = []
    copied = 0
    opening = _OPENING.search(source)
    while opening:
        start = opening.start()
        if source[start] == "/":
            closing = source.find("*/", start + 2)
            end = closing + 2 if closing >= 0 else len(source)
            unclosed_boneyard = start if closing < 0 else None
            listed = boneyards
        else:
            found = bisect_left(note_ends, start + 2)
            closing = note_ends[found] if found < len(note_ends) else -1
            blank = bisect_left(empty_lines, start)
            if closing < 0 or (blank < len(empty_lines) and empty_lines[blank] < closing):
                unclosed_notes.append(start)
                opening = _OPENING.search(source, start + 2)
                continue
            end = closing + 2
            listed = notes
        if len(notes) + len(boneyards) < MOST_COMMENTS:
            listed.append((start, end))
        else:
            unlisted += 1
        shown += (source[copied:start], HIDDEN * (end - start))
        copied = end
        opening = _OPENING.search(source, end)
    shown.append(source[copied:])
    return Comments("".join(shown), notes, boneyards, unclosed_notes, unclosed_boneyard, unlisted)


def visible(line: str) -> str:
    """A line as it prints: what is hidden leaves one space at most where it stood."""
    if HIDDEN not in line:
        return line
    pieces = _GAP.split(line)
    joined = [pieces[0]]
    for piece in pieces[1:]:
        seam = piece[:1] in (" ", "\t") and (not joined[-1] or joined[-1][-1:] in (" ", "\t"))
        joined.append(piece[1:] if seam and any(joined) else piece)
    return "".join(joined)
