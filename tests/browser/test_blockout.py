"""The blockout editor in Chromium: drawing, saving, coming back, and one camera seen by browser and server alike."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.editor import DESK, FILLED, SAVED, click_plan, on_plan, plan_of, ready, save

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.studio.conftest import RunningStudio

pytestmark = [pytest.mark.browser, pytest.mark.processes]
WIDTH, RATIO = 1280, 2.39


@pytest.fixture
def open_set(studio: RunningStudio, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """open_set("director", "Church") -> the blockout of that set of the demo, begun as an empty room if it is new.

    Faults of a page fail the test at its end; that somebody else saved meanwhile is no fault.
    """
    faults: list[str] = []
    contexts = []

    def open_set(username: str, name: str) -> Page:
        contexts.append(chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=studio.url))
        page = contexts[-1].new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        page.goto("/accounts/login/")
        page.fill("[name=login]", username)
        page.fill("[name=password]", "storyboard-demo")
        page.click("button[type=submit]")
        page.wait_for_url("**/")
        page.goto("/p/what-the-tide-owes/sets/")
        page.locator(".pc a.id", has_text=re.compile(f"^{name}$", re.IGNORECASE)).first.click()
        page.wait_for_url("**/sets/*/")
        page.goto(page.url + "blockout/")
        start = page.get_by_role("button", name=re.compile("Build the empty room|Begin on open ground"))
        if start.count():
            page.fill("[name=width]", "8")
            page.fill("[name=depth]", "6")
            start.click()
        return ready(page)

    yield open_set
    for context in contexts:
        context.close()
    assert not [fault for fault in faults if "409" not in fault]


def test_what_is_drawn_and_saved_is_there_again_after_a_reload(open_set, picture):
    page = open_set("director", "Church")
    page.keyboard.press("w")
    click_plan(page, -2, -1)
    click_plan(page, 1, -1)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Door", exact=True).click()
    click_plan(page, -0.5, -1)
    page.fill("[data-library-search]", "pew")
    page.locator("[data-piece=pew]").click()
    click_plan(page, -2, 1.5)
    for x in (1.5, 2.5):
        page.locator("body").press("c")
        click_plan(page, x, 1)
    page.locator("[data-inspector] label", has_text="Focal").locator("input").fill("50")
    page.keyboard.press("Enter")
    # 2 atan(24.89 / (2 * 50)), worked out by hand.
    expect(page.locator("[data-field-of-view]")).to_contain_text("28.0°")
    drawn = plan_of(page)
    wall = drawn["walls"][-1]
    assert (wall["a"], wall["b"]) == ([-2, -1], [1, -1])
    assert [opening["kind"] for opening in wall["openings"]] == ["door"]
    assert [(piece["kind"], piece["x"], piece["z"]) for piece in drawn["pieces"]] == [("pew", -2, 1.5)]
    assert [camera["id"] for camera in drawn["cameras"]] == ["A", "B", "C"]
    save(page)
    page.reload()
    assert plan_of(ready(page)) == drawn
    page.get_by_role("button", name="Look through camera C").click()
    expect(page.locator("[data-lens]")).to_contain_text("Camera C · Super 35 · 50 mm · 28.0°")
    picture(page, "blockout")


def test_keys_nudge_turn_double_delete_and_take_back(open_set):
    page = open_set("director", "Cannery Office")
    page.locator("[data-piece=table]").click()
    click_plan(page, 1, 1)
    page.locator("[data-sheet]").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("r")
    (table,) = plan_of(page)["pieces"]
    assert (table["x"], table["z"], table["yaw"]) == (1.25, 2.25, 15)
    page.keyboard.press("d")
    assert len(plan_of(page)["pieces"]) == 2
    page.keyboard.press("Delete")
    assert len(plan_of(page)["pieces"]) == 1
    for _ in range(4):
        page.keyboard.press("Control+z")
    (table,) = plan_of(page)["pieces"]
    assert (table["x"], table["z"], table["yaw"]) == (1.25, 1, 0)
    page.keyboard.press("Control+Shift+z")
    assert plan_of(page)["pieces"][0]["z"] == 2.25


def test_a_second_save_on_the_same_plan_offers_both_and_loses_neither(open_set):
    mine, hers = open_set("director", "Bar"), open_set("design", "Bar")
    for page, kind in ((hers, "chair"), (mine, "table")):
        page.fill("[data-library-search]", kind)
        page.locator(f"[data-piece={kind}]").first.click()
        click_plan(page, 1, 1)
    save(hers)
    mine.keyboard.press("Control+s")
    dialog = mine.locator("#blockout-conflict")
    expect(dialog).to_contain_text(
        "Rafe Olin saved plan 2 meanwhile. Nothing of yours is lost", timeout=SAVED
    )
    dialog.get_by_role("button", name="Not now").click()
    # A crash now: what was drawn is still in this browser.
    mine.reload()
    ready(mine)
    expect(mine.locator("[data-notice]")).to_contain_text("which began on plan 1")
    mine.get_by_role("button", name="Look at mine").click()
    assert [piece["kind"] for piece in plan_of(mine)["pieces"]] == ["table"]
    save(mine)
    expect(mine.locator("[data-plan-number]")).to_have_text("Plan 3")


def test_a_colleagues_plan_is_told_of_at_once_and_neither_it_nor_an_older_one_costs_what_was_not_saved(
    open_set, picture
):
    mine, hers = (open_set(user, "Station Platform") for user in ("director", "design"))

    def put(page: Page, kind: str) -> None:
        page.fill("[data-library-search]", kind)
        page.locator(f"[data-piece={kind}]").first.click()
        click_plan(page, 1, 1)

    def kinds(page: Page) -> list[str]:
        return [piece["kind"] for piece in plan_of(page)["pieces"]]

    put(hers, "chair")
    put(mine, "table")
    save(hers)
    notice = mine.locator("[data-notice]")
    expect(notice).to_contain_text(
        "Rafe Olin saved plan 2. Your unsaved steps are still here.", timeout=SAVED
    )
    assert kinds(mine) == ["table"]
    picture(mine, "blockout-news")
    notice.get_by_role("button", name="Load theirs").click()
    expect(mine.locator("[data-plan-number]")).to_have_text("Plan 2")
    assert kinds(mine) == ["chair"]
    # What was not saved survives even a reload before anybody answered.
    mine.reload()
    ready(mine)
    expect(notice).to_contain_text("which began on plan 1")
    notice.get_by_role("button", name="Look at mine").click()
    assert kinds(mine) == ["table"]
    mine.get_by_text("Versions", exact=True).click()
    mine.get_by_role("button", name="Open plan 1, saved by").click()
    expect(notice).to_contain_text("Plan 1 is open. Save makes it the newest plan")
    assert kinds(mine) == []
    save(mine)
    expect(mine.locator("[data-plan-number]")).to_have_text("Plan 3")
    expect(hers.locator("[data-notice]")).to_contain_text("saved plan 3. You see plan 2.", timeout=SAVED)
    expect(hers.locator("[data-notice]")).to_be_visible()
    assert kinds(hers) == ["chair"]


COMPARED = {
    "version": 1,
    "place": "square",
    "interior": False,
    "ceiling": None,
    "ground": "",
    "outline": [],
    "walls": [
        {"id": "w1", "a": [-4, -3], "b": [3, -3.4], "height": 2.6, "thickness": 0.2, "colour": None,
         "openings": [{"id": "o1", "kind": "arch", "at": 1.2, "width": 1.1, "bottom": 0, "height": 2.1},
                      {"id": "o2", "kind": "arch", "at": 3.6, "width": 1.4, "bottom": 0.9, "height": 1.0}]}],
    "stairs": [{"id": "s1", "x": 3.6, "y": 0, "z": 0.2, "yaw": 20, "width": 1.2, "rise": 1.6, "run": 2.4, "steps": 8}],
    "pieces": [
        {"id": "p1", "kind": "block", "name": "", "x": -1.5, "y": 0, "z": 0.3, "yaw": 33, "size": [1.2, 0.8, 0.6], "colour": None, "solids": None},
        {"id": "p2", "kind": "cylinder", "name": "", "x": 0.8, "y": 0, "z": -0.6, "yaw": 0, "size": [0.9, 1.3, 0.9], "colour": None, "solids": None},
        {"id": "p3", "kind": "ball", "name": "", "x": -0.2, "y": 0, "z": 1.4, "yaw": 0, "size": None, "colour": None, "solids": None},
        {"id": "p4", "kind": "table", "name": "", "x": 1.9, "y": 0, "z": 1.1, "yaw": -25, "size": None, "colour": None, "solids": None},
        {"id": "p5", "kind": "chair", "name": "", "x": -2.9, "y": 0, "z": 1.0, "yaw": 70, "size": None, "colour": None, "solids": None}],
    "figures": [],
    "lights": [],
    "cameras": [{"id": "A", "x": 0.7, "y": 2.3, "z": 6.1, "pan": 4.0, "tilt": -17.5, "roll": 3.0, "sensor": "super35", "focal_mm": 24.0}],
    "meshes": [],
}  # fmt: skip


def rendered_edges(plan: dict[str, Any]) -> Any:
    """The server's line pass of a plan through its camera A, (h, w) bool."""
    from previs.blockout.description import SceneDescription
    from previs.blockout.render import render

    described = {
        "place": plan["place"],
        "interior": plan["interior"],
        "plan": plan,
        "camera": plan["cameras"][0],
    }
    passes = render(
        SceneDescription.from_json(json.dumps(described)), seed=1, width=WIDTH, height=round(WIDTH / RATIO), samples=1
    )  # fmt: skip
    return passes.lines > 0


