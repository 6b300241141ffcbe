"""What frames were made from, and which of those things are others now.

An app that owns a kind of source registers how to read its present digest; stale is derived from that and never
stored, so it can never be wrong.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from previs.generation.models import Frame, Source


@dataclass(frozen=True, slots=True)
class SourceRef:
    """One thing a prompt was compiled from. digest: of the version used, at most 64 characters."""

    kind: str
    ref: str
    digest: str
    label: str


@dataclass(frozen=True, slots=True)
class Present:
    """How a source is now. changed: the sentence shown when it differs, for instance "Set changed: Cannery"."""

    digest: str
    changed: str


Reader = Callable[[Collection[str]], dict[str, Present]]
_READERS: dict[str, Reader] = {}


def register(kind: str, reader: Reader) -> None:
    """reader(refs) -> ref: Present, for the refs that still exist; constant queries for any number of refs."""
    _READERS[kind] = reader


def stale_reasons(frames: Iterable[Frame]) -> dict[uuid.UUID, list[str]]:
    """For each frame that is stale, why, in words; constant queries for any number of frames."""
    by_job = {frame.job_id: frame.pk for frame in frames if frame.job_id}
    used = list(Source.objects.filter(job__in=by_job)) if by_job else []
    refs: dict[str, set[str]] = defaultdict(set)
    for source in used:
        refs[source.kind].add(source.ref)
    present = {kind: _READERS[kind](found) for kind, found in refs.items() if kind in _READERS}
    reasons: dict[uuid.UUID, list[str]] = defaultdict(list)
    for source in used:
        if source.kind not in present:
            continue
        now = present[source.kind].get(source.ref)
        if now is None:
            reasons[by_job[source.job_id]].append(f"{source.label} is gone")
        elif now.digest != source.digest:
            reasons[by_job[source.job_id]].append(now.changed)
    return dict(reasons)
