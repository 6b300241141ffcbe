"""From rows to the facts that the policy is asked with. Constant queries for any number of people and pictures."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from previs.rights.facts import AssetFacts, PersonFacts, ReleaseFacts, Watched
from previs.rights.models import Incident, Person, PromptClearance, ReferenceAsset, Release, WatchedName


def release_facts(release: Release) -> ReleaseFacts:
    return ReleaseFacts(
        ref=str(release.pk),
        kind=release.kind,
        status=release.status,
        scopes=frozenset(release.scopes),
        valid_from=release.valid_from,
        valid_until=release.valid_until,
        characters=frozenset(str(name).upper() for name in release.characters),
        document_sha256=release.document_sha256,
        separate_signature=release.separate_signature,
        specific_description=release.specific_description,
    )


def person_facts(persons: Iterable[Person]) -> tuple[PersonFacts, ...]:
    """persons: with `releases` and `castings__character` prefetched where there are many."""
    return tuple(
        PersonFacts(
            alias=person.alias,
            minor=person.minor,
            deceased=person.deceased,
            cast_as=frozenset(casting.character.name.upper() for casting in person.castings.all()),
            releases=tuple(release_facts(release) for release in person.releases.all()),
        )
        for person in persons
    )


def asset_facts(asset: ReferenceAsset) -> AssetFacts:
    """asset: with `persons` prefetched where there are many."""
    return AssetFacts(
        title=str(asset),
        kind=asset.kind,
        rights=asset.rights,
        statement=asset.statement,
        state=asset.state,
        faces_found=asset.faces_found,
        persons=tuple(person.alias for person in asset.persons.all()),
        not_a_person=asset.not_a_person,
    )


def watched(project_id: uuid.UUID) -> tuple[Watched, ...]:
    """Every name that a prompt of the production may not contain, the people's numbers among them."""
    names = WatchedName.objects.filter(project_id=project_id).values_list("name", "kind")
    aliases = Person.objects.filter(project_id=project_id).values_list("alias", flat=True)
    return (
        *(Watched(name, kind) for name, kind in names),
        *(Watched(alias, "performer") for alias in aliases),
    )


def is_cleared(project_id: uuid.UUID, prompt_sha256: str) -> bool:
    return PromptClearance.objects.filter(project_id=project_id, prompt_sha256=prompt_sha256).exists()


def is_suspended(project_id: uuid.UUID, user_id: int) -> bool:
    """Whether an incident about this person is still open (R15)."""
    return Incident.objects.filter(project_id=project_id, about_id=user_id, closed_at=None).exists()
