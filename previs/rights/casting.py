"""Giving somebody a role, and taking it away again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from previs.audit.record import record
from previs.events import CastingChanged, publish
from previs.rights.models import Casting, Person
from previs.rights.services import RightsError

if TYPE_CHECKING:
    from previs.accounts.models import User
    from previs.script.models import Character


def tell_roles(person: Person) -> None:
    """Whoever has a page open on what a person plays learns how they stand now; after the present transaction."""
    for character_id in person.castings.values_list("character_id", flat=True):
        publish(CastingChanged(str(person.project_id), str(character_id)))


@transaction.atomic
def cast_role(character: Character, *, person: Person | None, by: User) -> Casting | None:
    """Give a character to a person, who takes it from whoever had it; None leaves the role open.

    Doing it twice changes nothing. Raises RightsError for somebody of another production.
    """
    if person is not None and person.project_id != character.project_id:
        raise RightsError("This person is not entered in the production. Enter them under Rights first.")
    before = Casting.objects.select_for_update(of=("self",)).filter(character=character).first()
    if before is not None and person is None:
        record(
            "uncast_role",
            before,
            by=by,
            project_id=character.project_id,
            character=character.pk,
            person=before.person_id,
        )
        before.delete()
    elif person is None or (before is not None and before.person_id == person.pk):
        return before
    else:
        casting, _ = Casting.objects.update_or_create(
            character=character, defaults={"person": person, "cast_by": by}
        )
        record(
            "cast_role",
            casting,
            by=by,
            project_id=character.project_id,
            character=character.pk,
            person=person.pk,
            instead_of=before.person_id if before else None,
        )
    publish(CastingChanged(str(character.project_id), str(character.pk)))
    return Casting.objects.filter(character=character).select_related("person").first()
