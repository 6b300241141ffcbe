"""What leaves the house as a file: asked for each time, put on record, and called back by a revocation."""

from __future__ import annotations

import pytest

from previs.audit.models import AuditEntry
from previs.engine.request import InputImage
from previs.generation import grid_sheet, withdrawal
from previs.generation.leaving import EXPORTED, departures, let_out
from previs.generation.models import Frame, FrameState
from previs.rights.services import move_release
from tests.generation.likeness_cast import new_person, new_photo, new_release

pytestmark = pytest.mark.django_db


@pytest.fixture
def performer(production, owner):
    return new_person(production, owner)


@pytest.fixture
def release(performer, owner):
    return new_release(performer, owner)


@pytest.fixture
def brief(ask, director, work, performer, owner, release):
    """Two takes that show the performer."""
    photo = new_photo(performer, owner)
    inputs = (InputImage("picture", photo.sha256),)
    jobs = ask(director, "MARA waits", takes=2, ability="refine", inputs=inputs, size=(512, 512))
    work()
    return jobs


@pytest.fixture
def frames(brief):
    return list(Frame.objects.select_related("sheet", "job").order_by("number"))


def exports() -> list[str]:
    return list(AuditEntry.objects.filter(verb=EXPORTED).values_list("object_id", flat=True))


def test_a_frame_that_is_taken_away_is_on_record_with_who_took_it(frames, director, client_for):
    answer = client_for(director).get(f"/frame/{frames[0].pk}/download/")
    assert answer.status_code == 200 and answer["Content-Disposition"].startswith("attachment; filename=")
    assert answer["Cache-Control"] == "no-store"
    [departure] = departures(frames)
    assert (departure.frame_id, departure.by, departure.how) == (frames[0].pk, director, "picture")


def test_the_page_of_a_frame_takes_it_away_through_the_recorded_address(frames, director, client_for):
    page = client_for(director).get(frames[0].get_absolute_url()).text
    assert f"/frame/{frames[0].pk}/download/" in page and f'href="{frames[0].url}"' not in page


def test_a_frame_whose_people_do_not_agree_today_is_not_taken_away(
    frames, release, owner, director, client_for
):
    move_release(release, to="suspended", by=owner)
    answer = client_for(director).get(f"/frame/{frames[0].pk}/download/")
    assert answer.status_code == 403 and "suspended" in answer.text
    assert exports() == [] and AuditEntry.objects.filter(verb="refuse").count() == 1


def test_a_withdrawn_frame_answers_gone_and_a_stranger_learns_nothing(frames, director, stranger, client_for):
    Frame.objects.update(state=FrameState.WITHDRAWN)
    address = f"/frame/{frames[0].pk}/download/"
    assert client_for(director).get(address).status_code == 410
    assert client_for(stranger).get(address).status_code == 404
    assert exports() == []


def test_a_contact_sheet_leaves_out_what_is_held_back_and_says_so(brief, frames, director):
    Frame.objects.filter(pk=frames[1].pk).update(state=FrameState.QUARANTINED, held_for="quality")
    contact = grid_sheet.contact_sheet(brief[0].sheet, brief[0].brief)
    leaving = let_out(contact.frames, by=director, how="contact sheet")
    assert leaving.words == "1 frame is left out, 1 held back or withdrawn."
    picture = grid_sheet.png(brief[0].sheet, contact, leaving)
    assert frames[0].sha256.encode() in picture and frames[1].sha256.encode() not in picture
    assert exports() == [str(frames[0].pk)]


def test_a_contact_sheet_is_higher_by_the_line_that_says_what_is_left_out(brief, frames, release, owner):
    contact = grid_sheet.contact_sheet(brief[0].sheet, brief[0].brief)
    whole = grid_sheet.png(brief[0].sheet, contact, let_out(contact.frames, by=owner, how="contact sheet"))
    move_release(release, to="suspended", by=owner)
    leaving = let_out(contact.frames, by=owner, how="contact sheet")
    assert leaving.words.startswith("2 frames are left out, 2 because: The release of P-001 is suspended")
    height = [
        int.from_bytes(png[20:24], "big") for png in (whole, grid_sheet.png(brief[0].sheet, contact, leaving))
    ]
    assert height[1] == height[0] + grid_sheet.LINE


def test_the_contact_sheet_of_the_page_is_on_record_for_every_frame_on_it(
    brief, frames, director, client_for
):
    sheet = brief[0].sheet
    address = f"/p/{sheet.project.slug}/sheet/{sheet.pk}/grid/{brief[0].brief}/contact-sheet.png"
    assert client_for(director).get(address).status_code == 200
    assert sorted(exports()) == sorted(str(frame.pk) for frame in frames)


def test_a_revocation_holds_what_has_left_and_says_who_has_it(
    frames, release, owner, director, client_for, performer
):
    let_out(frames[:1], by=director, how="picture")
    page = client_for(owner).get(f"/p/{performer.project.slug}/rights/releases/{release.pk}/").text
    assert "left the house" in page and "Dario Duran" in page
    report = withdrawal.revoke(release, by=owner, reason="By letter")
    assert report.frames == {"legal_hold": 1, "withdrawn": 1}
    assert report.words.startswith("1 frame withdrawn, 1 held for the lawyers, because its file had left")
    after = client_for(owner).get(f"/p/{performer.project.slug}/rights/releases/{release.pk}/").text
    assert "Call back" in after and "Dario Duran" in after


def test_sharing_outside_needs_a_scope_of_its_own(frames, owner):
    leaving = let_out(frames, by=owner, how="reel", outside=True)
    assert not leaving.allowed and "sharing outside" in leaving.words
