from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from previs.accounts.models import User
    from previs.generation.models import Job, Sheet
    from previs.projects.models import Project


@pytest.fixture(autouse=True)
def _own_store(own_store):
    """Each test has its pictures to itself."""


@pytest.fixture
def panel(scene, owner):
    from previs.storyboard.services import add_shot

    return add_shot(scene, by=owner, action="Mara takes a jar off the belt.")


@pytest.fixture
def browser(director, client_for):
    return client_for(director)


@pytest.fixture
def sheet(production: Project) -> Sheet:
    from previs.generation.sheets import open_sheet

    return open_sheet(production, kind="panel", title="12A.1", path="/somewhere/")


@pytest.fixture
def ask(sheet: Sheet) -> Callable[..., list[Job]]:
    """ask(by, prompt, takes=1, ...) -> queued jobs."""

    def ask(
        by: User, prompt: str = "INT. CANNERY - NIGHT", *, on: Sheet | None = None, **brief: object
    ) -> list[Job]:
        from previs.generation.services import Brief, generate

        return generate(on or sheet, Brief(prompt=prompt, **{"takes": 1, **brief}), by=by)  # type: ignore[arg-type]

    return ask


@pytest.fixture
def work() -> Callable[[], int]:
    """Do what a worker process does, here and now."""

    def work() -> int:
        from previs.generation.runner import run_available

        return run_available(worker=f"test:{uuid.uuid4().hex[:6]}")

    return work
