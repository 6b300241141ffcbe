"""From a garment on the table to a look that is approved, and back to nothing when consent is taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.processes]
COSTUME = "/p/what-the-tide-owes/costume/"
FITTED = 180_000


def open_room(page: Page) -> None:
    """The fitting room of Nora's oilskin, found by its name: numbers move when changes are inserted."""
    page.goto(f"{COSTUME}?q=nora+oilskin")
    page.locator(".plot-found a", has_text="Oilskin").first.click()
    page.get_by_role("link", name="Fitting", exact=True).click()


def test_a_garment_is_cut_out_fitted_on_who_agreed_approved_and_gone_with_their_consent(
    sign_in: Callable[..., Page], picture: Callable[[Page, str], None]
) -> None:
    designer = sign_in("costume")
    designer.goto(f"{COSTUME}closet/")
    designer.locator("tr", has_text="Yellow oilskin").get_by_role("link", name=re.compile("ut out")).click()
    designer.get_by_role("button", name=re.compile("^Cut (it out|out again)$")).click()
    expect(designer.locator(".anchor")).to_have_count(14)

    # One anchor is dragged, then set right to the pixel with the keys.
    anchor = designer.locator('.anchor[data-name="hem_centre"]')
    fields = designer.locator('[data-anchor="hem_centre"] input')
    across, down = (float(fields.nth(axis).input_value()) for axis in (0, 1))
    box = anchor.locator(".ring").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    designer.mouse.move(x, y)
    designer.mouse.down()
    designer.mouse.move(x, y - 12, steps=4)
    designer.mouse.up()
    dragged = float(fields.nth(1).input_value())
    assert float(fields.nth(0).input_value()) == pytest.approx(across, abs=1) and dragged < down - 4
    designer.keyboard.press("Shift+ArrowDown")
    designer.keyboard.press("ArrowUp")
    assert float(fields.nth(1).input_value()) == pytest.approx(dragged + 9, abs=0.11)
    expect(designer.locator("#anchors-moved")).to_have_text("1 moved, not saved.")
    picture(designer, "garment-anchors")
    designer.get_by_role("button", name="Save the anchors").click()
    expect(designer.locator(".tag", has_text="Set by hand")).to_be_visible()

    # Two layers on her photo; the composite alone, which needs no model.
    open_room(designer)
    new = designer.get_by_role("link", name="New fitting")
    if new.count():
        expect(designer.locator(".gl .changed")).to_contain_text("Yellow oilskin")
        new.click()
    expect(designer.locator(".fit-photos")).to_contain_text("Consent to fittings")
    designer.get_by_label("Wear Work trousers").uncheck()
    expect(designer.locator(".gl .tick:checked")).to_have_count(2)
    designer.get_by_text("Brush and repainting").click()
    designer.get_by_label("Also repaint it (Realism)").uncheck()
    designer.get_by_role("button", name="Start the fitting").click()
    expect(designer.locator("#fitting-stage")).to_be_visible(timeout=FITTED)

    # The report is there, the slider moves, mask and difference are drawn.
    checks = designer.locator("table.chk").first
    expect(checks).to_contain_text("Face, hair, hands")
    expect(checks.locator("tr", has_text="Face, hair, hands")).to_contain_text("0 px changed")
    expect(designer.locator("#fitting-side")).to_contain_text("Consent valid for this fitting")
    designer.keyboard.press("ArrowRight")
    expect(designer.locator("[data-says-wipe]")).to_have_text("52 %")
    designer.keyboard.press("m")
    expect(designer.locator("[data-says-view]")).to_contain_text("green is kept to the pixel")
    designer.keyboard.press("d")
    expect(designer.locator("[data-says-view]")).to_contain_text("of the pixels differ from the photo")
    picture(designer, "fitting")
    room = designer.url

    # It goes to the director, who has the page open and approves.
    director = sign_in("director")
    director.goto(room)
    expect(director.locator("#live-status")).to_have_attribute("data-state", "live")
    designer.get_by_role("button", name="Send colour truth to the director").click()
    expect(designer.locator(".fit-do")).to_contain_text("is with the director")
    director.get_by_role("button", name=re.compile("^Approve v")).click()
    expect(director.locator("#fitting-side")).to_contain_text("approved")
    expect(designer.locator("#fitting-side .roles")).to_contain_text("approved")
    image = designer.locator(".after").first.get_attribute("src")
    assert image is not None

    # She takes her consent back: nothing of it is seen or served any more.
    producer = sign_in("producer")
    producer.goto(room)
    producer.get_by_role("link", name="Employed performer").click()
    producer.get_by_label("Who revoked it, and when?").fill("She left the production")
    producer.get_by_label("I know that nobody can bring it back").check()
    producer.get_by_role("button", name=re.compile("^Revoke")).click()
    expect(producer.locator("main")).to_contain_text("Revoked")
    expect(designer.locator("#fitting-main")).to_contain_text("Withdrawn")
    expect(designer.locator("#fitting-stage")).to_have_count(0)
    assert director.request.get(image).status == 410
