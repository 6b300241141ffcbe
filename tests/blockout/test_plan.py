"""The plan document: what it refuses and in which words, and what it keeps."""

import copy
import json
import math

import pytest

from previs.blockout.plan import GROUNDS, CameraPosition, SetPlan
from previs.blockout.plan.kinds import GROUPS, KINDS
from previs.blockout.plan.piecebook import LIBRARY, library, library_json

BOX = {"shape": "box", "centre": [0, 0.5, 0], "half": [0.5, 0.5, 0.5], "turn": None, "colour": [0.5, 0.5, 0.5],
       "taper": 1.0, "glow": 0.0, "class": 3}  # fmt: skip


def document(**changes):
    """A room of 6 by 4 metres with a door, a table, two people and two cameras."""
    plan = {
        "version": 1,
        "place": "kitchen",
        "interior": True,
        "ceiling": 2.7,
        "ground": "",
        "outline": [[-3, -2], [3, -2], [3, 2], [-3, 2]],
        "walls": [
            {"id": "w1", "a": [-3, -2.1], "b": [3, -2.1], "height": 2.7, "thickness": 0.2, "colour": None,
             "openings": [{"id": "o1", "kind": "door", "at": 1.2, "width": 0.9, "bottom": 0.0, "height": 2.1}]},
        ],
        "stairs": [{"id": "s1", "x": 0, "y": 0, "z": 0, "yaw": 0, "width": 1.2, "rise": 3, "run": 4, "steps": 16}],
        "pieces": [{"id": "p1", "kind": "table", "name": "Table", "x": 0, "y": 0, "z": 0, "yaw": 0, "size": None,
                    "colour": None, "solids": None},
                   {"id": "p2", "kind": "odd thing", "name": "", "x": 1, "z": 0, "yaw": 30, "solids": [BOX]}],
        "figures": [{"id": "f1", "name": "MARA", "x": 1, "z": 1, "y": 0, "yaw": 0, "pose": "stand", "build": "woman",
                     "garments": [{"kind": "coat", "colour": "rust"}], "looks_at": "f2"},
                    {"id": "f2", "name": "TOM", "x": -1, "z": 1, "looks_at": ""}],
        "lights": [{"id": "l1", "kind": "lamp", "x": 0, "y": 2, "z": 0, "power": 1.6, "colour": [1, 0.8, 0.5], "on": True}],
        "cameras": [{"id": "B", "x": 0, "y": 1.5, "z": 1.8, "sensor": "fullframe", "focal_mm": 50},
                    {"id": "A", "x": 2, "y": 1.5, "z": 1.8, "pan": 30, "tilt": -5, "roll": 0, "sensor": "super35",
                     "focal_mm": 35}],
        "meshes": [{"id": "m1", "name": "press", "sha256": "0" * 64, "x": 0, "y": 0, "z": 0, "yaw": 0, "scale": 1.0,
                    "boxes": [BOX]}],
    }  # fmt: skip
    return {**plan, **changes}


def refused(plan):
    with pytest.raises(ValueError) as caught:
        SetPlan.from_json(plan)
    return str(caught.value)


def changed(path, value):
    """A document with one value put elsewhere; path: keys and indices."""
    plan = copy.deepcopy(document())
    place = plan
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return plan


def test_a_plan_comes_back_as_it_was_written():
    plan = SetPlan.from_json(document())
    again = SetPlan.from_json(json.loads(json.dumps(plan.to_json())))
    assert again == plan
    assert again.digest == plan.digest
    assert set(plan.to_json()) == set(document())


def test_whole_numbers_and_missing_defaults_do_not_change_the_digest():
    one = SetPlan.from_json(changed(("stairs", 0, "rise"), 3.0))
    other = SetPlan.from_json(changed(("stairs", 0, "rise"), 3))
    spelled = SetPlan.from_json(changed(("figures", 1, "pose"), "stand"))
    assert one.digest == other.digest == spelled.digest


def test_moving_a_chair_by_a_centimetre_changes_the_digest():
    assert SetPlan.from_json(document()).digest != SetPlan.from_json(changed(("pieces", 0, "x"), 0.01)).digest


def test_an_opening_beyond_the_wall_is_refused_with_the_metres_it_sticks_out():
    plan = changed(("walls", 0, "openings", 0, "at"), 5.5)
    assert refused(plan) == "wall w1: the opening o1 sticks out by 0.4 m"
    assert "sticks out by 1 m" in refused(changed(("walls", 0, "openings", 0, "at"), -1))


def test_an_opening_higher_than_its_wall_is_refused():
    assert refused(changed(("walls", 0, "openings", 0, "bottom"), 1.0)) == (
        "wall w1: the opening o1 is 0.4 m higher than the wall"
    )


