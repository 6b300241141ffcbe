"""One place under two names, and two places under one: suggestions, merge, split. Nothing is ever thrown away.

A merged set stays as it is, with its frames, variants, references and plan; only its scenes play in the other one,
until it is split off again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from typing import TYPE_CHECKING, Any

from django.db import transaction

from previs.audit.record import record
from previs.events import ScriptChanged, SheetChanged, publish
from previs.names import shown
from sets.models import Set
from sets.places import EXTERIOR, INTERIOR, narrow_key
from sets.services import SetError, add_set

if TYPE_CHECKING:
    from previs.accounts.models import User
    from previs.script.models import Scene

# Above it two names are one name with a slip of the pen: CANNERY and CANERY have 0.92, KITCHEN and CHICKEN 0.57.
ALIKE = 0.84
SHORTEST_ALIKE = 6  # letters; BAR and BARN are two places
# A name inside another one: CANNERY in CANNERY - FLOOR. Likely one place, sometimes a room of it.
INSIDE = 0.8
MOST_SUGGESTIONS = 4


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two sets that look like one by their names. why: in words."""

    keep: Set
    other: Set
    likeness: float
    why: str


@dataclass(frozen=True, slots=True)
class Split:
    """A set whose scenes play on both sides of its walls."""

    place: Set
    interiors: int
    exteriors: int


def likeness(a: str, b: str) -> float:
    """How much two normalised settings look like one place, 0 to 1, whatever the order of their words."""
    first, second = a.split(), b.split()
    if not first or not second:
        return 0.0
    shorter, longer = sorted((set(first), set(second)), key=len)
    inside = INSIDE if shorter < longer else 0.0
    if min(len(a), len(b)) < SHORTEST_ALIKE or 2 * min(len(a), len(b)) / (len(a) + len(b)) < ALIKE:
        return inside
    same = SequenceMatcher(None, " ".join(sorted(first)), " ".join(sorted(second)))
    # Most pairs differ in their letters already; only what may be alike is compared letter by letter.
    return max(same.ratio(), inside) if same.quick_ratio() >= ALIKE else inside


def merge_suggestions(places: Sequence[Set], scenes: Mapping[Any, Collection[Scene]]) -> list[Suggestion]:
    """The likeliest pairs first, at most four; the set with more scenes is the one to keep."""
    found = []
    for one, two in combinations(places, 2):
        if one.interior != two.interior or one.key in two.apart or two.key in one.apart:
            continue
        alike = likeness(_bare(one.key), _bare(two.key))
        if alike < INSIDE:
            continue
        keep, other = sorted((one, two), key=lambda place: (-len(scenes.get(place.pk, ())), place.name))
        why = "almost the same name" if alike >= ALIKE else "one name holds the other"
        found.append(Suggestion(keep, other, alike, why))
    return sorted(found, key=lambda pair: (-pair.likeness, pair.keep.name))[:MOST_SUGGESTIONS]


def split_suggestion(place: Set, scenes: Collection[Scene]) -> Split | None:
    """A set that scenes with the same setting enter and see from outside: on a film these are two sets."""
    own = [scene for scene in scenes if scene.set_key == place.key]
    exteriors = sum(scene.kind == "EXT" for scene in own)
    return Split(place, len(own) - exteriors, exteriors) if 0 < exteriors < len(own) else None


@transaction.atomic
def merge(place: Set, *, into: Set, by: User) -> Set:
    """Make a set part of another one; its scenes play there from now on.

    Raises SetError when either is part of a set already, when they are one, or of two productions.
    """
    if place.pk == into.pk or place.project_id != into.project_id:
        raise SetError("Choose another set of this production to merge with.")
    # Read again under a lock: two people who merge two sets into each other must not make a ring.
    locked = {row.pk: row for row in Set.objects.select_for_update().filter(pk__in=[place.pk, into.pk])}
    if any(row.merged_into_id is not None for row in locked.values()):
        raise SetError("One of the two is part of a set already. Split it off first.")
    place.merged_into = into
    place.save(update_fields=["merged_into"])
    _tell("merge_sets", place, by=by, into=into.pk)
    return into


@transaction.atomic
def split_back(place: Set, *, by: User) -> Set:
    """Undo a merge; the two are not suggested as one again. Raises SetError for a set that stands on its own."""
    host = place.merged_into
    if host is None:
        raise SetError(f"{shown(place.name)} is not part of another set.")
    place.merged_into = None
    place.apart = sorted({*place.apart, host.key})
    place.save(update_fields=["merged_into", "apart"])
    _tell("split_sets", place, by=by, off=host.pk)
    return place


@transaction.atomic
def keep_apart(place: Set, other: Set, *, by: User) -> Set:
    """Remember that two sets with like names are two places. Raises SetError for one set."""
    if place.pk == other.pk:
        raise SetError("A set is one place. Choose two sets to keep apart.")
    place.apart = sorted({*place.apart, other.key})
    place.save(update_fields=["apart"])
    record("keep_sets_apart", place, by=by, project_id=place.project_id, other=other.pk)
    return place


@transaction.atomic
def split_sides(place: Set, *, by: User) -> Set:
    """Give the scenes that see a set from the other side of its walls a set of their own, and return it.

    Raises SetError when all of its own scenes play on one side.
    """
    own = place.project.scenes.filter(omitted=False, set_key=place.key)
    if len({scene.kind == "EXT" for scene in own}) < 2:
        raise SetError(f"All scenes in {shown(place.name)} play on one side. There is nothing to split.")
    key = narrow_key(place.key, exterior=place.interior)
    if place.project.sets.filter(key=key).exists():
        raise SetError("The other side has a set already. Split it back from the set it is part of.")
    other = add_set(place.project, key=key, name=place.name, interior=not place.interior, by=by)
    _tell("split_sides", place, by=by, other=other.pk)
    return other


def _bare(key: str) -> str:
    return key.removesuffix(EXTERIOR).removesuffix(INTERIOR)


def _tell(verb: str, place: Set, *, by: User, **payload: object) -> None:
    record(verb, place, by=by, project_id=place.project_id, **payload)
    publish(
        SheetChanged(str(place.project_id), str(place.sheet_id)),
        ScriptChanged(str(place.project_id)),
    )
