"""The board in Chromium: a prepared scene with a crossed line, cured and waived by hand; strips that play."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ARTIFACTS = Path(__file__).resolve().parents[2] / "test-artifacts"


@pytest.fixture
def open_board(chromium: Browser, live_server, client_for) -> Iterator[Callable[..., Page]]:
    """open_board(director, panel) -> the page of that person; faults of its scripts fail the test at its end."""
    faults: list[str] = []
    contexts = []

    def open_board(user, panel) -> Page:
        context = chromium.new_context(
            viewport={"width": 1440, "height": 900}, base_url=live_server.url, reduced_motion="reduce"
        )
        contexts.append(context)
        session = client_for(user).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"/p/the-salt-road/scene/12/?panel={panel.pk}")
        return page

    yield open_board
    for context in contexts:
        context.close()
    assert not faults


def picture(page: Page, name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"{name}.png")


def test_a_crossed_line_is_seen_waived_with_a_reason_and_cured(
    two_panels, look, director, open_board
) -> None:
    look(two_panels[0], "A")
    look(two_panels[1], "X")
    page = open_board(director, two_panels[1])
    lint = page.locator(".lints")
    assert "The camera has crossed the line between Mara and Elias." in lint.inner_text()
    assert lint.locator("svg .cam").count() == 2 and lint.locator("svg .axis").count() == 1
    lint.scroll_into_view_if_needed()
    picture(page, "lint-crossed-line")

    assert page.get_by_text("1 cut breaks direction").is_visible()
    lint.get_by_text("Waive with reason").click()
    expect(lint.locator("[name=reason]")).to_be_focused()
    lint.locator("[name=reason]").fill("no")
    lint.locator("[name=reason]").press("Enter")
    page.get_by_text("Say why this is meant, in a few words.").wait_for()
    assert lint.locator("[name=reason]").input_value() == "no"
    lint.locator("[name=reason]").fill("She turns on him: it is meant.")
    lint.locator("[name=reason]").press("Enter")
    page.get_by_text("Waived by Dario Duran").wait_for()
    assert "1 waived" in lint.inner_text()
    expect(page.get_by_text("cut breaks direction")).to_have_count(0)

    page.get_by_text("Take the waiver back").click()
    page.get_by_role("button", name="Use camera B").click()
    page.get_by_text("Clean").wait_for()
    assert page.locator("#inspector [name=camera]").input_value() == "B"
    # The composer that nobody touched follows the camera.
    assert "Cannery, camera B" in page.locator("form.brief").inner_text() + page.locator(".inf").inner_text()


def test_beats_are_written_queued_made_and_played(two_panels, look, director, work, open_board) -> None:
    look(two_panels[0], "A")
    page = open_board(director, two_panels[0])
    page.locator("#inspector [name=vfx]").check()
    page.get_by_role("button", name="Queue all beats").wait_for()
    beats = page.locator(".beat")
    assert [beats.nth(n).locator("[name=name]").input_value() for n in range(5)] == [
        "Before", "Crack", "Collapse", "Dust", "After",
    ]  # fmt: skip
    page.get_by_role("button", name="Move Dust earlier").click()
    expect(beats.nth(2).locator("[name=name]")).to_have_value("Dust")
    beats.nth(0).locator("[name=frames]").fill("48")
    beats.nth(0).locator("[name=frames]").press("Tab")
    page.get_by_text("5 beats, 144 frames at 24").wait_for()
    page.get_by_role("button", name="Queue all beats").click()
    page.get_by_text("5 queued").wait_for()
    work()
    page.reload()
    player = page.locator(".seq")
    assert player.locator(".sq[data-src]").count() == 5
    player.locator("[data-player-screen]").focus()
    page.keyboard.press("ArrowRight")
    assert player.get_attribute("data-frame") == "49"
    page.keyboard.press(" ")
    # It ran on from frame 49; the page's policy lets no test evaluate words in it again and again.
    expect(player).not_to_have_attribute("data-frame", "49")
    page.keyboard.press("k")
    assert "playing" not in (player.get_attribute("class") or "")
    player.scroll_into_view_if_needed()
    picture(page, "vfx-beats")


def test_a_camera_move_is_queued_and_stands_in_the_inspector(
    two_panels, look, director, work, open_board
) -> None:
    look(two_panels[0], "A")
    page = open_board(director, two_panels[0])
    move = page.locator(".seq-move")
    move.locator("[name=count]").fill("4")
    move.get_by_role("button", name="Queue the move").click()
    page.get_by_text("4 queued").wait_for()
    work()
    page.reload()
    assert move.locator(".sq[data-src]").count() == 4
    assert [move.locator(".sq").nth(n).get_attribute("data-hold") for n in range(4)] == ["12"] * 4
    move.locator("[data-player-screen]").focus()
    page.keyboard.press("End")
    assert move.get_attribute("data-frame") == "37"
