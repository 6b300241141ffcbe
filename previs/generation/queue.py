"""The queue in the database. Only this module writes `Job.state`, always by a conditional update.

A job runs queued -> running -> done | failed, may go back to queued when its worker is lost, and may be cancelled
in either open state. A final state never changes again.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from previs.events import JobChanged, JobClaimed, publish
from previs.generation.models import OPEN, Job, JobState

# A silent worker loses its jobs after this; short, so that an open page is right again within ten seconds.
LEASE = timedelta(seconds=6)
# Two retries: a job that has killed three workers is not given a fourth.
MAX_ATTEMPTS = 3
WORKER_LOST = (
    "The worker stopped {attempts} times while making this frame. Try a smaller size or another model."
)


class LostLease(Exception):  # noqa: N818 - an outcome, not an error
    """Somebody else holds the job now, or it was cancelled: whatever was made of it must be dropped."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Jobs that one worker renders in one batch; whoever holds the token may finish them."""

    token: uuid.UUID
    worker: str
    jobs: tuple[Job, ...]


def in_turn(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """Queued jobs in the order they will be served: urgent first, then people in turn, then age.

    Everybody's first waiting job comes before anybody's second; among equals, whoever was served longest ago.
    """
    served = Job.objects.filter(requested_by=OuterRef("requested_by"), claimed_at__isnull=False)
    return (
        jobs.filter(state=JobState.QUEUED)
        .annotate(
            turn=Window(
                RowNumber(),
                partition_by=[F("urgent"), F("requested_by")],
                order_by=[F("created_at").asc(), F("take").asc()],
            ),
            last_served=Subquery(served.order_by("-claimed_at").values("claimed_at")[:1]),
        )
        .order_by("-urgent", "turn", F("last_served").asc(nulls_first=True), "created_at", "take", "pk")
    )


def claim(*, worker: str) -> Claim | None:
    """Take the next job, or None when nothing waits. Two workers never get the same one."""
    token = uuid.uuid4()
    # Other workers may be quicker; each lost race means that somebody else has work, so this ends.
    while (head := in_turn(Job.objects.all()).first()) is not None:
        if _take(head.pk, token=token, worker=worker):
            return Claim(token, worker, _of(token))
    return None


def extend(held: Claim, *, to: int) -> Claim:
    """Take up to `to` jobs in all that agree with the first in model, size and steps, to render them together.

    A job that has been tried before is rendered alone, so that a bad one cannot take others down again.
    """
    head = held.jobs[0]
    if to <= len(held.jobs) or head.attempt > 1:
        return held
    agreeing = in_turn(Job.objects.filter(batch_key=head.batch_key, attempt=0, urgent=head.urgent))
    for pk in list(agreeing.values_list("pk", flat=True)[: to - len(held.jobs)]):
        _take(pk, token=held.token, worker=held.worker)
    return Claim(held.token, held.worker, _of(held.token))


def renew(token: uuid.UUID, *, step: int | None = None, steps: int | None = None) -> int:
    """Say that the claim is alive; returns how many of its jobs are still wanted."""
    values: dict[str, object] = {"lease_until": timezone.now() + LEASE}
    if step is not None:
        values |= {"step": step, "steps": steps}
    return _held(token).update(**values)


def still_held(token: uuid.UUID) -> set[uuid.UUID]:
    return set(_held(token).values_list("pk", flat=True))


def finish(job: Job, *, token: uuid.UUID, seconds: float) -> None:
    """running -> done, inside the caller's transaction. Raises LostLease when the job is no longer ours."""
    _end(_held(token).filter(pk=job.pk), job, JobState.DONE, seconds=seconds, step=F("steps"))


def fail(job: Job, *, token: uuid.UUID, error: str, again: bool = False) -> None:
    """running -> failed with words for people; with `again`, back to the queue while retries are left."""
    if again and job.attempt < MAX_ATTEMPTS:
        give_back(job, token=token)
    else:
        _end(_held(token).filter(pk=job.pk), job, JobState.FAILED, error=error[:500])


def give_back(job: Job, *, token: uuid.UUID) -> None:
    """running -> queued: another worker, or the same one later, will try."""
    _requeue(_held(token).filter(pk=job.pk))
    _announce([job])


def cancel(job: Job) -> bool:
    """queued or running -> cancelled; False when it had ended already. A running render stops at its next step."""
    ended = Job.objects.filter(pk=job.pk, state__in=OPEN)
    try:
        _end(ended, job, JobState.CANCELLED)
    except LostLease:
        return False
    return True


def release_lost(*, now: datetime | None = None) -> tuple[int, int]:
    """Free jobs whose worker has gone silent: (requeued, failed). Safe to run anywhere, any number of times."""
    lost = Job.objects.filter(state=JobState.RUNNING, lease_until__lt=now or timezone.now())
    requeued = failed = 0
    for job in lost.only("pk", "attempt", "token", "project_id", "sheet_id"):
        same_claim = lost.filter(pk=job.pk, token=job.token)
        if job.attempt < MAX_ATTEMPTS:
            if not _requeue(same_claim):
                continue
            requeued += 1
            _announce([job])
        else:
            try:
                _end(same_claim, job, JobState.FAILED, error=WORKER_LOST.format(attempts=job.attempt))
            except LostLease:
                continue
            failed += 1
    return requeued, failed


def waiting() -> bool:
    return Job.objects.filter(state=JobState.QUEUED).exists()


def _held(token: uuid.UUID) -> QuerySet[Job]:
    return Job.objects.filter(token=token, state=JobState.RUNNING)


def _of(token: uuid.UUID) -> tuple[Job, ...]:
    held = _held(token).select_related("project", "sheet__project", "requested_by")
    return tuple(held.order_by("created_at", "take"))


def _take(pk: uuid.UUID, *, token: uuid.UUID, worker: str) -> bool:
    now = timezone.now()
    taken = Job.objects.filter(pk=pk, state=JobState.QUEUED).update(
        state=JobState.RUNNING,
        token=token,
        lease_until=now + LEASE,
        worker=worker[:120],
        attempt=F("attempt") + 1,
        claimed_at=now,
        step=0,
        steps=0,
    )
    if taken:
        _announce(Job.objects.filter(pk=pk).only("pk", "project_id", "sheet_id"), JobClaimed)
    return bool(taken)


def _requeue(jobs: QuerySet[Job]) -> int:
    return jobs.filter(Q(state=JobState.RUNNING)).update(
        state=JobState.QUEUED, token=None, lease_until=None, worker="", step=0, steps=0
    )


def _end(jobs: QuerySet[Job], job: Job, state: JobState, **values: object) -> None:
    ended = jobs.update(state=state, token=None, lease_until=None, finished_at=timezone.now(), **values)
    if not ended:
        raise LostLease(str(job.pk))
    _announce([job])


def _announce(jobs: Iterable[Job], event: type[JobChanged] = JobChanged) -> None:
    publish(*(event(str(job.project_id), str(job.pk), str(job.sheet_id)) for job in jobs))
