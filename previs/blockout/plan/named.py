"""Pieces of the library that a text names, and the free floor they are put on."""

from __future__ import annotations

import re
from dataclasses import replace

from previs.blockout import words
from previs.blockout.lexicon import NUMBERS
from previs.blockout.lexicon_fr import NUMBERS_FR
from previs.blockout.plan.document import MOST, SetPlan
from previs.blockout.plan.extras import free_spot
from previs.blockout.plan.kinds import KINDS
from previs.blockout.plan.parts import Piece
from previs.blockout.plan.piecebook import LIBRARY
from previs.blockout.plan.solids import solids_of

MOST_NAMED = 12
"""Pieces of one kind that a text may ask for."""
COUNTS = {**NUMBERS_FR, **NUMBERS, "ten": 10, "eleven": 11, "twelve": 12, "dozen": 12}


def named_kinds(text: str) -> list[tuple[str, str, int]]:
    """Return the kinds of pieces that a text names and a description has no word for.

    Each with the words it was named by and how many are meant: the number said, else one, or two for a plural.
    """
    return [found for found in _all_named(text) if found[0] not in words.PROPS]


def counted_props(text: str) -> list[tuple[str, int]]:
    """Return the props of a description that the library has too, and how many of them a text asks for."""
    return [(kind, count) for kind, _, count in _all_named(text) if kind in words.PROPS]


def _all_named(text: str) -> list[tuple[str, str, int]]:
    """Return all kinds of the library in the order of the text; the longest name wins."""
    found: list[tuple[int, str, str, int]] = []
    rest = text
    for kind in sorted(KINDS, key=len, reverse=True):
        if kind in words.PLACES:
            continue
        match = re.search(rf"\b{re.escape(kind)}(?P<many>e?s)?\b", rest, re.IGNORECASE)
        if match:
            count = _number_before(rest[: match.start()]) or (2 if match.group("many") else 1)
            found.append((match.start(), kind, match.group(), count))
            rest = rest[: match.start()] + " " * len(match.group()) + rest[match.end() :]
    return [(kind, spoken, count) for _, kind, spoken, count in sorted(found)]


def _number_before(text: str) -> int | None:
    """Return the number that a text ends with, perhaps with one adjective after it: "three old " is 3."""
    last = re.search(r"(?:(\w+)\s+)?(\w+)\s+$", text)
    for word in (last.group(2), last.group(1)) if last else ():
        said = (word or "").lower()
        number = int(said) if said.isdigit() and len(said) < 3 else COUNTS.get(said)
        if number:
            return min(number, MOST_NAMED)
    return None


def with_piece(plan: SetPlan, kind: str) -> SetPlan:
    """Return the plan with one more piece of a kind, on free floor out of every lens."""
    if len(plan.pieces) >= MOST["pieces"]:
        return plan
    width, _, depth = LIBRARY[kind].size
    x, z = free_spot(plan, solids_of(plan).table(), (width / 2, depth / 2))
    number = 1 + max((int(p.id[1:]) for p in plan.pieces if p.id[1:].isdigit()), default=0)
    piece = Piece(f"p{number}", kind, kind.capitalize(), round(x, 2), 0.0, round(z, 2), 0.0)
    return replace(plan, pieces=(*plan.pieces, piece))
