"""What a worker does beside rendering, in threads of its own, so that the engine waits for no disk and no network."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from django.db import connection

logger = logging.getLogger(__name__)


class Shelf:
    """Stores finished frames one batch behind the engine; leaving the context waits until all are stored."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="shelf")
        self._last: Future[None] | None = None

    def put(self, store: Callable[[], None]) -> None:
        """Have `store` called soon. Waits for the batch before: never more than one lies unstored."""
        self._wait()
        self._last = self._thread.submit(self._run, store)

    @staticmethod
    def _run(store: Callable[[], None]) -> None:
        try:
            store()
        finally:
            connection.close()

    def _wait(self) -> None:
        if self._last is not None:
            self._last.result()

    def __enter__(self) -> Shelf:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._wait()
        finally:
            self._thread.shutdown()


class Messenger:
    """Sends previews; when they come faster than they can be sent, only the newest is."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._waiting: Callable[[], None] | None = None
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="messenger", daemon=True)

    def send(self, message: Callable[[], None]) -> None:
        """Have `message` called soon; a fault in it is logged, since no render fails for a preview."""
        with self._news:
            self._waiting = message
            self._news.notify()

    def _run(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._waiting or self._ended)
                message, self._waiting = self._waiting, None
            if message is None:
                return
            try:
                message()
            except Exception:
                logger.warning("A preview could not be sent.", exc_info=True)

    def __enter__(self) -> Messenger:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._news:
            self._ended = True
            self._news.notify()
        self._thread.join()
