"""Scene numbers: which number each scene of a new draft gets when the others must keep theirs. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LONGEST_NUMBER = 12
_LEADING = re.compile(r"[A-Z]*(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wish:
    """What one scene brings along, in script order. given: by the script. kept: its number so far. "" for none."""

    given: str = ""
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Numbered:
    """number: the one it gets.  clash: the one the script gave and another scene has, "" if none."""

    number: str
    clash: str = ""


def assign(wishes: Sequence[Wish], *, reserved: set[str]) -> list[Numbered]:
    """A number for every scene, none twice and none that `reserved` holds (those of omitted scenes).

    A number in the script wins; a scene without one keeps its own; a new one is called after the scene before it,
    14A, or counted on at the end.
    """
    taken = {number.upper() for number in reserved}
    # A scene that keeps its number without being told to has the older right to it.
    taken |= {wish.kept.upper() for wish in wishes if wish.kept and wish.given in ("", wish.kept)}
    firm: list[Numbered | None] = []
    for wish in wishes:
        if wish.kept and wish.given in ("", wish.kept):
            firm.append(Numbered(wish.kept))
        elif wish.given and wish.given.upper() not in taken:
            taken.add(wish.given.upper())
            firm.append(Numbered(wish.given))
        else:
            firm.append(None)
    for place, wish in enumerate(wishes):
        if firm[place] is None:
            number = _next_to(place, wish, firm, taken)
            taken.add(number.upper())
            firm[place] = Numbered(number, clash=wish.given)
    return [numbered for numbered in firm if numbered is not None]


def _next_to(place: int, wish: Wish, firm: Sequence[Numbered | None], taken: set[str]) -> str:
    if wish.kept and wish.kept.upper() not in taken:
        return wish.kept
    if wish.given:
        return next(number for number in _lettered(wish.given) if number.upper() not in taken)
    before = next((numbered.number for numbered in reversed(firm[:place]) if numbered), "")
    later = any(numbered for numbered in firm[place + 1 :])
    if before and later:
        return next(number for number in _lettered(_base(before)) if number.upper() not in taken)
    if later:
        # Before the first scene a production writes the letter in front: A1.
        first = next(numbered.number for numbered in firm[place + 1 :] if numbered)
        return next(
            number
            for letters in letters_from()
            if (number := f"{letters}{_base(first)}").upper() not in taken
        )
    count = max((int(found[1]) for number in taken if (found := _LEADING.match(number))), default=0) + 1
    return str(count)


def letters_from() -> Iterator[str]:
    """A to Z, then AA, AB and so on."""
    single = [chr(code) for code in range(ord("A"), ord("Z") + 1)]
    yield from single
    for length in range(1, LONGEST_NUMBER):
        for prefix in _combinations(single, length):
            for letter in single:
                yield prefix + letter


def _combinations(letters: Sequence[str], length: int) -> Iterator[str]:
    if length == 0:
        yield ""
        return
    for prefix in _combinations(letters, length - 1):
        for letter in letters:
            yield prefix + letter


def _lettered(number: str) -> Iterator[str]:
    """14A, 14B ... after 14; 14AA, 14AB ... after 14A. Cut so that the letters always fit."""
    for letters in letters_from():
        yield f"{number[: LONGEST_NUMBER - len(letters)]}{letters}"


def _base(number: str) -> str:
    """14 of 14A, so that the scene after 14A is 14B."""
    found = _LEADING.match(number)
    return found[1] if found else number
