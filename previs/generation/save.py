"""From pixels to a row: files first, then one transaction. A row never points at a missing file."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from previs.audit.record import record
from previs.engine.port import EngineFacts
from previs.engine.request import FrameRequest, RenderedFrame
from previs.events import FrameMade, publish
from previs.generation import imaging, likeness, queue, store
from previs.generation.models import Frame, Job, Origin, Provenance, Sheet


def save_frame(
    job: Job,
    rendered: RenderedFrame,
    *,
    token: uuid.UUID,
    facts: EngineFacts,
    seconds: float,
    keep: Callable[[Frame], None] | None = None,
) -> Frame:
    """Keep a rendered frame and end its job, all or nothing. keep: what belongs to the frame beside it, too.

    Raises StoreError when the files cannot be kept, LostLease when the job is no longer ours, ConsentEnded when
    somebody on it may not be used any more.
    An orphan file that a lost lease leaves behind is harmless: `verify_frames` reports it.
    """
    likeness.ask_to_keep(job)
    embedded = embedded_record(job, rendered, facts)
    sha256 = store.put(imaging.png(rendered.picture, embedded))
    thumb = store.put(imaging.thumbnail(rendered.picture))
    blockout = store.put(imaging.png(rendered.blockout)) if rendered.blockout is not None else ""
    with transaction.atomic():
        queue.finish(job, token=token, seconds=seconds)
        # Again with the job's row held: a revocation waits for this, or has cancelled the job before.
        likeness.ask_to_keep(job)
        frame = Frame.objects.create(
            id=uuid.UUID(embedded["frame"]),
            sheet_id=job.sheet_id,
            job_id=job.pk,
            number=next_number(job.sheet_id),
            origin=Origin.AI,
            made_for=job.requested_by,
            caption=rendered.request.prompt[:300],
            sha256=sha256,
            thumb_sha256=thumb,
            blockout_sha256=blockout,
            width=rendered.picture.width,
            height=rendered.picture.height,
        )
        if job.likeness:
            frame.persons.set(job.persons.all())
        _write_provenance(frame, job, rendered, facts, embedded, seconds)
        if keep is not None:
            keep(frame)
        record(
            "frame_made", frame, by=job.requested_by, project_id=job.project_id, sha256=sha256, model=facts.model,
            revision=facts.revision, seed=rendered.request.seed,
        )  # fmt: skip
        publish(FrameMade(str(job.project_id), str(frame.pk), str(job.sheet_id)))
    return frame


def next_number(sheet_id: uuid.UUID) -> int:
    """The next version number of a sheet, inside the caller's transaction; the update locks the row."""
    Sheet.objects.filter(pk=sheet_id).update(frames_made=F("frames_made") + 1)
    return Sheet.objects.values_list("frames_made", flat=True).get(pk=sheet_id)


def embedded_record(job: Job, rendered: RenderedFrame, facts: EngineFacts) -> dict[str, Any]:
    """What the file says of itself: how it was made, by hash where it could name a person or a secret."""
    request = rendered.request
    source = rendered.settings.get("source_type")
    return {
        **({"source_type": source} if source else {}),
        # From the job, so that a replay writes the same bytes.
        "frame": str(uuid.uuid5(job.pk, "frame")),
        "job": str(job.pk),
        "model": facts.model,
        "revision": facts.revision,
        "seed": request.seed,
        "steps": request.steps,
        "guidance": request.guidance,
        "size": [request.width, request.height],
        "prompt_sha256": imaging.text_sha256(request.prompt),
        "inputs": by_role(request),
    }


def by_role(request: FrameRequest) -> dict[str, str]:
    """Role -> address of each input; where several have one role: "reference", "reference 2", ..."""
    found: dict[str, str] = {}
    for image in request.inputs:
        name, number = str(image.role), 2
        while name in found:
            name, number = f"{image.role} {number}", number + 1
        found[name] = image.sha256
    return found


def _write_provenance(
    frame: Frame,
    job: Job,
    rendered: RenderedFrame,
    facts: EngineFacts,
    embedded: dict[str, Any],
    seconds: float,
) -> None:
    request, used = rendered.request, rendered.settings
    Provenance.objects.create(
        frame=frame,
        requested_by=job.requested_by,
        prompt=request.prompt,
        negative_prompt=request.negative_prompt,
        model=facts.model,
        revision=facts.revision,
        digests=facts.digests,
        seed=request.seed,
        scheduler=str(used.get("scheduler") or request.scheduler),
        steps=request.steps,
        guidance=request.guidance,
        width=rendered.picture.width,
        height=rendered.picture.height,
        request=request.to_json(),
        inputs=by_role(request),
        versions=facts.versions,
        settings={"device": facts.device, "dtype": facts.dtype, **used},
        reading=rendered.reading,
        record=embedded,
        pixels_sha256=imaging.pixels_sha256(rendered.picture),
        rendered_at=timezone.now(),
        seconds=seconds,
    )
