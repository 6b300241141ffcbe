"""Reference pictures of a set: taken in like every other picture, with who holds the rights in them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.db import transaction

from previs.audit.record import record
from previs.events import SheetChanged, publish
from previs.generation.intake import take_in
from previs.rights.models import AssetKind, AssetState, ReferenceAsset
from previs.rights.pictures import PictureError
from previs.rights.services import AssetRefused
from sets.models import Reference, Rights, Set
from sets.services import SetError

if TYPE_CHECKING:
    from previs.accounts.models import User

MOST_REFERENCES = 200


def add_reference(
    place: Set, *, data: bytes, title: str, source: str, rights: str, statement: str, by: User
) -> Reference:
    """Take a reference in, with who holds the rights in it; a face on it that is nobody's holds it back (R09).

    Raises SetError before anything is stored: without a statement (R07), for a file that is no picture, too large, or
    withdrawn before (R08); StoreError when the disk cannot keep it.
    """
    if rights not in Rights.values:
        raise SetError("Say who holds the rights in the picture.")
    if not statement.strip():
        raise SetError(
            "Write on what ground the picture may be here, for instance: my own photograph, May 2026."
        )
    if place.references.count() >= MOST_REFERENCES:
        raise SetError(f"{MOST_REFERENCES} references are kept already. Remove some first.")
    try:
        asset = take_in(
            place.project,
            data,
            by=by,
            kind=AssetKind.SET,
            title=title or f"Reference of {place}",
            rights=rights,
            statement=statement,
        )
    except (PictureError, AssetRefused) as refused:
        raise SetError(str(refused)) from None
    with transaction.atomic():
        reference = Reference.objects.create(
            set=place,
            title=title.strip()[:120],
            sha256=asset.sha256,
            thumb_sha256=asset.thumb_sha256,
            source=source.strip()[:300],
            rights=rights,
            statement=statement.strip()[:300],
            added_by=by,
        )
        record(
            "add_reference", reference, by=by, project_id=place.project_id, sha256=asset.sha256, rights=rights
        )
        publish(SheetChanged(str(place.project_id), str(place.sheet_id)))
    return reference


@transaction.atomic
def remove_reference(reference: Reference, *, by: User) -> None:
    """Take a reference off the set; its bytes stay in the store until that is cleaned."""
    place = reference.set
    record("remove_reference", reference, by=by, project_id=place.project_id, sha256=reference.sha256)
    reference.delete()
    publish(SheetChanged(str(place.project_id), str(place.sheet_id)))


def reference_cards(place: Set) -> list[tuple[Reference, str]]:
    """The references of a set, and for each why its picture is not shown, "" for one that is. Two queries."""
    references = list(place.references.select_related("added_by", "set"))
    assets = assets_of(references)
    held = {
        AssetState.QUARANTINED: "In quarantine: say under Rights who is seen on it",
        AssetState.WITHDRAWN: "Withdrawn",
    }
    states = {sha256: AssetState(asset.state) for sha256, asset in assets.items()}
    return [
        (reference, held.get(states.get(reference.sha256, AssetState.OK), "")) for reference in references
    ]


def assets_of(references: Iterable[Reference]) -> dict[str, ReferenceAsset]:
    """By address: the pictures behind references as the production took them in.

    references: with their set. One that was kept before pictures were taken in has none. One query.
    """
    references = list(references)
    found = ReferenceAsset.objects.filter(
        project__in={reference.set.project_id for reference in references},
        sha256__in={reference.sha256 for reference in references},
    )
    return {asset.sha256: asset for asset in found.select_related("project")}


def shown_by_references(files: set[str], assets: Collection[uuid.UUID]) -> set[str]:
    """Of some addresses, those of references that were kept before pictures were taken in; see `retention`."""
    withdrawn = ReferenceAsset.objects.filter(pk__in=assets).values("sha256")
    others = Reference.objects.exclude(sha256__in=withdrawn)
    kept = set(others.filter(sha256__in=files).values_list("sha256", flat=True))
    return kept | set(others.filter(thumb_sha256__in=files).values_list("thumb_sha256", flat=True))
