"""Chromium over a whole Previs: supervisor, Valkey, Celery workers, uvicorn, the embedded model."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.studio.conftest import RunningStudio, wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ARTIFACTS = Path(__file__).resolve().parents[2] / "test-artifacts"


def demo_is_rendered(studio: RunningStudio) -> bool:
    """Whether every frame that the demo asked for is there; a test that counts frames starts from a known number."""
    with sqlite3.connect(f"file:{studio.home / 'db.sqlite3'}?mode=ro", uri=True, timeout=20) as rows:
        states = {state for (state,) in rows.execute("select state from generation_job")}
    assert states <= {"queued", "running", "done"}, studio.printed
    return states == {"done"}


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStudio]:
    """Previs as `make run` starts it, with the demo production and the pocket model."""
    folder = tmp_path_factory.mktemp("studio")
    with RunningStudio(
        folder / "home", "--demo", "--port", "0", output=folder / "studio.txt", model="pocket"
    ) as running:
        running.wait_until_ready()
        wait_for(lambda: demo_is_rendered(running), seconds=600, what="the demo's frames are rendered")
        yield running


@pytest.fixture
def sign_in(studio: RunningStudio, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """sign_in("director") -> a page of that person's own browser; console errors fail the test at its end."""
    faults: list[str] = []
    contexts = []

    def sign_in(username: str, *, width: int = 1440, height: int = 900) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, base_url=studio.url, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        page.goto("/accounts/login/")
        page.fill("[name=login]", username)
        page.fill("[name=password]", "storyboard-demo")
        page.click("button[type=submit]")
        page.wait_for_url("**/")
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert not faults


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """picture(page, name): leave a screenshot for people to look at."""

    def take(page: Page, name: str) -> None:
        ARTIFACTS.mkdir(exist_ok=True)
        page.screenshot(path=ARTIFACTS / f"{name}.png")

    return take
