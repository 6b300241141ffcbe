"""The pick of a sheet: one frame stands for it, and replacing one can be taken back."""

from __future__ import annotations

import json
import re

import pytest

from previs.generation import cards
from previs.generation.grid_sheet import latest_grid
from previs.generation.models import Frame, FrameState

pytestmark = pytest.mark.django_db


def toast_of(answer) -> dict[str, str]:
    return json.loads(answer.headers["HX-Trigger"])["toast"]


def undo_of(answer) -> str:
    return toast_of(answer)["undo"]


def test_a_pick_that_takes_the_place_of_another_can_be_undone(ask, work, director, browser, sheet):
    ask(director, takes=2)
    work()
    first, second = Frame.objects.order_by("number")
    press = browser.post
    assert "undo" not in toast_of(press(f"/frame/{first.pk}/pick/"))
    press(undo_of(press(f"/frame/{second.pk}/pick/")))
    sheet.refresh_from_db()
    assert sheet.pick == first


def test_pressing_the_pick_again_takes_it_back_and_that_can_be_undone_too(
    ask, work, director, browser, sheet
):
    ask(director)
    work()
    frame = Frame.objects.get()
    browser.post(f"/frame/{frame.pk}/pick/")
    again = browser.post(f"/frame/{frame.pk}/pick/")
    sheet.refresh_from_db()
    assert sheet.pick is None
    browser.post(undo_of(again))
    sheet.refresh_from_db()
    assert sheet.pick == frame


@pytest.mark.parametrize(
    ("maker", "picker", "asked"),
    [
        ("director", "producer", "the director is asked to decide"),
        ("producer", "director", "you are asked to decide"),
        ("director", "director", "somebody else is asked to decide, as you made it"),
    ],
)
def test_whoever_picks_is_told_who_is_asked_to_decide(
    maker, picker, asked, ask, work, request, client_for, sheet
):
    ask(request.getfixturevalue(maker), takes=2)
    work()
    first, second = Frame.objects.order_by("number")
    browser = client_for(request.getfixturevalue(picker))
    tray = browser.get(f"/sheet/{sheet.pk}/takes/").text
    assert f"Pick one, and {asked}." in tray and tray.count(f'title="Pick it: {asked}"') == 2
    page = browser.get(first.get_absolute_url()).text
    assert f'title="{asked[0].upper()}{asked[1:]}"' in page
    words = [toast_of(browser.post(f"/frame/{frame.pk}/pick/"))["text"].lower() for frame in (first, second)]
    assert words == [f"v1 is the pick. {asked}.", f"v2 took the place of v1. {asked}."]


def test_takes_of_earlier_briefs_go_by_their_version_so_that_no_two_in_the_tray_are_named_alike(
    ask, work, director, browser, sheet
):
    for _ in range(2):
        ask(director)
        work()
    tray = browser.get(f"/sheet/{sheet.pk}/takes/").text
    assert re.findall(r'class="n" title="Version (\d)">([v\d]+)<', tray) == [("2", "1"), ("1", "v1")]
    assert re.findall(r'aria-label="Pick ([^"]+)"', tray) == ["take 1", "version 1"]
    assert re.findall(r'data-key="(\d)"', tray) == ["1"]


def test_a_withdrawn_take_offers_neither_pick_nor_star_nor_use_and_says_so_when_pressed(
    ask, work, director, browser, sheet
):
    ask(director)
    work()
    frame = Frame.objects.get()
    browser.post(f"/frame/{frame.pk}/pick/")
    assert "Picked" in browser.get(f"/sheet/{sheet.pk}/takes/").text
    Frame.objects.update(state=FrameState.WITHDRAWN)
    tray = browser.get(f"/sheet/{sheet.pk}/takes/").text
    assert "Withdrawn" in tray
    for offered in ("Pick take", "Star take", "Use version", "Picked"):
        assert offered not in tray, offered
    sheet.refresh_from_db()
    sheet.pick = None
    sheet.save(update_fields=["pick"])
    answer = browser.post(f"/frame/{frame.pk}/pick/")
    assert answer.status_code == 409 and "v1 is withdrawn, so it cannot be picked" in answer.text


def test_the_contact_sheet_of_a_brief_that_was_withdrawn_is_not_offered(ask, work, director, sheet):
    for steps in (4, 5):
        ask(director, steps=steps)
    sheet.jobs.update(brief=sheet.jobs.first().brief)
    work()
    assert latest_grid(sheet) and cards.tray_head(sheet, director)["grid_url"]
    Frame.objects.update(state=FrameState.WITHDRAWN)
    assert latest_grid(sheet) == ""
