"""What a plan's camera sees in words, and the plan as lines."""

import math

import pytest

from previs.blockout.description import VOCABULARY, Figure, Garment, SceneDescription
from previs.blockout.plan import CameraPosition, PlanFigure, SetPlan, Stairs
from previs.blockout.plan.drawing import LAYERS, line_segments, segments_json
from previs.blockout.plan.framing import angle_of_shot, seen, size_of_shot
from tests.blockout.test_plan import document
from tests.blockout.test_plan_solids import DOOR, WINDOW, rectangle

MARA = PlanFigure("f1", "MARA", 0.0, 0.0, build="woman")


def camera(away=4.0, **changes):
    return CameraPosition(**{"id": "A", "x": 0.0, "y": 1.55, "z": away, **changes})


@pytest.mark.parametrize(
    ("focal", "away", "size"),
    [(85, 2.0, "CU"), (85, 4.0, "MCU"), (50, 4.0, "MS"), (35, 4.0, "MWS"), (35, 6.0, "FS"), (24, 7.0, "WS"),
     (18, 14.0, "EWS"), (135, 1.6, "ECU")],
)  # fmt: skip
def test_the_shot_size_follows_from_lens_and_distance(focal, away, size):
    assert size_of_shot(SetPlan(figures=(MARA,)), camera(away, focal_mm=float(focal))) == size


def test_without_anybody_in_the_frame_the_shot_is_wide():
    assert size_of_shot(SetPlan(), camera(2.0, focal_mm=100.0)) == "WS"
    assert size_of_shot(SetPlan(figures=(MARA,)), camera(2.0, pan=180.0)) == "WS"


@pytest.mark.parametrize(
    ("turns", "angle"),
    [({}, "eye"), ({"tilt": -30.0}, "high"), ({"tilt": -85.0}, "top"), ({"tilt": 20.0}, "low"), ({"tilt": 40.0}, "worm"),
     ({"roll": -8.0}, "dutch")],
)  # fmt: skip
def test_the_angle_follows_from_the_turns(turns, angle):
    assert angle_of_shot(camera(**turns)) == angle


def test_figures_in_the_frame_are_listed_nearest_first():
    others = (
        PlanFigure("f2", "TOM", 0.5, 1.5),
        PlanFigure("f3", "INES", 9.0, 0.0),
        PlanFigure("f4", "LOU", 0, 6),
    )
    plan = SetPlan(figures=(MARA, *others))
    assert [figure.id for figure, _ in seen(plan, camera())] == ["f2", "f1"]
    assert seen(plan, camera())[1][1] == pytest.approx(4.0)


def test_the_caption_tells_what_the_plans_camera_sees():
    plan = SetPlan(place="bar", interior=True, figures=(MARA, PlanFigure("f2", "TOM", 12.0, 0.0)))
    description = SceneDescription(
        place="bar", interior=True, plan=plan.to_json(), camera=camera(2.0, focal_mm=85.0, tilt=0.0).to_json(),
        people=(Figure("woman", (Garment("coat", "rust"),)),),
    )  # fmt: skip
    caption = description.caption()
    assert "closeup" in caption
    assert "one figure woman standing rust coat" in caption
    assert set(caption.split()) <= set(VOCABULARY)


def test_the_drawing_has_a_line_for_everything_on_the_plan():
    plan = SetPlan.from_json(document())
    lines = line_segments(plan)
    assert {line.layer for line in lines} == set(LAYERS)
    owners = {line.owner for line in lines}
    assert {"w1", "o1", "s1", "p1", "p2", "f1", "f2", "A", "B", "m1"} <= owners
    assert segments_json(plan)[0] == {"layer": "outline", "owner": "", "a": [-3.0, -2.0], "b": [3.0, -2.0]}


def test_the_walls_of_the_drawing_leave_the_openings_free():
    plan = rectangle(openings=(DOOR, WINDOW))
    drawn = [line for line in line_segments(plan) if line.owner == "w0" and line.layer == "walls"]
    face = [line for line in drawn if abs(line.a[1] - line.b[1]) < 1e-9 and abs(line.a[1] + 3.0) < 1e-9]
    assert sum(math.dist(line.a, line.b) for line in face) == pytest.approx(8.2 - DOOR.width - WINDOW.width)


def test_a_flight_of_stairs_is_drawn_with_every_step():
    plan = SetPlan(stairs=(Stairs("s", 0, 0, 0, 90.0, 1.0, 3.0, 4.0, 16),))
    lines = line_segments(plan)
    assert len(lines) == 17 + 2
    assert min(line.a[0] for line in lines) == pytest.approx(-4.0), "a quarter turn climbs towards -x"
