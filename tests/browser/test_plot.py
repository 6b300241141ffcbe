"""The costume plot under the keyboard, in two browsers."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.processes]
PLOT = "/p/what-the-tide-owes/costume/"


def cell(page, name: str, scene: str):
    return page.locator(f"#plot td[aria-label^='{name}, scene {scene},']")


def say(page, name: str, scene: str, *keys: str) -> None:
    """Choose a cell and press keys on it, waiting until each is stored."""
    cell(page, name, scene).click()
    for key in keys:
        page.evaluate("document.getElementById('plot-saved').textContent = ''")
        page.keyboard.press(key)
        expect(page.locator("#plot-saved")).to_contain_text("Saved")


def test_a_designer_plans_with_the_keyboard_and_the_director_sees_it_at_once(sign_in, picture):
    designer, director = sign_in("costume"), sign_in("director")
    for page in (designer, director):
        page.goto(PLOT)
        expect(page.locator("#live-status")).to_have_attribute("data-state", "live")
    expect(cell(designer, "Ines", "11")).to_have_attribute("aria-label", "Ines, scene 11, no change set")

    say(designer, "Ines", "11", "1")
    expect(cell(director, "Ines", "11")).to_have_attribute(
        "aria-label", "Ines, scene 11, change 1 Camel coat, draft"
    )
    expect(designer.locator("#plot-side")).to_contain_text("Ines, change 1")
    picture(designer, "plot")

    # A change inserted before another moves it up; its number is still found.
    say(designer, "Nora", "3", "i")
    expect(cell(director, "Nora", "7")).to_have_attribute(
        "aria-label", "Nora, scene 7, change 3 Pilot coat, draft"
    )
    designer.keyboard.press("/")
    designer.keyboard.type("nora 2")
    designer.keyboard.press("Enter")
    expect(designer.locator(".plot-found")).to_contain_text("Nora, change 3 Pilot coat was 2")

    # Shift carries a change to the next scene in which the character plays; 0 opens a gap, Delete follows again.
    designer.goto(PLOT)
    say(designer, "Petra", "2", "Shift+ArrowRight")
    expect(cell(director, "Petra", "7")).to_have_attribute(
        "aria-label", "Petra, scene 7, change 1 Behind the bar, draft"
    )
    say(designer, "Kaspar", "8", "0")
    expect(cell(director, "Kaspar", "8")).to_have_attribute("aria-label", "Kaspar, scene 8, no change set")
    say(designer, "Kaspar", "8", "Delete")
    expect(cell(director, "Kaspar", "8")).to_have_attribute("data-n", "1")


def test_the_plot_is_read_only_for_a_viewer(sign_in):
    page = sign_in("viewer")
    page.goto(PLOT)
    cell(page, "Kaspar", "1").click()
    expect(page.locator("#plot-side")).to_contain_text("Kaspar, change 1")
    page.keyboard.press("2")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#plot-side")).to_contain_text("Greatcoat")
    assert page.locator("#plot-side form").count() == 0
    expect(cell(page, "Kaspar", "1")).to_have_attribute("data-n", "1")
