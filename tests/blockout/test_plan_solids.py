"""What a plan is built of: walls around openings, stairs, pieces, people, extras, traffic and damage."""

import math

import numpy as np
import pytest

from previs.blockout.geometry import Column, SurfaceClass
from previs.blockout.plan import Opening, Piece, PlanFigure, PlanSolid, SetPlan, Stairs, Wall
from previs.blockout.plan.extras import crowd_spots, obstacles
from previs.blockout.plan.floor import area, blocks_of, centre, contains, room_of, strips
from previs.blockout.plan.piecebook import LIBRARY
from previs.blockout.plan.shapes import bounds_of, size_of
from previs.blockout.plan.solids import gaze_of, solids_of

DOOR = Opening("o1", "door", 1.0, 0.9, 0.0, 2.1)
WINDOW = Opening("o2", "window", 3.0, 1.5, 0.9, 1.2)
SQUARE = ((-4.0, -4.0), (4.0, -4.0), (4.0, 4.0), (-4.0, 4.0))


def wall(*openings, **changes):
    return Wall(
        **{"id": "w1", "a": (0.0, 0.0), "b": (6.0, 0.0), "height": 3.0, "openings": openings, **changes}
    )


def rectangle(x0=-4.0, z0=-3.0, x1=4.0, z1=3.0, *, height=3.0, openings=()):
    """Four walls whose inner faces are the edges of the rectangle; the openings are in the back wall."""
    ends = ((x0 - 0.1, z0 - 0.1), (x1 + 0.1, z0 - 0.1), (x1 + 0.1, z1 + 0.1), (x0 - 0.1, z1 + 0.1))
    walls = tuple(
        Wall(f"w{i}", ends[i], ends[(i + 1) % 4], height, 0.2, None, openings if i == 0 else ())
        for i in range(4)
    )
    return SetPlan(
        place="bar",
        interior=True,
        ceiling=height,
        outline=((x0, z0), (x1, z0), (x1, z1), (x0, z1)),
        walls=walls,
    )


def boxes(solids):
    """Rows of the solids table as lower and upper corners of their bounding boxes, metres."""
    table = solids.table()
    axes = np.abs(table[:, 4:13].reshape(-1, 3, 3)) * table[:, 13:16][:, :, None]
    reach = np.einsum("nki,nk->ni", axes, table[:, 13:16])
    return table[:, 1:4] - reach, table[:, 1:4] + reach


def test_a_wall_without_openings_is_one_block():
    assert [(b.low, b.high, b.bottom, b.top) for b in blocks_of(wall())] == [(0.0, 6.0, 0.0, 3.0)]


def test_a_wall_is_split_around_its_door_and_its_window():
    found = [(b.low, b.high, b.bottom, b.top) for b in blocks_of(wall(WINDOW, DOOR))]
    assert found == [
        (0.0, 1.0, 0.0, 3.0),  # before the door
        (1.0, 1.9, 2.1, 3.0),  # above it
        (1.9, 3.0, 0.0, 3.0),
        (3.0, 4.5, 0.0, 0.9),  # below the window
        (3.0, 4.5, 2.1, 3.0),  # above it
        (4.5, 6.0, 0.0, 3.0),
    ]


def test_the_blocks_of_a_wall_and_its_openings_fill_it_exactly():
    blocks = blocks_of(wall(DOOR, WINDOW))
    filled = sum((b.high - b.low) * (b.top - b.bottom) for b in blocks)
    assert filled == pytest.approx(6 * 3 - 0.9 * 2.1 - 1.5 * 1.2)


def test_an_opening_from_end_to_end_and_floor_to_ceiling_leaves_no_wall():
    assert blocks_of(wall(Opening("o", "arch", 0.0, 6.0, 0.0, 3.0))) == []


@pytest.mark.parametrize("turn", [0, 30, 90, 200])
def test_a_wall_stands_between_its_ends_at_any_angle(turn):
    a, length = (2.0, -1.0), 5.0
    b = (a[0] + length * math.cos(math.radians(turn)), a[1] + length * math.sin(math.radians(turn)))
    low, high = boxes(solids_of(SetPlan(walls=(wall(a=a, b=b, thickness=0.2),))))
    for axis, ends in ((0, (a[0], b[0])), (2, (a[1], b[1]))):
        assert low[:, axis].min() == pytest.approx(min(ends), abs=0.11)
        assert high[:, axis].max() == pytest.approx(max(ends), abs=0.11)
    assert high[:, 1].max() == pytest.approx(3.0)


def test_stairs_climb_away_from_the_camera_to_their_full_rise():
    low, high = boxes(solids_of(SetPlan(stairs=(Stairs("s", 1.0, 0.5, 2.0, 0.0, 1.2, 3.0, 4.0, 16),))))
    assert len(high) == 16
    assert high[:, 1].max() == pytest.approx(3.5)
    assert low[:, 2].min() == pytest.approx(-2.0)
    assert high[:, 2].max() == pytest.approx(2.0)
    assert high[np.argmin(high[:, 2]), 1] == pytest.approx(3.5), "the far step is the highest"


