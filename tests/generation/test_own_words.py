"""A prompt that somebody wrote in place of the compiled one stays until the compiled one is used again."""

from __future__ import annotations

import html
import re

import pytest
from django.urls import reverse

from previs.generation.models import Job
from previs.storyboard.recipe import compile_panel

pytestmark = pytest.mark.django_db
OWN = "INT. CANNERY - NIGHT. Only the belt, empty."


def ask(browser, panel, prompt, **changes):
    url = reverse("generate_panel", args=[panel.shot.scene.project.slug, panel.pk])
    brief = {"prompt": prompt, "takes": "1", "model": "scripted", "seed": "", "steps": "", "guidance": ""}
    return browser.post(url, brief | changes, headers={"hx-request": "true"})


def written(page: str) -> str:
    found = re.search(r'<textarea[^>]*name="prompt"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found
    return html.unescape(found[1]).strip()


def test_own_words_are_there_again_when_the_board_is_opened_again(browser, panel):
    assert written(browser.get(panel.sheet.path).text) == compile_panel(panel).prompt
    ask(browser, panel, OWN)
    assert written(browser.get(panel.sheet.path).text) == OWN


def test_words_that_were_refused_are_not_kept(browser, panel):
    assert "The seed must be" in ask(browser, panel, OWN, seed="abc").text
    assert not Job.objects.exists()
    assert written(browser.get(panel.sheet.path).text) == compile_panel(panel).prompt


def test_the_compiled_prompt_can_be_taken_back_and_then_stays(browser, panel):
    ask(browser, panel, OWN)
    page = browser.get(panel.sheet.path).text
    compiled = compile_panel(panel).prompt
    url = reverse("compile_brief", args=[panel.sheet_id])
    assert f'hx-get="{url}"' in page
    assert written(browser.get(url).text) == compiled
    ask(browser, panel, compiled)
    assert written(browser.get(panel.sheet.path).text) == compiled


def test_own_words_do_not_follow_the_fields_and_compiled_ones_do(browser, panel):
    from previs.storyboard.models import Size

    ask(browser, panel, OWN)
    panel.shot.size = Size.CU
    panel.shot.save()
    assert written(browser.get(panel.sheet.path).text) == OWN
    panel.sheet.own_words = ""
    panel.sheet.save()
    assert "lose-up" in written(browser.get(panel.sheet.path).text)


def test_a_set_offers_the_compiled_prompt_again_too(browser, scene, owner):
    from sets.recipe import compile_set
    from sets.services import add_set

    place = add_set(scene.project, key=scene.set_key, name=scene.setting, interior=True, by=owner)
    place.sheet.own_words = OWN
    place.sheet.save()
    page = browser.get(place.get_absolute_url()).text
    url = reverse("compile_brief", args=[place.sheet_id])
    assert written(page) == OWN and f'hx-get="{url}"' in page
    assert written(browser.get(url).text) == compile_set(place).prompt


def test_as_many_takes_as_were_asked_for_last_are_offered_again(browser, panel):
    def offered() -> str:
        found = re.search(r'<input[^>]*name="takes"[^>]*>', browser.get(panel.sheet.path).text)
        assert found
        return found[0]

    assert 'value="4"' in offered()
    ask(browser, panel, OWN, takes="2")
    assert 'value="2"' in offered()
