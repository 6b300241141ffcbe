"""Pieces of the library that a text names, and the free floor they are put on."""

from __future__ import annotations

import re
from dataclasses import replace

from previs.blockout import words
from previs.blockout.plan.document import MOST, SetPlan
from previs.blockout.plan.extras import free_spot
from previs.blockout.plan.kinds import KINDS
from previs.blockout.plan.parts import Piece
from previs.blockout.plan.piecebook import LIBRARY
from previs.blockout.plan.solids import solids_of


def named_kinds(text: str) -> list[tuple[str, str, int]]:
    """Return the kinds of pieces that a text names and a description has no word for.

    Each with the words it was named by and how many are meant: one, or two for a plural.
    """
    found: list[tuple[int, str, str, int]] = []
    rest = text
    for kind in sorted(KINDS, key=len, reverse=True):
        if kind in words.PROPS or kind in words.PLACES:
            continue
        match = re.search(rf"\b{re.escape(kind)}(?P<many>e?s)?\b", rest, re.IGNORECASE)
        if match:
            found.append((match.start(), kind, match.group(), 2 if match.group("many") else 1))
            rest = rest[: match.start()] + " " * len(match.group()) + rest[match.end() :]
    return [(kind, spoken, count) for _, kind, spoken, count in sorted(found)]


def with_piece(plan: SetPlan, kind: str) -> SetPlan:
    """Return the plan with one more piece of a kind, on free floor out of every lens."""
    if len(plan.pieces) >= MOST["pieces"]:
        return plan
    width, _, depth = LIBRARY[kind].size
    x, z = free_spot(plan, solids_of(plan).table(), (width / 2, depth / 2))
    number = 1 + max((int(p.id[1:]) for p in plan.pieces if p.id[1:].isdigit()), default=0)
    piece = Piece(f"p{number}", kind, kind.capitalize(), round(x, 2), 0.0, round(z, 2), 0.0)
    return replace(plan, pieces=(*plan.pieces, piece))
