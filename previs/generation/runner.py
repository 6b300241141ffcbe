"""The worker's loop: claim, render, save. No transaction is open while the engine works."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from previs.engine.port import EngineError, EngineFacts, RenderCancelled
from previs.engine.request import RenderedFrame, Step
from previs.events import JobProgressed, publish
from previs.generation import imaging, queue, store
from previs.generation.engines import engine_for, forget
from previs.generation.history import seconds_per_frame
from previs.generation.lease import Heartbeat
from previs.generation.models import Job
from previs.generation.previews import remember_preview
from previs.generation.save import save_frame
from previs.generation.services import refusal

logger = logging.getLogger(__name__)

# A render that takes longer than this hangs; other pools' soft limits do not reach a thread, so we count ourselves.
DEADLINE_SECONDS = 15 * 60
PREVIEW_INTERVAL = 0.25


def run_available(*, worker: str) -> int:
    """Render whatever waits, until nothing does. Returns how many claims were worked on."""
    worked = 0
    while (claim := queue.claim(worker=worker)) is not None:
        run(claim)
        worked += 1
    return worked


def run(claim: queue.Claim) -> None:
    """Work one claim to its end: every job in it is done, failed, back in the queue, or was taken from us."""
    started = time.monotonic()
    try:
        with Heartbeat(claim) as heartbeat:
            claim = _render(claim, heartbeat, started)
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


def _render(claim: queue.Claim, heartbeat: Heartbeat, started: float) -> queue.Claim:
    head = claim.jobs[0]
    for job in claim.jobs:
        # Asked again here because a licence, a role or a release can have changed since the submit.
        verdict = refusal(job)
        if verdict is not None:
            raise EngineError(verdict, permanent=True)
    engine = engine_for(head.model)
    claim = queue.extend(claim, to=engine.batch_limit)
    heartbeat.wanted = len(claim.jobs)
    requests = [job.frame_request for job in claim.jobs]
    on_step = _reporter(claim, heartbeat, started, estimate=seconds_per_frame(head.batch_key))
    begun = time.monotonic()
    rendered = engine.render(requests, on_step, open_input=store.read)
    seconds = (time.monotonic() - begun) / len(rendered)
    facts = engine.facts()
    for job, frame in zip(claim.jobs, rendered, strict=True):
        _save_one(job, frame, claim=claim, facts=facts, seconds=seconds)
    return claim


def _save_one(
    job: Job, frame: RenderedFrame, *, claim: queue.Claim, facts: EngineFacts, seconds: float
) -> None:
    try:
        save_frame(job, frame, token=claim.token, facts=facts, seconds=seconds)
    except queue.LostLease:
        logger.info("Job %s was cancelled or taken over; its frame is dropped.", job.pk)


def _reporter(
    claim: queue.Claim, heartbeat: Heartbeat, started: float, *, estimate: float | None
) -> Callable[[Step], None]:
    """on_step of one batch: renew the lease, stop when unwanted or overdue, send previews at most 4 a second."""
    last_preview = 0.0

    def on_step(step: Step) -> None:
        nonlocal last_preview
        now = time.monotonic()
        heartbeat.wanted = queue.renew(claim.token, step=step.number, steps=step.of)
        if not heartbeat.wanted:
            raise RenderCancelled
        if now - started > DEADLINE_SECONDS:
            raise EngineError(
                "The render took longer than 15 minutes. Try fewer steps or a smaller size.", permanent=True
            )
        if now - last_preview < PREVIEW_INTERVAL and step.number < step.of:
            return
        last_preview = now
        left = None if estimate is None else estimate * len(claim.jobs) * (1 - step.number / step.of)
        for job, picture in zip(claim.jobs, step.previews(), strict=True):
            preview = imaging.preview(picture)
            remember_preview(job, preview)
            publish(
                JobProgressed(
                    str(job.project_id), str(job.pk), str(job.sheet_id), step.number, step.of, preview, left
                )
            )

    return on_step


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
