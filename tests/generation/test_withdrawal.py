"""A person takes their consent back: everything that derives from them is gone, once, and counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from previs.audit.models import AuditEntry
from previs.audit.record import record, verify
from previs.engine.request import InputImage
from previs.generation import runner, sheets, withdrawal
from previs.generation.models import Frame, FrameState, Job, JobState
from previs.review.services import decide
from previs.rights.models import AssetState, ReferenceAsset, Release
from previs.rights.services import AssetRefused, ReleaseError, keep_asset
from tests.generation.likeness_cast import drawing, jpeg, new_person, new_photo, new_release, taken

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
def refine(ask, director):
    def refine(sha256, **brief):
        inputs = (InputImage("picture", sha256),)
        return ask(director, "MARA on the pier", ability="refine", inputs=inputs, size=(512, 512), **brief)

    return refine


@pytest.fixture
def shown(refine, photo, release, ask, director, work):
    """A frame of the performer, one that derives from it, and one that shows nobody."""
    refine(photo.sha256)
    work()
    first = Frame.objects.get()
    refine(first.sha256)
    ask(director, "An empty pier")
    work()
    return list(Frame.objects.order_by("number"))


def states() -> list[str]:
    return list(Frame.objects.order_by("number").values_list("state", flat=True))


def revoke(release, owner, reason="By letter of today"):
    return withdrawal.revoke(release, by=owner, reason=reason)


def test_everything_that_derives_from_the_person_is_withdrawn_and_nothing_else(shown, release, owner, photo):
    report = revoke(release, owner)
    assert states() == ["withdrawn", "withdrawn", "draft"]
    assert (report.frames, report.assets, report.jobs) == ({"withdrawn": 2}, 1, 0)
    release.refresh_from_db()
    photo.refresh_from_db()
    assert release.status == "revoked" and release.ended_by == owner and release.end_reason
    assert photo.state == AssetState.WITHDRAWN


def test_revoking_twice_changes_nothing(shown, release, owner, producer):
    revoke(release, owner)
    rows = list(Frame.objects.values().order_by("pk")), list(Release.objects.values())
    entries = AuditEntry.objects.count()
    again = withdrawal.revoke(release, by=producer, reason="Once more")
    assert again.repeated and not again.frame_count and "before" in again.words
    assert (list(Frame.objects.values().order_by("pk")), list(Release.objects.values())) == rows
    assert AuditEntry.objects.count() == entries


def test_what_is_about_to_be_asked_is_counted_exactly(shown, release, owner, performer, refine, photo):
    refine(photo.sha256)
    closure = withdrawal.closure_of(performer)
    report = revoke(release, owner)
    counts = len(closure.jobs), len(closure.frames), len(closure.assets)
    assert counts == (report.jobs, report.frame_count, report.assets) == (1, 2, 1)
    closure = withdrawal.closure_of(performer)
    assert not closure.jobs and not closure.frames and not closure.assets


def test_waiting_jobs_are_cancelled_and_the_rest_of_the_line_goes_on(
    refine, photo, release, owner, ask, director, work
):
    refine(photo.sha256, takes=2)
    ask(director, "An empty pier")
    assert revoke(release, owner).jobs == 2
    work()
    assert sorted(Job.objects.values_list("state", flat=True)) == ["cancelled", "cancelled", "done"]


def test_a_job_that_finishes_after_the_revocation_is_discarded(
    refine, photo, release, owner, work, monkeypatch
):
    [job] = refine(photo.sha256)
    original = runner._save

    def save_after_the_revocation(batch):
        revoke(release, owner)
        original(batch)

    monkeypatch.setattr(runner, "_save", save_after_the_revocation)
    work()
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED and not Frame.objects.exists()


def test_every_old_link_answers_410_in_words(shown, release, owner, director, client_for):
    browser = client_for(director)
    first, _, empty = shown
    fresh = browser.get(first.url)
    assert fresh.status_code == 200 and fresh["Cache-Control"] == "private, no-cache"
    assert "immutable" in browser.get(empty.url)["Cache-Control"]
    revoke(release, owner)
    for frame in shown[:2]:
        for url in (frame.url, frame.thumb_url):
            answer = browser.get(url, headers={"If-None-Match": f'"{frame.sha256}"'})
            assert answer.status_code == 410 and "withdrawn" in answer.text
        assert browser.get(frame.get_absolute_url()).status_code == 410
    assert browser.get(empty.url).status_code == 200


def test_a_board_shows_a_neutral_placeholder_where_the_pick_was(
    panel, scene, photo, release, owner, director, client_for, refine, work
):
    refine(photo.sha256, on=panel.sheet)
    work()
    frame = Frame.objects.get()
    sheets.pick(panel.sheet, frame, by=director)
    address = f"/p/{scene.project.slug}/scene/{scene.number}/"
    browser = client_for(director)
    page = browser.get(address, follow=True)
    assert page.status_code == 200 and frame.thumb_url in page.text
    revoke(release, owner)
    page = browser.get(address, follow=True)
    assert frame.thumb_url not in page.text and frame.url not in page.text
    assert "withdrawn.svg" in page.text and "Withdrawn" in page.text


def test_an_approved_frame_is_withdrawn_and_its_decision_stays_as_evidence(shown, release, owner):
    decision = decide(shown[0], by=owner, verdict="approved")
    revoke(release, owner)
    decision.refresh_from_db()
    assert decision.frame.state == FrameState.WITHDRAWN and decision.frame_sha256 == shown[0].sha256


def test_a_frame_that_has_left_the_production_is_held_for_the_lawyers(
    shown, release, owner, director, client_for
):
    record(withdrawal.EXPORTED, shown[0], by=owner, project_id=shown[0].sheet.project_id)
    report = revoke(release, owner)
    assert report.frames == {"legal_hold": 1, "withdrawn": 1} and "1 held for the lawyers" in report.words
    assert client_for(director).get(shown[0].url).status_code == 410


def test_only_the_person_of_the_release_is_affected(shown, release, owner, production, refine, work):
    other = new_person(production, owner)
    new_release(other, owner)
    refine(new_photo(other, owner, seed=2).sha256)
    work()
    revoke(release, owner)
    assert states() == ["withdrawn", "withdrawn", "draft", "draft"]


def test_the_report_is_on_record_and_the_chain_holds(shown, release, owner):
    revoke(release, owner)
    entry = AuditEntry.objects.get(verb="revoke_release")
    assert entry.payload.body["report"] == {"jobs": 0, "frames": {"withdrawn": 2}, "assets": 1}
    assert list(verify()) == []


def test_a_revocation_says_who_spoke_and_a_draft_has_nothing_to_revoke(shown, release, owner, performer):
    with pytest.raises(ReleaseError, match="for the record"):
        revoke(release, owner, reason=" ")
    with pytest.raises(ReleaseError, match="draft"):
        revoke(new_release(performer, owner, active=False), owner)
    assert states() == ["draft"] * 3


def test_a_withdrawn_photo_is_refused_when_it_comes_back_even_saved_anew(photo, release, owner, production):
    import io

    from PIL import Image

    revoke(release, owner)
    again = Image.open(io.BytesIO(jpeg(drawing(1).resize((400, 400)))))
    values = {"by": owner, "kind": "person", "title": "", "rights": "own", "statement": "Ours"}
    with pytest.raises(AssetRefused) as refused:
        keep_asset(production, taken(again), **values)
    assert refused.value.code == "reference_withdrawn"
    keep_asset(production, taken(drawing(2)), **values)
    assert ReferenceAsset.objects.count() == 2


class TestExpiry:
    @pytest.fixture
    def over(self, release):
        return release.valid_until + timedelta(seconds=1)

    def test_at_its_last_second_a_release_is_still_in_force(self, shown, release, over):
        assert withdrawal.expire_releases(now=release.valid_until) == []
        assert len(withdrawal.expire_releases(now=over)) == 1
        release.refresh_from_db()
        assert release.status == "expired"

    def test_drafts_are_hidden_approved_frames_are_held_and_a_renewal_brings_both_back(
        self, shown, release, over, owner, performer
    ):
        decide(shown[0], by=owner, verdict="approved")
        [report] = withdrawal.expire_releases(now=over)
        assert report.frames == {"legal_hold": 1, "quarantined": 1}
        assert states() == ["legal_hold", "quarantined", "draft"]
        assert withdrawal.restore(performer, by=owner) == 0
        new_release(performer, owner, valid_from=timezone.now() - timedelta(days=1))
        assert withdrawal.restore(performer, by=owner) == 2
        assert states() == ["draft"] * 3

    def test_a_second_release_keeps_frames_in_sight(self, shown, release, performer, owner, over):
        new_release(performer, owner, valid_until=over + timedelta(days=30))
        [report] = withdrawal.expire_releases(now=over)
        assert report.frame_count == 0 and states() == ["draft"] * 3

    def test_the_sweep_ends_what_is_over_and_looks_once_a_minute(self, shown, release, owner, performer):
        from previs.generation.tasks import sweep

        def over() -> None:
            Release.objects.update(
                status="active", valid_until=timezone.now() - timedelta(seconds=1), ended_at=None
            )

        over()
        sweep()
        assert Release.objects.get().status == "expired" and states()[0] == "quarantined"
        over()
        sweep()
        assert Release.objects.get().status == "active", "the second look waits for its minute"

    def test_expiring_twice_changes_nothing(self, shown, release, over):
        withdrawal.expire_releases(now=over)
        assert withdrawal.expire_releases(now=over) == []

    def test_a_revocation_after_the_expiry_withdraws_what_was_held(self, shown, release, over, owner):
        withdrawal.expire_releases(now=over)
        release.refresh_from_db()
        revoke(release, owner)
        assert states() == ["withdrawn", "withdrawn", "draft"]

    def test_the_production_is_warned_thirty_seven_and_one_days_before_once_each(self, release):
        ends = release.valid_until
        days = [40, 30, 29, 7, 1, 0.5]
        given = [withdrawal.warn_of_endings(now=ends - timedelta(days=day)) for day in days]
        assert given == [0, 1, 0, 1, 1, 0]
        warned = [entry.payload.body["days"] for entry in AuditEntry.objects.filter(verb="release_ends")]
        assert warned == [30, 7, 1]
