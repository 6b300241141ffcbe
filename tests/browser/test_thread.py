"""The whole thread, live: script, scene, brief, frames streaming in, pick, note, decision, in two browsers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.processes]
SCRIPT = next((Path(__file__).resolve().parents[2] / "previs" / "demo").glob("*.fountain"))
# One frame takes about a second on an idle core; a machine that runs the whole suite is not idle.
RENDERED = 240_000


def new_production(page: Page, title: str) -> str:
    page.goto("/p/new/")
    page.fill("[name=title]", title)
    page.get_by_role("button", name="Start the production").click()
    page.wait_for_url("**/p/*/**")
    return page.url.split("/p/")[1].split("/")[0]


def add_to_crew(page: Page, slug: str, username: str, role: str) -> None:
    page.goto(f"/p/{slug}/people/")
    page.fill("[name=who]", username)
    page.locator("form[action$='/cast/'] [name=role]").select_option(role)
    page.get_by_role("button", name="Add to the crew").click()
    expect(page.locator(".tb")).to_contain_text(username)


def upload_script(page: Page, slug: str) -> None:
    page.goto(f"/p/{slug}/script/import/")
    page.set_input_files("[name=file]", SCRIPT)
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("button", name="Confirm the import").click()
    page.wait_for_url(f"**/p/{slug}/script/**")


def generate(page: Page, *, takes: int) -> None:
    """Ask for takes and watch them form: a preview first, then every frame."""
    page.fill("[name=takes]", str(takes))
    page.get_by_role("button", name="Generate").click()
    preview = page.locator(".takes img[src^='data:image/jpeg']")
    preview.first.wait_for(timeout=RENDERED)
    expect(page.locator(".takes a.fr img")).to_have_count(takes, timeout=RENDERED)


def pick_first(page: Page) -> None:
    page.locator("body").press("1")
    expect(page.locator(".takes figure.sel")).to_have_count(1)


def frame_address(page: Page) -> str:
    address = page.locator(".takes figure.sel a.fr").get_attribute("href")
    assert address
    return address


def note_and_approve(page: Page, address: str, words: str) -> None:
    page.bring_to_front()
    page.goto(address)
    page.fill("#note-text", words)
    page.get_by_role("button", name="Post").click()
    expect(page.locator(".ths")).to_contain_text(words)
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".dec")).to_contain_text("pproved")


@pytest.fixture
def crew(sign_in: Callable[..., Page]) -> tuple[Page, Page, str]:
    """A director and a producer in two browsers, and the slug of a new production of theirs with a script."""
    director, producer = sign_in("director"), sign_in("producer")
    slug = new_production(director, "The Second Tide")
    add_to_crew(director, slug, "producer", "producer")
    upload_script(director, slug)
    return director, producer, slug


def test_from_a_script_to_an_approved_frame_in_two_browsers(crew, picture):
    director, producer, slug = crew
    picture(director, "script")

    director.goto(f"/p/{slug}/scene/2/")
    picture(director, "board-empty")
    board_of_the_producer = producer.context.new_page()
    board_of_the_producer.goto(f"/p/{slug}/scene/2/")
    generate(director, takes=4)
    pick_first(director)
    picture(director, "board")
    expect(board_of_the_producer.locator(".pc .bar .st").first).to_contain_text("In review")

    note_and_approve(producer, frame_address(director), "Warmer lamp behind her.")
    picture(producer, "frame-approved")
    card = director.locator(".pc").first
    expect(card.locator(".bar .st")).to_contain_text("Approved")
    expect(card.locator(".ct")).to_contain_text("1")
    expect(board_of_the_producer.locator(".pc .bar .st").first).to_contain_text("Approved")

    own = director.context.new_page()
    own.goto(frame_address(director))
    expect(own.locator(".dec")).to_contain_text("You made this frame")
    expect(own.get_by_role("button", name="Approve")).to_be_disabled()
    own.close()

    director.goto(f"/p/{slug}/sets/")
    director.locator(".pc a.id", has_text="BAR").click()
    generate(director, takes=2)
    pick_first(director)
    picture(director, "set")
    note_and_approve(producer, frame_address(director), "The bottles carry the room.")

    director.goto(f"/p/{slug}/costume/looks/")
    director.locator(".pc a.id", has_text="Nora").first.click()
    director.fill("[name=garments]", "rust wool coat, yellow scarf")
    director.get_by_role("button", name="Save garments and scenes").click()
    expect(director.locator("#id_prompt")).to_have_value(
        "Costume croquis, full figure, plain ground. Nora, a woman of 38, hair cropped like a deckhand's, "
        "wears rust wool coat, yellow scarf."
    )
    generate(director, takes=2)
    pick_first(director)
    picture(director, "costume")
    note_and_approve(producer, frame_address(director), "Keep the scarf.")
    director.reload()
    expect(director.locator(".pc a.id").first).to_contain_text("Nora")

    director.goto(f"/p/{slug}/scene/2/")
    expect(director.locator(".pc .stale")).to_contain_text("Set changed")
    director.goto("/")
    picture(director, "home")
    director.goto("/queue/")
    picture(director, "queue")


def test_the_board_fits_a_phone(sign_in, picture):
    page = sign_in("viewer", width=390, height=844)
    for place in ("", "script/", "sets/", "costume/", "review/"):
        page.goto(f"/p/what-the-tide-owes/{place}")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{place or 'board'} scrolls sideways by {wide} px"
    page.goto("/p/what-the-tide-owes/scene/1/")
    picture(page, "board-phone")
