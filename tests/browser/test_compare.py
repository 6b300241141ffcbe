"""From the list of frames to two of them over each other, with the keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.processes]
SLUG = "what-the-tide-owes"
# The share of the wipe as it is drawn, and whether the canvas of the difference holds anything but black.
WIPE = "document.querySelector('[data-compare]').style.getPropertyValue('--wipe')"
DIFFERS = """() => {
  const canvas = document.querySelector('[data-difference]');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return data.some((value, at) => at % 4 < 3 && value > 0);
}"""
ZOOMED = """() => [...document.querySelectorAll('.cp-clip > img')].map(
  (image) => image.getBoundingClientRect().width / image.closest('.cp-pic').getBoundingClientRect().width)"""


def choose_two(page) -> None:
    """Search for frames by a word of their prompt and choose the newest and the oldest, in the list itself."""
    page.goto(f"/p/{SLUG}/frames/")
    page.keyboard.press("/")
    page.keyboard.type("wide")
    page.keyboard.press("Enter")
    page.wait_for_url("**/frames/?words=wide")
    for tile in (page.locator(".tile > a").first, page.locator(".tile > a").last):
        tile.focus()
        page.keyboard.press("x")
    expect(page.locator("[data-chosen-words]")).to_have_text("2 chosen")


def test_search_choose_two_and_compare_them_with_the_keyboard(sign_in, picture):
    page = sign_in("director")
    choose_two(page)
    picture(page, "frames")
    page.keyboard.press("c")
    page.wait_for_url("**/compare/?**")
    expect(page.locator(".cp-table")).to_contain_text("Prompt")
    expect(page.locator("[data-differs]")).to_contain_text("differ")

    page.keyboard.press("2")
    expect(page.locator("[data-compare]")).to_have_attribute("data-mode", "wipe")
    assert page.evaluate(WIPE) == "0.5"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(WIPE) == "0.49"
    page.get_by_role("slider", name="Wipe").focus()
    page.keyboard.press("End")
    assert page.evaluate(WIPE) == "1"
    picture(page, "compare-wipe")

    page.keyboard.press("+")
    near = page.evaluate(ZOOMED)
    assert near == pytest.approx([1.5, 1.5])
    page.keyboard.press("0")

    page.keyboard.press("5")
    expect(page.locator("[data-difference]")).to_be_visible()
    assert page.evaluate(DIFFERS)
    picture(page, "compare-difference")

    # With reduced motion a press changes over and stays; nothing blinks.
    page.keyboard.press("f")
    expect(page.locator("[data-flick-shows]")).to_have_text("B is shown")
    page.keyboard.press("f")
    expect(page.locator("[data-flick-shows]")).to_have_text("A is shown")

    first = page.locator(".cp-cell img").first.get_attribute("src")
    page.keyboard.press("x")
    page.wait_for_url(re.compile(r".*#flicker$"))
    expect(page.locator(".cp-cell img").last).to_have_attribute("src", first)


def test_a_phone_shows_all_of_it_without_scrolling_sideways(sign_in, picture):
    page = sign_in("viewer", width=390, height=844)
    choose_two(page)
    page.get_by_role("button", name="Compare").click()
    page.wait_for_url("**/compare/?**")
    for place in (page.url, f"/p/{SLUG}/frames/"):
        page.goto(place)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{place} scrolls sideways by {wide} px"
    picture(page, "frames-phone")
