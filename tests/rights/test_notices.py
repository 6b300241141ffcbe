"""Who is told that a consent has ended, or soon will."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from previs.generation import withdrawal
from previs.generation.models import Frame, Origin
from previs.generation.sheets import open_sheet
from previs.reports.waiting import waiting_for
from tests.generation.likeness_cast import new_person, new_release

pytestmark = pytest.mark.django_db


@pytest.fixture
def performer(production, owner):
    return new_person(production, owner)


def titles(user) -> list[str]:
    return [item.title for item in waiting_for(user) if item.mark in ("Revoked", "Ends")]


def frame_of(performer, made_for) -> Frame:
    sheet = open_sheet(performer.project, kind="panel", title="12A.1", path="/")
    frame = Frame.objects.create(
        sheet=sheet, number=1, origin=Origin.HAND, made_for=made_for, sha256="a" * 64, thumb_sha256="b" * 64,
        width=64, height=64,
    )  # fmt: skip
    frame.persons.add(performer)
    return frame


def test_who_made_frames_and_who_answers_are_told_of_a_revocation(
    performer, owner, director, costume_designer, stranger, client_for
):
    release = new_release(performer, owner)
    frame_of(performer, director)
    withdrawal.revoke(release, by=owner, reason="By letter")
    assert titles(director) == titles(owner) == ["P-001 has taken the consent back"]
    assert titles(costume_designer) == titles(stranger) == []
    page = client_for(director).get("/").text
    assert "1 of your frames left every page and link" in page


def test_a_revocation_of_last_week_is_history(performer, owner):
    release = new_release(performer, owner)
    withdrawal.revoke(release, by=owner, reason="By letter")
    type(release).objects.update(ended_at=timezone.now() - timedelta(days=8))
    assert titles(owner) == []


@pytest.mark.parametrize(("days", "told"), [(29, True), (31, False)])
def test_who_answers_is_told_a_month_before_a_release_ends(performer, owner, director, days, told):
    new_release(performer, owner, valid_until=timezone.now() + timedelta(days=days))
    assert bool(titles(owner)) == told and titles(director) == []
