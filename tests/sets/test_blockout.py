"""Beginning, saving and drawing a set's blockout, through the addresses that the editor uses."""

from __future__ import annotations

import copy
import io
import json
import re
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image

from sets.blockouts import PlanConflict, begin_empty, empty_room, save_plan
from sets.cards import card_html
from sets.models import Plan

pytestmark = pytest.mark.django_db


def address(name: str, place: Any, *more: str) -> str:
    return reverse(name, args=[place.project.slug, place.pk, *more])


def post(client: Any, place: Any, document: Any, number: int) -> Any:
    body = json.dumps({"number": number, "document": document})
    return client.post(address("save_blockout", place), body, content_type="application/json")


def piece(**fields: Any) -> dict[str, Any]:
    blank = {"id": "p1", "kind": "table", "name": "", "x": 0.0, "y": 0.0, "z": 0.0, "yaw": 0.0}
    return {**blank, "size": None, "colour": None, "solids": None, **fields}


@pytest.fixture
def room(place, director) -> Plan:
    return begin_empty(place, width=6, depth=5, height=2.8, by=director)


def test_a_set_without_a_blockout_offers_its_heading_and_design_words(place, director, client_for):
    place.description = "Long tiled hall."
    place.save()
    page = client_for(director).get(address("blockout", place))
    assert "sets/blockout_start.html" in [template.name for template in page.templates]
    assert "INT. CANNERY - NIGHT\nLong tiled hall." in page.content.decode()


def test_a_first_plan_is_drawn_from_words_and_opens_in_the_editor(place, director, client_for):
    browser = client_for(director)
    words = {"from": "words", "words": "INT. CANNERY - NIGHT, belt, vats"}
    page = browser.post(address("start_blockout", place), words, follow=True)
    plan = place.plans.get()
    assert (plan.number, plan.saved_by) == (1, director)
    assert [camera["id"] for camera in plan.document["cameras"]] == ["A"]
    assert {"belt", "vat"} <= {entry["kind"] for entry in plan.document["pieces"]} | {
        entry["name"].split()[0].lower() for entry in plan.document["pieces"]
    }
    assert page.context["desk"]["document"] == plan.document


def test_words_that_no_piece_was_drawn_for_are_named_in_the_editor(place, director, client_for):
    browser, url = client_for(director), address("start_blockout", place)
    words = {"from": "words", "words": "INT. CANNERY - NIGHT, belt, zorbule, quaxine"}
    assert (
        "Not understood, so not in the plan: zorbule, quaxine." in browser.post(url, words, follow=True).text
    )
    words["words"] = "INT. CANNERY - NIGHT, belt, vats"
    assert "Not understood" not in browser.post(url, words, follow=True).text


def test_words_that_were_taken_as_something_else_are_named_in_the_editor(place, director, client_for):
    browser, url = client_for(director), address("start_blockout", place)
    words = {"from": "words", "words": "EXT. TIDAL FLATS - DAWN, a shipwreck, zorbule"}
    page = browser.post(url, words, follow=True).text
    assert "Taken as: tidal flats as beach, shipwreck as boat." in page
    assert "Not understood, so not in the plan: zorbule." in page
    words["words"] = "INT. CANNERY - NIGHT, belt, vats"
    assert "Taken as" not in browser.post(url, words, follow=True).text


@pytest.mark.parametrize(
    "words", ["INT. -", "EXT. - NIGHT", "INT.", "int. - day. A belt, vats.", "INT. -\nA belt."]
)
def test_a_heading_without_a_place_is_refused_in_words_that_say_what_is_missing(
    words, place, director, client_for
):
    page = client_for(director).post(address("start_blockout", place), {"from": "words", "words": words})
    assert page.status_code == 422
    assert "The heading names no place" in page.text
    assert words.splitlines()[0] in page.text, "what was typed stays"
    assert not place.plans.exists()


