"""Values side by side: what makes a grid, how many cells it has, and its contact sheet."""

from __future__ import annotations

import io
import json

import pytest
from django.urls import reverse
from PIL import Image

from previs.engine.request import FrameRequest
from previs.generation.grid import Axis, axes_of, axes_problems, cells_of, read_axis
from previs.generation.models import Job
from previs.generation.services import Brief, GenerationRefused, generate

FIRST = FrameRequest(prompt="a street", model="scripted", seed=7, width=512, height=288)


@pytest.mark.parametrize(
    ("field", "text", "values"),
    [
        ("steps", "8, 12 20", (8, 12, 20)),
        ("guidance", "1.5; 3", (1.5, 3.0)),
        ("strength", "30 to 70 by 20", (0.3, 0.5, 0.7)),
        ("control_strength", "0 50% 100%", (0.0, 0.5, 1.0)),
        ("seed", "4 to 6", (4, 5, 6)),
        ("seed", "17", (17,)),
    ],
)
def test_an_axis_reads_what_people_write(field, text, values):
    assert read_axis(field, text) == Axis(field, values)


def test_free_seeds_are_drawn_and_all_different():
    drawn = read_axis("seed", "6 free").values
    assert len(set(drawn)) == 6
    assert drawn != read_axis("seed", "6 free").values


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("steps", "", "write the values to try"),
        ("steps", "8, many", "'many' is no number"),
        ("steps", "8.5", "whole number"),
        ("steps", "8, 8", "there twice"),
        ("steps", "1 to 1000000 by 1", "more than the 64 cells"),
        ("steps", "10 to 5", "goes upwards"),
        ("steps", "1 to 5 by 0", "goes upwards"),
        ("guidance", "nan", "no number"),
        ("guidance", "1e999", "no number"),
        ("strength", "130", "between 0 and 100"),
        ("seed", "0 free", "1 to 64 free seeds"),
        ("prompt", "a, b", "not 'prompt'"),
    ],
)
def test_an_axis_that_cannot_be_read_says_why(field, text, words):
    with pytest.raises(ValueError, match=words):
        read_axis(field, text)


def test_cells_run_with_the_last_axis_fastest_and_their_axes_can_be_read_back():
    axes = [Axis("steps", (4, 8)), Axis("seed", (1, 2, 3)), Axis("guidance", (2.0, 5.0))]
    cells = cells_of(FIRST, axes)
    assert [(cell.steps, cell.seed, cell.guidance) for cell in cells[:3]] == [
        (4, 1, 2.0),
        (4, 1, 5.0),
        (4, 2, 2.0),
    ]
    assert len(cells) == 12
    assert axes_of([cell.to_json() for cell in cells]) == axes


@pytest.mark.parametrize(
    ("axes", "words"),
    [
        ([Axis("steps", tuple(range(1, 10))), Axis("seed", tuple(range(8)))], "72 cells; at most 64"),
        ([Axis("steps", (1, 2)), Axis("steps", (3, 4))], "there twice"),
        ([Axis("strength", (0.3, 0.5))], "only when a frame is refined"),
        ([Axis("control_strength", (0.3, 0.5))], "no blockout"),
        ([Axis("guidance", (1.0, 2.0))], "own guidance"),
        ([Axis("steps", (0, 5))], "Steps must lie"),
        ([Axis(name, (1, 2)) for name in ("steps", "seed", "guidance", "strength")], "at most 3 axes"),
    ],
)
def test_a_grid_that_makes_no_sense_is_refused_in_words(axes, words):
    found = axes_problems(axes, FIRST, takes_guidance=False, follows=False)
    assert any(words in problem for problem in found), found


@pytest.mark.django_db
def test_one_generate_queues_every_cell_or_none(sheet, director):
    axes = (Axis("steps", (2, 4, 6)), Axis("guidance", (1.0, 3.0)))
    jobs = generate(sheet, Brief(prompt="a street", takes=4, seed=5, axes=axes), by=director)
    assert [(job.take, job.request["steps"], job.request["guidance"], job.request["seed"]) for job in jobs] == [
        (1, 2, 1.0, 5), (2, 2, 3.0, 5), (3, 4, 1.0, 5), (4, 4, 3.0, 5), (5, 6, 1.0, 5), (6, 6, 3.0, 5),
    ]  # fmt: skip
    assert len({job.brief for job in jobs}) == 1
    with pytest.raises(GenerationRefused, match="Steps must lie"):
        generate(sheet, Brief(prompt="a street", axes=(Axis("steps", (4, 400)),)), by=director)
    assert Job.objects.count() == 6


@pytest.fixture
def grid(sheet, director, work):
    """The address parts of a finished grid of two axes."""
    axes = (Axis("steps", (2, 4)), Axis("guidance", (1.0, 3.0, 5.0)))
    jobs = generate(sheet, Brief(prompt="a street in the rain", seed=5, axes=axes), by=director)
    work()
    return [sheet.project.slug, sheet.pk, jobs[0].brief]


@pytest.mark.django_db
def test_the_contact_sheet_is_a_table_with_its_values_as_headers(grid, director, client_for):
    page = client_for(director).get(reverse("contact_sheet", args=grid)).text
    for words in ("6 frames", "Steps 2", "Steps 4", "Guidance 1", "Guidance 5", "a street in the rain"):
        assert words in page
    assert page.count("<td>") - 1 * page.count("<td></td>") == 6
    assert "steps 4, guidance 5. " in page


@pytest.mark.django_db
def test_the_contact_sheet_is_exported_as_a_labelled_picture_that_says_it_is_ai(grid, director, client_for):
    answer = client_for(director).get(reverse("contact_sheet_png", args=grid))
    assert answer.headers["Content-Type"] == "image/png"
    assert "attachment" in answer.headers["Content-Disposition"]
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.width > 3 * 320
    record = json.loads(picture.info["org.previs.record"])
    assert len(record["frames"]) == 6
    assert "trainedAlgorithmicMedia" in picture.info["XML:com.adobe.xmp"]


@pytest.mark.django_db
def test_a_cell_that_was_tried_again_shows_its_last_try(sheet, director, work):
    from previs.generation.grid_sheet import contact_sheet
    from previs.generation.services import retry

    axes = (Axis("steps", (2, 4)),)
    jobs = generate(sheet, Brief(prompt="a street [fail]", seed=5, axes=axes), by=director)
    work()
    again = retry(Job.objects.get(pk=jobs[1].pk), by=director)
    found = contact_sheet(sheet, jobs[0].brief)
    assert [cell.job.pk for cell in found.cells] == [jobs[0].pk, again.pk]
    assert found.open_count == 1


@pytest.mark.django_db
def test_the_tray_leads_to_the_contact_sheet_of_a_grid_and_of_nothing_else(sheet, director, grid):
    from previs.generation.cards import tray_head

    assert tray_head(sheet, director)["grid_url"] == reverse("contact_sheet", args=grid)
    generate(sheet, Brief(prompt="a street", takes=3), by=director)
    assert tray_head(sheet, director)["grid_url"] == ""


@pytest.mark.django_db
def test_strangers_find_no_contact_sheet_and_no_other_sheet_has_it(
    grid, stranger, director, client_for, sheet
):
    from previs.generation.sheets import open_sheet

    other = open_sheet(sheet.project, kind="panel", title="12B.1")
    for name in ("contact_sheet", "contact_sheet_png"):
        assert client_for(stranger).get(reverse(name, args=grid)).status_code == 404
        elsewhere = [grid[0], other.pk, grid[2]]
        assert client_for(director).get(reverse(name, args=elsewhere)).status_code == 404
