"""Warnings of the reader: where, what, and what to do. Collected, counted, and given in the order of the script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from previs.script.document import ScriptWarning

if TYPE_CHECKING:
    from previs.script.comments import Comments

# A damaged file can hold thousands; nobody reads past these.
MOST = 200


class Warnings:
    """Up to MOST warnings; the rest is counted."""

    def __init__(self) -> None:
        self._kept: list[ScriptWarning] = []
        self._beyond = 0

    def add(self, line: int, message: str) -> None:
        if len(self._kept) < MOST:
            self._kept.append(ScriptWarning(line, message))
        else:
            self._beyond += 1

    def in_order(self) -> tuple[ScriptWarning, ...]:
        ordered = sorted(self._kept, key=lambda warning: warning.line)
        if self._beyond:
            message = f"There are {self._beyond:,} more warnings. Mend these and import the script again."
            ordered.append(ScriptWarning(ordered[-1].line, message))
        return tuple(ordered)

    def about_comments(self, source: str, comments: Comments) -> None:
        """Warn of brackets that never close, and of characters that belong in no text."""
        counted = line = 0
        for place in comments.unclosed_notes[: MOST + 1]:
            line, counted = line + _line_ends(source, counted, place), place
            self.add(
                line + 1,
                "The note that opens here with [[ does not close before the next empty line, so it was read as text. "
                "Close it with ]], or put two spaces on the empty lines inside it.",
            )
        self._beyond += max(0, len(comments.unclosed_notes) - MOST - 1)
        if comments.unclosed_boneyard is not None:
            self.add(
                _line_ends(source, 0, comments.unclosed_boneyard) + 1,
                "The part that is left out from /* here never ends, so everything below is left out. "
                "Close it with */ where the script goes on.",
            )
        if comments.unlisted:
            self.add(
                1,
                f"The script has so many notes and left-out parts that {comments.unlisted:,} of them are not listed. "
                "They are left out of the film all the same; delete what is no longer needed.",
            )
        nul = source.find("\x00")
        if nul >= 0:
            self.add(
                _line_ends(source, 0, nul) + 1,
                "The text holds zero characters, which were passed over. Save the script again as plain text.",
            )


def _line_ends(source: str, start: int, end: int) -> int:
    """Count the line ends between two offsets."""
    return (
        source.count("\n", start, end) + source.count("\r", start, end) - source.count("\r\n", start, end)
        if "\r" in source
        else source.count("\n", start, end)
    )