@pytest.mark.parametrize(
    "words", ["INT. ST. MARY'S - DAY", "EXT. NOWHERE", "a belt and vats", "INTERNAL - x"]
)
def test_words_with_a_place_or_without_any_heading_are_drawn(words, place, director, client_for):
    page = client_for(director).post(address("start_blockout", place), {"from": "words", "words": words})
    assert page.status_code == 302
    assert place.plans.count() == 1


def test_an_empty_room_has_the_inner_measures_that_were_asked_for(place, director, client_for):
    sizes = {"from": "room", "width": "8", "depth": "4.5", "height": "3"}
    client_for(director).post(address("start_blockout", place), sizes)
    document = place.plans.get().document
    xs, zs = {point[0] for point in document["outline"]}, {point[1] for point in document["outline"]}
    assert (max(xs) - min(xs), max(zs) - min(zs), document["ceiling"]) == (8, 4.5, 3)
    half = document["walls"][0]["thickness"] / 2
    assert max(end[0] for wall in document["walls"] for end in (wall["a"], wall["b"])) == 4 + half


def test_a_room_without_a_width_is_refused_and_the_form_keeps_the_rest(place, director, client_for):
    page = client_for(director).post(
        address("start_blockout", place), {"from": "room", "width": "", "depth": "4.5", "height": "3"}
    )
    assert page.status_code == 422
    assert 'value="4.5"' in page.content.decode()
    assert not place.plans.exists()


def test_a_wrong_measure_of_an_empty_room_is_refused_with_its_name_and_limits(place, director, client_for):
    sizes = {"from": "room", "width": "-4", "depth": "99999", "height": "tall"}
    page = client_for(director).post(address("start_blockout", place), sizes)
    for words in ("Width: use 1 to 200 m.", "Depth: use 1 to 200 m.", "Height: use 1.5 to 60 m."):
        assert page.text.count(words) == 1


def test_each_save_is_a_revision_of_its_own_with_an_audit_entry(place, room, director, client_for):
    from previs.audit.models import AuditEntry

    document = copy.deepcopy(room.document)
    document["pieces"].append(piece(x=1.25))
    answer = post(client_for(director), place, document, 1)
    assert (answer.status_code, answer.json()["number"]) == (200, 2)
    first, second = place.plans.order_by("number")
    assert (first.document["pieces"], second.document["pieces"][0]["x"]) == ([], 1.25)
    entry = AuditEntry.objects.filter(verb="save_plan").latest("seq")
    assert (entry.actor, entry.payload.body["number"]) == (director, 2)


def test_saving_what_is_already_saved_makes_no_revision(place, room, director):
    assert save_plan(place, document=room.document, number=1, by=director) == room
    assert place.plans.count() == 1


def test_a_save_on_an_older_revision_names_who_was_faster_and_loses_nothing(
    place, room, director, production_designer, client_for
):
    hers, mine = copy.deepcopy(room.document), copy.deepcopy(room.document)
    hers["pieces"].append(piece(kind="chair"))
    mine["pieces"].append(piece(kind="table"))
    assert post(client_for(production_designer), place, hers, 1).status_code == 200
    browser = client_for(director)
    answer = post(browser, place, mine, 1)
    told = answer.json()
    assert answer.status_code == 409
    assert "Ada Arden saved plan 2 meanwhile. Nothing of yours is lost" in told["error"]
    assert "the newest plan is yours without their changes; plan 2 stays in Versions" in told["error"]
    assert told["latest"]["document"]["pieces"][0]["kind"] == "chair"
    assert post(browser, place, mine, told["latest"]["number"]).json()["number"] == 3
    assert [plan.document["pieces"][0]["kind"] for plan in place.plans.filter(number__gt=1)] == [
        "table",
        "chair",
    ]


