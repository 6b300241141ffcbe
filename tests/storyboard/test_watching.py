"""What a person who only watches a production sees of its board and its sets."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db
CONTROL = re.compile(r"<(?:input|select|textarea)\b[^>]*>")


def open_controls(html: str) -> list[str]:
    """Fields of the main part that take a change, without hidden ones."""
    html = re.sub(r"<fieldset[^>]* disabled>.*?</fieldset>", "", html[html.index("<main") :], flags=re.DOTALL)
    fields = [tag for tag in CONTROL.findall(html) if 'type="hidden"' not in tag and " disabled" not in tag]
    return [tag for tag in fields if 'name="' in tag]


def test_a_viewer_reads_the_board_and_finds_no_field_to_change(
    two_panels, viewer, director, client_for
) -> None:
    page = client_for(viewer).get(two_panels[0].sheet.path).text
    assert open_controls(page) == []
    assert "Draw a seed" not in page and "<kbd>Ctrl ↵</kbd>" not in page and "Pick take" not in page
    page = client_for(director).get(two_panels[0].sheet.path).text
    assert any('name="prompt"' in tag for tag in open_controls(page))
    assert any('name="size"' in tag for tag in open_controls(page))


def test_a_viewer_is_offered_no_keys_that_change_a_set(
    cannery, viewer, director, client_for, look, two_panels
) -> None:
    look(two_panels[0], "A")
    at = [cannery.get_absolute_url(), reverse("blockout", args=[cannery.project.slug, cannery.pk])]
    watching, working = ([client_for(user).get(url).text for url in at] for user in (viewer, director))
    for words, place in (
        ("</kbd>Fill the grid", 0),
        ("</kbd>Make hero", 0),
        ("</kbd>Undo", 1),
        ("</kbd>Delete", 1),
    ):
        assert words not in watching[place] and words in working[place]
    record = client_for(viewer).get(at[0] + "?tab=record").text
    assert open_controls(record) == []
