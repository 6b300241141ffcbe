"""Releases drawn over time."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from previs.consent.timeline import LONGEST, SPREAD, timeline_of
from previs.rights.models import Release, ReleaseState


def release(*, begins: int, ends: int | None, status: str = ReleaseState.ACTIVE, ended: int = 0) -> Release:
    now = timezone.now()
    return Release(
        valid_from=now + timedelta(days=begins),
        valid_until=None if ends is None else now + timedelta(days=ends),
        status=status,
        ended_at=now + timedelta(days=ended) if ended else None,
    )


def test_a_bar_runs_from_its_first_day_to_its_last_and_the_longest_fits():
    short, long = release(begins=-5, ends=60), release(begins=-300, ends=300)
    timeline = timeline_of([short, long, None])
    near, far = timeline.bar_of(short), timeline.bar_of(long)
    assert far.x == 0 < near.x < timeline.today_x < near.x + near.width < far.x + far.width < SPREAD
    assert (near.tone, far.tone) == ("ok", "ok") and near.words.startswith("ends ")


def test_a_revoked_release_stops_on_its_day_and_says_so():
    ended = release(begins=-20, ends=200, status=ReleaseState.REVOKED, ended=-3)
    timeline = timeline_of([ended])
    bar = timeline.bar_of(ended)
    assert bar.tone == "bad" and bar.words.startswith("revoked ") and bar.x + bar.width < timeline.today_x


def test_what_has_no_end_has_no_bar_and_what_is_not_in_force_is_pale():
    timeline = timeline_of([])
    assert timeline.bar_of(None) is None and timeline.bar_of(release(begins=0, ends=None)) is None
    assert timeline.bar_of(release(begins=-1, ends=9, status=ReleaseState.SUSPENDED)).tone == "off"


def test_a_release_for_ten_years_does_not_flatten_the_others():
    timeline = timeline_of([release(begins=0, ends=3650)])
    assert timeline.last - timeline.today == LONGEST
    assert 2 <= len(timeline.months) <= 6 and all(0 <= x <= SPREAD for x, _ in timeline.months)
