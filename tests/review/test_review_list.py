"""The review list of a production."""

from __future__ import annotations

import pytest
from django.urls import reverse

from previs.generation import sheets
from previs.generation.models import Frame, FrameState
from previs.review.cards import box_of
from previs.review.dailies import dailies
from previs.review.services import add_note, decide

from .conftest import new_frame, new_sheet

pytestmark = pytest.mark.django_db


def titles(listed):
    return [daily.frame.sheet.title for daily in listed]


def picked(production, title, made_for) -> Frame:
    sheet = new_sheet(production, title)
    frame = new_frame(sheet, made_for)
    sheets.pick(sheet, frame, by=made_for)
    return frame


def test_frames_wait_in_the_order_of_their_titles(production, director):
    for title in ("12C.10", "9.1", "12C.2"):
        picked(production, title, director)
    assert titles(dailies(production, director).waiting) == ["9.1", "12C.2", "12C.10"]


def test_a_frame_nobody_picked_or_noted_is_not_listed(frame, production, director):
    assert dailies(production, director).empty


def test_a_note_on_a_frame_that_is_not_the_pick_brings_it_up(frame, production, director, producer):
    add_note(frame, by=producer, text="This one?")
    assert [daily.frame for daily in dailies(production, director).waiting] == [frame]


def test_decided_frames_move_to_their_list(production, director, producer):
    decide(picked(production, "1.1", director), by=producer, verdict="approved")
    decide(picked(production, "2.1", director), by=producer, verdict="changes", note="Lower.")
    found = dailies(production, producer)
    assert (titles(found.approved), titles(found.changes), titles(found.waiting)) == (["1.1"], ["2.1"], [])


def test_mine_are_those_i_may_decide_and_have_not(production, director, producer, viewer):
    picked(production, "1.1", director)
    picked(production, "2.1", producer)
    decide(picked(production, "3.1", director), by=producer, verdict="approved")
    assert titles(dailies(production, producer).mine) == ["1.1"]
    assert titles(dailies(production, director).mine) == ["2.1"]
    assert titles(dailies(production, viewer).mine) == []


def test_a_version_passed_over_for_another_pick_is_history(production, sheet, frame, director, producer):
    decide(frame, by=producer, verdict="approved")
    newer = new_frame(sheet, director)
    sheets.pick(sheet, newer, by=director)
    found = dailies(production, producer)
    assert [daily.frame for daily in found.waiting] == [newer]
    assert found.approved == []
    assert found.waiting[0].state.history == "v1 approved, v2 not reviewed"


def test_a_withdrawn_frame_is_not_listed(production, director):
    frame = picked(production, "1.1", director)
    Frame.objects.filter(pk=frame.pk).update(state=FrameState.WITHDRAWN)
    assert dailies(production, director).empty


def test_the_list_costs_the_same_queries_for_any_number_of_frames(
    production, director, django_assert_num_queries
):
    picked(production, "1.1", director)
    with django_assert_num_queries(6):
        dailies(production, director)
    for number in range(2, 8):
        picked(production, f"{number}.1", director)
    with django_assert_num_queries(6):
        dailies(production, director)


def test_an_empty_production_says_how_frames_come_here(production, director, client_for):
    page = client_for(director).get(reverse("review", args=[production.slug]))
    assert "Nothing to review yet" in page.text


@pytest.mark.parametrize("shown", ["", "mine", "waiting", "changes", "approved", "nonsense"])
def test_every_filter_answers_with_and_without_frames(production, director, producer, client_for, shown):
    client, url = client_for(producer), reverse("review", args=[production.slug]) + f"?list={shown}&page=99"
    assert client.get(url).status_code == 200
    frame = picked(production, "1.1", director)
    page = client.get(url)
    assert page.status_code == 200
    assert (frame.get_absolute_url() in page.text) == (shown in ("", "mine", "waiting", "nonsense"))


def test_a_long_list_comes_in_pages(production, director, client_for, monkeypatch):
    monkeypatch.setattr("previs.review.views.ON_LIST", 2)
    for number in range(1, 4):
        picked(production, f"{number}.1", director)
    client, url = client_for(director), reverse("review", args=[production.slug])
    assert titles(client.get(url + "?list=waiting&page=2").context["page_obj"]) == ["3.1"]
    assert "?list=waiting&amp;page=2" in client.get(url + "?list=waiting").text


@pytest.mark.parametrize(
    ("size", "box"),
    [((512, 216), "r239 fit"), ((512, 288), "r178 fit"), ((288, 512), "r916 fit level"), ((512, 512), "square fit level")],
)  # fmt: skip
def test_a_small_picture_stands_in_a_box_of_its_own_shape(size, box):
    assert box_of(Frame(width=size[0], height=size[1])) == box
