"""Who is in a scene without a word to say: speakers of the script who are named in its action."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from previs.script.document import Element, Kind

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*|\d+")
_POSSESSIVE = re.compile(r"['\u2019]S$")


class Names(NamedTuple):
    """whole: the words of a name to the name.  lengths: a first word to the numbers of words that names with it have."""

    whole: Mapping[tuple[str, ...], str]
    lengths: Mapping[str, set[int]]


def index_names(names: Iterable[str]) -> Names:
    """Prepare names so that a text is read once however many there are."""
    whole: dict[tuple[str, ...], str] = {}
    lengths: dict[str, set[int]] = {}
    for name in names:
        words = tuple(_WORD.findall(name.upper()))
        if words:
            whole[words] = name
            lengths.setdefault(words[0], set()).add(len(words))
    return Names(whole, lengths)


def named_in_action(elements: Iterable[Element], names: Names) -> tuple[str, ...]:
    """The names that occur in the action with a capital letter, in order of appearance."""
    found: dict[str, None] = {}
    for element in elements:
        if element.kind is not Kind.ACTION:
            continue
        words = _WORD.findall(element.text)
        upper = [_POSSESSIVE.sub("", word.upper()) for word in words]
        for place, word in enumerate(upper):
            if word in names.lengths and words[place][0].isupper():
                for length in names.lengths[word]:
                    name = names.whole.get(tuple(upper[place : place + length]))
                    if name is not None:
                        found[name] = None
    return tuple(found)