def near(edges: Any) -> Any:
    """Edges and all pixels within one pixel of them."""
    grown = np.zeros_like(edges)
    padded = np.pad(edges, 1)
    for dy in range(3):
        for dx in range(3):
            grown |= padded[dy : dy + edges.shape[0], dx : dx + edges.shape[1]]
    return grown


def agree(page: Page, plan: dict[str, Any], *, left_out: float = 0.01) -> None:
    """Check that the browser draws the edges which the server renders through camera A of a plan.

    left_out: the share of the server's edge pixels that it may leave out.
    """
    page.evaluate(f"plan => {DESK}.store.change('compare', () => plan)", plan)
    found = page.evaluate(f"{DESK}.edges('A', {WIDTH})")
    server = rendered_edges(plan)
    seen = np.zeros(server.shape, bool)
    seen.ravel()[np.array(found, int)] = True
    assert seen.sum() > 5_000
    astray = seen & ~near(server)
    missing = server & ~near(seen)
    assert astray.sum() <= 0.005 * seen.sum(), (
        f"{astray.sum()} of {seen.sum()} edge pixels are only in the browser"
    )
    assert missing.sum() <= left_out * server.sum(), (
        f"{missing.sum()} of {server.sum()} are only in the server's picture"
    )


def test_browser_and_server_see_the_same_edges_through_one_camera(open_set):
    agree(open_set("director", "Church Rooftop"), COMPARED)


