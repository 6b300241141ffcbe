"""Of everything that was asked for on a sheet, the one job that a person should know about now."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from previs.generation.cards import JobCard, job_cards
from previs.generation.models import Job, JobState

if TYPE_CHECKING:
    from previs.accounts.models import User


def telling_jobs(sheets: Collection[Any], user: User) -> dict[Any, JobCard]:
    """By sheet: the job that runs, else the first in line, else a failure that nothing has outdone since.

    sheets: primary keys.  Constant queries for any number.
    """
    newest: dict[Any, Any] = {}
    unsettled = Job.objects.filter(
        sheet__in=sheets, state__in=[JobState.RUNNING, JobState.QUEUED, JobState.FAILED]
    )
    # Rows of a card are wide: only those of the jobs that are shown are read.
    for job in unsettled.only("pk", "sheet_id", "state").order_by("created_at", "-take"):
        newest[job.sheet_id] = _more_telling(newest.get(job.sheet_id), job)
    shown = Job.objects.with_card().filter(pk__in=[job.pk for job in newest.values()]) if newest else ()
    finished = dict(
        Job.objects.filter(sheet__in=sheets, state=JobState.DONE)
        .order_by("finished_at")
        .values_list("sheet_id", "finished_at")
    )
    return {
        card.job.sheet_id: card
        for card in job_cards(shown, user)
        if card.job.is_open or not _outdone(card.job, finished.get(card.job.sheet_id))
    }


def _more_telling(known: Job | None, job: Job) -> Job:
    """Running says more than queued, queued more than failed, and of equals the first in line."""
    rank = {JobState.RUNNING: 0, JobState.QUEUED: 1, JobState.FAILED: 2}
    if known is None or rank[JobState(job.state)] < rank[JobState(known.state)]:
        return job
    return job if job.state == JobState.FAILED == known.state else known


def _outdone(failed: Job, finished: Any) -> bool:
    """A failure stops mattering once a later frame of the same sheet has arrived."""
    return bool(finished and failed.finished_at and finished > failed.finished_at)
