"""A set in the browser: a hero is chosen, the grid fills live, and what the set left behind is made again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.processes]
# One frame takes about a second on an idle core; a machine that runs the whole suite is not idle.
RENDERED = 240_000
BOARD = "/p/what-the-tide-owes/scene/2/"


def test_a_hero_a_grid_that_fills_and_old_beside_new(sign_in, picture):
    designer = sign_in("design")
    designer.goto(BOARD)
    expect(designer.locator(".takes a.fr img").first).to_be_visible(timeout=RENDERED)
    designer.locator("body").press("1")
    expect(designer.locator(".takes figure.sel")).to_have_count(1)

    designer.goto("/p/what-the-tide-owes/sets/")
    designer.locator(".pc a.id", has_text="BAR").click()
    place = designer.url.split("?")[0]
    concept = designer.locator(".concept").first
    expect(concept).to_be_visible(timeout=RENDERED)
    concept.hover()
    concept.get_by_role("button", name="Make hero").click()
    expect(designer.locator(".hcap b")).to_contain_text("Hero v1, night, intact")
    expect(designer.locator(".swl rect")).to_have_count(6)
    expect(designer.locator(".vc.on .vs1")).to_contain_text("Hero v1")

    designer.goto(f"{place}?weather=snow")
    watching = sign_in("viewer")
    watching.goto(f"{place}?weather=snow")
    designer.get_by_role("button", name="Fill the grid").click()
    expect(designer.locator(".vc .vs1", has_text="Draft")).to_have_count(12, timeout=RENDERED)
    expect(watching.locator(".vc .vs1", has_text="Draft")).to_have_count(12, timeout=RENDERED)
    picture(designer, "set-grid")

    effect = designer.locator("[id$='-effect']")
    expect(effect).to_contain_text("1 pick used the set as it was")
    effect.get_by_role("button", name="Re-render 1").click()
    designer.wait_for_url("**/remakes/")
    use = designer.get_by_role("button", name="Use the new one")
    expect(use).to_be_visible(timeout=RENDERED)
    expect(designer.locator(".pair .stale")).to_contain_text("Set changed: Bar is now v1")
    picture(designer, "set-old-beside-new")
    use.click()
    expect(designer.locator(".pair")).to_contain_text("New, v2, the pick")
    designer.goto(BOARD)
    expect(designer.locator(".pc .stale")).to_have_count(0)


def test_the_page_of_a_set_fits_a_phone(sign_in):
    page = sign_in("viewer", width=390, height=844)
    page.goto("/p/what-the-tide-owes/sets/")
    page.locator(".pc a.id").first.click()
    place = page.url.split("?")[0]
    for part in ("", "?tab=references", "?tab=dressing", "?tab=record", "remakes/"):
        page.goto(place + part)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{part or 'the set'} scrolls sideways by {wide} px"
