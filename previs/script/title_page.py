"""The title page: `Key: value` lines before anything else."""

from __future__ import annotations

import re

from previs.script.emphasis import plain
from previs.script.headings import PREFIX
from previs.script.lines import APART, JOINED, Reader, Row

KNOWN_KEYS = frozenset(
    (
        *(
            "title",
            "episode title",
            "credit",
            "author",
            "authors",
            "written by",
            "source",
            "based on",
            "draft",
        ),
        *(
            "draft date",
            "date",
            "contact",
            "copyright",
            "notes",
            "note",
            "revision",
            "version",
            "episode",
            "series",
        ),
        *("format", "language", "licence", "license"),
    )
)
LONGEST_KEY = 40
MOST_LINES = 1_000
_INDENT = re.compile(r"\t| {3,}")


def read_title_page(reader: Reader) -> dict[str, str]:
    """Take the title page from the front of a source; empty when the script starts at once.

    Values may run over indented lines. An empty line ends the page, unless another well-known key follows it.
    """
    page: dict[str, list[str]] = {}
    key = ""
    for _ in range(MOST_LINES):
        row = reader.peek()
        if row is None:
            break
        if key and row.gap == JOINED and _INDENT.match(row.raw):
            page[key].append(row.text)
        elif found := _key(row, reader, inside=bool(page)):
            key, value = found
            page.setdefault(key, []).extend([value] if value else [])
        elif key and row.gap == JOINED and not page[key] and not PREFIX.match(row.text):
            # The value alone on the next line, not indented: common, and plainly meant.
            page[key].append(row.text)
        else:
            break
        reader.read()
    return {key: "\n".join(values) for key, values in page.items()}


def title_of(page: dict[str, str]) -> str:
    """The title in one line without emphasis, "" if the page gives none."""
    return " ".join(plain(page.get("title", "")).split())


def _key(row: Row, reader: Reader, *, inside: bool) -> tuple[str, str] | None:
    """Read `Draft date: 1 May`; None for `FADE IN:`, a heading with a clock in it, or plain prose."""
    name, colon, value = row.text.partition(":")
    key = " ".join(name.split()).lower()
    if not colon or not key or len(name) > LONGEST_KEY or not name[0].isalnum() or PREFIX.match(row.text):
        return None
    known = key in KNOWN_KEYS
    if inside and row.gap == APART and not (known and value.strip()):
        return None
    if not value.strip() and not (known or _continues(reader)):
        return None
    if not known and not all(word[0].isupper() or word[0].isdigit() for word in name.split()):
        return None
    return key, value.strip()


def _continues(reader: Reader) -> bool:
    """Whether the line after a key is indented, and so its value."""
    following = reader.peek_second()
    return following is not None and following.gap == JOINED and _INDENT.match(following.raw) is not None
