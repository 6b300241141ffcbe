"""Thirty days after a revocation the bytes are deleted; rows, hashes and the record stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from previs.audit.models import AuditEntry
from previs.audit.record import verify
from previs.engine.request import InputImage
from previs.generation import retention, store, withdrawal
from previs.generation.leaving import let_out
from previs.generation.models import Frame, FrameState
from previs.rights.models import ReferenceAsset, Release
from tests.generation.likeness_cast import new_person, new_photo, new_release

pytestmark = pytest.mark.django_db


@pytest.fixture
def performer(production, owner):
    return new_person(production, owner)


@pytest.fixture
def release(performer, owner):
    return new_release(performer, owner)


@pytest.fixture
def photo(performer, owner):
    return new_photo(performer, owner)


@pytest.fixture
def frames(ask, director, work, photo, release):
    """Two frames of the performer, and one that shows nobody."""
    inputs = (InputImage("picture", photo.sha256),)
    ask(director, "MARA waits", takes=2, ability="refine", inputs=inputs, size=(512, 512))
    ask(director, "An empty pier")
    work()
    return list(Frame.objects.select_related("sheet").order_by("number"))


def revoked(release: Release, owner, *, ago: timedelta) -> None:
    withdrawal.revoke(release, by=owner, reason="By letter")
    Release.objects.filter(pk=release.pk).update(ended_at=timezone.now() - ago)


def test_nothing_is_deleted_a_second_before_the_time_is_over(frames, release, owner, photo):
    revoked(release, owner, ago=retention.HELD - timedelta(minutes=1))
    assert retention.purge_due() == [] and store.exists(photo.sha256)


def test_files_go_and_rows_record_and_answers_stay(frames, release, owner, photo, director, client_for):
    revoked(release, owner, ago=retention.HELD)
    [purge] = retention.purge_due()
    assert (purge.frames, purge.assets) == (2, 1) and purge.files >= 6
    gone = [photo.sha256, photo.thumb_sha256, frames[0].sha256, frames[0].thumb_sha256, frames[1].sha256]
    assert not any(store.exists(sha256) for sha256 in gone)
    assert store.exists(frames[2].sha256) and store.exists(frames[2].thumb_sha256)
    row = Frame.objects.get(pk=frames[0].pk)
    assert (row.state, row.held_for, row.sha256) == (FrameState.WITHDRAWN, "purged", frames[0].sha256)
    assert ReferenceAsset.objects.get().purged_at is not None
    assert client_for(director).get(f"/frame/{row.pk}/master").status_code == 410
    assert AuditEntry.objects.get(verb="purge").payload.body == {
        "frames": 2,
        "assets": 1,
        "files": purge.files,
    }
    assert list(verify()) == []


def test_doing_it_again_changes_nothing_and_the_files_still_verify(frames, release, owner):
    revoked(release, owner, ago=retention.HELD)
    retention.purge_due()
    assert retention.purge_due() == [] and AuditEntry.objects.filter(verb="purge").count() == 1
    call_command("verify_frames", verbosity=0)


def test_what_had_left_the_house_is_kept_for_the_lawyers(frames, release, owner):
    let_out(frames[:1], by=owner, how="picture")
    revoked(release, owner, ago=retention.HELD)
    [purge] = retention.purge_due()
    assert purge.frames == 1 and store.exists(frames[0].sha256) and not store.exists(frames[1].sha256)


def test_bytes_that_somebody_else_s_frame_shows_as_well_stay(frames, release, owner):
    Frame.objects.filter(pk=frames[2].pk).update(sha256=frames[0].sha256)
    revoked(release, owner, ago=retention.HELD)
    retention.purge_due()
    assert store.exists(frames[0].sha256) and not store.exists(frames[1].sha256)


def test_a_second_revocation_of_the_same_person_begins_the_time_anew(frames, release, owner, performer):
    revoked(release, owner, ago=2 * retention.HELD)
    revoked(new_release(performer, owner), owner, ago=timedelta(days=1))
    assert retention.purge_due() == []


def test_a_withdrawn_picture_does_not_come_back_after_its_bytes_are_gone(frames, release, owner, photo):
    from previs.rights.services import AssetRefused, refuse_withdrawn

    revoked(release, owner, ago=retention.HELD)
    retention.purge_due()
    with pytest.raises(AssetRefused, match="withdrawn"):
        refuse_withdrawn(photo.project, photo.sha256, photo.phash)


def test_the_command_says_first_what_it_would_delete(frames, release, owner, photo, capsys):
    revoked(release, owner, ago=retention.HELD)
    call_command("purge_withdrawn", "--dry-run")
    assert "2 frames and 1 photographs would be deleted" in capsys.readouterr().out
    assert store.exists(photo.sha256)
    call_command("purge_withdrawn")
    assert not store.exists(photo.sha256)
    call_command("purge_withdrawn")
    assert "Nothing is due" in capsys.readouterr().out
