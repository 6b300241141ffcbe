"""What was withdrawn is deleted for good once the time is over in which it might be asked about.

Only bytes go. Rows, hashes, decisions and the record stay as evidence, old links go on answering 410, and what had
left the house is held for the lawyers, who say themselves when it may go.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from previs.audit.record import record
from previs.generation import store
from previs.generation.models import Frame, FrameState, Job
from previs.generation.withdrawal import REVOKED
from previs.rights.models import AssetState, Person, ReferenceAsset, Release, ReleaseState

#: Days after a revocation; backups are to be kept no longer (docs/operations.md).
HELD = timedelta(days=30)
#: `Frame.held_for` of a withdrawn frame whose files are deleted.
PURGED = "purged"

# Addresses that were made from some frames and pictures beside their own files; and of some addresses, those that
# rows still show. The apps above register theirs, since nothing here knows fittings or sets.
Derived = Callable[[Collection[uuid.UUID], Collection[uuid.UUID]], set[str]]
Needed = Callable[[set[str], Collection[uuid.UUID]], set[str]]
_DERIVED: list[Derived] = []
_NEEDED: list[Needed] = []


@dataclass(frozen=True, slots=True)
class Purge:
    """What a purge deleted, or would delete, of one person."""

    person: Person
    frames: int
    assets: int
    files: int


def register(*, derived: Derived | None = None, needed: Needed | None = None) -> None:
    """derived(frames, assets) -> addresses made from them.  needed(addresses, assets) -> those that rows show still,
    the rows of these assets left out."""
    if derived is not None:
        _DERIVED.append(derived)
    if needed is not None:
        _NEEDED.append(needed)


def purge_due(*, now: datetime | None = None, dry_run: bool = False) -> list[Purge]:
    """Delete the bytes of what was withdrawn 30 days ago; safe to run anywhere, any number of times."""
    moment = now or timezone.now()
    revoked = Release.objects.filter(status=ReleaseState.REVOKED)
    recent = revoked.filter(ended_at__gt=moment - HELD).values("person")
    waiting = Q(frames__state=FrameState.WITHDRAWN, frames__held_for=REVOKED) | Q(
        assets__state=AssetState.WITHDRAWN, assets__purged_at=None
    )
    due = Person.objects.filter(waiting, pk__in=revoked.values("person")).exclude(pk__in=recent).distinct()
    return [_purge(person, moment, dry_run=dry_run) for person in due]


def _purge(person: Person, moment: datetime, *, dry_run: bool) -> Purge:
    frames = list(Frame.objects.filter(persons=person, state=FrameState.WITHDRAWN, held_for=REVOKED))
    assets = list(person.assets.filter(state=AssetState.WITHDRAWN, purged_at=None))
    files = _addresses(person, frames, assets)
    files -= _still_needed(files, frames, assets)
    if dry_run:
        return Purge(person, len(frames), len(assets), len(files))
    # Files first: a crash in between leaves rows that are simply purged again.
    for sha256 in sorted(files):
        store.delete(sha256)
    with transaction.atomic():
        Frame.objects.filter(pk__in=[frame.pk for frame in frames]).update(held_for=PURGED)
        ReferenceAsset.objects.filter(pk__in=[asset.pk for asset in assets]).update(purged_at=moment)
        purge = Purge(person, len(frames), len(assets), len(files))
        record(
            "purge",
            person,
            by=None,
            project_id=person.project_id,
            frames=purge.frames,
            assets=purge.assets,
            files=purge.files,
        )
    return purge


def _addresses(person: Person, frames: list[Frame], assets: list[ReferenceAsset]) -> set[str]:
    found = {
        sha256 for frame in frames for sha256 in (frame.sha256, frame.thumb_sha256, frame.blockout_sha256)
    }
    found |= {sha256 for asset in assets for sha256 in (asset.sha256, asset.thumb_sha256)}
    # What was cut or widened from them to be repainted.
    for request in Job.objects.filter(persons=person).values_list("request", flat=True):
        found |= {image["sha256"] for image in request.get("inputs", ()) if image["role"] != "mask"}
    for derived in _DERIVED:
        found |= derived([frame.pk for frame in frames], [asset.pk for asset in assets])
    return found - {""}


def _still_needed(files: set[str], frames: list[Frame], assets: list[ReferenceAsset]) -> set[str]:
    """Of some addresses, those that anything else than these rows names, whatever its state."""
    others = Frame.objects.exclude(pk__in=[frame.pk for frame in frames]).exclude(held_for=PURGED)
    kept: set[str] = set()
    for field in ("sha256", "thumb_sha256", "blockout_sha256"):
        kept |= set(others.filter(**{f"{field}__in": files}).values_list(field, flat=True))
    pictures = ReferenceAsset.objects.filter(purged_at=None).exclude(pk__in=[asset.pk for asset in assets])
    for field in ("sha256", "thumb_sha256"):
        kept |= set(pictures.filter(**{f"{field}__in": files}).values_list(field, flat=True))
    for needed in _NEEDED:
        kept |= needed(files, [asset.pk for asset in assets])
    return kept