def test_openings_that_overlap_are_refused_by_name():
    plan = document()
    plan["walls"][0]["openings"].append(
        {"id": "o2", "kind": "window", "at": 2.0, "width": 1, "bottom": 1, "height": 1}
    )
    assert refused(plan) == "wall w1: the openings o1 and o2 overlap by 0.1 m"


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("walls", 0, "b"), [-3, -2.1], "wall w1: it is 0 m long; 0.05 m is the least"),
        (
            ("pieces", 0, "kind"),
            "throne",
            "piece p1: the library has no 'throne'; choose a kind from it or give",
        ),
        (("pieces", 0, "x"), "left", "piece p1: x must be a number, not text"),
        (("pieces", 0, "x"), math.nan, "piece p1: x must be a finite number"),
        (("pieces", 0, "x"), 501, "piece p1: x is 501; use -500 to 500"),
        (("pieces", 0, "x"), True, "piece p1: x must be a number, not true or false"),
        (("pieces", 0, "colour"), [2, 0, 0], "piece p1: colour is 2; use 0 to 1"),
        (("pieces", 0, "size"), [1, 1], "piece p1: size must be a list of 3 numbers"),
        (("pieces", 0, "wheels"), 4, "piece p1: 'wheels' means nothing here"),
        (
            ("pieces", 1, "solids", 0, "shape"),
            "torus",
            "piece p2, solid 1: shape is 'torus'; use one of: box",
        ),
        (("pieces", 1, "solids", 0, "turn"), [2, 0, 0, 0, 1, 0, 0, 0, 1], "turn is 2; use -1 to 1"),
        (("pieces", 1, "solids", 0, "turn"), [1, 0, 0, 1, 0, 0, 0, 0, 1], "turn is no rotation"),
        (("figures", 0, "looks_at"), "f9", "figure f1: it looks at 'f9', who is not in the plan"),
        (("figures", 0, "looks_at"), "f1", "figure f1: it cannot look at itself"),
        (("figures", 0, "pose"), "fly", "figure f1: pose is 'fly'; use one of: stand"),
        (("figures", 0, "garments"), [{"kind": "toga"}], "figure f1, garment 1: kind is 'toga'"),
        (("cameras", 0, "focal_mm"), 0, "camera B: focal_mm is 0; use 4 to 600"),
        (("cameras", 0, "sensor"), "imax", "camera B: sensor is 'imax'; use one of: super35, fullframe"),
        (("cameras", 1, "id"), "B", "camera B: there are two of this id"),
        (("cameras", 1, "id"), " ", "the id is empty"),
        (("stairs", 0, "steps"), 2.5, "stairs s1: steps is 2.5; use a whole number"),
        (("lights", 0, "on"), "yes", "light l1: on must be true or false, not text"),
        (("meshes", 0, "sha256"), "xyz", "mesh m1: sha256 must be 64 hexadecimal digits"),
        (("outline",), [[0, 0], [1, 1]], "the plan: the outline has 2 points; use at least 3, or none"),
        (("place",), "moon", "the plan: place is 'moon'"),
        (("ground",), "lava", "the plan: ground is 'lava'"),
        (("version",), 2, "the plan: it has version 2; this Previs reads version 1"),
        (("doors",), [], "the plan: 'doors' means nothing here"),
    ],
)
def test_a_fault_is_named_with_its_place(path, value, words):
    assert words in refused(changed(path, value))


@pytest.mark.parametrize("raw", [None, [], "plan", 3])
def test_what_is_no_object_is_no_plan(raw):
    assert refused(raw).startswith("the plan: expected an object")


@pytest.mark.parametrize(
    ("name", "most"), [("pieces", 600), ("figures", 60), ("cameras", 26), ("walls", 200)]
)
def test_too_many_entries_are_refused_with_the_number_allowed(name, most):
    entry = document()[name][0]
    entry.pop("looks_at", None)
    entries = [{**entry, "id": f"n{i}"} for i in range(most + 1)]
    assert refused(document(**{name: entries, "figures": entries if name == "figures" else []})) == (
        f"the plan: {most + 1} {name}; {most} are the most"
    )


def test_a_plan_of_more_than_500_kilobytes_is_refused():
    pieces = [{"id": f"p{i}", "kind": "x", "x": 0, "z": 0, "solids": [BOX] * 40} for i in range(120)]
    assert "500 KB are the most" in refused(document(pieces=pieces))


def test_without_a_label_camera_a_is_meant_and_else_the_first():
    plan = SetPlan.from_json(document())
    assert plan.camera().id == "A"
    assert plan.camera("B").focal_mm == 50
    assert plan.camera("C") is None
    assert SetPlan.from_json(changed(("cameras", 1, "id"), "K")).camera().id == "B"


def test_a_camera_that_stands_alone_is_read_and_refused_by_its_label():
    camera = CameraPosition.from_json({"id": "C", "x": 1, "z": 2})
    assert camera == CameraPosition.from_json(camera.to_json())
    with pytest.raises(ValueError, match="camera C: tilt is 91; use -90 to 90"):
        CameraPosition.from_json({"id": "C", "x": 1, "z": 2, "tilt": 91})


def test_the_library_has_every_kind_it_names_and_each_stands_on_the_floor():
    assert len(LIBRARY) >= 60
    assert set(LIBRARY) == set(KINDS)
    for group in ("kitchen", "office", "street", "church", "bar", "forest"):
        assert len(GROUPS[group]) >= 3
    for kind, piece in LIBRARY.items():
        assert piece.solids, kind
        assert all(0.004 <= side <= 16 for side in piece.size), kind
    assert library()["table"] == list(LIBRARY["table"].solids)


def test_the_library_as_json_is_what_a_plan_accepts_as_solids():
    pieces = library_json()["pieces"]
    everything = [
        {"id": f"p{i}", "kind": kind, "x": 0, "z": 0, "solids": entry["solids"]}
        for i, (kind, entry) in enumerate(pieces.items())
    ]
    plan = SetPlan.from_json(document(pieces=everything))
    assert [list(piece.solids) for piece in plan.pieces] == [library()[kind] for kind in pieces]


def test_every_floor_a_plan_can_name_has_a_look():
    from previs.blockout.plan.dressing import FLOORS

    assert set(FLOORS) == set(GROUNDS) - {""}
