"""One room from every angle: a set is blocked out, filmed from two cameras, varied, changed, and made again."""

from __future__ import annotations

import io
import json
import re
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from previs.blockout.render import render
from previs.engine.blockouts import description_of
from previs.engine.pocket.edges import edge_f1
from previs.engine.request import FrameRequest
from tests.browser.editor import DESK, click_plan, plan_of, ready, save

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.studio.conftest import RunningStudio

pytestmark = [pytest.mark.browser, pytest.mark.processes]
# One frame takes about a second on an idle core; a machine that runs the whole suite is not idle.
RENDERED = 240_000
SCENE = "/p/what-the-tide-owes/scene/6/"
FOLLOWED = 0.3
# Nora and Teo face each other; A and B stand on one side of the line between them, X on the other.
TALK: dict[str, Any] = {
    "figures": [
        {"id": "f1", "name": "NORA", "x": -0.6, "y": 0, "z": 0, "yaw": 90, "pose": "stand", "build": "woman", "garments": [], "looks_at": "f2"},
        {"id": "f2", "name": "TEO", "x": 0.6, "y": 0, "z": 0, "yaw": -90, "pose": "stand", "build": "man", "garments": [], "looks_at": "f1"}],
    "cameras": [
        {"id": "A", "x": -1.2, "y": 1.6, "z": 2.0, "pan": -31, "tilt": 0, "roll": 0, "sensor": "super35", "focal_mm": 28},
        {"id": "X", "x": 1.2, "y": 1.6, "z": -2.0, "pan": 149, "tilt": 0, "roll": 0, "sensor": "super35", "focal_mm": 28}],
}  # fmt: skip


def draw_first_plan(page: Page) -> None:
    """From the set's own heading to a room with a camera, and a second camera placed by hand."""
    page.goto("/p/what-the-tide-owes/sets/")
    page.locator(".pc a.id", has_text=re.compile("^Nora.s Kitchen$", re.IGNORECASE)).first.click()
    page.wait_for_url("**/sets/*/")
    page.get_by_role("link", name="Draw the blockout").click()
    assert "NORA'S KITCHEN" in page.locator("[name=words]").input_value().upper()
    page.get_by_role("button", name="Draw a first plan").click()
    ready(page)
    assert len(plan_of(page)["pieces"]) >= 3
    page.locator("body").press("c")
    click_plan(page, 1.5, 1)
    assert [camera["id"] for camera in plan_of(page)["cameras"]] == ["A", "B"]
    save(page)


def film(page: Page, number: int, camera: str) -> str:
    """A shot of scene 6 from one camera of the set: one take, picked. Returns the frame's address."""
    page.get_by_role("button", name="Shot").click()
    expect(page.locator(".pc")).to_have_count(number)
    page.locator(".pc a.id").nth(number - 1).click()
    page.locator("#inspector [name=camera]").select_option(camera)
    expect(page.locator("#inspector")).to_contain_text(f"camera {camera}")
    page.fill("[name=takes]", "1")
    page.get_by_role("button", name="Generate").click()
    expect(page.locator(".takes a.fr img")).to_have_count(1, timeout=RENDERED)
    page.locator("body").press("1")
    expect(page.locator(".takes figure.sel")).to_have_count(1)
    address = page.locator(".takes figure.sel a.fr").get_attribute("href")
    assert address
    return address


def asked(studio: RunningStudio, address: str) -> tuple[FrameRequest, str]:
    """What a frame was asked for with, and its key."""
    key = address.rstrip("/").rsplit("/", 1)[1]
    with sqlite3.connect(f"file:{studio.home / 'db.sqlite3'}?mode=ro", uri=True, timeout=20) as rows:
        found = rows.execute(
            "select request from generation_provenance where frame_id = ?", [key.replace("-", "")]
        ).fetchone()
    return FrameRequest.from_json(json.loads(found[0])), key


def lines_of(request: FrameRequest) -> Any:
    """The edges that the plan has from the camera of a request, by the server's renderer."""
    assert request.blockout is not None
    described = description_of(request.blockout)
    return render(described, seed=request.seed, width=request.width, height=request.height, samples=1).lines


def seen(page: Page, key: str) -> Any:
    answer = page.request.get(f"/frame/{key}/master")
    return np.asarray(Image.open(io.BytesIO(answer.body())).convert("RGB"))


def make_hero(page: Page, number: int) -> None:
    """Of the concepts, the newest first, make one the hero."""
    concept = page.locator(".concepts li", has=page.locator("b", has_text=re.compile(f"^v{number}$")))
    concept.hover()
    concept.get_by_role("button", name="Make hero").click()
    expect(page.locator(".hcap b")).to_contain_text(f"Hero v{number}")


