"""Waking a worker. The message carries nothing: the worker looks at the rows itself."""

import logging

from django.db import transaction
from kombu.exceptions import OperationalError

from previs.celery import app

logger = logging.getLogger(__name__)
RUN_JOBS = "previs.generation.tasks.run_jobs"


def send_wake_up() -> None:
    # An expired wake-up is worthless, the next sweep sends another: a stopped worker does not collect thousands.
    app.send_task(RUN_JOBS, expires=30)


def wake_workers() -> None:
    """Wake a worker once the present transaction has committed; a broker that is down is only logged."""

    def wake_after_commit() -> None:
        try:
            send_wake_up()
        except OperationalError as error:
            logger.warning("No worker could be woken; the next sweep will (%s).", error)

    # A named function, not functools.partial: Django's robust hooks crash while logging a failed partial.
    transaction.on_commit(wake_after_commit, robust=True)
