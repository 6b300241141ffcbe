"""What a card shows while takes were made and none is picked."""

from __future__ import annotations

import pytest

from previs.generation.services import Brief, generate
from previs.generation.sheets import pick

pytestmark = pytest.mark.django_db


def test_an_unpicked_take_is_shown_in_full_light_and_says_that_it_is_not_picked(
    two_panels, director, client_for, work
):
    sheet = two_panels[0].sheet
    browser = client_for(director)
    assert "No picture yet" in browser.get(sheet.path).text
    generate(sheet, Brief(prompt="a street", takes=1), by=director)
    work()
    page = browser.get(sheet.path).text
    assert page.count('class="unpicked"') == 1 and " dimmed" not in page
    pick(sheet, sheet.frames.get(), by=director)
    assert 'class="unpicked"' not in browser.get(sheet.path).text
