"""Queueing requests that somebody else has composed: as the takes of one brief, under the same policy as any."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

from previs.engine.request import FrameRequest
from previs.events import SheetChanged, publish
from previs.generation import likeness, services
from previs.generation.likeness import Likeness
from previs.generation.models import Job, Sheet, Source
from previs.generation.refusal import GenerationRefused
from previs.generation.sources import SourceRef
from previs.generation.wake import wake_workers
from previs.projects.models import URGENT_ROLES

if TYPE_CHECKING:
    from previs.accounts.models import User


def may_order(
    sheet: Sheet,
    requests: Sequence[FrameRequest],
    *,
    known: Likeness,
    sources: Sequence[SourceRef] = (),
    by: User,
    urgent: bool = False,
) -> likeness.Shown:
    """Whose likeness these requests use. Raises GenerationRefused with the first rule that does not let them."""
    if urgent and sheet.project.role_of(by) not in URGENT_ROLES:
        raise GenerationRefused(
            ["Only the owner, a producer or the director may put a job before the others."]
        )
    for request in requests:
        services.ask_model(request, sheet.project)
    return likeness.ask(sheet, requests[0], known, sources, by=by)


def order(
    sheet: Sheet,
    requests: Sequence[FrameRequest],
    *,
    brief: uuid.UUID,
    known: Likeness,
    sources: Sequence[SourceRef] = (),
    by: User,
    urgent: bool = False,
) -> list[Job]:
    """Queue requests of the same inputs, inside the caller's transaction; the first is take 1.

    Raises GenerationRefused as `may_order` does.
    """
    shown = may_order(sheet, requests, known=known, sources=sources, by=by, urgent=urgent)
    jobs = Job.objects.bulk_create(
        services.new_job(sheet, request, shown, brief=brief, take=take, by=by, urgent=urgent)
        for take, request in enumerate(requests, start=1)
    )
    Source.objects.bulk_create(
        Source(job=job, kind=source.kind, ref=source.ref, digest=source.digest, label=source.label[:200])
        for job in jobs
        for source in sources
    )
    likeness.link(jobs, shown)
    publish(SheetChanged(str(sheet.project_id), str(sheet.pk)))
    wake_workers()
    return jobs