def test_whoever_has_the_editor_open_is_told_who_saved_the_newest_plan(
    place, room, director, production_designer, client_for
):
    from previs.tags import dom_id

    element = f'id="{dom_id(place, "newest-plan")}"'
    assert element in client_for(director).get(address("blockout", place)).text
    drawn = copy.deepcopy(room.document)
    drawn["pieces"].append(piece())
    save_plan(place, document=drawn, number=1, by=production_designer)
    heard = {who: card_html(place.sheet, who) for who in (director, production_designer)}
    for who, words in ((director, "Ada Arden saved plan 2."), (production_designer, "You saved plan 2 in")):
        (told,) = [piece for piece in heard[who].split("<") if element in piece]
        assert 'data-number="2"' in told and f'data-words="{words}' in told


def test_a_set_without_a_blockout_has_no_news_of_plans(place, director):
    assert "newest-plan" not in card_html(place.sheet, director)


def test_an_older_plan_that_is_saved_again_becomes_the_newest_and_every_other_stays(
    place, room, director, client_for
):
    drawn = copy.deepcopy(room.document)
    drawn["pieces"].append(piece())
    save_plan(place, document=drawn, number=1, by=director)
    browser = client_for(director)
    older = browser.get(address("blockout_document", place), {"plan": "1"}).json()
    assert post(browser, place, older["document"], 2).json()["number"] == 3
    first, second, third = place.plans.order_by("number")
    assert (third.document, len(second.document["pieces"])) == (first.document, 1)


def test_saved_plans_are_listed_with_who_and_when_a_page_at_a_time(place, room, director, viewer, client_for):
    for number in range(2, 44):
        Plan.objects.create(set=place, number=number, document=room.document, digest="0", saved_by=director)
    browser = client_for(viewer)
    page = browser.get(address("blockout_versions", place)).text
    shown = [int(number) for number in re.findall(r'data-version="(\d+)"', page)]
    assert shown == list(range(43, 3, -1))
    assert str(director) in page and room.saved_at.strftime("%Y-%m-%d") in page
    (more,) = re.findall(r'hx-get="([^"]+)"', page)
    rest = browser.get(more).text
    assert re.findall(r'data-version="(\d+)"', rest) == ["3", "2", "1"]
    assert "hx-get" not in rest


def test_two_saves_at_the_same_moment_become_one_revision_and_one_conflict(
    place, room, director, monkeypatch
):
    """Both read plan 1 as the newest; the constraint of the table decides."""
    from sets import blockouts

    document = copy.deepcopy(room.document)
    document["pieces"].append(piece())
    stored = blockouts._store

    def slower(*args: Any, **more: Any) -> Plan:
        Plan.objects.create(set=place, number=2, document=room.document, digest="0" * 64, saved_by=director)
        return stored(*args, **more)

    monkeypatch.setattr(blockouts, "_store", slower)
    with pytest.raises(PlanConflict) as refused:
        save_plan(place, document=document, number=1, by=director)
    assert refused.value.latest.digest == "0" * 64


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda plan: plan["pieces"].append(piece(kind="spaceship")), "spaceship"),
        (lambda plan: plan["cameras"].append(dict(plan["cameras"][0])), "A"),
        (
            lambda plan: plan["walls"][0]["openings"].append(
                {"id": "o1", "kind": "door", "at": 5.9, "width": 0.9, "bottom": 0, "height": 2}
            ),
            "w1",
        ),
        (lambda plan: plan.update(walls="four"), "walls"),
        (lambda plan: plan["cameras"][0].update(focal_mm="long"), "camera A"),
        (lambda plan: plan["pieces"].append(piece(x=1e9)), "p1"),
    ],
)
def test_a_document_that_is_no_plan_is_refused_in_words_that_name_the_place(
    spoil, words, place, room, director, client_for
):
    document = copy.deepcopy(room.document)
    spoil(document)
    answer = post(client_for(director), place, document, 1)
    assert answer.status_code == 422
    assert words in answer.json()["error"]
    assert place.plans.count() == 1


