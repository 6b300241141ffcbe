"""The blockout editor as a person uses it: what its plan holds, where a metre lies on the screen, saving."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

# A save takes a moment; a machine that runs the whole suite is not idle.
SAVED = 60_000
DESK = "document.querySelector('.blk-desk').blockout"

FILLED = f"""() => {{
  const {{ store, view, library }} = {DESK};
  const kinds = Object.keys(library.pieces);
  const pieces = Array.from({{ length: 500 }}, (_, i) => ({{ id: `p${{i + 1}}`, kind: kinds[i % kinds.length], name: "",
    x: (i % 25 - 12) * 1.6, y: 0, z: (Math.floor(i / 25) - 10) * 1.6, yaw: i * 7 % 180, size: null, colour: null, solids: null }}));
  store.change("fill", (plan) => ({{ ...plan, pieces }}));
  view.frame();
}}"""
"""Puts five hundred pieces of all kinds into the open plan and shows them all."""


def ready(page: Page) -> Page:
    page.wait_for_selector(".blk-desk[data-ready]", timeout=60_000)
    return page


def plan_of(page: Page) -> dict[str, Any]:
    return dict(json.loads(page.evaluate(f"JSON.stringify({DESK}.store.plan)")))


def on_plan(page: Page, x: float, z: float) -> tuple[float, float]:
    """Where a point of the set lies on the screen."""
    left, top, scale = page.evaluate(
        f"(({{svg, offset, scale}}) => {{ const b = svg.getBoundingClientRect(); return [b.left + offset[0], b.top + offset[1], scale] }})({DESK}.sheet)"
    )
    return left + x * scale, top + z * scale


def click_plan(page: Page, x: float, z: float) -> None:
    page.mouse.click(*on_plan(page, x, z))


def save(page: Page) -> None:
    page.keyboard.press("Control+s")
    expect(page.locator("[data-plan-state]")).to_contain_text("Saved ", timeout=SAVED)
