"""What waiting costs, from measured history: place in the queue and estimates, or honestly none."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db.models import QuerySet

from previs.engine.request import FrameRequest
from previs.generation.models import Job, JobState
from previs.generation.queue import in_turn
from previs.generation.readiness import is_coming_up

SAMPLES_NEEDED = 3
SAMPLES_KEPT = 20


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where an open job stands. place: 1 is next, 0 is running. seconds: until done, None when unknown.

    coming_up: it waits for an engine that is still starting.
    """

    place: int
    starts_in: float | None
    seconds: float | None
    coming_up: bool = False


def seconds_per_frame(batch_key: str, like: FrameRequest | None = None) -> float | None:
    """Median worker time of one frame of this kind in seconds; None before three samples exist.

    Where fewer than three agree in every setting, frames that the same model made in the same way tell, each for its
    share of pixels and steps. like: what such a frame is asked for with; None is what a job of this key asked for.
    """
    done = Job.objects.filter(state=JobState.DONE, seconds__isnull=False).order_by("-finished_at")
    alike = done.filter(batch_key=batch_key).values_list("seconds", flat=True)
    samples: list[float] = [seconds for seconds in alike[:SAMPLES_KEPT] if seconds is not None]
    if len(samples) < SAMPLES_NEEDED:
        job = None if like else Job.objects.filter(batch_key=batch_key).only("request").first()
        request = job.request if job else like.to_json() if like else None
        samples = _samples_by_work(done, request) if request else []
    return float(median(samples)) if len(samples) >= SAMPLES_NEEDED else None


def _samples_by_work(done: QuerySet[Job], request: dict[str, Any]) -> list[float]:
    """Seconds of the model's last frames made in this way, had they this one's pixels and steps."""
    related = done.filter(model=request["model"], request__ability=request["ability"])
    measured = related.values_list("seconds", "request__width", "request__height", "request__steps")
    work = request["width"] * request["height"] * request["steps"]
    return [
        float(seconds) * work / (width * height * steps)
        for seconds, width, height, steps in measured[:SAMPLES_KEPT]
        if seconds is not None and width * height * steps
    ]


def outlook(jobs: Iterable[Job]) -> dict[uuid.UUID, Outlook]:
    """Place and estimate of every open job among `jobs`; two queries and one per kind of job in the line."""
    wanted = {job.pk: job for job in jobs if job.is_open}
    if not wanted:
        return {}
    running = list(
        Job.objects.filter(state=JobState.RUNNING).only("pk", "batch_key", "step", "steps", "token", "worker")
    )
    # Who runs already need not ask who waits.
    some_wait = any(job.state == JobState.QUEUED for job in wanted.values())
    line = list(in_turn(Job.objects.all()).values_list("pk", "batch_key")) if some_wait else []
    known: dict[str, float | None] = {}

    def cost(batch_key: str) -> float | None:
        if batch_key not in known:
            known[batch_key] = seconds_per_frame(batch_key)
        return known[batch_key]

    outlooks: dict[uuid.UUID, Outlook] = {}
    ahead: float | None = 0.0
    for job in running:
        whole = cost(job.batch_key)
        left = None if whole is None else whole * (1 - job.step / job.steps if job.steps else 1)
        ahead = None if ahead is None or left is None else ahead + left
        if job.pk in wanted:
            batch = sum(1 for other in running if other.token == job.token)
            outlooks[job.pk] = Outlook(0, 0.0, None if left is None else left * batch)
    workers = max(1, len({job.worker for job in running}))
    coming_up = some_wait and not running and is_coming_up()
    for place, (pk, batch_key) in enumerate(line, start=1):
        whole = cost(batch_key)
        if pk in wanted:
            starts = None if ahead is None else ahead / workers
            outlooks[pk] = Outlook(
                place, starts, None if starts is None or whole is None else starts + whole, coming_up
            )
        ahead = None if ahead is None or whole is None else ahead + whole
    for pk, job in wanted.items():
        # Another process moved it on since the caller read the row; the next event or refresh tells.
        outlooks.setdefault(pk, Outlook(0 if job.state == JobState.RUNNING else 1, None, None))
    return outlooks
