"""The worker's loop: claim, render, save. No transaction is open while the engine works."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings

from previs.engine.port import EngineError, EngineFacts, RenderCancelled
from previs.engine.request import RenderedFrame, Step
from previs.events import JobProgressed, publish_now
from previs.generation import imaging, queue, store
from previs.generation.aside import Messenger, Shelf
from previs.generation.cards import sheet_ratio
from previs.generation.engines import engine_for, forget
from previs.generation.history import seconds_per_frame
from previs.generation.lease import Heartbeat
from previs.generation.likeness import ConsentEnded
from previs.generation.makers import Make, maker_of
from previs.generation.models import Frame, Job
from previs.generation.previews import remember_preview
from previs.generation.save import save_frame
from previs.generation.services import refusal

if TYPE_CHECKING:
    from PIL.Image import Image

logger = logging.getLogger(__name__)

# A render that takes longer than this hangs; other pools' soft limits do not reach a thread, so we count ourselves.
DEADLINE_SECONDS = 15 * 60
# Twice a second: no surface of the page may change its brightness more often (WCAG 2.3.1 allows three).
PREVIEW_INTERVAL = 0.5


def run_available(*, worker: str, overlap: bool = False) -> int:
    """Render whatever waits, until nothing does. Returns how many claims were worked on.

    overlap: finished frames are encoded and stored by a second thread while the next ones are rendered, and this
    returns when all are stored.
    """
    worked = 0
    with Shelf() if overlap else nullcontext() as shelf:
        while (claim := queue.claim(worker=worker)) is not None:
            run(claim, shelf)
            worked += 1
    return worked


def run(claim: queue.Claim, shelf: Shelf | None = None) -> None:
    """Work one claim to its end: every job in it is done, failed, back in the queue, or was taken from us."""
    heartbeat = Heartbeat(claim)
    heartbeat.start()
    batch = _attempt(claim, lambda: _render(claim, heartbeat))
    if batch is None:
        heartbeat.stop()
    elif shelf is None:
        _store(batch, heartbeat)
    else:
        shelf.put(partial(_store, batch, heartbeat))


T = TypeVar("T")


def _attempt(claim: queue.Claim, work: Callable[[], T]) -> T | None:
    """Do part of a claim's work; when it fails, tell its jobs why, and return None."""
    try:
        return work()
    except RenderCancelled:
        logger.info("Claim %s was cancelled.", claim.token)
        _give_back_rest(claim)
    except EngineError as error:
        logger.warning("Claim %s failed: %s", claim.token, error)
        _fail_rest(claim, str(error), again=not error.permanent)
    except store.StoreError as error:
        logger.error("Claim %s could not be saved: %s", claim.token, error)
        _fail_rest(claim, str(error), again=False)
    except Exception:
        logger.exception("Claim %s ended in a fault of the program.", claim.token)
        forget()
        _fail_rest(
            claim,
            "Something broke while making this frame; the worker's log names it. Press Retry.",
            again=True,
        )
    return None


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of a claim. seconds: of worker time for each frame.  keep: what is kept beside the frame, as `Made`."""

    claim: queue.Claim
    frames: list[RenderedFrame]
    facts: EngineFacts
    seconds: float
    keep: Callable[[Frame], None] | None = None


def _render(claim: queue.Claim, heartbeat: Heartbeat) -> Batch:
    started = time.monotonic()
    head = claim.jobs[0]
    for job in claim.jobs:
        # Asked again here because a licence, a role or a release can have changed since the submit.
        verdict = refusal(job)
        if verdict is not None:
            raise EngineError(verdict, permanent=True)
    maker = maker_of(head.model)
    if maker is not None:
        return _make(claim, maker, started)
    engine = engine_for(head.model)
    claim = _without_refused(
        queue.extend(claim, to=min(engine.batch_limit, settings.PREVIS_BATCH_LIMIT or engine.batch_limit)),
        asked=len(claim.jobs),
    )
    heartbeat.wanted = len(claim.jobs)
    requests = [job.frame_request for job in claim.jobs]
    begun = time.monotonic()
    with Messenger() as messenger:
        on_step = _reporter(claim, messenger, started, estimate=seconds_per_frame(head.batch_key))
        rendered = engine.render(requests, on_step, open_input=store.read)
    return Batch(claim, rendered, engine.facts(), (time.monotonic() - begun) / len(rendered))


def _make(claim: queue.Claim, make: Make, started: float) -> Batch:
    """One frame that a part of the program makes in a way of its own."""
    (job,) = claim.jobs
    with Messenger() as messenger:
        on_step = _reporter(claim, messenger, started, estimate=seconds_per_frame(job.batch_key))
        made = make(job, on_step)
    return Batch(claim, [made.frame], made.facts, time.monotonic() - started, made.keep)


def _without_refused(claim: queue.Claim, *, asked: int) -> queue.Claim:
    """The claim without those of the jobs that joined it late which policy no longer allows; they fail in words.

    asked: how many of its first jobs were asked about already.
    """
    allowed = list(claim.jobs[:asked])
    for job in claim.jobs[asked:]:
        verdict = refusal(job)
        if verdict is None:
            allowed.append(job)
            continue
        with suppress(queue.LostLease):
            queue.fail(job, token=claim.token, error=verdict)
    return replace(claim, jobs=tuple(allowed))


def _store(batch: Batch, heartbeat: Heartbeat) -> None:
    try:
        _attempt(batch.claim, lambda: _save(batch))
    finally:
        heartbeat.stop()


def _save(batch: Batch) -> None:
    for job, frame in zip(batch.claim.jobs, batch.frames, strict=True):
        try:
            save_frame(
                job, frame, token=batch.claim.token, facts=batch.facts, seconds=batch.seconds, keep=batch.keep
            )
        except queue.LostLease:
            logger.info("Job %s was cancelled or taken over; its frame is dropped.", job.pk)
        except ConsentEnded as ended:
            logger.info("Job %s: %s Its frame is dropped.", job.pk, ended)
            with suppress(queue.LostLease):
                queue.fail(job, token=batch.claim.token, error=str(ended))


def _reporter(
    claim: queue.Claim, messenger: Messenger, started: float, *, estimate: float | None
) -> Callable[[Step], None]:
    """on_step of one batch: renew the lease, stop when unwanted or overdue, send previews at most twice a second."""
    last_preview = 0.0

    def on_step(step: Step) -> None:
        nonlocal last_preview
        now = time.monotonic()
        if not queue.renew(claim.token, step=step.number, steps=step.of):
            raise RenderCancelled
        if now - started > DEADLINE_SECONDS:
            raise EngineError(
                "The render took longer than 15 minutes. Try fewer steps or a smaller size.", permanent=True
            )
        if now - last_preview < PREVIEW_INTERVAL:
            return
        last_preview = now
        left = None if estimate is None else estimate * len(claim.jobs) * (1 - step.number / step.of)
        messenger.send(partial(_tell, claim.jobs, step, step.previews(), left))

    return on_step


def _tell(jobs: tuple[Job, ...], step: Step, pictures: list[Image], seconds_left: float | None) -> None:
    """Send the previews of a step, one for each job."""
    told = []
    for job, picture in zip(jobs, pictures, strict=True):
        preview = imaging.preview(picture)
        remember_preview(job, preview)
        about = str(job.project_id), str(job.pk), str(job.sheet_id)
        told.append(
            JobProgressed(*about, step.number, step.of, preview, sheet_ratio(job.sheet), seconds_left)
        )
    publish_now(*told)


def _fail_rest(claim: queue.Claim, error: str, *, again: bool) -> None:
    for job in _ours(claim):
        try:
            queue.fail(job, token=claim.token, error=error, again=again)
        except queue.LostLease:
            continue


def _give_back_rest(claim: queue.Claim) -> None:
    for job in _ours(claim):
        queue.give_back(job, token=claim.token)


def _ours(claim: queue.Claim) -> list[Job]:
    """Jobs of this claim that are still running under its token, extended ones included."""
    return list(Job.objects.filter(pk__in=queue.still_held(claim.token)))