def test_one_room_from_two_cameras_its_variants_and_what_a_new_hero_leaves_behind(
    sign_in: Callable[..., Page], studio: RunningStudio, picture: Callable[[Page, str], None]
) -> None:
    page = sign_in("design")
    draw_first_plan(page)
    picture(page, "room-plan")
    place = page.url.split("blockout/")[0]

    page.goto(f"{place}?new=1")
    expect(page.locator(".takes a.fr img")).to_have_count(1)  # the demo's own
    page.fill("[name=takes]", "2")
    page.get_by_role("button", name="Generate").click()
    expect(page.locator(".takes a.fr img")).to_have_count(3, timeout=RENDERED)
    page.goto(place)
    make_hero(page, 1)
    expect(page.locator(".swl rect")).to_have_count(6)

    page.goto(SCENE)
    before = page.locator(".pc").count()
    addresses = [film(page, before + 1, "A"), film(page, before + 2, "B")]
    picture(page, "room-two-cameras")
    (from_a, a), (from_b, b) = (asked(studio, address) for address in addresses)
    assert from_a.blockout and from_b.blockout
    assert from_a.blockout["plan"] == from_b.blockout["plan"]
    edges_a, edges_b = lines_of(from_a), lines_of(from_b)
    followed = edge_f1(seen(page, a), edges_a), edge_f1(seen(page, b), edges_b)
    # Each frame shows the room as its own camera sees it, and better than as the other one does.
    assert min(followed) >= FOLLOWED
    assert followed[0] > edge_f1(seen(page, a), edges_b)
    assert followed[1] > edge_f1(seen(page, b), edges_a)

    page.goto(place)
    watching = sign_in("viewer")
    watching.goto(place)
    page.get_by_role("button", name="Fill the grid").click()
    for browser in (page, watching):
        made = browser.locator(".vc a.fr .vs1", has_not_text="Queued")
        expect(made).to_have_count(12, timeout=RENDERED)
    expect(page.locator(".vc.on .vs1")).to_contain_text("Hero v1")

    make_hero(page, 2)
    picture(page, "room-set")
    page.goto(SCENE)
    expect(page.locator(".pc .stale", has_text="Set changed")).to_have_count(2)
    page.goto(place)
    page.locator("[id$='-effect']").get_by_role("button", name=re.compile("^Re-render 2")).click()
    page.wait_for_url("**/remakes/")
    use = page.get_by_role("button", name="Use the new one")
    expect(use).to_have_count(2, timeout=RENDERED)
    expect(page.locator(".pair .stale").first).to_contain_text("Set changed: Nora's Kitchen is now v2")
    picture(page, "room-old-beside-new")
    use.first.click()
    expect(use).to_have_count(1)
    use.first.click()
    expect(use).to_have_count(0)
    page.goto(SCENE)
    expect(page.locator(".pc .stale")).to_have_count(0)


def test_a_crossed_line_is_caught_on_the_board(
    sign_in: Callable[..., Page], picture: Callable[[Page, str], None]
) -> None:
    page = sign_in("director")
    page.goto("/p/what-the-tide-owes/sets/")
    page.locator(".pc a.id", has_text=re.compile("^Street$", re.IGNORECASE)).first.click()
    page.get_by_role("link", name="Draw the blockout").click()
    page.get_by_role("button", name="Draw a first plan").click()
    ready(page)
    page.evaluate(f"talk => {DESK}.store.change('talk', plan => ({{ ...plan, ...talk }}))", TALK)
    save(page)
    page.goto("/p/what-the-tide-owes/scene/7/")
    before = page.locator(".pc").count()
    for number, camera in ((1, "A"), (2, "X")):
        page.get_by_role("button", name="Shot").click()
        expect(page.locator(".pc")).to_have_count(before + number)
        page.locator(".pc a.id").nth(before + number - 1).click()
        page.locator("#inspector [name=camera]").select_option(camera)
        expect(page.locator("#inspector")).to_contain_text(f"camera {camera}")
    lint = page.locator(".lint[data-code=line_crossed]")
    expect(lint).to_contain_text("The camera has crossed the line between Nora and Teo.")
    expect(lint.locator("svg.lint-plan")).to_be_visible()
    picture(page, "room-crossed-line")
    lint.get_by_text("Waive with reason").click()
    lint.get_by_role("textbox").fill("She turns on him, and the picture turns with her.")
    lint.get_by_role("button", name="Waive", exact=True).click()
    expect(page.locator(".lints")).to_contain_text("Waived by")
