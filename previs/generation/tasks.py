"""Celery's part: wake-ups. A lost or doubled message costs a delay or nothing, never a job."""

from __future__ import annotations

import logging
import os
import socket
from typing import Any

from celery import shared_task
from celery.signals import celeryd_init, worker_ready
from django.conf import settings
from django.core.cache import cache
from django.db import close_old_connections

from previs.generation import queue, readiness, retention, runner, withdrawal
from previs.generation.wake import RUN_JOBS, send_wake_up

logger = logging.getLogger(__name__)
SECONDS_BETWEEN_LOOKS = 60


@shared_task(name=RUN_JOBS, ignore_result=True)  # type: ignore[untyped-decorator]
def run_jobs() -> None:
    """Render what waits."""
    runner.run_available(worker=f"{socket.gethostname()}:{os.getpid()}", overlap=True)


@shared_task(name="previs.generation.tasks.sweep", ignore_result=True)  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Free the jobs of lost workers, and wake somebody for queued ones whose wake-up may have been lost."""
    queue.release_lost()
    if queue.waiting():
        send_wake_up()
    look_after_releases()


def look_after_releases() -> None:
    """End releases whose time is over, warn of ends, and delete what was withdrawn long ago, once a minute; the policy reads the clock by itself."""
    try:
        due = cache.add("releases-looked-after", True, SECONDS_BETWEEN_LOOKS)
    except Exception:
        logger.warning("The cache does not answer; releases are looked after when it is back.", exc_info=True)
        return
    if due:
        withdrawal.expire_releases()
        withdrawal.warn_of_endings()
        retention.purge_due()


@celeryd_init.connect  # type: ignore[untyped-decorator]
def start_coming_up(options: dict[str, Any], **_: object) -> None:
    """From here on a page that waits is told that the engine is starting."""
    if "gpu" in (options.get("queues") or ()):
        readiness.engine_comes_up()


@worker_ready.connect  # type: ignore[untyped-decorator]
def start_working(sender: object, **_: object) -> None:
    """A worker that has just come up holds the default model warm and asks for whatever waits."""
    queues = getattr(getattr(sender, "task_consumer", None), "queues", [])
    if not any(getattr(entry, "name", entry) == "gpu" for entry in queues):
        return
    from previs.generation.engines import warm_up

    with readiness.coming_up():
        warm_up(settings.PREVIS_MODEL)
    sweep()
    close_old_connections()