@pytest.mark.parametrize("opening", [None, "arch"])
def test_a_camera_behind_a_wall_sees_the_room_as_the_server_does(open_set, opening):
    """The room of a first plan moves its walls back; an open arch makes them real walls, and wild ones go."""
    from previs.blockout.plan.first import plan_from_prompt

    plan = plan_from_prompt("INT. KITCHEN - DAY")[0].to_json()
    arch = {"id": "o1", "kind": "arch", "at": 1.0, "width": 1.0, "bottom": 0.0, "height": 2.0}
    # The server paints windows onto the wall, with frames; the editor cuts holes.
    for wall in plan["walls"]:
        wall["openings"] = [arch] if wall["id"] == "front" and opening else []
    # The server draws seams and pulls of one colour on another as lines; the editor draws shapes.
    plan["pieces"] = [piece for piece in plan["pieces"] if piece["kind"] in ("table", "chair", "lamp")]
    assert plan["pieces"] and plan["cameras"][0]["z"] > max(z for _, z in plan["outline"])
    # Beside the open side of a room the server shows the horizon, and more of it through a wider lens.
    plan["cameras"][0]["focal_mm"] = 18
    agree(open_set("director", "Church Rooftop"), plan, left_out=0.04 if opening else 0.01)


def test_each_wrong_number_has_its_own_words_by_its_field_until_it_is_corrected(open_set):
    page = open_set("design", "Church")
    page.locator("[data-objects]").get_by_text("Camera A").click()

    def field(name: str) -> Any:
        return page.locator("[data-inspector] .blk-fields > div", has_text=re.compile(f"^{name}"))

    for name, value in (("Focal", "2"), ("X", "900")):
        field(name).locator("input").fill(value)
        field(name).locator("input").press("Enter")
    expect(field("Focal").locator(".err")).to_have_text("Focal: use 4 to 600 mm.")
    expect(field("X").locator(".err")).to_have_text("X: use -500 to 500 m.")
    field("Focal").locator("input").fill("35")
    field("Focal").locator("input").press("Enter")
    expect(field("Focal").locator(".err")).to_be_hidden()
    expect(field("X").locator(".err")).to_be_visible()
    expect(field("X").locator("input")).to_have_value("900")
    assert plan_of(page)["cameras"][0]["focal_mm"] == 35


