"""From an uploaded file to text: its encoding, and whether it is a screenplay at all."""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePath

from previs.script.document import ScriptWarning

LARGEST_FILE = 10 * 1024 * 1024
# Characters looked at to tell a script from something else: longer than any feature.
ENOUGH_TO_TELL = 1_000_000
EXPORT = "Export the screenplay as Fountain or plain text and upload that file."

_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a Word, Pages or zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Word file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a picture or sound"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"SQLite format 3", "a database"),
    (b"ID3", "a sound"),
    (b"OggS", "a sound or film"),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Stricter than the parser: `int main` opens a program and `.button` a style sheet.
_HEADING = re.compile(
    r"(?m)^[ \t*_]*(?:(?:INT|EXT|EST|I/E|E/I)[ ./]|(?i:int|ext|est|i/e|e/i|int\.?/ext|ext\.?/int)[ ]?\.)"
)
_FORCED_HEADING = re.compile(r"(?m)^[ \t]*\.\w")
_CUE = re.compile(
    r"(?:\A|\n[ \t]*\n)[ \t]*(?:@[^\n]{1,80}|[^\W\d_a-z][^\na-z!?:;={}<>\[\]]{0,60}(?:\([^\n()]{1,40}\))?[ \t]*\^?)\n[ \t]*\S"
)
_CODE = re.compile(
    r"(?m)^[ \t]*(?:import \w|from [\w.]+ import |def \w+\(|class \w+[:({]|#include\b|#!/|function\b.*\{|"
    r"(?:const|let|var|public|private|static) \w|SELECT |INSERT INTO |CREATE TABLE |.*[;{]$|\w+ = [\w\"'\[{(].*;?$|[})];?$|return\b.*;?$)"
)
_MARKUP = re.compile(r"\s*(?:<!doctype|<html|<\?xml|<svg|<head|<body|<\w+[^<>]*>)", re.IGNORECASE)


