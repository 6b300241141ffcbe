"""The page of one frame, where what the team does arrives while somebody presses a button."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.processes]
# As a fragment over the socket does, before the answer comes.
REPLACED_WHEN_PRESSED = """() => document.addEventListener("htmx:beforeRequest", () => {
  const bar = document.querySelector(".dec");
  bar.replaceWith(bar.cloneNode(true));
}, { once: true })"""


def test_an_answer_arrives_though_its_button_was_replaced_meanwhile(sign_in):
    page = sign_in("producer")
    page.goto("/p/what-the-tide-owes/scene/5/")
    page.goto(page.locator(".takes a.fr").first.get_attribute("href"))
    page.evaluate(REPLACED_WHEN_PRESSED)
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#toasts")).to_contain_text("approved")
    expect(page.locator(".dec")).to_contain_text("You approved v1")
    # The button that waited for its answer is gone.
    expect(page.locator(".dec")).to_have_count(1)
