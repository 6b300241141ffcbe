"""Reading a screenplay in Fountain 1.1 (https://fountain.io/syntax).

One pass over the lines, no recursion, every element with its exact place in the source. Where writers often break
the letter of the syntax and their meaning is plain (no empty line under a heading, a heading right under a section),
the scene is kept and a warning says what to mend.
"""

from __future__ import annotations

from previs.script.comments import hide_comments
from previs.script.cues import LONGEST_CUE, cue_parts, no_name, opens_something_else
from previs.script.document import SPEECH, Element, Kind, ScriptDocument
from previs.script.headings import LONGEST_HEADING, PREFIX, split_number
from previs.script.lines import APART, HELD_OPEN, JOINED, Reader, Row
from previs.script.proofing import Warnings
from previs.script.scenes import gather_scenes, notes_of
from previs.script.title_page import read_title_page, title_of

# About ten feature films. A file beyond that is a mistake, and must not hold up the page that previews it.
MOST_LINES = 40_000
_TRANSITIONS = frozenset(
    (
        "FADE IN:",
        "FADE IN.",
        "FADE OUT:",
        "FADE OUT.",
        "FADE TO BLACK.",
        "FADE TO BLACK:",
        "CUT TO BLACK.",
        "CUT TO BLACK:",
    )
)
# A heading may stand right under these; under action or speech the same words are part of the text.
_SINGLE_LINES = frozenset(
    (Kind.SECTION, Kind.SYNOPSIS, Kind.PAGE_BREAK, Kind.HEADING, Kind.TRANSITION, Kind.CENTRED)
)
_SPOKEN = SPEECH - {Kind.CUE}


def parse(text: str) -> ScriptDocument:
    """Read a screenplay. Never fails: what is no Fountain is action, and the warnings say what looks wrong."""
    comments = hide_comments(text)
    warnings = Warnings()
    reader = Reader(text, comments.shown)
    title_page = read_title_page(reader)
    elements = _Script(reader, warnings).read()
    notes = notes_of(text, comments.notes)
    warnings.about_comments(text, comments)
    scenes = gather_scenes(text, elements, notes, warnings)
    return ScriptDocument(
        title_page=title_page,
        title=title_of(title_page),
        elements=tuple(elements),
        scenes=scenes,
        notes=notes,
        boneyards=tuple(comments.boneyards),
        warnings=warnings.in_order(),
        source_length=len(text),
    )


