"""Somebody is recognised on a picture afterwards: what was made from it meanwhile shows them as well."""

from __future__ import annotations

import uuid
from collections import defaultdict

from django.db import transaction

from previs.generation import likeness
from previs.generation.likeness import NOBODY
from previs.generation.models import Frame, Job, Source
from previs.rights.models import ReferenceAsset


@transaction.atomic
def carry_on(asset: ReferenceAsset) -> int:
    """Link the people on a picture with every job and frame that derives from it; returns how many frames.

    Doing it again changes nothing. Nobody is unlinked: who was said to be seen once stays protected.
    """
    persons = list(asset.persons.all())
    if not persons:
        return 0
    jobs = list(Job.objects.filter(pk__in=_derived(asset)).select_related("sheet"))
    frames = list(Frame.objects.filter(job__in=jobs))
    for person in persons:
        person.jobs.add(*jobs)
        person.frames.add(*frames)
    # A job that runs gives its people to its frame only where it says what it uses them for.
    for job in jobs:
        if job.likeness:
            continue
        Job.objects.filter(pk=job.pk).update(
            likeness=likeness.record_of(job.sheet, job.frame_request, NOBODY)
        )
    return len(frames)


def _derived(asset: ReferenceAsset) -> set[uuid.UUID]:
    """The jobs that used a picture, or a frame that derives from it, whole or cut."""
    rows = list(
        Job.objects.filter(project_id=asset.project_id).values_list(
            "pk", "request__inputs", "frame__pk", "frame__sha256"
        )
    )
    sources = Source.objects.filter(job__project_id=asset.project_id, kind="frame")
    from_frames: dict[uuid.UUID, set[str]] = defaultdict(set)
    for job, ref in sources.values_list("job_id", "ref"):
        from_frames[job].add(ref)
    known, found = {asset.sha256}, set[uuid.UUID]()
    grows = True
    while grows:
        grows = False
        for pk, inputs, frame, sha256 in rows:
            if pk in found:
                continue
            used = {image["sha256"] for image in inputs or () if image["role"] != "mask"}
            used |= from_frames[pk]
            if used & known:
                found.add(pk)
                known |= {str(frame), sha256} if frame else set()
                grows = True
    return found
