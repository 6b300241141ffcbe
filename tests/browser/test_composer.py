"""The Control section in a browser: the mask brush repaints what was painted, a grid becomes a contact sheet."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.processes]
RENDERED = 240_000
BOARD = "/p/what-the-tide-owes/scene/1/"


def frames(page: Page, count: int) -> None:
    expect(page.locator(".takes a.fr img")).to_have_count(count, timeout=RENDERED)


def generate(page: Page, takes: int = 1) -> None:
    page.fill("[name=takes]", str(takes))
    page.get_by_role("button", name="Generate").click()


def master(page: Page, index: int = 0) -> Image.Image:
    """The full picture of a take in the tray."""
    thumb = page.locator(".takes a.fr img").nth(index).get_attribute("src")
    assert thumb
    answer = page.request.get(thumb.replace("/thumb", "/master"))
    return Image.open(io.BytesIO(answer.body())).convert("RGB")


def start(page: Page, way: str) -> None:
    page.locator("[data-chip=start]").click()
    page.locator("label.seg", has_text=way).click()


@pytest.fixture
def board(sign_in: Callable[..., Page]) -> Page:
    """The board of a scene whose panel has a frame."""
    page = sign_in("director")
    page.goto(BOARD)
    expect(page.locator(".takes a.fr img").first).to_be_visible()
    return page


def test_what_the_brush_painted_is_repainted_and_every_other_pixel_stays(
    board: Page, picture: Callable[[Page, str], None]
) -> None:
    before = board.locator(".takes a.fr img").count()
    original = master(board)
    start(board, "Repaint")
    canvas = board.locator("dialog[data-mask] canvas")
    box, before_it = canvas.bounding_box(), None
    while box != before_it:  # the dialog is laid out again once its picture is there
        board.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        box, before_it = canvas.bounding_box(), box
    assert box
    board.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.5)
    board.mouse.down()
    board.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5, steps=8)
    board.mouse.up()
    board.keyboard.press("i")
    board.keyboard.press("Control+z")
    share = board.locator("[data-mask-share]")
    expect(share).to_contain_text("% is repainted")
    assert 1 <= int(share.inner_text().split()[0]) <= 30
    picture(board, "composer-mask")
    board.get_by_role("button", name="Use this mask").click()
    # Behind an open dialog nothing can be typed.
    expect(board.locator("dialog[data-mask]")).to_be_hidden()
    expect(board.locator("[data-chip=start]")).to_contain_text("Repaint")
    generate(board)
    frames(board, before + 1)
    changed = ImageChops.difference(master(board), original).getbbox()
    assert changed is not None
    # The stroke ran from 0.3 to 0.5 of the width along the middle; brush and feather reach a little beyond it.
    reach = original.height / 6 / 2 + 12
    assert changed[0] >= original.width * 0.3 - reach
    assert changed[2] <= original.width * 0.5 + reach
    assert changed[1] >= original.height * 0.5 - reach
    assert changed[3] <= original.height * 0.5 + reach


def test_a_mask_can_be_painted_without_a_mouse(board: Page) -> None:
    start(board, "Repaint")
    expect(board.locator("dialog[data-mask] canvas")).to_be_focused()
    for key in ("ArrowLeft", "]", "]", "Space"):
        board.keyboard.press(key)
    expect(board.locator("[data-mask-share]")).not_to_have_text("0 % is repainted")
    board.keyboard.press("Delete")
    expect(board.locator("[data-mask-share]")).to_have_text("0 % is repainted")
    board.get_by_role("button", name="Use this mask").click()
    expect(board.locator("[data-mask-error]")).to_contain_text("The mask is empty")


def test_repainting_a_take_from_its_menu_hands_over_the_brush_at_once(board: Page) -> None:
    board.get_by_role("button", name="Use version").first.click()
    board.get_by_role("link", name="Repaint a part").first.click()
    brush = board.locator("dialog[data-mask]")
    expect(brush).to_be_visible()
    for name in ("Size", "Hardness", "Grow", "Feather"):
        expect(brush.get_by_label(name)).to_be_visible()
    board.get_by_role("button", name="Cancel").click()
    expect(board.locator("[data-chip=start]")).to_contain_text("Repaint")


def test_the_maps_stand_in_the_popover_before_anything_is_queued(
    board: Page, picture: Callable[[Page, str], None]
) -> None:
    board.locator("[data-chip=blockout]").click()
    board.get_by_role("button", name="Show the maps").click()
    expect(board.locator(".map-grid img")).to_have_count(4, timeout=RENDERED)
    picture(board, "composer-maps")


def test_a_grid_is_queued_at_once_and_shown_as_a_contact_sheet(
    board: Page, picture: Callable[[Page, str], None]
) -> None:
    board.locator("[data-chip=grid]").click()
    board.select_option("[name=axis_1]", "steps")
    board.fill("[name=values_1]", "2, 4")
    board.select_option("[name=axis_2]", "guidance")
    board.fill("[name=values_2]", "2, 5")
    board.keyboard.press("Escape")
    board.get_by_role("button", name="Generate").click()
    expect(board.locator(".brief .eta")).to_contain_text("4 cells queued")
    board.get_by_role("link", name="Contact sheet").click()
    expect(board.locator(".contact-cell a.fr img")).to_have_count(4, timeout=RENDERED)
    expect(board.get_by_role("columnheader", name="Guidance 5")).to_be_visible()
    picture(board, "composer-grid")
    with board.expect_download() as download:
        board.get_by_role("link", name="Contact sheet as PNG").click()
    assert Image.open(download.value.path()).width > 640


def test_vary_a_little_fills_the_composer_from_any_take(board: Page) -> None:
    board.locator(".tkc [aria-label^='Use version']").first.click()
    board.locator("[data-use=vary]:visible").click()
    expect(board.locator("[data-chip=start]")).to_contain_text("30 %")
    expect(board.locator("[name=seed]")).to_have_value("")


def test_a_menu_stays_open_when_its_card_is_drawn_again(board: Page) -> None:
    board.locator(".tkc [aria-label^='Use version']").first.click()
    menu = board.locator("[data-use=vary]:visible")
    expect(menu).to_be_visible()
    board.evaluate(
        """() => {
          const tell = (name) => document.body.dispatchEvent(new CustomEvent(name, { bubbles: true }));
          tell("htmx:wsBeforeMessage");
          const old = document.querySelector("[id]:popover-open");
          const drawn = old.cloneNode(true);
          old.replaceWith(drawn);
          tell("htmx:wsAfterMessage");
        }"""
    )
    expect(menu).to_be_visible()
    menu.click()
    expect(board.locator("[data-chip=start]")).to_contain_text("30 %")


def test_the_focus_comes_back_only_to_what_a_swap_replaced(board: Page) -> None:
    swap = """(replace) => {
      const field = document.querySelector("[name=takes]");
      field.focus();
      document.body.dispatchEvent(new CustomEvent("htmx:beforeSwap", { bubbles: true }));
      if (replace) field.replaceWith(field.cloneNode(true));
      else field.blur();
      document.body.dispatchEvent(new CustomEvent("htmx:afterSettle", { bubbles: true }));
      return document.activeElement.name ?? "";
    }"""
    assert board.evaluate(swap, True) == "takes"
    # A button pressed meanwhile takes the focus away and is then switched off: the keys belong to the page.
    assert board.evaluate(swap, False) == ""
