"""What a variants grid gains by batches: `pytest -s tests/bench/bench_grid.py`.

The twelve cells of a set with a blockout are asked for with "Fill the grid" and rendered by the worker's own loop,
claims, encoding and storing included; then the same twelve requests once more, one claim each. Rounds alternate,
because a shared machine is faster now and slower then. PREVIS_BENCH_MODEL=scripted tries the bench itself out.
"""

from __future__ import annotations

import os
import statistics
import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from previs.generation.models import Job

BAR = 0.85
CELLS = 12
ROUNDS = 2
MODEL = os.environ.get("PREVIS_BENCH_MODEL", "pocket")


def rendered() -> tuple[float, int]:
    """Seconds until nothing waits any more, and how many claims it took."""
    from previs.generation.runner import run_available

    began = time.perf_counter()
    claims = run_available(worker="bench")
    return time.perf_counter() - began, claims


def again(jobs: list[Job]) -> None:
    """Queue the requests of ended jobs once more."""
    from previs.generation.services import Brief, generate

    for job in jobs:
        request = job.frame_request
        brief = Brief(
            prompt=request.prompt, takes=1, seed=request.seed, model=request.model, blockout=request.blockout
        )
        generate(job.sheet, brief, by=job.requested_by)


@pytest.fixture
def place(settings: Any, transactional_db: None) -> Any:
    """A set with a blockout begun from words, in a production of its own."""
    from previs.projects.services import start_project
    from sets.blockouts import begin_from_words
    from sets.models import Set
    from sets.services import add_set
    from tests.conftest import person

    settings.PREVIS_MODEL = MODEL
    owner = person("bench", "Ben Bench")
    production = start_project(title="Bench", by=owner, aspect_ratio=Decimal("2.39"))
    row = add_set(production, key="cannery", name="CANNERY", interior=True, by=owner)
    begin_from_words(row, words="INT. CANNERY - NIGHT, belt, vats", by=owner)
    return Set.objects.select_related("project", "sheet__project", "sheet__pick").get(pk=row.pk)


@pytest.mark.bench
def test_a_grid_of_twelve_cells_costs_less_than_twelve_frames(place: Any, settings: Any) -> None:
    from previs.generation.services import Brief, generate
    from sets.variants import fill_grid

    owner = place.project.memberships.get(role="owner").user
    generate(place.sheet, Brief(prompt="INT. CANNERY - DAY", takes=1, seed=1), by=owner)
    rendered()  # loads the model and compiles what compiles late

    ratios, seconds = [], []
    jobs = fill_grid(place, weather="clear", by=owner)
    assert len(jobs) == CELLS
    for number in range(ROUNDS):
        if number:
            again(jobs)
        together, claims = rendered()
        settings.PREVIS_BATCH_LIMIT = 1
        again(jobs)
        alone, single_claims = rendered()
        settings.PREVIS_BATCH_LIMIT = None
        assert (claims < single_claims, single_claims) == (True, CELLS)
        ratios.append(together / alone)
        seconds.append((together, alone))
    ratio = statistics.median(ratios)
    print(f"\nmodel {MODEL}, {CELLS} cells, {claims} claims instead of {single_claims}")
    for together, alone in seconds:
        print(f"grid {together:6.1f} s   single frames {alone:6.1f} s   ratio {together / alone:.2f}")
    print(f"ratio of grid to single frames {ratio:.2f} (bar {BAR} where batching pays)")
    if MODEL == "pocket":
        assert ratio <= BAR
