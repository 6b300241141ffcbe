"""First plans: what stands in a place before anybody has moved anything."""

import json

import numpy as np
import pytest

from previs.blockout import words
from previs.blockout.description import Figure, Garment, SceneDescription
from previs.blockout.plan import SetPlan, lens
from previs.blockout.plan.first import first_plan, plan_from_prompt
from previs.blockout.plan.floor import room_of
from previs.blockout.plan.lens import CARRIED, project
from previs.blockout.plan.named import named_kinds
from previs.blockout.render import SurfaceClass, render


def described(place, **fields):
    return SceneDescription(place=place, interior=place in words.INTERIORS, **fields)


def picture(description, seed=0):
    return render(description, seed=seed, width=96, height=40)


@pytest.mark.parametrize("place", words.PLACES)
def test_the_first_plan_of_every_place_looks_like_the_place(place):
    description = described(place, stage_key="first")
    plan = first_plan(description)
    assert SetPlan.from_json(json.loads(json.dumps(plan.to_json()))) == plan
    assert plan.interior == (place in words.INTERIORS)
    assert len(plan.pieces) >= 3
    assert plan.camera().id == "A"
    planned = described(place, plan=plan.to_json())
    day, night = picture(planned), picture(described(place, plan=plan.to_json(), time_of_day="night"))
    assert day.picture.mean() > 60, "not black"
    assert day.picture.std() > 12
    assert 8 < night.picture.mean() < day.picture.mean()
    things = np.isin(day.classes, (SurfaceClass.PROP, SurfaceClass.ARCHITECTURE, SurfaceClass.VEGETATION,
                                   SurfaceClass.VEHICLE, SurfaceClass.WATER))  # fmt: skip
    assert things.mean() > 0.01


@pytest.mark.parametrize("place", ["kitchen", "bar", "cannery", "church", "library", "office", "train"])
def test_a_planned_room_is_the_room_that_the_words_alone_show(place, monkeypatch):
    monkeypatch.setattr(lens, "carried", lambda focal: focal)  # the very lens of the words
    description = described(place, stage_key="mine")
    plan = first_plan(description)
    assert room_of(plan) is not None
    from_words, planned = picture(description), picture(described(place, plan=plan.to_json()))
    assert abs(from_words.picture.mean() - planned.picture.mean()) < 12
    same = np.abs(np.log(from_words.depth) - np.log(planned.depth)) < 0.05
    assert same.mean() > 0.8, "the same camera and the same furniture"


@pytest.mark.parametrize("place", words.PLACES)
def test_the_first_camera_has_a_lens_that_can_be_rented_and_sees_all_that_was_staged(place):
    people = (Figure("woman"), Figure("man"))
    plan = first_plan(described(place, people=people))
    camera = plan.camera()
    assert camera.focal_mm in CARRIED
    seen = [project(camera, (one.x, one.y + 1.3, one.z), 1280, 536) for one in plan.figures]
    assert all(point is not None and 0 <= point[0] <= 1280 for point in seen)


def test_a_lens_that_was_asked_for_is_the_first_cameras():
    plan, _ = plan_from_prompt("INT. OFFICE - DAY. Wide shot, 29 mm.")
    assert plan.camera().focal_mm == pytest.approx(29, abs=0.1)


def test_the_same_description_gives_the_same_plan_and_another_key_another():
    one, two, other = (first_plan(described("shop", stage_key=key)) for key in ("a", "a", "b"))
    assert one.digest == two.digest != other.digest


def test_windows_of_the_room_become_openings_inside_their_walls():
    for place in words.INTERIORS:
        plan = first_plan(described(place))
        windows = [o for wall in plan.walls for o in wall.openings]
        assert windows, place
        assert all(o.kind == "window" for o in windows)


def test_pieces_are_called_what_they_are():
    kinds = {piece.kind for piece in first_plan(described("cannery")).pieces}
    assert {"belt", "jars", "vat", "crate", "door"} <= kinds
    names = [piece.name for piece in first_plan(described("classroom")).pieces]
    assert len(names) == len(set(names))
    assert {"Chair", "Chair 2", "Blackboard"} <= set(names)


def test_people_of_the_description_become_figures_with_their_clothes():
    people = (Figure("woman", (Garment("coat", "rust"),), "sit"), Figure("man"))
    plan = first_plan(described("bar", people=people))
    assert [f.name for f in plan.figures] == ["WOMAN 1", "MAN 1"]
    assert plan.figures[0].garments == people[0].garments
    assert plan.figures[0].pose == "sit"
    x0, z0 = plan.outline[0]
    x1, z1 = plan.outline[2]
    assert all(x0 < f.x < x1 and z0 < f.z < z1 for f in plan.figures)


def test_damage_stays_in_the_description_and_out_of_the_plan():
    assert first_plan(described("bar", damage="ruined")) == first_plan(described("bar"))


def test_a_prompt_names_the_place_the_time_and_pieces_of_the_library():
    plan, reading = plan_from_prompt("INT. CANNERY - NIGHT, belt, vats, a jukebox")
    assert plan.place == "cannery"
    assert reading.description.time_of_day == "night"
    kinds = [piece.kind for piece in plan.pieces]
    assert kinds.count("belt") == 1, "the cannery has one already"
    assert kinds.count("vat") == 2
    assert kinds.count("jukebox") == 1
    assert {"belt", "vats", "jukebox"} <= set(reading.used)
    assert not reading.ignored


def test_pieces_that_a_prompt_adds_stand_on_free_floor_inside_the_room():
    plan, _ = plan_from_prompt("INT. OFFICE - DAY. A jukebox.")
    added = next(piece for piece in plan.pieces if piece.kind == "jukebox")
    xs, zs = [p[0] for p in plan.outline], [p[1] for p in plan.outline]
    assert min(xs) < added.x < max(xs)
    assert min(zs) < added.z < max(zs)


def test_a_kind_is_found_in_the_plural_and_not_inside_another_word():
    assert named_kinds("two street lamps and a vat") == [
        ("street lamp", "street lamps", 2),
        ("vat", "vat", 1),
    ]
    assert named_kinds("private elevation") == []


@pytest.mark.parametrize(
    ("text", "kind", "count"),
    [
        ("INT. OBSERVATORY - NIGHT, three old chairs, a table", "chair", 3),
        ("INT. BAR - NIGHT, two lamps", "lamp", 2),
        ("INT. OFFICE - DAY, twelve crates", "crate", 12),
        ("INT. LIVING ROOM - DAY, no piano, a clock", "piano", 0),
    ],
)
def test_as_many_pieces_stand_there_as_a_prompt_asks_for(text, kind, count):
    plan, _ = plan_from_prompt(text)
    assert sum(piece.kind == kind for piece in plan.pieces) == count


def test_any_text_gives_a_plan():
    for text in ("", "???", "x" * 4000, "EXT. NOWHERE - DAY", "INT. ÉGLISE - NUIT, bancs"):
        plan, _ = plan_from_prompt(text)
        assert plan.cameras