class _Script:
    """The reading head: the elements so far, and whether somebody is speaking."""

    def __init__(self, reader: Reader, warnings: Warnings) -> None:
        self.reader, self.warnings = reader, warnings
        self.elements: list[Element] = []
        self.speaking = False
        self.side = ""
        # The paragraph that is still open: the last element's text so far, and where it ends.
        self.pieces: list[str] = []
        self.end = self.end_line = 0

    def read(self) -> list[Element]:
        left = MOST_LINES
        while row := self.reader.read():
            left -= 1
            if left < 0:
                self.warnings.add(
                    row.line,
                    "The script is longer than ten feature films; reading stopped here and what follows is left out. "
                    "Split it into episodes and import each as its own script.",
                )
                break
            fresh = row.gap == APART or (row.gap == HELD_OPEN and not self.speaking) or not self.elements
            if fresh:
                self.speaking, self.side = False, ""
            if not (
                self._marked(row, fresh)
                or self._heading(row, fresh)
                or (fresh and (self._transition(row) or self._cue(row)))
            ):
                self._paragraph(row, fresh)
        self._close()
        return self.elements

    def _add(self, row: Row, kind: Kind, text: str, *, forced: bool = False, level: int = 0) -> bool:
        """Add a line as an element of its own; whatever is not speech ends the speech."""
        if kind not in _SPOKEN:
            self.speaking, self.side = False, ""
        self._append(
            Element(kind, text, row.start, row.end, row.line, row.end_line, forced, level, side=self.side)
        )
        return True

    def _marked(self, row: Row, fresh: bool) -> bool:
        """A line whose first character says what it is."""
        text = row.text
        first = text[0]
        if first not in "!#=~.>@*_":
            return False
        if first == "!" and len(text) > 1:
            self.speaking, self.side = False, ""
            return self._extend(row, Kind.ACTION, row.raw.replace("!", "", 1).rstrip(), fresh, forced=True)
        if first == "#":
            title = text.lstrip("#")
            return self._add(row, Kind.SECTION, title.strip(), level=min(len(text) - len(title), 6))
        if first == "=":
            if len(text) >= 3 and not text.strip("="):
                return self._add(row, Kind.PAGE_BREAK, "")
            return not text.startswith("==") and self._add(row, Kind.SYNOPSIS, text[1:].strip())
        if first == "~" and len(text) > 1:
            return self._add(row, Kind.LYRICS, text[1:].strip())
        if first == "." and text[1:2].isalnum():
            return self._forced_heading(row)
        if first == ">":
            if text.endswith("<") and len(text) > 1:
                return self._add(row, Kind.CENTRED, text[1:-1].strip())
            return self._add(row, Kind.TRANSITION, text[1:].strip(), forced=True)
        return first == "@" and self._forced_cue(row)

    def _forced_heading(self, row: Row) -> bool:
        if self.speaking:
            # A calibre, .45, is no heading in anybody's mind.
            if row.text[1].isdigit():
                return False
            self.warnings.add(
                row.line,
                "This line starts with a dot like a forced scene heading but stands inside a speech. "
                "If a scene starts here, put an empty line above it.",
            )
            return False
        if len(row.text) > LONGEST_HEADING:
            self._heading_too_long(row)
            return False
        return self._add_heading(row, row.text[1:].strip(), forced=True)

    def _add_heading(self, row: Row, text: str, *, forced: bool = False) -> bool:
        self.speaking, self.side = False, ""
        heading, number = split_number(text)
        self._append(
            Element(Kind.HEADING, heading, row.start, row.end, row.line, row.end_line, forced, number=number)
        )
        return True

    def _heading_too_long(self, row: Row) -> None:
        self.warnings.add(
            row.line,
            f"This scene heading has {len(row.text):,} characters, more than {LONGEST_HEADING}, and was read as action. "
            "Shorten it, or put an empty line under the heading.",
        )

    def _heading(self, row: Row, fresh: bool) -> bool:
        """INT., EXT. and their kin, with an empty line before; leniently without one after."""
        text = row.text.lstrip("*_")
        if text[:1] not in ("I", "E", "i", "e") or not (found := PREFIX.match(text)):
            return False
        # "int the dark" may open a sentence; INT or a dot cannot.
        plainly = found[0].endswith(".") or found["prefix"].isupper()
        under = self.elements[-1].kind if self.elements else None
        if not fresh and (self.speaking or under not in _SINGLE_LINES):
            if plainly and len(text) <= LONGEST_HEADING:
                self.warnings.add(
                    row.line,
                    "This line looks like a scene heading but has no empty line above it, so it was read as "
                    f"{'speech' if self.speaking else 'action'}. If a scene starts here, put an empty line above it.",
                )
            return False
        following = self.reader.peek()
        crowded = following is not None and following.gap == JOINED
        if crowded and not plainly:
            return False
        if len(text) > LONGEST_HEADING:
            self._heading_too_long(row)
            return False
        if not fresh and under is not None:
            self.warnings.add(
                row.line,
                f"The scene heading stands directly under a {under}; it was read as a scene. Put an empty line between.",
            )
        elif crowded:
            self.warnings.add(
                row.line,
                "The line under this scene heading should be empty. It was read as a scene; put an empty line there.",
            )
        return self._add_heading(row, row.text)

    def _transition(self, row: Row) -> bool:
        text = row.text
        # A space after the colon makes it action: that is Fountain's own way to say so.
        if not (text in _TRANSITIONS or (text.endswith("TO:") and text.isupper())) or row.raw[-1:].isspace():
            return False
        following = self.reader.peek()
        return (following is None or following.gap == APART) and self._add(row, Kind.TRANSITION, text)

    def _cue(self, row: Row) -> bool:
        """A name in capitals with an empty line above and a speech right below."""
        text = row.text
        if len(text) > LONGEST_CUE or not text.partition("(")[0].isupper() or PREFIX.match(text):
            return False
        name, extensions, dual = cue_parts(text)
        if no_name(name):
            return False
        following = self.reader.peek()
        if following is None or following.gap != JOINED or opens_something_else(following.text):
            return False
        return self._add_cue(row, name, extensions, dual)

    def _forced_cue(self, row: Row) -> bool:
        if len(row.text) > LONGEST_CUE:
            self.warnings.add(
                row.line,
                f"This line starts with @ like a character's name but has more than {LONGEST_CUE} characters, so it was "
                "read as action. Shorten it, or put the speech on the next line.",
            )
            return False
        name, extensions, dual = cue_parts(row.text[1:].strip())
        if not any(letter.isalpha() for letter in name):
            return False
        return self._add_cue(row, name, extensions, dual, forced=True)

    def _add_cue(
        self, row: Row, name: str, extensions: tuple[str, ...], dual: bool, *, forced: bool = False
    ) -> bool:
        self.side = ""
        if dual:
            self.side = "right" if self._stand_aside() else ""
            if not self.side:
                self.warnings.add(
                    row.line,
                    f"{name} has a ^ to speak beside somebody, but no speech comes directly before. "
                    "Remove the ^ or move the speech.",
                )
        text = (row.text[1:] if forced else row.text).rstrip("^ ").strip()
        place = (row.start, row.end, row.line, row.end_line)
        self._append(
            Element(Kind.CUE, text, *place, forced, name=name, extensions=extensions, side=self.side)
        )
        self.speaking = True
        return True

    def _stand_aside(self) -> bool:
        """Move the speech before a dual cue to the left; False if there is none or it is one of a pair already."""
        self._close()
        place = len(self.elements) - 1
        while place >= 0 and self.elements[place].kind in _SPOKEN:
            place -= 1
        if place < 0 or self.elements[place].kind is not Kind.CUE or self.elements[place].side:
            return False
        for index in range(place, len(self.elements)):
            self.elements[index] = self.elements[index]._replace(side="left")
        return True

    def _paragraph(self, row: Row, fresh: bool) -> None:
        """Speech, a direction in brackets, or action."""
        text = row.text
        if not self.speaking:
            self._extend(row, Kind.ACTION, row.raw.rstrip(), fresh)
        elif text.startswith("(") and text.endswith(")"):
            self._add(row, Kind.PARENTHETICAL, text)
        else:
            self._extend(row, Kind.DIALOGUE, text, fresh)

    def _extend(self, row: Row, kind: Kind, text: str, fresh: bool, *, forced: bool = False) -> bool:
        """Add a line to the paragraph above it, or open one; then take the plain lines that follow in one go."""
        if self.pieces and not fresh and self.elements[-1].kind is kind:
            self.pieces += ("", text) if row.gap == HELD_OPEN else (text,)
        else:
            self._append(
                Element(kind, "", row.start, row.end, row.line, row.end_line, forced, side=self.side)
            )
            self.pieces = [text]
        self.end, run = self.reader.plain_run()
        if run:
            self.pieces.append(run)
        self.end_line = self.reader.line_at(self.end)
        return True

    def _append(self, element: Element) -> None:
        self._close()
        self.elements.append(element)

    def _close(self) -> None:
        """Finish the open paragraph. Its lines are joined once, so that a long one costs no more than its length."""
        if self.pieces:
            self.elements[-1] = self.elements[-1]._replace(
                text="\n".join(self.pieces), end=self.end, end_line=self.end_line
            )
            self.pieces = []
