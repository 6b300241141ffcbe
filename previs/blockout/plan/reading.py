"""Reading JSON that somebody else wrote: every refusal names the place and says what is wrong with it."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable
from typing import Any, TypeVar

Thing = TypeVar("Thing")
FARTHEST = 500.0  # metres from the origin
LONGEST_NAME = 80  # characters
LONGEST_ID = 24  # characters


def amount(value: float) -> str:
    """Return metres in words, without needless zeros: 0.4, 12."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


class Entry:
    """One JSON object while it is read.

    where: how a person would name it, "wall w3"; stands before every refusal. Raises ValueError if raw is
    not an object or has a key outside `known`.
    """

    def __init__(self, raw: Any, where: str, known: Collection[str]) -> None:
        self.where = where
        if not isinstance(raw, dict):
            raise self.refusal(f"expected an object, got {_kind(raw)}")
        for name in raw:
            if name not in known:
                raise self.refusal(f"{str(name)[:LONGEST_NAME]!r} means nothing here")
        self.raw: dict[str, Any] = raw

    def refusal(self, reason: str) -> ValueError:
        """Return the error that refuses this entry for a reason in words."""
        return ValueError(f"{self.where}: {reason}")

    def number(
        self, name: str, default: float | None = None, *, low: float = -FARTHEST, high: float = FARTHEST
    ) -> float:
        """Return a finite number in low..high; without a default it must be there."""
        value = self.raw.get(name, default)
        if value is None and name not in self.raw:
            raise self.refusal(f"{name} is missing")
        return self._number(value, name, low, high)

    def whole(self, name: str, default: int, *, low: int, high: int) -> int:
        """Return a whole number in low..high."""
        value = self.number(name, default, low=low, high=high)
        if value != int(value):
            raise self.refusal(f"{name} is {value}; use a whole number")
        return int(value)

    def _number(self, value: Any, name: str, low: float, high: float) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.refusal(f"{name} must be a number, not {_kind(value)}")
        if isinstance(value, float) and not math.isfinite(value):
            raise self.refusal(f"{name} must be a finite number")
        if not low <= value <= high:
            raise self.refusal(f"{name} is {value:.10g}; use {amount(low)} to {amount(high)}")
        return float(value) + 0.0  # a negative zero becomes a plain one

    def numbers(
        self, name: str, count: int, *, low: float = -FARTHEST, high: float = FARTHEST
    ) -> tuple[float, ...]:
        """Return exactly `count` numbers."""
        return self._numbers(self.raw.get(name), name, count, low, high)

    def _numbers(self, value: Any, name: str, count: int, low: float, high: float) -> tuple[float, ...]:
        if not isinstance(value, list | tuple) or len(value) != count:
            raise self.refusal(f"{name} must be a list of {count} numbers")
        return tuple(self._number(part, name, low, high) for part in value)

    def point(self, name: str) -> tuple[float, float]:
        """Return a point of the floor, x and z in metres."""
        x, z = self.numbers(name, 2)
        return x, z

    def points(self, name: str) -> tuple[tuple[float, float], ...]:
        """Return a list of points of the floor; a missing one is empty."""
        found = []
        for value in self.list_of(name, most=400):
            x, z = self._numbers(value, name, 2, -FARTHEST, FARTHEST)
            found.append((x, z))
        return tuple(found)

    def triple(
        self, name: str, *, low: float = -FARTHEST, high: float = FARTHEST
    ) -> tuple[float, float, float]:
        """Return three numbers."""
        x, y, z = self.numbers(name, 3, low=low, high=high)
        return x, y, z

    def maybe_triple(self, name: str, *, low: float, high: float) -> tuple[float, float, float] | None:
        """Return three numbers, or None where null or nothing is given."""
        return None if self.raw.get(name) is None else self.triple(name, low=low, high=high)

    def colour(self, name: str) -> tuple[float, float, float] | None:
        """Return a colour, each channel in 0..1, or None."""
        return self.maybe_triple(name, low=0.0, high=1.0)

    def text(self, name: str, default: str | None = None, *, most: int = LONGEST_NAME) -> str:
        """Return a text of at most `most` characters without control characters."""
        value = self.raw.get(name, default)
        if value is None and name not in self.raw:
            raise self.refusal(f"{name} is missing")
        if not isinstance(value, str):
            raise self.refusal(f"{name} must be text, not {_kind(value)}")
        if len(value) > most:
            raise self.refusal(f"{name} has {len(value)} characters; {most} are the most")
        if any(ord(character) < 32 for character in value):
            raise self.refusal(f"{name} holds a line break or a control character")
        return value

    def word(self, name: str, allowed: Iterable[str], default: str | None = None) -> str:
        """Return one of the allowed words."""
        value = self.text(name, default)
        words = tuple(allowed)
        if value not in words:
            shown = ", ".join(word or "(empty)" for word in words[:24])
            raise self.refusal(f"{name} is {value!r}; use one of: {shown}{' ...' if len(words) > 24 else ''}")
        return value

    def flag(self, name: str, default: bool) -> bool:
        """Return true or false."""
        value = self.raw.get(name, default)
        if not isinstance(value, bool):
            raise self.refusal(f"{name} must be true or false, not {_kind(value)}")
        return value

    def list_of(self, name: str, *, most: int) -> list[Any]:
        """Return a list of at most `most` entries; a missing one is empty."""
        value = self.raw.get(name, [])
        if not isinstance(value, list | tuple):
            raise self.refusal(f"{name} must be a list, not {_kind(value)}")
        if len(value) > most:
            raise self.refusal(f"{len(value)} {name}; {most} are the most")
        return list(value)

    def things(
        self, name: str, noun: str, read: Callable[[Any, str], Thing], *, most: int, within: str = ""
    ) -> tuple[Thing, ...]:
        """Return the entries of a list, each read by `read(raw, where)`; their ids must differ.

        noun: what one of them is called, "wall". within: what they belong to, for the refusal.
        """
        found, seen = [], set()
        for index, raw in enumerate(self.list_of(name, most=most), 1):
            given = raw.get("id") if isinstance(raw, dict) else None
            label = given if isinstance(given, str) and given else f"number {index}"
            where = f"{within}{noun} {label[:LONGEST_NAME]}"
            if isinstance(given, str) and given in seen:
                raise ValueError(f"{where}: there are two of this id; give one of them another")
            seen.add(given)
            found.append(read(raw, where))
        return tuple(found)

    def id(self) -> str:
        """Return the id: 1 to 24 characters."""
        value = self.text("id", most=LONGEST_ID)
        if not value.strip():
            raise self.refusal("the id is empty")
        return value


def _kind(value: Any) -> str:
    """Return what a JSON value is, in words."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, list | tuple):
        return "a list"
    return "an object" if isinstance(value, dict) else "no JSON"