@pytest.mark.parametrize("body", ["", "[]", "{", '{"document": {}}', '{"number": true, "document": {}}'])
def test_what_is_no_plan_at_all_is_answered_in_words(body, place, room, director, client_for):
    answer = client_for(director).post(address("save_blockout", place), body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["error"]


def test_a_plan_larger_than_the_limit_is_refused_before_it_is_read(place, room, director, client_for):
    document = {**room.document, "place": "x" * 700_000}
    answer = post(client_for(director), place, document, 1)
    assert answer.status_code == 422
    assert "KB are the most" in answer.json()["error"]


def test_a_stranger_finds_no_blockout_and_a_viewer_may_only_look(place, room, stranger, viewer, client_for):
    assert client_for(stranger).get(address("blockout", place)).status_code == 404
    browser = client_for(viewer)
    page = browser.get(address("blockout", place))
    assert page.status_code == 200
    assert page.context["desk"]["editable"] is False
    assert "data-tool=" not in page.content.decode()
    assert post(browser, place, room.document, 1).status_code == 403
    for name in ("start_blockout", "import_mesh"):
        assert browser.post(address(name, place)).status_code == 403


def test_another_productions_set_is_not_found_under_this_one(place, room, director, client_for):
    wrong = reverse("blockout_document", args=["elsewhere", place.pk])
    assert client_for(director).get(wrong).status_code == 404


def test_an_older_revision_can_still_be_read(place, room, director, client_for):
    document = copy.deepcopy(room.document)
    document["pieces"].append(piece())
    save_plan(place, document=document, number=1, by=director)
    browser = client_for(director)
    assert browser.get(address("blockout_document", place)).json()["number"] == 2
    assert browser.get(address("blockout_document", place), {"plan": "1"}).json()["document"]["pieces"] == []
    assert browser.get(address("blockout_document", place), {"plan": "7"}).status_code == 404


@pytest.mark.parametrize("kind", ["clay", "depth", "normal", "line", "lit"])
def test_every_pass_of_a_camera_is_a_small_picture_in_the_productions_ratio(
    kind, place, room, viewer, client_for
):
    answer = client_for(viewer).get(address("blockout_pass", place, kind), {"camera": "A"})
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.size == (480, round(480 / 2.39))
    assert len(set(picture.convert("L").get_flattened_data())) > 1


def test_the_view_from_above_shows_where_the_cameras_stand(place, room, director, client_for):
    from sets.blockouts import blockout_context

    answer = client_for(director).get(address("blockout_pass", place, "clay"), {"camera": "above"})
    assert Image.open(io.BytesIO(answer.content)).size == (480, 320)
    shown = blockout_context(place, director)["blockout"]
    (wedge,) = shown["wedges"]
    # The camera of an empty room stands in the middle of its front.
    assert (wedge.label, round(wedge.x)) == ("A", 50)
    assert wedge.y > 50
    # 2 atan(24.89 / 2 f) for Super 35, worked out by hand for the 14 mm lens of this room.
    assert (shown["cameras"][0]["lens"], shown["cameras"][0]["angle"]) == ("14 mm", "83.3°")


def test_a_picture_that_does_not_exist_is_not_found(place, room, director, client_for):
    browser = client_for(director)
    assert browser.get(address("blockout_pass", place, "clay"), {"camera": "Z"}).status_code == 404
    assert browser.get(address("blockout_pass", place, "secret"), {"camera": "A"}).status_code == 404


def test_an_empty_room_of_any_size_is_a_plan(place, director):
    from previs.blockout.plan import SetPlan

    for width, depth, height in ((1, 1, 1.5), (200, 200, 60), (3.3, 7.77, 2.4)):
        assert SetPlan.from_json(empty_room(width, depth, height)).to_json()["ceiling"] == height


def test_the_library_has_every_piece_and_every_pose(director, client_for):
    told = client_for(director).get(reverse("blockout_library")).json()
    assert len(told["pieces"]) >= 60
    assert {kind for group in told["groups"] for kind in group["kinds"]} == set(told["pieces"])
    assert set(told["poses"]) == {"stand", "walk", "run", "sit", "reach", "lie", "kneel", "point"}
