"""Taking a frame back to the composer: all of it, one thing of it, or a step on from it."""

from __future__ import annotations

import json
import re

import pytest
from django.urls import reverse

from previs.generation.forms import KEEPING_STRENGTH, USUAL_STRENGTH, VARY_STRENGTH
from previs.generation.models import Frame, Job, Origin
from previs.generation.remix import LEAST_STEPS
from tests.generation.test_controls import GOOD, newest

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(panel, browser):
    def post(**changes):
        url = reverse("generate_panel", args=[panel.shot.scene.project.slug, panel.pk])
        return browser.post(url, {**GOOD, **changes}, headers={"hx-request": "true"})

    return post


@pytest.fixture
def frame(post, work):
    post(prompt="A belt in the rain", negative_prompt="umbrellas", seed="4711", steps="3", guidance="4.5")
    work()
    return newest()


@pytest.fixture
def use(browser):
    """use(frame, how, **typed) -> the values the composer then holds."""

    def use(frame, how, **typed):
        answer = browser.post(reverse("use_frame", args=[frame.pk, how]), typed)
        assert answer.status_code == 200, answer.status_code
        return values_of(answer.text)

    return use


def values_of(html: str) -> dict[str, str]:
    """What a composer would send, read from its fields."""
    values = {}
    for tag in re.findall(r"<input[^>]*>", html):
        found = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        chosen = found.get("type") not in ("radio", "checkbox") or " checked" in tag
        if "name" in found and chosen and found.get("type") != "file":
            values[found["name"]] = found.get("value", "")
    values["prompt"] = re.search(r'<textarea[^>]*name="prompt"[^>]*>\s*(.*?)</textarea>', html, re.DOTALL)[1]
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        values[name] = chosen[1] if chosen else ""
    values.pop("csrfmiddlewaretoken", None)
    return values


def test_use_all_makes_the_same_frame_again(use, post, work, frame):
    values = use(frame, "all")
    assert (values["prompt"], values["seed"], values["takes"]) == ("A belt in the rain", "4711", "1")
    assert post(**values).status_code == 200
    work()
    again = newest()
    assert again.pk != frame.pk
    assert again.provenance.request == frame.provenance.request
    assert again.provenance.pixels_sha256 == frame.provenance.pixels_sha256


def test_use_prompt_and_use_seed_leave_the_rest_as_it_was_typed(use, frame):
    typed = {**GOOD, "prompt": "Something else", "seed": "1", "steps": "9", "takes": "7"}
    prompt = use(frame, "prompt", **typed)
    assert (prompt["prompt"], prompt["negative_prompt"]) == ("A belt in the rain", "umbrellas")
    assert (prompt["seed"], prompt["steps"], prompt["takes"]) == ("1", "9", "7")
    seed = use(frame, "seed", **typed)
    assert (seed["prompt"], seed["seed"], seed["steps"]) == ("Something else", "4711", "9")


def test_remix_takes_everything_but_the_seed(use, frame):
    values = use(frame, "remix", **GOOD, seed="1")
    assert (values["prompt"], values["steps"], values["guidance"]) == ("A belt in the rain", "3", "4.5")
    assert values["seed"] == ""


def test_vary_a_little_refines_the_frame_at_a_low_strength_with_a_new_seed(use, post, work, frame):
    values = use(frame, "vary")
    assert (values["way"], values["base"], values["seed"]) == ("refine", str(frame.pk), "")
    assert 0 < int(values["strength"]) < USUAL_STRENGTH["refine"]
    assert post(**values).status_code == 200
    work()
    assert newest().provenance.inputs == {"picture": frame.sha256}


def test_the_strength_of_vary_a_little_is_one_that_its_help_recommends(use, frame, browser):
    page = browser.get(frame.sheet.path).text
    least, most = re.search(r"(\d+) to (\d+) % keeps what the frame shows", page).groups()
    assert int(least) <= int(use(frame, "vary")["strength"]) < int(most)


def test_the_scale_under_the_slider_shows_the_strengths_that_its_help_names(settings):
    css = (settings.BASE_DIR / "static/css/composer.css").read_text()
    least, most = KEEPING_STRENGTH
    assert f"var(--ac-line) {least}% {most}%" in css


def test_a_distilled_model_has_steps_left_to_run_at_the_strength_of_vary_a_little():
    assert LEAST_STEPS * VARY_STRENGTH >= 2 * 100


