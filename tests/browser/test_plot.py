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
        "aria-label", "Ines, scene 11, change 1 Camel coat, wet, draft"
    )
    expect(designer.locator("#plot-side")).to_contain_text("Ines, change 1")
    picture(designer, "plot")

    # A change inserted before another moves it up; its number is still found.
    say(designer, "Nora", "3", "i")
    expect(cell(director, "Nora", "7")).to_have_attribute(
        "aria-label", "Nora, scene 7, change 3 Pilot coat, wet, draft"
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

    # Ctrl+Z takes it back, for everybody.
    expect(designer.locator("#toasts")).to_contain_text("It is worn on from scene 3.")
    designer.keyboard.press("Control+z")
    expect(cell(director, "Kaspar", "8")).to_have_attribute("aria-label", "Kaspar, scene 8, no change set")


NOTE_ARRIVAL = """([name, scene]) => {
  window.arrived = {};
  new MutationObserver(() => {
    const cell = document.querySelector(`#plot td[aria-label^='${name}, scene ${scene},']`);
    window.arrived[cell?.dataset.n ?? "0"] ??= Date.now();
  }).observe(document.querySelector(".plot-scroll"), { childList: true, subtree: true });
}"""
WITHIN = 500  # ms


def test_a_cell_set_in_one_browser_is_in_another_within_half_a_second(sign_in):
    """From the key to the cell drawn elsewhere; the best of some rounds, since other work only makes one slower."""
    designer, director = sign_in("costume"), sign_in("director")
    for page in (designer, director):
        page.goto(PLOT)
        expect(page.locator("#live-status")).to_have_attribute("data-state", "live")
    cell(designer, "Nora", "11").click()
    designer.evaluate(
        "() => document.addEventListener('keydown', () => { window.pressed = Date.now(); }, true)"
    )
    took = []
    for number in ("1", "2", "1", "2", "1", "2"):
        director.evaluate(NOTE_ARRIVAL, ["Nora", "11"])
        designer.keyboard.press(number)
        expect(cell(director, "Nora", "11")).to_have_attribute("data-n", number)
        expect(designer.locator("#plot-saved")).to_contain_text("Saved")
        took.append(director.evaluate("window.arrived")[number] - designer.evaluate("window.pressed"))
    print(
        f"\na cell in a second browser: {min(took)} ms at best, {sorted(took)[len(took) // 2]} ms in the middle"
    )
    assert min(took) <= WITHIN, took


def test_the_end_of_a_bar_is_dragged_and_a_change_is_removed(sign_in, picture):
    page = sign_in("costume")
    page.goto(PLOT)
    expect(page.locator("#live-status")).to_have_attribute("data-state", "live")

    def drag(name: str, scene: str, to: str) -> None:
        cell(page, name, scene).hover()
        start, end = cell(page, name, scene).bounding_box(), cell(page, name, to).bounding_box()
        page.mouse.move(start["x"] + start["width"] - 5, start["y"] + 30)
        expect(page.locator(".grip.end")).to_be_visible()
        page.mouse.down()
        page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 30, steps=6)
        expect(page.locator(".plot .to, .plot .off").first).to_be_attached()
        picture(page, "plot-drag")

    # Escape changes nothing; the second time the bar is let go over the scene.
    drag("Father Anselm", "8", "11")
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".plot .to")).to_have_count(0)
    expect(cell(page, "Father Anselm", "11")).to_have_attribute(
        "aria-label", "Father Anselm, scene 11, no change set"
    )
    drag("Father Anselm", "8", "11")
    page.mouse.up()
    expect(cell(page, "Father Anselm", "11")).to_have_attribute("data-n", "1")

    cell(page, "Father Anselm", "11").click()
    page.keyboard.press("i")
    expect(cell(page, "Father Anselm", "11")).to_have_attribute("data-n", "2")
    expect(page.locator("#plot-side h2")).to_contain_text("Father Anselm, change 2")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    page.get_by_role("button", name="Remove change 2").click()
    expect(cell(page, "Father Anselm", "11")).to_have_attribute(
        "aria-label", "Father Anselm, scene 11, no change set"
    )
    assert asked and asked[0].startswith("Remove Father Anselm, change 2?")


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
