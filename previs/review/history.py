"""Every frame of a production, newest first, and how it is searched."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from previs.generation.models import HIDDEN, UNSEEN, Frame, Provenance
from previs.projects.models import Project
from previs.review.cards import box_of
from previs.review.state import ReviewState, states_of

PAGE = 48
#: Wide columns of the provenance that no tile shows.
_WIDE = [f"provenance__{column}" for column in (*UNSEEN, "reading")]
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the list, just behind one frame: no other frame has the same time and key."""

    at: dt.datetime
    frame: uuid.UUID

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // dt.timedelta(microseconds=1)}-{self.frame.hex}"

    @classmethod
    def read(cls, text: str) -> Mark:
        """Raises ValueError for what `str(mark)` never wrote."""
        micros, _, frame = text.partition("-")
        try:
            return cls(_EPOCH + dt.timedelta(microseconds=int(micros)), uuid.UUID(frame))
        except OverflowError:
            raise ValueError("The time of this mark lies outside the calendar.") from None


@dataclass(frozen=True, slots=True)
class Tile:
    """One frame of the list. chosen: its box is ticked, to be compared."""

    frame: Frame
    state: ReviewState
    chosen: bool

    @property
    def box(self) -> str:
        return box_of(self.frame)

    @property
    def made(self) -> Provenance | None:
        return getattr(self.frame, "provenance", None)


@dataclass(frozen=True, slots=True)
class Page:
    """older: where the next page begins, None on the last one."""

    tiles: list[Tile]
    older: Mark | None


def listed(project: Project) -> QuerySet[Frame]:
    """Every frame of a production that may be seen; withdrawn ones are not."""
    return Frame.objects.filter(sheet__project=project).exclude(state__in=HIDDEN)


def matching(
    project: Project,
    *,
    words: str = "",
    person: int | None = None,
    kind: str = "",
    subject: str = "",
    model: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
    starred: bool = False,
) -> QuerySet[Frame]:
    """The frames of a production that fit every filter given.

    words: each occurs in the prompt, in any order and case.  person: key of who asked.  subject: each word occurs in
    the title of the sheet; a word that begins with a digit is a scene, shot or panel number, so 2A finds 2A.1 and not
    12A.1.  since, until: days of the studio's time zone, both included.
    """
    exactly = {"made_for": person, "sheet__kind": kind, "provenance__model": model, "starred": starred}
    frames = listed(project).filter(**{name: value for name, value in exactly.items() if value})
    # A regular expression and not icontains: SQLite folds the case of ASCII letters alone there.
    for word in words.split():
        frames = frames.filter(provenance__prompt__iregex=re.escape(word))
    for word in subject.split():
        start = r"(^|\W)" if word[0].isdigit() else ""
        frames = frames.filter(sheet__title__iregex=start + re.escape(word))
    if since:
        frames = frames.filter(created_at__gte=_moment(since, dt.time.min))
    if until:
        frames = frames.filter(created_at__lte=_moment(until, dt.time.max))
    return frames


def page_of(frames: QuerySet[Frame], *, before: Mark | None, chosen: Collection[uuid.UUID]) -> Page:
    """The next frames after a mark, newest first; four queries for any number of frames."""
    if before:
        frames = frames.filter(
            Q(created_at__lt=before.at) | Q(created_at=before.at, pk__lt=before.frame),
        )
    rows = list(_with_tiles(frames).order_by("-created_at", "-pk")[: PAGE + 1])
    shown = rows[:PAGE]
    older = Mark(shown[-1].created_at, shown[-1].pk) if len(rows) > PAGE else None
    return Page(_tiles(shown, chosen), older)


def chosen_among(project: Project, ids: Iterable[uuid.UUID]) -> list[Tile]:
    """The frames of a production that are chosen, in the order of the choice; ids of anything else are passed over."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    found = {frame.pk: frame for frame in _with_tiles(listed(project).filter(pk__in=wanted))}
    return _tiles([found[pk] for pk in wanted if pk in found], wanted)


def uuids(texts: Iterable[str]) -> list[uuid.UUID]:
    """Those of the texts that are ids, as ids."""
    found = []
    for text in texts:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found


def _with_tiles(frames: QuerySet[Frame]) -> QuerySet[Frame]:
    return frames.select_related("sheet__project", "made_for", "provenance").defer(*_WIDE)


def _tiles(frames: list[Frame], chosen: Collection[uuid.UUID]) -> list[Tile]:
    states = states_of(frames)
    return [Tile(frame, states[frame.pk], frame.pk in chosen) for frame in frames]


def _moment(day: dt.date, time: dt.time) -> Any:
    return timezone.make_aware(dt.datetime.combine(day, time))
