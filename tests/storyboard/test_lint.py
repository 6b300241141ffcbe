"""Screen direction in prepared scenes: two people at a table, cameras around them."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from previs.storyboard.lint import CODES, Camera, Figure, Setup, between, cures, lint
from previs.storyboard.lint.cuts import FRAME_HEIGHT
from previs.storyboard.lint.drawing import HEIGHT, WIDTH, draw
from previs.storyboard.lint.setups import bearing, frame_height, inside, look_of, sees
from previs.storyboard.lint.setups import mirrored as mirrored_in

MARA = Figure("f1", "MARA", -0.8, 0.0, yaw=90, looks_at="f2")
ELIAS = Figure("f2", "ELIAS", 0.8, 0.0, yaw=-90, looks_at="f1")
PEOPLE = (MARA, ELIAS)


def camera(
    label: str, x: float, z: float, at: tuple[float, float] = (0.0, 0.0), wide: float = 40.0
) -> Camera:
    """A camera at eye level that looks at a point of the floor."""
    pan = math.degrees(math.atan2(-(at[0] - x), -(at[1] - z)))
    return Camera(label, x, 1.6, z, pan, wide)


def setup(label: str, seen_by: Camera, order: int = 1, figures: tuple[Figure, ...] = PEOPLE, **more) -> Setup:
    return Setup(label, label, f"shot {label}", order, "cannery", seen_by, figures, **more)


def mirrored(seen_by: Camera) -> Camera:
    """The same camera on the other side of the line between the two, which lies along x."""
    return replace(seen_by, z=-seen_by.z, pan=180 - seen_by.pan)


def codes(*setups: Setup) -> list[str]:
    return [finding.code for finding in lint(setups)]


FROM_LEFT = camera("A", -2.0, 3.0)
FROM_RIGHT = camera("B", 2.0, 3.0)
ACROSS = replace(mirrored(FROM_RIGHT), label="X")


def test_a_prepared_scene_with_a_crossed_line_is_caught() -> None:
    (found,) = lint([setup("12A.1", FROM_LEFT), setup("12B.1", ACROSS, 2)])
    assert found.code == "line_crossed"
    assert found.panel == "12B.1" and found.before == "12A.1"
    assert found.sentence == (
        "Mara looks left here and right in 12A.1. The camera has crossed the line between Mara and Elias."
    )


def test_its_mirror_image_on_the_right_side_of_the_line_is_not() -> None:
    assert codes(setup("12A.1", FROM_LEFT), setup("12B.1", mirrored(ACROSS), 2)) == []


def test_the_whole_scene_seen_in_a_mirror_breaks_the_same_rule() -> None:
    """Mirrored are the people and both cameras: left and right change, the crossing stays."""
    flipped = tuple(replace(figure, x=-figure.x, yaw=-figure.yaw) for figure in PEOPLE)
    first, second = (replace(c, x=-c.x, pan=-c.pan) for c in (FROM_LEFT, ACROSS))
    (real,) = lint([setup("1", FROM_LEFT), setup("2", ACROSS, 2)])
    (seen,) = lint([setup("1", first, figures=flipped), setup("2", second, 2, figures=flipped)])
    assert real.code == seen.code == "line_crossed"
    assert real.sentence != seen.sentence
    assert real.sentence.replace("left", "L").replace("right", "left").replace("L", "right") == seen.sentence


@pytest.mark.parametrize("turn", range(0, 360, 15))
def test_turning_the_whole_set_changes_nothing(turn: int) -> None:
    angle = math.radians(turn)

    def turned(x: float, z: float) -> tuple[float, float]:
        return x * math.cos(angle) + z * math.sin(angle), z * math.cos(angle) - x * math.sin(angle)

    people = []
    for figure in PEOPLE:
        x, z = turned(figure.x, figure.z)
        people.append(replace(figure, x=x, z=z, yaw=figure.yaw + turn))
    cameras = []
    for one in (FROM_LEFT, FROM_RIGHT, ACROSS):
        x, z = turned(one.x, one.z)
        cameras.append(replace(one, x=x, z=z, pan=one.pan + turn))
    figures = tuple(people)
    left, right, across = (setup(str(i), c, i, figures) for i, c in enumerate(cameras, start=1))
    assert codes(left, replace(right, order=2)) == []
    assert codes(left, replace(across, order=2)) == ["line_crossed"]


def test_a_camera_on_the_line_is_neutral_and_lets_the_film_change_sides() -> None:
    on_the_line = camera("C", 5.0, 0.2)
    setups = [setup("1", FROM_LEFT), setup("2", on_the_line, 2), setup("3", ACROSS, 3)]
    assert "line_crossed" not in codes(*setups)


def test_an_insert_between_two_panels_resets_no_line() -> None:
    insert = setup("2", camera("I", 9.0, 9.0, at=(12.0, 12.0)), 2)
    assert codes(setup("1", FROM_LEFT), replace(insert, place="jar"), setup("3", ACROSS, 3)) == [
        "line_crossed"
    ]


def test_a_camera_may_cross_the_line_while_it_runs() -> None:
    inside = setup("1", FROM_LEFT, leaving=ACROSS)
    assert codes(inside, setup("2", ACROSS, 2, figures=PEOPLE)) == ["jump_cut"]
    assert codes(inside, setup("2", FROM_RIGHT, 2)) == ["line_crossed"]


def in_one_shot(*setups: Setup, **more) -> list[Setup]:
    return [replace(one, shot="shot 1", **more) for one in setups]


def test_panels_of_one_shot_that_moves_are_one_take_and_may_cross_the_line() -> None:
    assert codes(*in_one_shot(setup("1", FROM_LEFT), setup("2", ACROSS, 2), moving=True)) == []


def test_two_cameras_of_one_shot_that_stands_still_are_a_cut() -> None:
    (found,) = lint(in_one_shot(setup("12A.1", FROM_LEFT), setup("12A.2", ACROSS, 2)))
    assert (found.code, found.panel, found.before) == ("line_crossed", "12A.2", "12A.1")
    assert codes(*in_one_shot(setup("1", FROM_LEFT), setup("2", FROM_RIGHT, 2))) == []


def test_one_camera_of_a_still_shot_held_over_two_panels_is_no_cut() -> None:
    assert codes(*in_one_shot(setup("1", FROM_LEFT), setup("2", FROM_LEFT, 2))) == []
    # A move of the first panel that ends where the second one stands is seen, and so is its crossing.
    run = setup("1", FROM_LEFT, leaving=ACROSS)
    assert codes(*in_one_shot(run, setup("2", ACROSS, 2))) == []


def test_the_camera_of_the_panel_before_cures_a_crossing_within_a_shot() -> None:
    before, here = in_one_shot(setup("1", FROM_LEFT), setup("2", ACROSS, 2))
    assert cures(here, before, None, [FROM_LEFT, FROM_RIGHT, ACROSS]) == ["B", "A"]


def test_a_look_without_a_partner_has_a_direction_too() -> None:
    alone = (Figure("f1", "MARA", 0, 0, yaw=90),)
    first, second = setup("1", FROM_LEFT, figures=alone), setup("2", ACROSS, 2, figures=alone)
    (found,) = lint([first, second])
    assert found.sentence == "Mara looks left here and right in 1. The camera has crossed that line of sight."


def test_somebody_who_faces_the_lens_may_be_seen_from_both_sides() -> None:
    alone = (Figure("f1", "MARA", 0, 0, yaw=0),)
    setups = [
        setup(str(order), camera("A", x, 3.0 - order), order, alone) for order, x in ((1, -0.6), (2, 0.3))
    ]
    assert "line_crossed" not in codes(*setups)


SINGLE_OF_MARA = camera("C", 0.9, 1.6, at=(-0.8, 0.0), wide=20)
SINGLE_OF_ELIAS = camera("D", -0.9, 1.6, at=(0.8, 0.0), wide=20)


def test_singles_of_a_conversation_look_at_each_other() -> None:
    mara, elias = setup("1", SINGLE_OF_MARA), setup("2", SINGLE_OF_ELIAS, 2)
    assert codes(mara, elias) == []


def test_singles_from_both_sides_of_the_line_look_past_each_other() -> None:
    mara, elias = setup("1", SINGLE_OF_MARA), setup("2", mirrored(SINGLE_OF_ELIAS), 2)
    (found,) = lint([mara, elias])
    assert found.code == "eyeline_mismatch"
    assert found.sentence == (
        "Mara looks right in 1 and Elias looks right here too, so they do not seem to look at each other."
    )


def test_a_neck_that_turns_too_far_is_named() -> None:
    away = (replace(MARA, yaw=-90), ELIAS)
    (found,) = lint([setup("1", FROM_LEFT, figures=away)])
    assert found.code == "eyeline_turned"
    assert "180°" in found.sentence


def test_almost_the_same_picture_twice_is_a_jump_cut() -> None:
    beside = camera("B", -1.5, 3.0)
    (found,) = lint([setup("1", FROM_LEFT), setup("2", beside, 2)])
    assert found.code == "jump_cut"
    assert "almost the same place" in found.sentence


def test_thirty_degrees_or_another_size_excuse_a_cut() -> None:
    assert codes(setup("1", FROM_LEFT), setup("2", FROM_RIGHT, 2)) == []
    closer = replace(FROM_LEFT, label="B", wide=22)
    assert codes(setup("1", FROM_LEFT), setup("2", closer, 2)) == []


def test_sizes_are_compared_only_across_a_real_cut() -> None:
    assert codes(setup("1", FROM_LEFT, 1), setup("4", camera("B", -1.5, 3.0), 4)) == []


def test_from_very_far_to_very_near_is_a_leap() -> None:
    far, near = camera("A", -8.0, 28.0, wide=50), camera("B", -0.6, 0.9, at=(-0.8, 0.0), wide=30)
    assert codes(setup("1", far), setup("2", near, 2)) == ["size_leap"]
    assert codes(setup("1", far), setup("2", near, 2, size="INS")) == []


def test_a_shot_that_says_close_up_over_a_wide_camera_is_told() -> None:
    (found,) = lint([setup("1", FROM_LEFT, size="CU")])
    assert found.code == "size_disagrees"
    assert "The shot says CU, but camera A frames" in found.sentence
    height = frame_height(FROM_LEFT, MARA, 2.39)
    nearest = min(FRAME_HEIGHT, key=lambda size: abs(math.log(FRAME_HEIGHT[size] / height)))
    assert codes(setup("1", FROM_LEFT, size=nearest)) == []


def test_a_lens_that_the_camera_does_not_carry_is_told() -> None:
    (found,) = lint([setup("1", FROM_LEFT, lens_mm=85)])
    assert found.code == "lens_disagrees"
    assert found.sentence == ("The shot says 85 mm, camera A carries 35 mm. The frame follows the camera.")
    assert codes(setup("1", FROM_LEFT, lens_mm=35)) == []


def test_matching_singles_on_very_different_lenses_are_told() -> None:
    wider = replace(camera("D", -0.2, 0.9, at=(0.8, 0.0), wide=38), focal_mm=28)
    found = lint([setup("1", SINGLE_OF_MARA), setup("2", wider, 2)])
    assert [one.code for one in found] == ["lens_mismatch"]


def test_a_cut_between_two_sensors_is_told() -> None:
    other = replace(FROM_RIGHT, sensor="16mm")
    (found,) = lint([setup("1", FROM_LEFT), setup("2", other, 2)])
    assert found.code == "sensor_changes"
    assert "Super 35" in found.sentence and "16 mm" in found.sentence


def test_only_cameras_on_the_right_side_are_offered_as_a_cure() -> None:
    before, here = setup("1", FROM_LEFT), setup("2", ACROSS, 2)
    turned_away = camera("E", 2.0, 4.0, at=(2.0, 9.0))
    offered = cures(here, before, None, [FROM_LEFT, FROM_RIGHT, ACROSS, turned_away])
    assert offered == ["B"]


def test_a_digest_changes_with_the_inputs_and_with_nothing_else() -> None:
    first, second = setup("1", FROM_LEFT), setup("2", ACROSS, 2)
    (found,), (again,) = lint([first, second]), lint([first, second])
    assert found.digest == again.digest
    moved = replace(second, camera=replace(ACROSS, x=ACROSS.x + 0.1))
    assert lint([first, moved])[0].digest != found.digest
    people = (replace(MARA, x=-0.9), ELIAS)
    changed = lint([replace(first, figures=people), replace(second, figures=people)])
    assert changed[0].digest != found.digest
    bystander = Figure("f9", "TOVE", 0.0, -30.0)
    more = lint([replace(first, figures=(*PEOPLE, bystander)), replace(second, figures=(*PEOPLE, bystander))])
    assert more[0].digest == found.digest


def test_codes_are_known_and_the_plan_of_a_finding_stays_on_its_paper() -> None:
    (found,) = lint([setup("1", FROM_LEFT), setup("2", ACROSS, 2)])
    assert found.code in CODES
    plan = draw(found, PEOPLE, [(-5, -5), (5, -5), (5, 5)])
    assert {one.label: one.here for one in plan.cameras} == {"A": False, "X": True}
    assert all(0 < one.x < WIDTH and 0 < one.y < HEIGHT for one in plan.figures)
    assert all(0 < value < WIDTH for one in plan.cameras for value in one.text)
    assert plan.line and plan.outline.count(",") == 3
    assert found.sentence in plan.words


def test_an_image_point_and_the_bearing_agree_about_left_and_right() -> None:
    """The rule by angles says the same as projecting the look into the picture."""
    for one in (FROM_LEFT, FROM_RIGHT, ACROSS, SINGLE_OF_MARA, mirrored(SINGLE_OF_ELIAS)):
        for figure in PEOPLE:
            look = look_of(figure, PEOPLE)
            ahead = figure.x + 0.01 * look[0], 1.6, figure.z + 0.01 * look[1]
            eyes, tip = one.project((figure.x, 1.6, figure.z)), one.project(ahead)
            rightwards = tip[0] / tip[2] - eyes[0] / eyes[2]
            assert (rightwards > 0) == (bearing(one, figure.floor, look) > 0)


def test_who_stands_behind_the_camera_or_outside_the_frame_is_not_seen() -> None:
    assert sees(FROM_LEFT, MARA, 2.39)
    assert not sees(replace(FROM_LEFT, pan=FROM_LEFT.pan + 180), MARA, 2.39)
    assert not sees(replace(FROM_LEFT, tilt=60), MARA, 2.39)
    assert not between(setup("1", FROM_LEFT), setup("2", replace(ACROSS, pan=0), 2))


def test_the_lint_and_the_renderer_agree_where_a_point_lands() -> None:
    from previs.blockout.plan.lens import project
    from previs.blockout.plan.parts import CameraPosition

    for place in (
        CameraPosition("A", -2.0, 1.2, 3.0, pan=-33.0, tilt=7.0, focal_mm=28),
        CameraPosition("B", 3.0, 2.4, -1.0, pan=118.0, tilt=-20.0, focal_mm=50, sensor="fullframe"),
    ):
        mine = Camera(place.id, place.x, place.y, place.z, place.pan, place.field_of_view[0], place.tilt)
        for point in ((0.2, 1.6, 0.1), (-0.7, 0.4, -0.3)):
            right, up, depth = mine.project(point)
            landed = project(place, point, 1280, 536)
            assert landed is not None
            x = 640 + 640 * right / (depth * mine.half)
            y = 268 - 640 * up / (depth * mine.half)
            assert landed == pytest.approx((x, y, depth), abs=1e-6)


@pytest.mark.parametrize("turn", range(0, 360, 30))
def test_a_mirrored_setup_cures_a_crossed_line_wherever_it_lies(turn: int) -> None:
    angle = math.radians(turn)

    def turned(x: float, z: float) -> tuple[float, float]:
        return 3 + x * math.cos(angle) + z * math.sin(angle), z * math.cos(angle) - x * math.sin(angle) - 2

    people = []
    for figure in PEOPLE:
        x, z = turned(figure.x, figure.z)
        people.append(replace(figure, x=x, z=z, yaw=figure.yaw + turn))
    first, second = (
        replace(one, x=turned(one.x, one.z)[0], z=turned(one.x, one.z)[1], pan=one.pan + turn)
        for one in (FROM_LEFT, ACROSS)
    )
    before = setup("1", first, figures=tuple(people))
    (found,) = lint([before, setup("2", second, 2, figures=tuple(people))])
    assert found.line is not None
    flipped = mirrored_in(second, found.line)
    assert lint([before, setup("2", flipped, 2, figures=tuple(people))]) == []
    again = mirrored_in(flipped, found.line)
    assert (again.x, again.z) == pytest.approx((second.x, second.z))
    assert math.cos(math.radians(again.pan - second.pan)) == pytest.approx(1)


def test_a_point_in_a_room_is_told_from_one_behind_its_wall() -> None:
    room = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, 4.0), (2.0, 2.0), (0.0, 2.0)]
    assert inside((1.0, 1.0), room) and inside((3.0, 3.0), room)
    assert not inside((1.0, 3.0), room) and not inside((5.0, 1.0), room)
    assert inside((99.0, 99.0), [])
