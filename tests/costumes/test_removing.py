"""Taking a change off the plot: what closes up, what stays on record, and what is refused."""

from __future__ import annotations

import pytest
from django.urls import reverse

from costumes import closet, plotting, removing, stages
from costumes.finding import find_changes
from costumes.models import Change
from costumes.plotting import PlotError
from costumes.services import dress
from previs.audit.models import AuditEntry
from previs.generation.models import Frame
from previs.generation.runner import run_available
from previs.generation.services import Brief, generate
from previs.generation.sheets import pick
from previs.review.services import decide

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(film, owner) -> list[Change]:
    """Mara's changes 1 to 3, worn in scenes 1 to 3, 4 and 6."""
    for scene, number in (("4", 2), ("6", 3)):
        plotting.wear_number(film.mara, scenes=film.keys(scene), number=number, by=owner)
    return list(film.mara.changes.select_related("sheet__project", "character__project"))


def made(change: Change, owner) -> Frame:
    (job,) = generate(change.sheet, Brief(prompt="A coat", takes=1, seed=7, portrait=True), by=owner)
    run_available(worker="here")
    job.refresh_from_db()
    return job.frame


def test_later_changes_move_down_with_all_that_is_theirs_and_keep_their_old_number(film, three, row, owner):
    dress(three[2], garments="yellow scarf", scenes=film.keys("6"), by=owner)
    removing.remove_change(three[1], by=owner)
    moved = film.mara.changes.get(number=2)
    assert (moved.pk, moved.garments, moved.sheet.title) == (three[2].pk, "yellow scarf", "Mara, change 2")
    assert row(film.mara) == "1 1> 1> - - 2 ."
    assert [(one.change, one.former) for one in find_changes(film.production, "mara 3")] == [(moved, (3,))]


def test_its_scenes_follow_what_was_worn_before_on_their_day(film, row, owner):
    plotting.wear_number(film.mara, scenes=film.keys("2"), number=2, by=owner)
    assert row(film.mara) == "1 2 2> - - - ."
    removing.remove_number(film.mara, number=2, by=owner)
    assert row(film.mara) == "1 1> 1> - - - ."


def test_what_it_was_is_in_the_audit_trail_and_its_pictures_are_still_there(film, three, owner):
    change = three[1]
    coat = closet.keep_garment(film.production, name="Wool coat", category="coat", by=owner)
    closet.put_on(change, coat, by=owner)
    stages.set_stage(change, stage="wet", scene=film.scene("4").pk, note="hem", by=owner)
    dress(change, garments="rust coat", wear_note="open", scenes=film.keys("4"), by=owner)
    frame = made(change, owner)
    removing.remove_change(change, by=owner)
    entry = AuditEntry.objects.select_related("payload").get(verb="remove_change")
    assert entry.actor == owner
    assert entry.payload.body == {
        "number": 2, "title": "", "garments": "rust coat", "wear_note": "open", "scenes": ["4"],
        "layers": [[str(coat.pk), "Wool coat", "outer"]], "stages": [["wet", "4", "hem"]],
        "sheet": str(change.sheet_id), "frames": [frame.sha256],
    }  # fmt: skip
    assert Frame.objects.select_related("sheet").get(pk=frame.pk).sheet.title == "Mara, change 2, removed"
    closet.remove_garment(coat, by=owner)


def test_an_approved_picture_holds_its_change(film, three, row, owner, director):
    frame = made(three[1], owner)
    pick(three[1].sheet, frame, by=owner)
    decide(frame, by=director, verdict="approved")
    before = row(film.mara)
    with pytest.raises(PlotError, match=r"cannot be removed: a picture of it is approved by .+\. Ask for"):
        removing.remove_change(three[1], by=owner)
    assert row(film.mara) == before and film.mara.changes.count() == 3


def test_a_take_under_way_holds_its_change(three, owner):
    generate(three[1].sheet, Brief(prompt="A coat", takes=1, seed=7, portrait=True), by=owner)
    with pytest.raises(PlotError, match="a take of it is under way"):
        removing.remove_change(three[1], by=owner)


def test_the_address_answers_with_the_row_and_refuses_in_words(
    film, three, costume_designer, viewer, client_for
):
    address = reverse("remove_change", args=[film.slug, film.mara.pk])

    def ask(who, number):
        return client_for(who).post(address, {"number": number}, headers={"HX-Request": "true"})

    assert ask(viewer, 2).status_code == 403
    answer = ask(costume_designer, 2)
    assert answer.status_code == 200 and "Mara, scene 6, change 2" in answer.text
    again = ask(costume_designer, 7)
    assert again.status_code == 422 and "Mara has no change 7" in again.text
    assert film.mara.changes.count() == 2


def test_a_change_of_somebody_else_is_not_touched(film, three, owner, costume_designer, client_for):
    address = reverse("remove_change", args=[film.slug, film.elias.pk])
    answer = client_for(costume_designer).post(address, {"number": 3}, headers={"HX-Request": "true"})
    assert answer.status_code == 422 and film.mara.changes.count() == 3
