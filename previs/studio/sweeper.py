"""The embedded mode's beat: asks a worker, every few seconds, to look after jobs whose wake-up was lost."""

import time
from collections.abc import Callable

from django.conf import settings

SWEEP = "previs.generation.tasks.sweep"


def send_sweep() -> None:
    """Raises kombu's OperationalError when the broker does not answer."""
    from previs.celery import app

    # A sweep nobody took in time is worthless: the next one does its work.
    app.send_task(SWEEP, queue="default", expires=4 * settings.SWEEP_SECONDS, ignore_result=True, retry=False)


def sweep_for_ever(say: Callable[[str], None]) -> None:
    """Send sweeps until the process ends; `say` hears when the broker goes away and when it is back."""
    from kombu.exceptions import OperationalError

    away_since = 0.0
    while True:
        try:
            send_sweep()
        except (OperationalError, OSError) as error:
            if not away_since:
                away_since = time.monotonic()
                say(f"The broker does not answer ({error}). Jobs wait; nothing is lost.")
        else:
            if away_since:
                say(f"The broker is back after {time.monotonic() - away_since:.0f} s.")
                away_since = 0.0
        time.sleep(settings.SWEEP_SECONDS)