@pytest.mark.parametrize("kind", ["table", "chair", "pew", "car", "house", "block"])
def test_a_piece_is_scaled_to_the_metres_the_plan_gives(kind):
    size = (2.0, 1.5, 0.8)
    low, high = boxes(solids_of(SetPlan(pieces=(Piece("p", kind, "", 3.0, 0.0, -2.0, 0.0, size),))))
    got = high.max(axis=0) - low.min(axis=0)
    assert got == pytest.approx(np.array(size), rel=0.06)


def test_a_piece_turns_the_way_the_world_turns():
    own = (PlanSolid("box", (1.0, 0.5, 0.0), (0.1, 0.5, 0.1)),)
    row = solids_of(SetPlan(pieces=(Piece("p", "x", "", 5.0, 0.0, 5.0, 90.0, solids=own),))).table()[0]
    assert row[1:4] == pytest.approx([5.0, 0.5, 4.0]), "local x points to -z after a quarter turn"


def test_a_colour_repaints_a_piece_but_not_its_lamp():
    rows = solids_of(SetPlan(pieces=(Piece("p", "lamp", "", 0, 0, 0, 0, None, (0.1, 0.1, 0.9)),))).table()
    shade = rows[:, Column.EMISSION] > 0
    assert (rows[~shade, 18] > rows[~shade, 16] * 2).all()
    assert (rows[shade, 16] > 0.9).all()


def test_a_figure_looks_at_another_by_turning_its_head_no_further_than_a_neck_turns():
    def pair(x, z, yaw):
        return SetPlan(
            figures=(PlanFigure("f1", "A", 0, 0, yaw=yaw, looks_at="f2"), PlanFigure("f2", "B", x, z))
        )

    front, side, behind = (pair(*at) for at in ((0, 5, 0), (5, 5, 0), (0, -5, 10)))
    assert gaze_of(front, front.figures[0]) == pytest.approx(0)
    assert gaze_of(side, side.figures[0]) == pytest.approx(math.pi / 4)
    assert abs(gaze_of(behind, behind.figures[0])) == pytest.approx(math.radians(70))
    assert gaze_of(front, front.figures[1]) == 0.0


def heads(solids):
    table = solids.table()
    return len(np.unique(table[table[:, Column.CLASS] == SurfaceClass.GARMENT, Column.OBJECT]))


@pytest.mark.parametrize("count", [1, 40, 200, 400])
def test_a_crowd_on_open_ground_has_as_many_extras_as_asked_for(count):
    assert heads(solids_of(SetPlan(place="square"), crowd=count, seed=3)) == count


def test_extras_keep_apart_from_each_other_from_furniture_and_from_the_lens():
    plan = SetPlan.from_json(
        {"version": 1, "place": "bar", "interior": True, "ceiling": 3, "outline": [list(p) for p in SQUARE],
         "pieces": [{"id": "p1", "kind": "piano", "x": 1, "z": -1}], "figures": [{"id": "f1", "name": "", "x": -2, "z": 0}],
         "cameras": [{"id": "A", "x": 0, "z": 3.5}]}
    )  # fmt: skip
    table = solids_of(plan).table()
    spots = crowd_spots(plan, table, 40, 1)
    assert len(spots) == 40
    for x, z in spots:
        assert contains(SQUARE, x, z)
        assert math.hypot(x, z - 3.5) >= 1.6
        assert math.hypot(x + 2, z) >= 0.35
        assert not any(r[0] < x < r[2] and r[1] < z < r[3] for r in obstacles(table))
    gaps = [math.dist(a, b) for i, a in enumerate(spots) for b in spots[:i]]
    assert min(gaps) >= 0.37


def test_a_larger_crowd_keeps_the_places_of_the_smaller_one():
    plan = SetPlan(place="square")
    table = np.empty((0, 27))
    assert crowd_spots(plan, table, 120, 5)[:50] == crowd_spots(plan, table, 50, 5)
    assert crowd_spots(plan, table, 50, 6) != crowd_spots(plan, table, 50, 5)


def test_a_small_room_takes_as_many_extras_as_it_has_floor_for():
    crowded = heads(solids_of(rectangle(-1.5, -1.5, 1.5, 1.5), crowd=400))
    assert 10 < crowded < 80


def vehicles(solids):
    table = solids.table()
    return len(np.unique(table[table[:, Column.CLASS] == SurfaceClass.VEHICLE, Column.OBJECT]))


