"""Trying values side by side: the axes of a grid, its cells as requests, and the cells again as a contact sheet."""

from __future__ import annotations

import itertools
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

from previs.engine.request import MAX_SEED, FrameRequest

MOST_AXES = 3
MOST_CELLS = 64
PERCENT = frozenset(("strength", "control_strength"))
TITLES = {
    "seed": "Seed",
    "steps": "Steps",
    "guidance": "Guidance",
    "strength": "Strength",
    "control_strength": "Blockout",
}
RANGE = re.compile(r"(\S+?)\s*(?:to|–|\.\.)\s*(\S+?)(?:\s*(?:by|step)\s*(\S+))?", re.IGNORECASE)
FREE = re.compile(r"(\d{1,4})\s*free", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Axis:
    """One thing that varies. field: of FrameRequest.  values: as the request takes them, shares from 0 to 1."""

    field: str
    values: tuple[float, ...]

    @property
    def title(self) -> str:
        return TITLES[self.field]

    def label(self, value: float) -> str:
        """A value as people read it: "seed 4417", "45 %"."""
        if self.field in PERCENT:
            return f"{self.title.lower()} {value * 100:g} %"
        return (
            f"{self.title.lower()} {value:g}" if isinstance(value, float) else f"{self.title.lower()} {value}"
        )


def read_axis(field: str, text: str) -> Axis:
    """Read "8, 12, 20", "10 to 50 by 10" or, for seeds, "4 free".

    Raises ValueError in words for anything else, for a value given twice and for more values than a grid holds.
    """
    if field not in TITLES:
        raise ValueError(
            f"A grid varies {', '.join(word.lower() for word in TITLES.values())}, not {field!r}."
        )
    title, text = TITLES[field], text.strip()
    if not text:
        raise ValueError(f"{title}: write the values to try, for instance 8, 12, 20 or 10 to 50 by 10.")
    if field == "seed" and (free := FREE.fullmatch(text)):
        numbers = _free_seeds(int(free[1]))
    elif spread := RANGE.fullmatch(text):
        numbers = _spread(title, *(_number(title, part) for part in (spread[1], spread[2], spread[3] or "1")))
    else:
        numbers = [_number(title, word) for word in re.split(r"[,;\s]+", text) if word]
    if len(set(numbers)) < len(numbers):
        raise ValueError(f"{title}: a value is there twice.")
    if len(numbers) > MOST_CELLS:
        raise ValueError(f"{title}: {len(numbers)} values are more than the {MOST_CELLS} cells of a grid.")
    return Axis(field, tuple(_as_asked(field, title, number) for number in numbers))


def _number(title: str, word: str) -> float:
    try:
        number = float(word.removesuffix("%"))
    except ValueError:
        number = float("nan")
    # Neither nan nor infinity nor 1e300 is a value to try.
    if not abs(number) <= MAX_SEED:
        raise ValueError(f"{title}: {word[:20]!r} is no number. Write 8, 12, 20 or 10 to 50 by 10.")
    return number


def _spread(title: str, first: float, last: float, step: float) -> list[float]:
    if step <= 0 or last < first:
        raise ValueError(f"{title}: a range goes upwards, for instance 10 to 50 by 10.")
    count = int((last - first) / step + 1e-9) + 1
    if count > MOST_CELLS:
        raise ValueError(f"{title}: {count} values are more than the {MOST_CELLS} cells of a grid.")
    return [round(first + step * index, 6) for index in range(count)]


def _free_seeds(count: int) -> list[float]:
    if not 1 <= count <= MOST_CELLS:
        raise ValueError(f"Seed: draw 1 to {MOST_CELLS} free seeds.")
    drawn: set[int] = set()
    while len(drawn) < count:
        drawn.add(secrets.randbelow(MAX_SEED))
    return sorted(drawn)


def _as_asked(field: str, title: str, number: float) -> float:
    if field in PERCENT:
        if not 0 <= number <= 100:
            raise ValueError(f"{title}: {number:g} % must lie between 0 and 100.")
        return round(number / 100, 6)
    if field == "guidance":
        return float(number)
    if number != int(number):
        raise ValueError(f"{title}: {number:g} must be a whole number.")
    return int(number)


def axes_problems(
    axes: Sequence[Axis], first: FrameRequest, *, takes_guidance: bool, follows: bool
) -> list[str]:
    """Say in words why these axes make no grid of this request.

    takes_guidance: the model's guidance can be changed.  follows: the frames follow a blockout.
    """
    found = []
    fields = [axis.field for axis in axes]
    cells = prod(len(axis.values) for axis in axes)
    if len(axes) > MOST_AXES:
        found.append(f"A grid has at most {MOST_AXES} axes.")
    if len(set(fields)) < len(fields):
        found.append("Each axis of a grid varies something else; one is there twice.")
    if cells > MOST_CELLS:
        found.append(f"The grid has {cells} cells; at most {MOST_CELLS} are made at once. Take values away.")
    if "strength" in fields and first.ability not in ("refine", "inpaint"):
        found.append("Strength says something only when a frame is refined, repainted or extended.")
    if "control_strength" in fields and not follows:
        found.append("There is no blockout whose strength could vary. Choose a camera of the set first.")
    if "guidance" in fields and not takes_guidance:
        found.append("This model always runs at its own guidance, so that axis would change nothing.")
    if not found:
        wrong = [problem for request in cells_of(first, axes) for problem in request.problems()]
        found += dict.fromkeys(wrong)
    return found


def cells_of(first: FrameRequest, axes: Sequence[Axis]) -> list[FrameRequest]:
    """One request for each cell, the last axis fastest."""
    fields = [axis.field for axis in axes]
    cells: list[dict[str, Any]] = [
        dict(zip(fields, values, strict=True))
        for values in itertools.product(*(axis.values for axis in axes))
    ]
    return [replace(first, **cell) for cell in cells]


def axes_of(rows: Sequence[dict[str, Any]]) -> list[Axis]:
    """The axes of a grid, read back from what its requests differ in, the slowest first.

    rows: for each cell in order, the values of the fields of TITLES.
    """
    varying = []
    for field in TITLES:
        values = list(dict.fromkeys(row[field] for row in rows))
        if len(values) > 1:
            changes = next(index for index, row in enumerate(rows) if row[field] != values[0])
            varying.append((changes, Axis(field, tuple(values))))
    return [axis for _, axis in sorted(varying, key=lambda pair: -pair[0])]
