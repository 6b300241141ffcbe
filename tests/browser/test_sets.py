"""A set's page on small screens; what is done on it is in `test_one_room`."""

from __future__ import annotations

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def test_the_page_of_a_set_fits_a_phone(sign_in):
    page = sign_in("viewer", width=390, height=844)
    page.goto("/p/what-the-tide-owes/sets/")
    page.locator(".pc a.id").first.click()
    place = page.url.split("?")[0]
    for part in ("", "?tab=references", "?tab=dressing", "?tab=record", "remakes/"):
        page.goto(place + part)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{part or 'the set'} scrolls sideways by {wide} px"


def test_the_grid_of_a_set_without_a_hero_begins_and_ends_above_the_brief(sign_in):
    page = sign_in("director")
    page.goto("/p/what-the-tide-owes/sets/")
    page.locator(".pc a.id", has_text=re.compile("^Church Rooftop$", re.IGNORECASE)).click()
    brief = page.locator(".board > .dock").bounding_box()["y"]

    def bottom(selector):
        box = page.locator(selector).first.bounding_box()
        return box["y"] + box["height"]

    assert bottom(".vm tbody td .fr") <= brief
    page.locator(".vfoot").scroll_into_view_if_needed()
    page.locator(".board-scroll").evaluate("room => { room.scrollTop = room.scrollHeight }")
    assert bottom(".vfoot") <= brief - 24