@pytest.mark.parametrize(("how", "way"), [("start", "refine"), ("repaint", "inpaint"), ("extend", "extend")])
def test_a_frame_can_be_chosen_to_start_from_and_the_prompt_stays(use, frame, how, way):
    values = use(frame, how, **GOOD)
    assert (values["way"], values["base"], values["prompt"]) == (way, str(frame.pk), GOOD["prompt"])


def test_refine_brings_the_words_of_the_frame_along(use, frame):
    values = use(frame, "refine", **GOOD)
    assert (values["way"], values["base"]) == ("refine", str(frame.pk))
    assert (values["prompt"], values["negative_prompt"]) == ("A belt in the rain", "umbrellas")


def test_a_frame_can_be_the_reference_of_the_next(use, post, work, frame):
    assert post(**use(frame, "reference", **GOOD)).status_code == 200
    work()
    assert newest().provenance.inputs == {"reference": frame.sha256}


def test_a_refined_repainted_or_extended_frame_is_made_again_from_what_it_was_made_from(
    use, post, work, frame, browser
):
    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    from tests.generation.test_controls import png_of

    mask = Image.new("L", (frame.width, frame.height))
    mask.paste(255, (0, 0, 100, 100))
    file = SimpleUploadedFile("mask.png", png_of(mask))
    token = browser.post(reverse("keep_mask", args=[frame.pk]), {"mask": file}).json()["token"]
    for way in (
        {"way": "refine", "strength": "35"},
        {"way": "inpaint", "mask": token},
        {"way": "extend", "extend_left": "30", "extend_bottom": "20"},
    ):
        assert post(base=str(frame.pk), **way).status_code == 200
        work()
        made = newest()
        assert post(**use(made, "all")).status_code == 200, way
        work()
        assert newest().provenance.request == made.provenance.request, way


def test_use_all_follows_the_blockout_of_that_frame_not_todays(use, post, work, frame, monkeypatch):
    import dataclasses

    from previs.storyboard import desk, recipe, views

    old, new = (
        {"place": place, "interior": True, "people": [], "props": []} for place in ("kitchen", "church")
    )
    plain, now = recipe.compile_panel, {"blockout": old}
    for module in (recipe, views, desk):
        monkeypatch.setattr(
            module,
            "compile_panel",
            lambda *a, **k: dataclasses.replace(plain(*a, **k), blockout=now["blockout"]),
        )
    post(seed="5")
    work()
    before = newest()
    now["blockout"] = new
    values = use(before, "all")
    assert values["blockout_of"] == str(before.pk)
    post(**values)
    assert Job.objects.order_by("-created_at").first().request["blockout"] == old
    post(**GOOD)
    assert Job.objects.order_by("-created_at").first().request["blockout"] == new


def test_a_drawing_has_no_brief_to_use_and_says_so(browser, frame):
    frame.provenance.delete()
    Frame.objects.filter(pk=frame.pk).update(origin=Origin.HAND)
    answer = browser.post(reverse("use_frame", args=[frame.pk, "all"]), {})
    assert answer.status_code == 409
    assert "drawn by hand" in json.loads(answer.headers["HX-Trigger"])["toast"]["text"]
    assert browser.post(reverse("use_frame", args=[frame.pk, "refine"]), {}).status_code == 200


def test_a_way_that_does_not_exist_and_a_sheet_without_a_desk_are_not_found(browser, frame, sheet):
    assert browser.post(reverse("use_frame", args=[frame.pk, "melt"]), {}).status_code == 404
    Frame.objects.filter(pk=frame.pk).update(sheet=sheet)
    sheet.kind = "storm"
    sheet.save(update_fields=["kind"])
    assert browser.post(reverse("use_frame", args=[frame.pk, "all"]), {}).status_code == 404


def test_sets_and_costume_changes_have_desks_too(production, owner, browser, work, scene):
    from costumes.services import add_change
    from previs.generation.desks import desk_of
    from previs.script.models import Character
    from sets.services import add_set

    mara, _ = Character.objects.get_or_create(project=production, name="MARA", defaults={"number": 9})
    change = add_change(mara, by=owner)
    place = add_set(production, key="cannery", name="Cannery", interior=True, by=owner)
    for subject in (change, place):
        desk = desk_of(subject.sheet, {})
        answer = browser.post(desk.action, GOOD, headers={"hx-request": "true"})
        assert answer.status_code == 200
        work()
        made = Frame.objects.get(sheet=subject.sheet)
        assert browser.post(reverse("use_frame", args=[made.pk, "all"]), {}).status_code == 200
