"""What the costume plot of a long film costs: `pytest -s tests/bench/bench_plot.py`.

40 characters, 160 scenes, everybody in every third scene and the leads in nearly all, 200 changes with garments. Prints
queries and times over their bars; the best of several rounds counts, because other work only makes a round slower.
"""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

CHARACTERS, SCENES, CHANGES = 40, 160, 5
BAR_PAGE, BAR_EDIT = 0.2, 0.1  # seconds
ROUNDS = 7


@pytest.fixture
def long_film(db: None, owner: Any, production: Any) -> Any:
    from costumes import plotting
    from costumes.models import Change, Garment, GarmentLayer, Wearing
    from previs.generation.sheets import open_sheet
    from previs.script.models import Character, Revision, Scene

    revision = Revision.objects.create(
        project=production, file_name="long.fountain", sha256="0" * 64, uploaded_by=owner
    )
    times = ("DAY", "DAY", "DUSK", "NIGHT")
    scenes = Scene.objects.bulk_create(
        Scene(
            project=production, revision=revision, ordinal=place, number=str(place), heading=f"INT. ROOM {place} - DAY",
            kind="EXT" if place % 3 else "INT", setting=f"ROOM {place % 20}", set_key=f"room-{place % 20}",
            time_of_day=times[place % 4], text="", start=0, end=0, start_line=1, eighths=1 + place % 12,
        )
        for place in range(1, SCENES + 1)
    )  # fmt: skip
    garment = Garment.objects.create(
        project=production,
        name="Coat",
        category="coat",
        swatches=[{"hex": "#8c4322", "name": "Rust", "share": 1}],
        added_by=owner,
    )
    for number in range(1, CHARACTERS + 1):
        character = Character.objects.create(project=production, name=f"PERSON {number}", number=number)
        every = 1 if number <= 3 else 3
        character.scenes.set([scene for scene in scenes if (scene.ordinal + number) % every == 0])
        changes = [
            Change.objects.create(
                character=character,
                number=place,
                title=f"Costume {place}",
                sheet=open_sheet(production, kind="change", title="c"),
            )
            for place in range(1, CHANGES + 1)
        ]
        GarmentLayer.objects.bulk_create(
            GarmentLayer(change=change, garment=garment, slot="outer", order=1) for change in changes
        )
        Wearing.objects.bulk_create(
            Wearing(character=character, scene=scene, change=changes[place * CHANGES // SCENES])
            for place, scene in enumerate(scenes)
            if (scene.ordinal + number) % every == 0 and scene.ordinal % 4 != 2
        )
    plotting.settle(production)
    return production


def best(ask: Any) -> tuple[float, int]:
    """Seconds of processor time of the best round, and queries. SQLite runs in the process, so its time counts too."""
    with CaptureQueriesContext(connection) as asked:
        assert ask().status_code == 200
    queries = len(asked)
    seconds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        ask()
        seconds.append(time.process_time() - began)
    return min(seconds), queries


@pytest.mark.bench
def test_the_plot_of_a_long_film(long_film: Any, owner: Any, client_for: Any) -> None:
    client = client_for(owner)
    character = long_film.characters.get(number=1)
    scene = long_film.scenes.get(ordinal=80)
    row = [long_film.slug, character.pk]
    page, page_queries = best(lambda: client.get(reverse("costumes", args=[long_film.slug])))
    fragment, row_queries = best(lambda: client.get(reverse("plot_row", args=row)))
    number = iter(range(10**6))

    def edit() -> Any:
        words = {"scenes": scene.pk, "number": 1 + next(number) % CHANGES}
        return client.post(reverse("wear_change", args=row), words, headers={"HX-Request": "true"})

    change, change_queries = best(edit)
    print(
        f"\n{CHARACTERS} characters by {SCENES} scenes: page {page * 1000:.0f} ms, {page_queries} queries, over the bar "
        f"{page / BAR_PAGE:.2f}; row {fragment * 1000:.0f} ms, {row_queries} queries; a cell set {change * 1000:.0f} ms, "
        f"{change_queries} queries, over the bar {change / BAR_EDIT:.2f}"
    )
    assert page_queries <= 40
