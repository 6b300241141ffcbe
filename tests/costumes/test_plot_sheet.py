"""The plot on paper."""

from __future__ import annotations

from datetime import date

import pypdfium2
import pytest
from django.urls import reverse

from costumes import plotting
from costumes.plot import plot_of
from costumes.plot_sheet import ON_A_SHEET, plot_pdf
from costumes.services import dress

pytestmark = pytest.mark.django_db


def pages(data: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)]


def test_the_sheet_names_days_scenes_changes_and_gaps(film, viewer, owner, client_for):
    dress(film.mara.changes.get(), garments="", title="Rust coat", scenes=film.keys("1", "2", "3"), by=owner)
    answer = client_for(viewer).get(reverse("plot_pdf", args=[film.slug]))
    assert answer.headers["Content-Type"] == "application/pdf"
    (words,) = pages(answer.content)
    for part in (
        "The Salt Road: costume plot",
        "D1 Day 1",
        "1 Mara",
        "Rust coat",
        "No change",
        "Sheet 1 of 1",
    ):
        assert part in words


def test_a_long_film_goes_on_on_further_sheets(film, owner):
    plot = plot_of(film.production)
    plot.columns *= 5
    for row in plot.rows:
        row.cells = row.cells * 5
    sheets = pages(plot_pdf(plot, title="Long", today=date(2026, 5, 4)))
    assert len(sheets) == -(-35 // ON_A_SHEET[0]) == 2
    assert "Sheet 2 of 2" in sheets[1] and "1 Mara" in sheets[1] and "04 May 2026" in sheets[0]


def test_a_production_without_a_script_prints_an_empty_sheet(production, owner, client_for):
    answer = client_for(owner).get(reverse("plot_pdf", args=[production.slug]))
    assert len(pages(answer.content)) == 1


def test_the_sheet_follows_the_order_of_the_page(film, owner, client_for):
    plotting.set_shooting_order(film.production, numbers=["7"], by=owner)
    answer = client_for(owner).get(reverse("plot_pdf", args=[film.slug]), {"order": "shooting"})
    assert "shooting order" in pages(answer.content)[0]


def test_the_heads_say_in_words_where_and_when_a_scene_plays(film, owner, client_for):
    (words,) = pages(client_for(owner).get(reverse("plot_pdf", args=[film.slug])).content)
    assert "Int. day" in words and "Ext. night" in words


def test_one_gap_is_one_gap(film, owner, client_for):
    plotting.wear_number(film.mara, scenes=film.keys("4", "5", "6"), number=1, by=owner)
    (words,) = pages(client_for(owner).get(reverse("plot_pdf", args=[film.slug])).content)
    assert "1 gap." in words and "2 characters" in words


def test_a_short_film_fills_the_sheet_in_large_letters(film, owner):
    data = plot_pdf(plot_of(film.production), title="Short", today=date(2026, 5, 4))
    sheet = pypdfium2.PdfDocument(data)[0]
    right = max(found.get_bounds()[2] for found in sheet.get_objects())
    assert right > 0.94 * sheet.get_width()
