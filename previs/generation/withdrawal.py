"""When consent ends: what depends on a person leaves every page and every link, at once and for good.

Everything runs in one transaction and counts what it did. Running it twice changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from previs.audit.models import AuditEntry
from previs.audit.record import record
from previs.events import FrameChanged, SheetChanged, publish
from previs.generation import queue
from previs.generation.leaving import EXPORTED as EXPORTED
from previs.generation.leaving import departures
from previs.generation.likeness import verdict_on_frame
from previs.generation.models import HIDDEN, OPEN, Frame, FrameState, Job
from previs.rights import policy
from previs.rights.casting import tell_roles
from previs.rights.models import AssetState, Person, ReferenceAsset, Release, ReleaseState
from previs.rights.services import ReleaseError

if TYPE_CHECKING:
    from previs.accounts.models import User

REVOKED, EXPIRED = "revoked", "expired"


@dataclass(frozen=True, slots=True)
class Report:
    """What ended with a consent: numbers of jobs cancelled, frames by their new state, pictures withdrawn."""

    release: Release
    jobs: int = 0
    frames: dict[str, int] = field(default_factory=dict)
    assets: int = 0
    repeated: bool = False

    @property
    def frame_count(self) -> int:
        return sum(self.frames.values())

    @property
    def words(self) -> str:
        if self.repeated:
            return "This release had been revoked before; nothing was left to withdraw."
        held = self.frames.get(FrameState.LEGAL_HOLD, 0)
        parts = [
            f"{_counted(self.frame_count - held, 'frame')} withdrawn",
            f"{held} held for the lawyers, because {'its file' if held == 1 else 'their files'} had left the house"
            if held
            else "",
            f"{_counted(self.jobs, 'job')} cancelled",
            f"{_counted(self.assets, 'photograph')} withdrawn",
        ]
        return ", ".join(part for part in parts if part) + "."

    @classmethod
    def of(cls, release: Release) -> Report | None:
        """What was reported when the release ended, read back from the record; None while it has not."""
        entries = AuditEntry.objects.filter(
            verb__in=["revoke_release", "expire_release"],
            object_kind=Release._meta.label_lower,
            object_id=str(release.pk),
        )
        entry = entries.select_related("payload").order_by("-seq").first()
        if entry is None:
            return None
        counts = entry.payload.body["report"]
        return cls(release, counts["jobs"], counts["frames"], counts["assets"])

    def to_json(self) -> dict[str, Any]:
        return {"jobs": self.jobs, "frames": self.frames, "assets": self.assets}


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Closure:
    """Everything that depends on a person and still could be seen or made."""

    jobs: list[Job]
    frames: list[Frame]
    assets: list[ReferenceAsset]


def closure_of(person: Person) -> Closure:
    """What a revocation would reach now: three queries, for the page that asks whether one is sure."""
    frames = (
        Frame.objects.filter(persons=person)
        .exclude(state=FrameState.WITHDRAWN)
        .exclude(state=FrameState.LEGAL_HOLD, held_for=REVOKED)
    )
    return Closure(
        jobs=list(Job.objects.filter(persons=person, state__in=OPEN)),
        frames=list(frames.select_related("sheet")),
        assets=list(person.assets.exclude(state=AssetState.WITHDRAWN)),
    )


@transaction.atomic
def revoke(release: Release, *, by: User, reason: str) -> Report:
    """End a release at its person's word: cancel, withdraw, report (R26). Raises ReleaseError without a reason.

    The release, the decisions and the hashes stay as evidence.
    """
    words = reason.strip()
    if release.status == ReleaseState.DRAFT:
        raise ReleaseError("A draft was never in force, so there is nothing to revoke.")
    if not words:
        raise ReleaseError("Say who revoked it and when, for the record.")
    ended = Release.objects.filter(pk=release.pk).exclude(status=ReleaseState.REVOKED)
    first = ended.update(
        status=ReleaseState.REVOKED, ended_at=timezone.now(), ended_by=by, end_reason=words[:300]
    )
    release.refresh_from_db()
    if not first:
        return Report(release, repeated=True)
    person = release.person
    # Jobs first: where one is just being saved, this waits for it, and its frame is in the closure.
    jobs = [job for job in Job.objects.filter(persons=person, state__in=OPEN) if queue.cancel(job)]
    closure = closure_of(person)
    frames = _withdraw(closure.frames)
    assets = ReferenceAsset.objects.filter(pk__in=[asset.pk for asset in closure.assets]).update(
        state=AssetState.WITHDRAWN
    )
    tell_roles(person)
    report = Report(release, len(jobs), dict(frames), assets)
    record("revoke_release", release, by=by, project_id=person.project_id, report=report.to_json())
    return report


def expire_releases(*, now: datetime | None = None) -> list[Report]:
    """End releases whose time is over; safe to run anywhere, any number of times (R27)."""
    moment = now or timezone.now()
    overdue = Release.objects.overdue(moment).select_related("person__project")
    return [report for release in overdue if (report := _expire(release, moment)) is not None]


@transaction.atomic
def _expire(release: Release, moment: datetime) -> Report | None:
    ended = Release.objects.overdue(moment).filter(pk=release.pk)
    if not ended.update(status=ReleaseState.EXPIRED, ended_at=moment, end_reason="Its time was over."):
        return None
    release.refresh_from_db()
    frames = Frame.objects.filter(persons=release.person).exclude(state__in=HIDDEN).select_related("sheet")
    held: Counter[str] = Counter()
    for frame in frames:
        if verdict_on_frame(frame).allowed:
            continue  # another release still covers it
        approved = frame.decisions.in_force().filter(verdict="approved").exists()
        state = policy.state_after_expiry(frame.state, approved=approved)
        held[state] += _move([frame], state, EXPIRED)
    tell_roles(release.person)
    report = Report(release, frames=dict(held))
    record("expire_release", release, by=None, project_id=release.person.project_id, report=report.to_json())
    return report


@transaction.atomic
def restore(person: Person, *, by: User) -> int:
    """Show what an expiry had hidden, once a renewed release covers it; returns how many frames came back."""
    hidden = Frame.objects.filter(persons=person, held_for=EXPIRED).select_related("sheet", "job")
    covered = [frame for frame in hidden if verdict_on_frame(frame).allowed]
    back = _move(covered, FrameState.DRAFT, "")
    tell_roles(person)
    if back:
        record("restore_frames", person, by=by, project_id=person.project_id, frames=back)
    return back


@transaction.atomic
def warn_of_endings(*, now: datetime | None = None) -> int:
    """Put on record that a release ends in 30, 7 or 1 days; returns how many warnings were given."""
    moment = now or timezone.now()
    given = 0
    living = Release.objects.select_for_update(of=("self",)).filter(status=ReleaseState.ACTIVE)
    for release in living.select_related("person"):
        if release.valid_until is None:
            continue
        for days in policy.warnings_due(release.valid_until, moment=moment, warned=release.warned):
            release.warned = [*release.warned, days]
            release.save(update_fields=["warned"])
            record("release_ends", release, by=None, project_id=release.person.project_id, days=days)
            given += 1
    return given


def _withdraw(frames: Iterable[Frame]) -> Counter[str]:
    frames = list(frames)
    exported = {departure.frame_id for departure in departures(frames)}
    moved: Counter[str] = Counter()
    by_state: dict[str, list[Frame]] = {}
    for frame in frames:
        state = policy.state_after_revocation(frame.state, exported=frame.pk in exported)
        by_state.setdefault(state, []).append(frame)
    for state, group in by_state.items():
        moved[state] += _move(group, state, REVOKED)
    return moved


def _move(frames: list[Frame], state: str, held_for: str) -> int:
    """Give frames a state and tell every open page; returns how many were in another one."""
    chosen = Frame.objects.filter(pk__in=[frame.pk for frame in frames]).exclude(
        Q(state=state) & Q(held_for=held_for)
    )
    moved = chosen.update(state=state, held_for=held_for)
    for frame in frames:
        project = str(frame.sheet.project_id)
        publish(
            FrameChanged(project, str(frame.pk), str(frame.sheet_id)),
            SheetChanged(project, str(frame.sheet_id)),
        )
    return moved
