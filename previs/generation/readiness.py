"""Whether an engine is still coming up: loading weights, or compiling the renderer on its very first start.

Kept in the cache by whoever warms up, so that a page can say why nothing is rendered yet.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache

logger = logging.getLogger(__name__)
KEY = "engine-coming-up"
# A worker that is killed while it warms up does not say so; nobody should read for longer that it still does.
SECONDS_KEPT = 300


def engine_comes_up() -> None:
    """A cache that is down is no reason not to start."""
    try:
        cache.set(KEY, True, SECONDS_KEPT)
    except Exception:
        logger.warning("Nobody could be told that the engine is starting.", exc_info=True)


def engine_is_up() -> None:
    try:
        cache.delete(KEY)
    except Exception:
        logger.warning("Nobody could be told that the engine has started.", exc_info=True)


@contextmanager
def coming_up() -> Iterator[None]:
    engine_comes_up()
    try:
        yield
    finally:
        engine_is_up()


def is_coming_up() -> bool:
    try:
        return bool(cache.get(KEY))
    except Exception:
        logger.warning("Whether the engine is starting could not be read.", exc_info=True)
        return False