def test_names_on_the_floor_plan_give_way_to_each_other_and_come_back_when_pointed_at(open_set, picture):
    page = open_set("design", "Church")
    page.evaluate(
        f"""() => {{
          const {{ store, sheet }} = {DESK};
          const figures = Array.from({{ length: 12 }}, (_, i) => ({{ id: `f${{i}}`, name: `PARISHIONER ${{i}}`, x: i * 0.3 - 1.6, z: 0, y: 0, yaw: 0,
            pose: "stand", build: "person", garments: [], looks_at: "" }}));
          store.change("fill", (plan) => ({{ ...plan, figures }}));
          sheet.fit();
        }}"""
    )
    overlaps = """() => {
      const boxes = [...document.querySelectorAll(".blk-sheet .names > g:not(.badge)")].map((one) => one.getBoundingClientRect()).filter((box) => box.width);
      const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
      return [boxes.length, boxes.some((one, at) => boxes.slice(at + 1).some((other) => meet(one, other)))];
    }"""
    shown, overlap = page.evaluate(overlaps)
    assert 1 <= shown < 12 and not overlap
    hidden = page.locator(".blk-sheet .names > g.off").first
    name = hidden.text_content()
    at = int(str(name).split()[-1])
    page.mouse.move(*on_plan(page, at * 0.3 - 1.6, 0))
    expect(page.locator(".blk-sheet .names > g:not(.off)", has_text=re.compile(f"^{name}$"))).to_be_visible()
    click_plan(page, at * 0.3 - 1.6, 0)
    page.mouse.move(*on_plan(page, -3, 2))
    expect(page.locator(".blk-sheet .names > g.sel:not(.off)")).to_have_text(str(name))
    assert not page.evaluate(overlaps)[1]
    picture(page, "blockout-names")


def test_five_hundred_pieces_are_drawn_in_a_handful_of_calls(open_set):
    """Software rendering pays for every call; a picture a second is what five hundred of them would leave."""
    page = open_set("director", "Cannery Floor")
    page.evaluate(FILLED)
    calls, triangles = page.evaluate(f"""() => {{
      const {{ view }} = {DESK};
      view.draw();
      const {{ calls, triangles }} = view.renderer.info.render;
      return [calls, triangles];
    }}""")
    assert calls <= 5
    assert triangles < 150_000
