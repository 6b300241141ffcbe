"""The last preview of each running job, so that a page opened or repaired mid-render shows it at once.

Kept in the cache, not in a row: it is worth nothing once the frame is there.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable

from django.core.cache import cache

from previs.generation.models import Job

logger = logging.getLogger(__name__)
SECONDS_KEPT = 120


def remember_preview(job: Job, preview: str) -> None:
    """preview: base64 JPEG. A cache that is down is no reason to stop a render."""
    try:
        cache.set(_key(job.pk), preview, SECONDS_KEPT)
    except Exception:
        logger.warning("A preview could not be kept.", exc_info=True)


def last_previews(jobs: Iterable[Job]) -> dict[uuid.UUID, str]:
    keys = {_key(job.pk): job.pk for job in jobs if job.state == "running"}
    if not keys:
        return {}
    try:
        return {keys[key]: preview for key, preview in cache.get_many(keys).items()}
    except Exception:
        logger.warning("Previews could not be read.", exc_info=True)
        return {}


def _key(pk: uuid.UUID) -> str:
    return f"preview-{pk}"
