"""A set's page on a small screen; what is done on it is in `test_one_room`."""

from __future__ import annotations

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