@pytest.mark.parametrize("count", [1, 8, 24])
def test_a_street_takes_the_vehicles_asked_for_and_none_stands_in_another(count):
    solids = solids_of(SetPlan(place="street"), vehicles=count, seed=2)
    assert vehicles(solids) == count
    low, high = boxes(solids)
    numbers = solids.table()[:, Column.OBJECT]
    parked = [(low[numbers == n].min(0), high[numbers == n].max(0)) for n in np.unique(numbers)]
    for i, (low_a, high_a) in enumerate(parked):
        for low_b, high_b in parked[:i]:
            assert not ((low_a < high_b).all() and (low_b < high_a).all())


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"crowd": 401}, "the crowd is 401; use 0 to 400"), ({"crowd": -1}, "use 0 to 400"),
     ({"vehicles": 61}, "61 vehicles; use 0 to 60"), ({"damage": "dusty"}, "damage is 'dusty'; use one of: intact")],
)  # fmt: skip
def test_a_state_out_of_range_is_refused_in_words(changes, words):
    with pytest.raises(ValueError, match=words):
        solids_of(SetPlan(), **changes)


def test_damage_leaves_the_intact_set_as_it_was_and_is_the_same_in_every_take():
    plan = rectangle(openings=(WINDOW,))
    intact, damaged, ruined = (solids_of(plan, damage=d).rows for d in ("intact", "damaged", "ruined"))
    assert damaged[: len(intact)] == intact, "damage only adds rubble"
    assert len(ruined) > len(damaged) > len(intact)
    assert solids_of(plan, damage="ruined", seed=9).rows == ruined


def test_ruined_walls_end_in_stumps_and_a_ruined_ceiling_lets_the_sky_in():
    plan = rectangle()
    low, high = boxes(solids_of(plan, damage="ruined"))
    walls = high[:, 1][(high[:, 1] - low[:, 1] > 0.5) & (np.abs(low[:, 1]) < 1e-6)]
    assert (walls < 2.5).mean() > 0.3
    cover = [sum((r[:, 0] * r[:, 2]).sum() for r in [np.subtract(*reversed(boxes(s)))]) for s in
             (solids_of(plan, roof=True, damage=d) for d in ("intact", "ruined"))]  # fmt: skip
    assert cover[1] < cover[0]


def test_a_ruined_house_loses_its_roof_and_keeps_its_ground_floor():
    house = Piece("h", "gabled house", "", 0, 0, -12, 0)
    plan = SetPlan(place="square", pieces=(house,))
    _, whole = boxes(solids_of(plan))
    low, high = boxes(solids_of(plan, damage="ruined"))
    stumps = high[(high[:, 2] < -7) & (high[:, 1] > 1.5)]
    assert stumps[:, 1].max() < whole[:, 1].max() - 2
    assert stumps[:, 1].max() > 2
    assert low[:, 2].min() == pytest.approx(-16, abs=0.5)


def test_some_loose_pieces_fall_over_in_a_ruin_and_none_sinks_into_the_floor():
    pieces = tuple(Piece(f"c{i}", "chair", "", i * 1.5, 0, 0, 0) for i in range(24))
    plan = SetPlan(place="bar", pieces=pieces)
    tall = size_of(LIBRARY["chair"].solids)[1]
    solids = solids_of(plan, damage="ruined")
    numbers = solids.table()[:, Column.OBJECT]
    low, high = boxes(solids)
    chairs = [numbers == n for n in np.unique(numbers)][:24]
    heights = np.array([high[c, 1].max() for c in chairs])
    assert 3 <= (heights < tall - 0.2).sum() <= 18
    assert min(low[c, 1].min() for c in chairs) > -0.12


def test_a_rectangle_of_four_walls_is_a_room_and_an_arch_or_a_missing_wall_makes_it_none():
    plan = rectangle(openings=(DOOR, WINDOW))
    assert room_of(plan) is not None
    assert room_of(rectangle(openings=(Opening("o", "arch", 1, 1, 0, 2),))) is None
    assert room_of(SetPlan.from_json({**plan.to_json(), "walls": plan.to_json()["walls"][:3]})) is None
    assert room_of(SetPlan.from_json({**plan.to_json(), "ceiling": None})) is None


def test_a_floor_of_six_corners_is_covered_exactly():
    corner = ((0, 0), (6, 0), (6, 2), (2, 2), (2, 5), (0, 5))
    covered = sum((x1 - x0) * (z1 - z0) for x0, z0, x1, z1 in strips(corner))
    assert covered == pytest.approx(abs(area(corner))) == pytest.approx(18)
    x, z = centre(corner)
    assert contains(corner, x, z)
    assert not contains(corner, 4, 4)


def test_the_bounds_of_a_turned_box_reach_as_far_as_its_corners():
    half = math.sqrt(0.5)
    turned = PlanSolid("box", (0, 0, 0), (1, 1, 1), (half, 0, half, 0, 1, 0, -half, 0, half))
    low, high = bounds_of([turned])
    assert high == pytest.approx((2 * half, 1, 2 * half))
    assert low == pytest.approx((-2 * half, -1, -2 * half))
