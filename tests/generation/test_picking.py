"""The pick of a sheet: one frame stands for it, and replacing one can be taken back."""

from __future__ import annotations

import json

import pytest

from previs.generation.models import Frame

pytestmark = pytest.mark.django_db


def undo_of(answer) -> str:
    return json.loads(answer.headers["HX-Trigger"])["toast"]["undo"]


def test_a_pick_that_takes_the_place_of_another_can_be_undone(ask, work, director, browser, sheet):
    ask(director, takes=2)
    work()
    first, second = Frame.objects.order_by("number")
    press = browser.post
    assert "HX-Trigger" not in press(f"/frame/{first.pk}/pick/").headers
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
