"""What is refused before anything is queued, and that the form keeps what was typed."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from previs.generation.models import Job
from previs.generation.services import Brief, GenerationRefused, generate

pytestmark = pytest.mark.django_db
GOOD = {
    "prompt": "INT. CANNERY - NIGHT",
    "takes": "2",
    "model": "scripted",
    "seed": "",
    "steps": "",
    "guidance": "",
}


@pytest.fixture
def submit(panel, director, client_for):
    def submit(**changes):
        url = reverse("generate_panel", args=[panel.shot.scene.project.slug, panel.pk])
        return client_for(director).post(url, {**GOOD, **changes}, headers={"hx-request": "true"})

    return submit


def test_a_good_brief_queues_its_takes_and_shows_them(submit):
    answer = submit(takes="3")
    assert answer.status_code == 200
    assert Job.objects.count() == 3
    assert "3 takes queued" in answer.text and "hx-swap-oob" in answer.text


def test_a_page_that_listens_gets_its_tray_through_the_socket(panel, director, client_for):
    url = reverse("generate_panel", args=[panel.shot.scene.project.slug, panel.pk])
    answer = client_for(director).post(url, GOOD, headers={"hx-request": "true", "x-live": "1"})
    assert "2 takes queued" in answer.text and "tkc" not in answer.text
    assert Job.objects.count() == 2


def test_a_composer_that_showed_nothing_wrong_is_left_as_it_is(submit):
    answer = submit()
    assert answer.headers["HX-Reswap"] == "none" and 'name="prompt"' not in answer.text


def test_a_composer_that_showed_what_was_wrong_comes_back_clean(submit):
    refused = submit(prompt="")
    assert '<input type="hidden" name="refused" value="1">' in refused.text
    mended = submit(refused="1")
    assert "HX-Reswap" not in mended.headers and 'name="prompt"' in mended.text
    assert "The prompt is empty" not in mended.text and 'name="refused"' not in mended.text
    assert "2 takes queued" in mended.text and Job.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"prompt": "   "}, "The prompt is empty"),
        ({"prompt": "rain " * 10_000}, "characters; the limit is"),
        ({"seed": "-1"}, "seed must lie between"),
        ({"seed": "4294967296"}, "seed must lie between"),
        ({"seed": "many"}, "whole number"),
        ({"takes": "0"}, "Takes must lie between 1 and 8"),
        ({"takes": "1000"}, "Takes must lie between 1 and 8"),
        ({"takes": ""}, "how many takes"),
        ({"model": "flux-9"}, "flux-9 is not installed here"),
        ({"steps": "100000"}, "less than or equal to 100"),
        ({"seed": "4294967295", "takes": "2"}, "would pass"),
    ],
)
def test_a_bad_brief_is_refused_in_words_and_the_form_keeps_what_was_typed(submit, changes, words):
    answer = submit(negative_prompt="umbrellas", **changes)
    assert answer.status_code == 422
    assert words in answer.text.replace("&#x27;", "'")
    assert "umbrellas" in answer.text
    kept = changes.get("prompt", GOOD["prompt"]).strip()
    assert kept[:200] in answer.text
    assert not Job.objects.exists()


def test_letters_in_the_seed_reach_the_server_and_are_still_there_when_it_refuses_them(submit):
    answer = submit(seed="abc")
    field = next(tag for tag in re.findall(r"<input[^>]*>", answer.text) if 'name="seed"' in tag)
    assert 'type="text"' in field and 'inputmode="numeric"' in field and 'value="abc"' in field
    assert "The seed must be a whole number" in answer.text and not Job.objects.exists()


def test_a_non_commercial_model_is_refused_in_a_commercial_production(sheet, director, monkeypatch):
    import dataclasses

    from previs.generation import catalogue

    cards = {name: dataclasses.replace(card, commercial="no") for name, card in catalogue.installed().items()}
    monkeypatch.setattr(catalogue, "installed", lambda: cards)
    with pytest.raises(GenerationRefused) as refused:
        generate(sheet, Brief(prompt="a street"), by=director)
    assert refused.value.code == "licence_noncommercial"
    assert not Job.objects.exists()


def test_only_leads_may_ask_for_an_urgent_frame(sheet, costume_designer, director):
    with pytest.raises(GenerationRefused, match="before the others"):
        generate(sheet, Brief(prompt="a street", urgent=True), by=costume_designer)
    assert generate(sheet, Brief(prompt="a street", urgent=True), by=director)


def test_the_prompt_is_compiled_from_heading_shot_action_set_and_costume(panel, owner):
    from costumes.services import add_change, dress
    from previs.script.models import Character
    from previs.storyboard.recipe import compile_panel
    from sets.services import add_set, describe

    scene = panel.shot.scene
    mara, _ = Character.objects.get_or_create(project=scene.project, name="MARA", defaults={"number": 9})
    scene.cast.add(mara)
    change = add_change(mara, by=owner)
    dress(change, garments="a rust coat and a yellow scarf", scenes=[str(scene.pk)], by=owner)
    place = add_set(scene.project, key=scene.set_key, name=scene.setting, interior=True, by=owner)
    describe(place, description="Wet concrete, one lamp.", by=owner)
    compiled = compile_panel(panel)
    assert scene.heading.rstrip(".") in compiled.prompt
    assert "Wide shot, eye level, 35 mm" in compiled.prompt
    assert "Mara wears a rust coat and a yellow scarf." in compiled.prompt
    assert compiled.prompt.endswith("Wet concrete, one lamp.")
    assert [source.kind for source in compiled.sources] == ["scene", "set", "worn", "change"]


@pytest.mark.parametrize(
    ("garments", "words"),
    [
        ("", "Mara is a woman of 38, cropped hair."),
        ("a rust coat", "Mara, a woman of 38, cropped hair, wears a rust coat."),
    ],
)
def test_the_prompt_says_who_is_in_frame_as_the_script_introduced_them(panel, owner, garments, words):
    from costumes.services import add_change, dress
    from previs.storyboard.recipe import compile_panel

    scene = panel.shot.scene
    scene.text = f"{scene.heading}\n\nMARA, 38, cropped hair, waits. Her hand is on the rail.\n\nMARA\nStop the belt.\n"
    scene.save()
    if garments:
        dress(add_change(scene.cast.get(), by=owner), garments=garments, scenes=[str(scene.pk)], by=owner)
    compiled = compile_panel(panel)
    assert words in compiled.prompt
    assert "character" in [source.kind for source in compiled.sources]


def test_a_frame_is_stale_once_the_set_it_was_compiled_from_changes(submit, work, panel, owner):
    from previs.generation.models import Frame
    from previs.generation.sources import stale_reasons
    from sets.services import add_set, describe

    scene = panel.shot.scene
    place = add_set(scene.project, key=scene.set_key, name=scene.setting, interior=True, by=owner)
    submit(takes="1")
    work()
    frame = Frame.objects.get()
    assert stale_reasons([frame]) == {}
    describe(place, description="Now all glass.", by=owner)
    assert stale_reasons([frame]) == {frame.pk: [f"Set changed: {place.name.title()}"]}


def test_a_board_follows_its_scene_to_another_number(panel, owner):
    from previs.storyboard.services import start_boards

    scene = panel.shot.scene
    scene.number = "99"
    scene.save(update_fields=["number"])
    start_boards(scene.project, owner)
    panel.refresh_from_db()
    assert (panel.label, panel.sheet.title) == ("99A.1", "99A.1")
    assert "/scene/99/" in panel.sheet.path


def test_a_running_job_has_the_element_that_its_previews_replace(ask, director, client_for):
    from django.urls import reverse

    from previs.generation import queue

    [job] = ask(director)
    card = reverse("job_card", args=[job.pk])
    for _ in ("queued", "running"):
        assert f'id="job-{job.pk}-live"' in client_for(director).get(card).text
        queue.claim(worker="w")
