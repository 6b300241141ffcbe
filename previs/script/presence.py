"""Who is in a scene without a word to say: speakers of the script who are named in its action."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from previs.script.document import Element, Kind

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*|\d+")
_POSSESSIVE = re.compile(r"['\u2019]S$")

Names = Mapping[str, Sequence[tuple[tuple[str, ...], str]]]


def index_names(names: Iterable[str]) -> Names:
    """Sort names by their first word, so that a text is read once however many there are."""
    index: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name in names:
        words = tuple(_WORD.findall(name.upper()))
        if words:
            index.setdefault(words[0], []).append((words, name))
    return index


def named_in_action(elements: Iterable[Element], names: Names) -> tuple[str, ...]:
    """The names that occur in the action with a capital letter, in order of appearance."""
    found: dict[str, None] = {}
    for element in elements:
        if element.kind is not Kind.ACTION:
            continue
        words = _WORD.findall(element.text)
        upper = [_POSSESSIVE.sub("", word.upper()) for word in words]
        for place, word in enumerate(upper):
            for sought, name in names.get(word, ()) if words[place][0].isupper() else ():
                if tuple(upper[place : place + len(sought)]) == sought:
                    found[name] = None
    return tuple(found)
