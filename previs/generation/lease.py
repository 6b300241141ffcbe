"""Keeping a claim alive while the engine is busy, and learning that it was lost or cancelled."""

from __future__ import annotations

import logging
import threading

from django.db import DatabaseError, close_old_connections, connection

from previs.generation import queue

logger = logging.getLogger(__name__)


class Heartbeat:
    """Renews a claim every two seconds from a thread of its own: loading a model takes longer than a lease.

    `wanted` is how many of the claim's jobs were still ours at the last beat; 0 means stop.
    """

    interval = queue.LEASE.total_seconds() / 3

    def __init__(self, claim: queue.Claim) -> None:
        self.token = claim.token
        self.wanted = len(claim.jobs)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="lease", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._stop.wait(self.interval):
                try:
                    self.wanted = queue.renew(self.token)
                except DatabaseError:
                    # A database that is back before the lease runs out costs nothing.
                    logger.warning("The lease could not be renewed; trying again.", exc_info=True)
                    close_old_connections()
        finally:
            connection.close()
