"""Garments, stages and the look in a browser: what is put on is in the prompts, and frames of something else say so."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.processes]
RENDERED = 180_000
FILM = "/p/what-the-tide-owes"


def open_change(page: Page, name: str, scene: str) -> None:
    page.goto(f"{FILM}/costume/")
    page.locator(f"#plot td[aria-label^='{name}, scene {scene},']").click()
    expect(page.locator("#plot-side h2")).to_contain_text(f"{name}, change")
    page.get_by_role("link", name="Open look").click()


def compiled(page: Page) -> str:
    """The prompt that the records make now, as the composer shows it."""
    return page.locator("details.compiled p").text_content() or ""


def test_what_is_put_on_and_its_stage_are_in_the_concepts_prompt(sign_in, picture):
    page = sign_in("costume")
    open_change(page, "Lotte", "1")
    page.select_option("#put-garment", label="Knitted scarf")
    page.get_by_role("button", name="Put on").click()
    rows = page.locator(".layers:not(.stages) b")
    expect(rows).to_have_text(["Knitted scarf", "Red knitted cap", "Tweed jacket"])
    assert "taupe knitted scarf" in compiled(page)
    page.get_by_role("button", name="Wear Knitted scarf further in").click()
    expect(rows).to_have_text(["Red knitted cap", "Knitted scarf", "Tweed jacket"])

    page.select_option("#stage-kind", "bloody")
    page.select_option("#stage-scene", label="8")
    page.fill("#stage-note", "left cuff")
    page.get_by_role("button", name="Set the stage").click()
    expect(page.locator(".stages b")).to_have_text(["Clean", "Bloody"])
    page.locator(".stages li", has_text="Bloody").get_by_role("link", name="Concept").click()
    # Red was written, the tweed's colour was measured, and the scarf is in nobody's words.
    expect(page.locator("#id_prompt")).to_have_value(
        re.compile(
            r"a girl of 8, wears Red knitted cap, a man's \w+ tweed jacket that reaches her boots, taupe knitted scarf\. "
            r"Period: 1950s, a cannery town on a cold coast\. Colours: red, taupe, \w+\. "
            r"The clothes are bloody: left cuff\.$"
        )
    )
    picture(page, "change")
    page.goto(f"{FILM}/costume/")
    expect(page.locator("#plot td[aria-label^='Lotte, scene 8,']")).to_have_attribute(
        "aria-label", "Lotte, scene 8, change 1 Red cap, bloody, draft, worn on from the scene before"
    )


def test_the_closet_goes_out_as_a_list_and_comes_back_changed(sign_in, tmp_path: Path, picture):
    page = sign_in("costume")
    page.goto(f"{FILM}/costume/closet/")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    boots = next(row for row in rows if row["name"] == "Sea boots")
    boots["quantity"] = "12"
    rows.append(dict.fromkeys(rows[0], "") | {"name": "Oilskin hat", "category": "headwear", "quantity": "4"})
    changed = tmp_path / "closet.csv"
    with changed.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    page.set_input_files("[name=file]", changed)
    page.get_by_role("button", name="Bring it in").click()
    expect(page.locator("tr", has_text="Oilskin hat")).to_contain_text("4")
    expect(page.locator("tr", has_text="Sea boots")).to_contain_text("12")
    picture(page, "closet")


def test_another_pick_of_a_look_makes_the_frames_that_were_made_of_it_stale(sign_in, picture):
    """The demo's concept of Kaspar is picked after a frame with him was made: that frame says so, and why."""
    director, designer = sign_in("director"), sign_in("costume")
    director.goto(f"{FILM}/scene/2/")
    expect(director.locator("#live-status")).to_have_attribute("data-state", "live")
    takes = director.locator(".takes a.fr img")
    before = takes.count()
    director.locator("[name=action]").fill("Kaspar waits at the counter.")
    director.keyboard.press("Tab")
    prompt = director.locator("#id_prompt")
    expect(prompt).to_have_value(
        re.compile(r"wears Long grey greatcoat .+, walnut felt hat, taupe knitted scarf")
    )
    director.fill("[name=takes]", "1")
    director.get_by_role("button", name="Generate").click()
    expect(takes).to_have_count(before + 1, timeout=RENDERED)
    director.get_by_role("button", name="Pick take 1").first.click()
    expect(director.get_by_role("button", name="Pick take 1").first).to_have_attribute("aria-pressed", "true")
    card = director.locator(".pc").first
    expect(card).not_to_contain_text("Costume changed")

    open_change(designer, "Kaspar", "1")
    designer.get_by_role("button", name="Pick take 1").click()
    expect(designer.locator(".bar .st").first).to_contain_text("Look v1")
    expect(card).to_contain_text("Costume changed: Kaspar, change 1")
    picture(director, "stale-costume")
    designer.goto(f"{FILM}/costume/")
    designer.locator("#plot td[aria-label^='Kaspar, scene 2,']").click()
    expect(designer.locator("#plot-side")).to_contain_text("of which 1 stale")
