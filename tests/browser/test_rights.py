"""From a person and a signed release to a frame, and back: what consent gave, a revocation takes away everywhere."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from previs.demo.cast_photo import mannequin_photo

pytestmark = [pytest.mark.browser, pytest.mark.processes]
HERE = "/p/what-the-tide-owes/"
NUMBER, ROLE = "P-090", "Ines"
SIGNED = "Virtual fittings of the camel coat of Ines for scenes 4 to 11, to choose what she wears."


def enter_person(page: Page) -> None:
    page.goto(f"{HERE}rights/")
    page.fill("[name=alias]", NUMBER)
    page.get_by_role("button", name="Enter", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NUMBER)


def add_photo(page: Page) -> None:
    # Mirrored and on other paper: a studio photo of somebody else than who sits for the demo.
    photo = Image.open(io.BytesIO(mannequin_photo(3, hair="long"))).convert("RGB")
    file = io.BytesIO()
    photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(file, "JPEG", quality=92)
    page.set_input_files(
        "[name=file]", {"name": "front.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}
    )
    page.fill("[name=title]", "Front, standing")
    page.fill("[name=statement]", "Taken by us at the fitting of today.")
    page.get_by_role("button", name="Add photograph").click()
    expect(page.locator(".photo")).to_contain_text("May be used")
    expect(page.locator(".photo")).to_contain_text("1 face found")


def sign_release(page: Page) -> str:
    """The address of the release, which is in force then."""
    page.get_by_text("Enter a release").click()
    for scope in ("virtual fitting", "likeness in concepts"):
        page.get_by_label(scope, exact=True).check()
    page.fill("[name=specific_description]", SIGNED)
    page.fill("[name=valid_until]", (date.today() + timedelta(days=90)).isoformat())
    page.set_input_files(
        "[name=document]",
        {"name": "release.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 signed"},
    )
    page.get_by_label("Signed apart from the rest of the contract").check()
    page.get_by_role("button", name="Keep as a draft").click()
    page.get_by_role("button", name="Put in force").click()
    expect(page.locator(".page-head")).to_contain_text("Active")
    return page.url


def cast(page: Page, change: str) -> None:
    page.goto(change)
    page.get_by_label(f"Who plays {ROLE}").select_option(label=NUMBER)
    page.get_by_role("button", name="Cast", exact=True).click()
    expect(page.locator(".casting")).to_contain_text(f"{NUMBER} Valid")


def fit(page: Page, change: str) -> None:
    page.goto(f"{change}fitting/?new")
    page.locator(".fit-photos label", has_text=f"{NUMBER}, plays {ROLE}").click()
    realism = page.locator("[name=realism]")
    if realism.count():
        realism.evaluate("box => { box.checked = false }")
    page.locator("[data-start]").click()
    expect(page).to_have_url(re.compile(r"/fitting/[0-9a-f-]{36}/"), timeout=60_000)
    expect(page.locator(".fit-head")).to_contain_text("Fitted", timeout=180_000)


def pick(page: Page, change: str) -> str:
    """Choose the fitting's picture as the look; the address of its bytes."""
    page.goto(change)
    button = page.get_by_role("button", name="Pick take 1").first
    expect(button).to_be_visible(timeout=120_000)
    button.click()
    expect(page.locator(".tkc .picked")).to_be_visible()
    look = page.locator(".hero-card img").first
    expect(look).to_have_attribute("src", re.compile(r"^/frame/"))
    return (look.get_attribute("src") or "").replace("/thumb", "/master")


def test_a_revocation_takes_the_person_off_every_page_and_link(sign_in, picture):
    producer, designer = sign_in("producer"), sign_in("costume")
    enter_person(producer)
    add_photo(producer)
    release = sign_release(producer)
    designer.goto(f"{HERE}costume/looks/")
    change = designer.get_by_role("link", name=f"{ROLE}, change 1").first.get_attribute("href")
    cast(designer, change)
    fit(designer, change)
    frame = pick(designer, change)
    assert designer.request.get(frame).status == 200

    producer.goto(release)
    expect(producer.locator(".revoke")).to_contain_text("1 frame leaves every page and link")
    expect(producer.locator(".revoke")).to_contain_text("1 photograph is withdrawn")
    picture(producer, "release")
    producer.fill("[name=reason]", "By e-mail of her agent, today")
    producer.check("[name=sure]")
    producer.get_by_role("button", name="Revoke the release").click()
    expect(producer.locator(".banner")).to_contain_text("1 frame withdrawn")
    expect(producer.locator(".page-head")).to_contain_text("Revoked")

    # The designer has the page open all the while, and did nothing.
    expect(designer.locator(".hero-card")).to_contain_text("Needs a new look")
    expect(designer.locator(".hero-card img")).to_have_count(0)
    picture(designer, "withdrawn")
    answer = designer.request.get(frame)
    assert answer.status == 410 and "withdrawn from the production" in answer.text()
    designer.goto(f"{HERE}rights/")
    row = designer.locator("tr", has_text=NUMBER)
    expect(row).to_contain_text("Revoked")
