"""Releases drawn over time, side by side: which are in force today, and which end before the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from previs.rights.models import Release, ReleaseState

#: px that the days are spread over, and px beside them for the words at a bar's end.
SPREAD, WORDS = 300, 110
BEFORE, SHORTEST, LONGEST = timedelta(days=25), timedelta(days=150), timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Bar:
    """x, width: px.  tone: class of the bar: ok, bad, off.  words: at its end, at words_x."""

    x: int
    width: int
    tone: str
    words: str

    @property
    def words_x(self) -> int:
        return self.x + self.width + 7


@dataclass(frozen=True, slots=True)
class Timeline:
    """first, last: the days that are shown.  width: of all of it, px."""

    first: date
    last: date
    today: date
    width: int = SPREAD + WORDS

    def x_of(self, day: date) -> int:
        """px from the left; days before and after lie on the edges."""
        share = (day - self.first) / (self.last - self.first)
        return round(SPREAD * min(1.0, max(0.0, share)))

    @property
    def today_x(self) -> int:
        return self.x_of(self.today)

    @property
    def months(self) -> list[tuple[int, str]]:
        """x and name of a few months, none so near to today that the words would touch."""
        days, found = (self.last - self.first).days, []
        step = max(1, round(days / 30 / 4))
        month = self.first.replace(day=1)
        while month <= self.last:
            month = (month + timedelta(days=32 * step)).replace(day=1)
            x = self.x_of(month)
            if month <= self.last and abs(x - self.today_x) > 40:
                found.append((x, f"{month:%b}" if month.year == self.today.year else f"{month:%b %y}"))
        return found

    def bar_of(self, release: Release | None) -> Bar | None:
        """A release as it ran or runs; None for none, and for a draft without a day it ends on."""
        if release is None or release.valid_until is None:
            return None
        begins, ends = timezone.localdate(release.valid_from), timezone.localdate(release.valid_until)
        tone, words = "ok", f"ends {ends:%-d %b}"
        if release.status in (ReleaseState.REVOKED, ReleaseState.EXPIRED) and release.ended_at:
            ends = timezone.localdate(release.ended_at)
            tone, words = "bad", f"{release.get_status_display().lower()} {ends:%-d %b}"
        elif not release.is_in_force:
            tone, words = "off", release.get_status_display().lower()
        x = self.x_of(begins)
        return Bar(x, max(3, self.x_of(ends) - x), tone, words)


def timeline_of(releases: Sequence[Release | None]) -> Timeline:
    """Days from a little before today to the last end, not more than two years."""
    today = timezone.localdate()
    ends = [
        timezone.localdate(release.valid_until) for release in releases if release and release.valid_until
    ]
    last = max([today + SHORTEST, *(end + timedelta(days=14) for end in ends)])
    return Timeline(today - BEFORE, min(last, today + LONGEST), today)
