"""Lenses, camera axes and camera moves."""

import math
from itertools import pairwise

import pytest

from previs.blockout.plan import SENSORS, CameraPosition, field_of_view
from previs.blockout.plan.lens import axes, carried, focal_for, project
from previs.blockout.plan.moves import between

FOCALS = (8, 12, 18, 25, 35, 50, 85, 135, 400)


@pytest.mark.parametrize("sensor", SENSORS)
@pytest.mark.parametrize("focal", FOCALS)
def test_the_field_of_view_is_that_of_the_formula(sensor, focal):
    width, height = SENSORS[sensor]
    wide, tall = field_of_view(sensor, focal)
    assert wide == pytest.approx(math.degrees(2 * math.atan(width / (2 * focal))), abs=0.1)
    assert tall == pytest.approx(math.degrees(2 * math.atan(height / (2 * focal))), abs=0.1)


@pytest.mark.parametrize(
    ("sensor", "focal", "degrees"),
    [
        ("super35", 35, 39.1),
        ("fullframe", 50, 39.6),
        ("16mm", 25, 23.2),
        ("super16", 12, 55.1),
        ("super35", 18, 69.3),
    ],
)
def test_the_field_of_view_is_that_of_the_lens_tables(sensor, focal, degrees):
    assert field_of_view(sensor, focal)[0] == pytest.approx(degrees, abs=0.1)


def test_another_ratio_keeps_the_horizontal_angle_and_moves_the_vertical_one():
    wide, tall = field_of_view("super35", 35, 2.39)
    assert wide == field_of_view("super35", 35)[0]
    assert math.tan(math.radians(wide / 2)) / math.tan(math.radians(tall / 2)) == pytest.approx(2.39)


@pytest.mark.parametrize(("sensor", "focal"), [("super8", 35), ("super35", 3), ("super35", 601)])
def test_a_lens_that_does_not_exist_is_refused(sensor, focal):
    with pytest.raises(ValueError, match="use"):
        field_of_view(sensor, focal)


@pytest.mark.parametrize(("wanted", "got"), [(26.8, 25), (27, 27), (24.99, 25), (300, 135), (9, 12)])
def test_a_lens_of_the_rental_house_sees_at_least_as_much(wanted, got):
    assert carried(wanted) == got


def test_the_focal_length_of_an_angle_is_the_one_that_has_it():
    assert focal_for("super35", math.tan(math.radians(field_of_view("super35", 35)[0] / 2))) == pytest.approx(
        35
    )


def camera(**changes):
    return CameraPosition(**{"id": "A", "x": 0.0, "y": 1.5, "z": 4.0, **changes})


def test_pan_turns_left_tilt_looks_up_and_roll_leans_the_horizon_clockwise():
    assert axes(camera())[2] == pytest.approx((0, 0, -1))
    assert axes(camera(pan=90))[2] == pytest.approx((-1, 0, 0))
    assert axes(camera(tilt=90))[2] == pytest.approx((0, 1, 0))
    left, right = (project(camera(roll=10), (x, 1.5, -50), 1280, 536) for x in (-10, 10))
    assert left[1] < right[1], "the right end of the horizon lies lower in the picture"


def test_the_axes_stand_at_right_angles_whatever_the_turns():
    for pan, tilt, roll in ((0, 0, 0), (37, -20, 15), (200, 60, -90), (-75, 89, 5)):
        right, up, forward = axes(camera(pan=pan, tilt=tilt, roll=roll))
        for a, b in ((right, up), (up, forward), (right, forward)):
            assert sum(p * q for p, q in zip(a, b, strict=True)) == pytest.approx(0, abs=1e-9)
        cross = (up[1] * -forward[2] - up[2] * -forward[1], up[2] * -forward[0] - up[0] * -forward[2],
                 up[0] * -forward[1] - up[1] * -forward[0])  # fmt: skip
        assert cross == pytest.approx(right), "right, up and backward are right-handed"


def test_what_the_lens_points_at_lands_in_the_middle_and_what_is_behind_it_nowhere():
    assert project(camera(), (0, 1.5, 0), 1280, 536) == pytest.approx((640, 268, 4))
    assert project(camera(), (0, 1.5, 5), 1280, 536) is None


def test_a_point_at_the_edge_of_the_field_of_view_lands_on_the_edge_of_the_frame():
    half = math.radians(field_of_view("super35", 35)[0] / 2)
    x, _, _ = project(camera(), (4 * math.tan(half), 1.5, 0), 1280, 536)
    assert x == pytest.approx(1280)


def test_a_move_starts_and_ends_on_its_cameras_and_is_slow_at_both_ends():
    first, last = camera(), camera(id="B", x=4.0, tilt=-10, focal_mm=50)
    frames = between(first, last, 25)
    assert len(frames) == 25
    assert (frames[0].x, frames[0].focal_mm) == (0, 35)
    assert (frames[-1].x, frames[-1].tilt) == (4, -10)
    assert frames[-1].focal_mm == pytest.approx(50)
    steps = [b.x - a.x for a, b in pairwise(frames)]
    assert min(steps) > 0
    assert steps[0] < 0.2 * max(steps)
    assert steps[-1] < 0.2 * max(steps)


def test_a_move_pans_the_short_way_round():
    frames = between(camera(pan=170), camera(pan=-170), 11)
    assert all(abs(frame.pan) >= 170 - 1e-9 for frame in frames)
    assert abs(frames[5].pan) == pytest.approx(180)


def test_a_move_between_sensors_keeps_the_first_sensor_and_ends_on_the_same_view():
    last = camera(sensor="fullframe", focal_mm=50)
    end = between(camera(), last, 3)[-1]
    assert end.sensor == "super35"
    assert field_of_view(end.sensor, end.focal_mm)[0] == pytest.approx(last.field_of_view[0])


@pytest.mark.parametrize("count", [0, 1, 241])
def test_a_move_of_too_few_or_too_many_frames_is_refused(count):
    with pytest.raises(ValueError, match="use 2 to 240"):
        between(camera(), camera(), count)
