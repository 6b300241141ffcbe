"""What stands in a set: the things that the action names there, and what the designer adds or takes away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from previs.audit.record import record
from previs.blockout.wordbook import lexicon, singular, tokens_of
from previs.events import SheetChanged, publish
from previs.script.document import Kind
from previs.script.emphasis import plain
from previs.script.fountain import parse
from sets.models import Dressing, Set
from sets.services import SetError

if TYPE_CHECKING:
    from previs.accounts.models import User
    from previs.script.models import Scene

LONGEST_PHRASE = 4  # words, as in "grandfather clock"
LONGEST_NAME = 80
MOST_BY_HAND = 200


@dataclass(frozen=True, slots=True)
class Thing:
    """One entry of the dressing list. scenes: those whose action names it, in story order; none for one by hand."""

    name: str
    kept: bool
    by_hand: bool
    scenes: tuple[Scene, ...] = ()


def things_named_in(text: str) -> Iterator[str]:
    """Furniture, machines and other props that an action names, in the singular, each as often as it is named.

    The blockout's lexicon says what is a thing. Words that are only near one of its words do not count here: a
    misread prompt is shown to its author, a misread list would stand in the bible.
    """
    table = lexicon()
    tokens = tokens_of(text)
    i = 0
    while i < len(tokens):
        keys: list[str] = []
        for token in tokens[i : i + LONGEST_PHRASE]:
            if token.is_mark:
                break
            keys.append(token.key)
        length = 1
        for size in range(len(keys), 0, -1):
            forms = [(*keys[: size - 1], form) for form in (*singular(keys[size - 1]), keys[size - 1])]
            entry = next(((table[form], form) for form in forms if form in table), None)
            if entry is not None:
                length = size
                if entry[0].kind == "prop":
                    yield " ".join(entry[1])
                break
        i += length


def action_of(scene: Scene) -> str:
    return "\n".join(
        plain(element.text) for element in parse(scene.text).elements if element.kind is Kind.ACTION
    )


def dressing_of(place: Set, scenes: Collection[Scene]) -> list[Thing]:
    """The whole list: what is named most often first, then what was added by hand. scenes: those that play there."""
    named: dict[str, list[Scene]] = defaultdict(list)
    count: dict[str, int] = defaultdict(int)
    for scene in scenes:
        for name in things_named_in(action_of(scene)):
            count[name] += 1
            if scene not in named[name]:
                named[name].append(scene)
    decided = {row.name.lower(): row for row in place.dressing.all()}
    things = [
        Thing(name, decided[name].kept if name in decided else True, False, tuple(where))
        for name, where in sorted(named.items(), key=lambda entry: (-count[entry[0]], entry[0]))
    ]
    return things + [
        Thing(row.name, True, True)
        for row in decided.values()
        if row.by_hand and row.kept and row.name.lower() not in named
    ]


def kept_names(place: Set, scenes: Collection[Scene]) -> list[str]:
    """What a concept frame may show, what the designer added first."""
    things = dressing_of(place, scenes)
    return [thing.name for thing in sorted(things, key=lambda thing: not thing.by_hand) if thing.kept]


@transaction.atomic
def add_thing(place: Set, *, name: str, by: User) -> Dressing:
    """Put something on the list that the script does not name. Raises SetError for no name, or a full list."""
    words = " ".join(name.split()).rstrip(".,;")
    if not words:
        raise SetError("Write what stands in the set first.")
    if len(words) > LONGEST_NAME:
        raise SetError(f"The name has {len(words)} characters; the limit is {LONGEST_NAME}. Shorten it.")
    if place.dressing.filter(by_hand=True).count() >= MOST_BY_HAND:
        raise SetError(f"{MOST_BY_HAND} things were added already. Take some off the list first.")
    thing = _decide(place, words, kept=True, by_hand=True)
    _tell("add_dressing", place, thing, by=by)
    return thing


@transaction.atomic
def keep_thing(place: Set, *, name: str, kept: bool, by: User) -> None:
    """Take a thing off the list, or put it back. Raises SetError for a name that no list can hold."""
    if not 0 < len(name) <= LONGEST_NAME:
        raise SetError("This is on no dressing list. Open the page again.")
    thing = _decide(place, name, kept=kept, by_hand=False)
    _tell("keep_dressing" if kept else "drop_dressing", place, thing, by=by)


def _decide(place: Set, name: str, *, kept: bool, by_hand: bool) -> Dressing:
    """Write what was decided about a thing. Capitals do not make another thing of it; what was typed first stays."""
    alike = next((row for row in place.dressing.all() if row.name.lower() == name.lower()), None)
    if alike is None:
        return Dressing.objects.create(set=place, name=name, kept=kept, by_hand=by_hand)
    alike.kept = kept
    alike.save(update_fields=["kept"])
    return alike


def _tell(verb: str, place: Set, thing: Dressing, *, by: User) -> None:
    record(verb, place, by=by, project_id=place.project_id, name=thing.name)
    publish(SheetChanged(str(place.project_id), str(place.sheet_id)))