class NotAScreenplay(ValueError):  # noqa: N818 - the name is the finding, as in DoesNotExist
    """The file cannot be read as a screenplay. The message says why and what to do, fit for the page."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class SourceText:
    """A readable script. text: without byte order mark; every offset of the parser counts in it.

    encoding: decodes the file (after its byte order mark, if any) to the text.
    """

    text: str
    encoding: str
    warnings: tuple[ScriptWarning, ...] = ()


def read_source(raw: bytes, name: str) -> SourceText:
    """Decode an uploaded file: UTF-8, UTF-16 or UTF-32 with byte order mark, else Windows-1252 with a warning.

    raw: the file, at most LARGEST_FILE bytes.  name: its file name, for the messages and its ending.
    Raises NotAScreenplay for everything that is no script.
    """
    called = _called(name)
    if len(raw) > LARGEST_FILE:
        raise NotAScreenplay(
            f"{called} has {len(raw) / 1024 / 1024:.0f} MB; a screenplay may have at most "
            f"{LARGEST_FILE // 1024 // 1024}. A feature script is far below one; check that this is the right file."
        )
    if not raw.strip():
        raise NotAScreenplay(f"{called} is empty. Save the screenplay again and upload it.")
    for magic, what in _MAGIC:
        if raw.startswith(magic):
            raise NotAScreenplay(f"{called} is {what}, not a screenplay in text. {EXPORT}")
    if b"<FinalDraft" in raw[:4096] or name.lower().endswith(".fdx"):
        raise NotAScreenplay(
            f"{called} is a Final Draft file, which this version cannot read yet. "
            "In Final Draft, save it as plain text, or as Fountain from another editor, and upload that file."
        )
    source = _decode(raw, called)
    if not source.text.strip():
        raise NotAScreenplay(
            f"{called} holds nothing but empty lines. Save the screenplay again and upload it."
        )
    start = source.text.lstrip()[:ENOUGH_TO_TELL].replace("\r\n", "\n").replace("\r", "\n")
    if not _HEADING.search(start):
        what = _what_else(source.text, name)
        if what:
            raise NotAScreenplay(f"{called} looks like {what}, not like a screenplay. {EXPORT}")
        if not _FORCED_HEADING.search(start) and not _CUE.search(start):
            warning = ScriptWarning(
                1,
                "This does not look like a screenplay: it has neither scene headings (INT. KITCHEN - DAY) nor "
                "characters who speak. Confirm only if this is the right file.",
            )
            return SourceText(source.text, source.encoding, (*source.warnings, warning))
    return source


def _called(name: str) -> str:
    """A file name fit for a sentence: without folders or control characters, shortened."""
    last = "".join(
        letter for letter in PurePath(name.replace("\\", "/")).name if letter.isprintable()
    ).strip()
    return (last if len(last) <= 60 else f"{last[:40]}…{last[-16:]}") or "The file"


def _decode(raw: bytes, called: str) -> SourceText:
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            try:
                text = raw[len(mark) :].decode(encoding)
            except UnicodeDecodeError:
                if encoding == "utf-8":
                    break
                raise NotAScreenplay(
                    f"{called} says that it is {encoding.upper()} text but is damaged. Save it again as UTF-8."
                ) from None
            return _without_zeros(text, encoding, called)
    try:
        return _without_zeros(raw.decode("utf-8"), "utf-8", called)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
    if b"\x00" in raw:
        raise NotAScreenplay(f"{called} is not a text file. {EXPORT}")
    repaired = raw.removeprefix(codecs.BOM_UTF8).decode("utf-8", errors="replace")
    damaged = repaired.count("\ufffd")
    if sum(1 for letter in repaired if letter > "\x7f") - damaged > 4 * damaged:
        warning = ScriptWarning(
            line,
            f"{damaged} characters are damaged and show as \ufffd, the first in this line. Mend them in the script.",
        )
        return SourceText(repaired, "utf-8", (warning,))
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError:
        raise NotAScreenplay(
            f"{called} is neither UTF-8 nor Windows text. Open it in your script editor and save it as UTF-8."
        ) from None
    if sum(1 for letter in text if letter < " " and letter not in "\t\n\r\f") > len(text) // 100:
        raise NotAScreenplay(f"{called} is not a text file. {EXPORT}")
    warning = ScriptWarning(
        line,
        "The file is not UTF-8; it was read as Windows-1252. Check accented letters and quotation marks from here on.",
    )
    return SourceText(text, "cp1252", (warning,))


def _without_zeros(text: str, encoding: str, called: str) -> SourceText:
    """No database and no page can hold zero characters; text that has them was not saved as what it seems."""
    if "\x00" in text:
        raise NotAScreenplay(
            f"{called} holds zero bytes, so it is not plain text. Save it as UTF-8 and upload it again."
        )
    return SourceText(text, encoding)


def _what_else(text: str, name: str) -> str:
    """What a text without a single scene heading plainly is instead, "" if it may be a script."""
    text = text.lstrip()
    start = text[:4096]
    if _MARKUP.match(start):
        return "a web page or XML"
    if start[:1] in "{[" and not start.startswith("[["):
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            pass
        else:
            return "JSON data"
    lines = [line for line in text[:20_000].splitlines() if line.strip()]
    if name.lower().endswith((".csv", ".tsv")) or _is_table(lines):
        return "a table"
    if len(_CODE.findall("\n".join(lines))) * 5 > len(lines):
        return "program code"
    return ""


def _is_table(lines: list[str]) -> bool:
    """Whether nearly every line has the same number of separators."""
    for separator, least in ((",", 2), (";", 2), ("\t", 1), ("|", 2)):
        counts = Counter(line.count(separator) for line in lines)
        common, times = counts.most_common(1)[0]
        if len(lines) >= 3 and common >= least and times * 10 >= len(lines) * 9:
            return True
    return False
