from __future__ import annotations

import io
import math
from dataclasses import replace
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import ezdxf
import numpy as np
import pypdfium2
import pytest

from previs.blockout.exchange.dxf import to_dxf
from previs.blockout.exchange.floorplan import bounds_of, draw, fitting_scale
from previs.blockout.exchange.footprint import seen_from_above
from previs.blockout.exchange.hull import area_at, convex_hull, tightest_angle
from previs.blockout.exchange.marks import Dimension, Drawing, Layer, Line, Text, on_plan
from previs.blockout.exchange.pdf import to_pdf
from previs.blockout.exchange.schedule import schedule_of
from previs.blockout.exchange.svg import to_svg
from previs.blockout.exchange.viewpoints import frame_around, obstacles, seen_floor, wild_walls
from previs.blockout.plan import SetPlan, field_of_view
from previs.blockout.plan.parts import CameraPosition
from tests.blockout.exchange_sets import PLAN, small_plan

SVG = "{http://www.w3.org/2000/svg}"


class Paper:
    """An SVG plan, read back in metres of the set."""

    def __init__(self, text: str) -> None:
        self.root = ElementTree.fromstring(text)
        self.scale = float(self.root.get("data-scale", ""))
        self.origin = [float(part) for part in self.root.get("data-origin", "").split()]

    def metres(self, x: str | float, y: str | float) -> tuple[float, float]:
        """Return x and z on the set of a place on the sheet."""
        return tuple(
            (float(value) - start) * self.scale / 1000
            for value, start in zip((x, y), self.origin, strict=True)
        )  # type: ignore[return-value]

    def group(self, name: str) -> ElementTree.Element:
        return next(group for group in self.root.iter(f"{SVG}g") if group.get("id") == name)

    def polygons(self, layer: str, ref: str) -> list[list[tuple[float, float]]]:
        return [
            [self.metres(*pair.split(",")) for pair in shape.get("points", "").split()]
            for shape in self.group(layer)
            if shape.get("data-ref") == ref and shape.tag in (f"{SVG}polygon", f"{SVG}polyline")
        ]


def extent(points: list[tuple[float, float]]) -> tuple[float, float, float, float]:
    xs, zs = [x for x, _ in points], [z for _, z in points]
    return min(xs), min(zs), max(xs), max(zs)


def test_the_svg_is_as_large_on_paper_as_its_scale_says() -> None:
    paper = Paper(to_svg(small_plan(), scale=25))
    assert paper.scale == 25
    width = float(paper.root.get("width", "").removesuffix("mm"))
    assert [float(part) for part in paper.root.get("viewBox", "").split()][2] == width
    x0, _, x1, _ = bounds_of(small_plan())
    assert width == pytest.approx((x1 - x0) * 1000 / 25 + 48, abs=0.01)


def test_walls_are_cut_around_doors_and_windows_where_the_plan_has_them() -> None:
    parts = sorted(extent(points) for points in Paper(to_svg(small_plan())).polygons("walls", "back"))
    assert [part[0] for part in parts] == pytest.approx([-3.1, -0.8, 1.9], abs=0.001)
    assert [part[2] for part in parts] == pytest.approx([-2.0, 1.0, 3.1], abs=0.001)
    for part in parts:
        assert (part[1], part[3]) == pytest.approx((-2.1, -1.9), abs=0.001)


def test_a_window_above_the_cut_leaves_its_wall_whole_and_is_dashed() -> None:
    raw = {**PLAN, "walls": [{**PLAN["walls"][2], "openings": [
        {"id": "o1", "kind": "window", "at": 1.0, "width": 1.0, "bottom": 1.6, "height": 0.6}]}]}  # fmt: skip
    paper = Paper(to_svg(SetPlan.from_json(raw)))
    assert len(paper.polygons("walls", "left")) == 1
    lines = [shape for shape in paper.group("openings") if shape.get("stroke-dasharray")]
    assert len(lines) == 2


def test_a_door_swings_into_the_room_through_a_quarter_circle() -> None:
    paper = Paper(to_svg(small_plan()))
    (leaf,) = [extent(points) for points in paper.polygons("openings", "back") if len(points) == 4]
    assert leaf == pytest.approx((1.0, -1.9, 1.04, -1.0), abs=0.001)
    (arc,) = paper.group("openings").iter(f"{SVG}path")
    words = arc.get("d", "").replace("M", "").replace("A", " ").split()
    assert float(words[2]) * paper.scale / 1000 == pytest.approx(0.9, abs=0.001)
    ends = [paper.metres(*words[0:2]), paper.metres(*words[-2:])]
    np.testing.assert_allclose(sorted(ends), [(1.0, -1.0), (1.9, -1.9)], atol=0.001)


def test_a_wide_door_has_two_leaves_and_a_wider_one_slides() -> None:
    for width, arcs in ((1.8, 2), (3.4, 0)):
        raw = {**PLAN, "walls": [{**PLAN["walls"][2], "openings": [
            {"id": "o1", "kind": "door", "at": 0.2, "width": width, "bottom": 0.0, "height": 2.2}]}]}  # fmt: skip
        openings = Paper(to_svg(SetPlan.from_json(raw))).group("openings")
        assert len(list(openings.iter(f"{SVG}path"))) == arcs


def test_pieces_stand_where_they_stand_turned_as_they_are() -> None:
    paper = Paper(to_svg(small_plan()))
    (chest,) = paper.polygons("pieces", "p1")
    assert len(chest) == 4
    middle = np.mean(chest, axis=0)
    assert middle == pytest.approx((1.0, 0.5), abs=0.002)
    turn = math.radians(30)
    corner = (
        1.0 + 0.6 * math.cos(turn) + 0.3 * math.sin(turn),
        0.5 - 0.6 * math.sin(turn) + 0.3 * math.cos(turn),
    )
    assert min(math.dist(corner, point) for point in chest) < 0.002
    (globe,) = paper.polygons("pieces", "p2")
    radii = [math.dist(point, (-1.0, -1.0)) for point in globe]
    assert (min(radii), max(radii)) == pytest.approx((0.3, 0.3), abs=0.002)


def test_what_hangs_over_the_set_is_dashed() -> None:
    raw = {**PLAN, "pieces": [{**PLAN["pieces"][0], "y": 2.1}]}
    paper = Paper(to_svg(SetPlan.from_json(raw)))
    (shape,) = [shape for shape in paper.group("overhead") if shape.get("data-ref") == "p1"]
    assert shape.get("stroke-dasharray") and shape.get("fill") == "none"


def test_a_figure_points_where_its_chest_points() -> None:
    body, nose = Paper(to_svg(small_plan())).polygons("figures", "f1")[:2]
    assert np.mean(body, axis=0) == pytest.approx((0.0, 0.0), abs=0.01)
    assert np.mean(nose, axis=0)[0] > 0.1  # yaw 90 faces +x
    assert abs(np.mean(nose, axis=0)[1]) < 0.01


def test_a_wedge_is_the_lens_true_field_of_view() -> None:
    plan = small_plan()
    for camera in plan.cameras:
        drawing = Drawing(50, bounds_of(plan))
        polygon = seen_floor(camera, [], frame_around(drawing))
        here = polygon[0]
        first, last = (math.atan2(p[1] - here[1], p[0] - here[0]) for p in (polygon[1], polygon[-1]))
        assert math.degrees(last - first) % 360 == pytest.approx(
            field_of_view(camera.sensor, camera.focal_mm)[0], abs=1e-6
        )
        ahead = math.degrees((first + last) / 2)
        assert math.remainder(ahead - (90 + camera.pan), 360) == pytest.approx(0, abs=1e-6)


def test_a_wedge_ends_at_walls_and_goes_on_through_doors() -> None:
    plan = small_plan()
    camera = CameraPosition("C", 1.45, 1.5, 1.0, focal_mm=35)
    polygon = seen_floor(camera, obstacles(plan, camera), frame_around(Drawing(50, bounds_of(plan))))
    behind = [x for x, y in polygon if y > 2.001]
    assert 1.0 - 0.2 < min(behind) < max(behind) < 1.9 + 0.3, "through the door"
    assert any(y == pytest.approx(2.0) and x < 1.0 for x, y in polygon), "the wall beside it"
    above = replace(camera, y=2.4)
    polygon = seen_floor(above, obstacles(plan, above), frame_around(Drawing(50, bounds_of(plan))))
    assert max(y for _, y in polygon) == pytest.approx(2.0), "over the door's head there is wall"


def test_the_wall_a_camera_stands_behind_is_wild() -> None:
    plan = small_plan()
    outside = CameraPosition("C", -6.0, 1.5, 0.0, pan=-90)
    assert wild_walls(plan, outside) == {"left"}
    assert wild_walls(plan, plan.cameras[0]) == set()
    svg = to_svg(plan.with_camera(outside))
    assert "wild for C" in svg


def test_nothing_in_the_svg_needs_a_style_a_script_or_another_file() -> None:
    svg = to_svg(replace(small_plan(), place="kitchen"))
    for word in ("style", "script", "href", "url(", "onload", "<!"):
        assert word not in svg


def test_names_are_escaped() -> None:
    raw = {**PLAN, "figures": [{**PLAN["figures"][1], "name": '<b>"Jo" & Co</b>', "id": 'f"2'}]}
    paper = Paper(to_svg(SetPlan.from_json(raw)))
    assert any(text.text == '<b>"Jo" & Co</b>' for text in paper.root.iter(f"{SVG}text"))


def boxes_of(drawing: Drawing) -> list[tuple[str, tuple[float, float, float, float]]]:
    found = []
    for mark in drawing.marks:
        if isinstance(mark, Text) and mark.layer is Layer.TEXT:
            wide, high = mark.width, mark.size
            wide, high = (high, wide) if abs(mark.angle) > 45 else (wide, high)
            x, y = drawing.paper(mark.at[0]), drawing.paper(mark.at[1])
            found.append((mark.text, (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)))
    return found


def test_no_name_lies_over_another() -> None:
    chairs = [
        {**PLAN["pieces"][0], "id": f"c{i}", "name": f"Chair {i}", "x": -2.6 + 0.35 * i, "z": 1.2}
        for i in range(12)
    ]
    plan = SetPlan.from_json({**PLAN, "pieces": [*PLAN["pieces"], *chairs]})
    boxes = boxes_of(draw(plan, 50))
    assert len(boxes) > 15
    for (name, a), (other, b) in combinations(boxes, 2):
        wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
        assert wide <= 0.01 or high <= 0.01, f"{name} and {other}"


def test_every_piece_has_its_name_or_its_number_on_the_drawing() -> None:
    plan = small_plan()
    written = {mark.text for mark in draw(plan, 100).marks if isinstance(mark, Text)}
    for row in schedule_of(plan).pieces:
        assert row.name in written or row.key in written


def test_scales_are_round_and_as_large_as_the_sheet_allows() -> None:
    assert fitting_scale((0, 0, 10, 8), 304, 265) == 50
    assert fitting_scale((0, 0, 14, 8), 304, 265) == 100
    assert fitting_scale((-500, -500, 500, 500), 304, 265) == 5000


def test_a_sun_far_away_does_not_make_the_plan_small() -> None:
    x0, y0, x1, y1 = bounds_of(small_plan())
    assert x1 - x0 < 7 and y1 - y0 < 6


def test_schedules_count_what_is_alike_and_tell_sizes_and_lenses() -> None:
    crates = [{**PLAN["pieces"][0], "id": f"c{i}", "name": f"Crate {i}"} for i in range(3)]
    schedule = schedule_of(SetPlan.from_json({**PLAN, "pieces": [*crates, PLAN["pieces"][1]]}))
    assert [(row.key, row.name, row.count, row.note) for row in schedule.pieces] == [
        ("1", "Crate", 3, "1.20 × 0.60 × 0.80"), ("2", "Globe", 1, "0.60 × 0.60 × 0.60"),
    ]  # fmt: skip
    assert [(row.key, row.note) for row in schedule.openings] == [
        ("W1", "1.20 × 1.20, sill 0.90"), ("D1", "0.90 × 2.10"), ("A1", "2.00 × 2.40"),
    ]  # fmt: skip
    assert schedule.cameras[0].name == "35 mm, 39.1°, Super 35"
    assert schedule.cameras[1].note == "h 1.20, tilt −10°"


def pages(data: bytes) -> Any:
    return pypdfium2.PdfDocument(data)


def test_the_pdf_is_one_a3_sheet_with_scale_title_names_and_lenses() -> None:
    document = pages(to_pdf(small_plan(), title="Küche im Haus Ωmega", revision="v12"))
    assert len(document) == 1
    wide, high = (side / 72 * 25.4 for side in document[0].get_size())
    assert (wide, high) == pytest.approx((420, 297), abs=0.1)
    text = document[0].get_textpage().get_text_bounded()
    for words in ("Küche im Haus Ωmega", "1:25 on A3", "v12", "metres", "1 of 1", "MARA", "ÉMILE Ω", "35 mm, 39.1°",
                  "Chest", "W1", "6.00", "floor 24.0 m²", "ceiling 2.70 m", small_plan().digest[:12]):  # fmt: skip
        assert words in text, words


def test_a_ruler_on_the_printed_sheet_measures_the_set() -> None:
    """The left and the right wall of the kitchen stand 6 m apart: 240 mm at 1:25."""
    document = pages(to_pdf(small_plan(), title="Kitchen", revision="v1"))
    dots = 4  # per millimetre
    image = np.array(document[0].render(scale=dots * 25.4 / 72).to_pil().convert("L"))
    _, y0, _, y1 = bounds_of(small_plan())
    middle = 8 + (297 - 16 - 16) / 2  # of the field above the scale bar
    row = round((middle - (on_plan(0, -1.4)[1] - (y0 + y1) / 2) * 1000 / 25) * dots)
    dark = np.flatnonzero(image[row, 10 * dots : 310 * dots] < 60)
    runs = np.split(dark, np.flatnonzero(np.diff(dark) > 1) + 1)
    walls = [run for run in runs if len(run) > 6 * dots]
    assert len(walls) == 2
    left, right = ((run[0] + run[-1] + 1) / 2 / dots for run in walls)
    assert right - left == pytest.approx(240, abs=0.3)
    assert len(walls[0]) / dots == pytest.approx(8, abs=0.5)  # 0.2 m thick


def test_schedules_that_are_too_long_go_on_on_another_sheet_and_lose_nothing() -> None:
    pieces = [
        {**PLAN["pieces"][0], "id": f"c{i}", "name": f"Thing {chr(65 + i // 10)}{i % 10} of oak", "x": i % 13 - 6.0, "z": i // 13}
        for i in range(150)
    ]  # fmt: skip
    document = pages(to_pdf(SetPlan.from_json({**PLAN, "pieces": pieces}), title="Store", revision="v1"))
    assert len(document) == 2
    text = "".join(document[i].get_textpage().get_text_bounded() for i in range(2))
    for piece in pieces:
        assert piece["name"] in text
    assert "1 of 2" in text


def test_a_title_of_any_length_stays_on_the_sheet() -> None:
    title = (
        "The long corridor of the winter palace, second floor, " * 3
        + "Donaudampfschifffahrtsgesellschaft" * 3
    )
    text = pages(to_pdf(small_plan(), title=title, revision="r" * 60))[0].get_textpage().get_text_bounded()
    assert text.count("winter palace") == 3
    assert "gesellschaft" in text.replace("\r\n", "")
    assert "r" * 60 in text


def test_an_empty_plan_still_makes_a_sheet_a_drawing_and_a_dxf() -> None:
    assert len(pages(to_pdf(SetPlan(), title="Nothing yet", revision="v0"))) == 1
    assert Paper(to_svg(SetPlan())).scale == 20
    assert not ezdxf.read(io.StringIO(to_dxf(SetPlan()).decode())).audit().errors


@pytest.fixture(scope="module")
def cad() -> Any:
    return ezdxf.read(io.StringIO(to_dxf(small_plan()).decode()))


def test_the_dxf_is_sound_in_metres_and_has_a_layer_for_each_trade(cad: Any) -> None:
    assert not cad.audit().errors
    assert cad.header["$INSUNITS"] == 6
    assert {layer.value for layer in Layer} <= {layer.dxf.name for layer in cad.layers}


def test_the_dxf_has_walls_with_their_ids_and_their_true_corners(cad: Any) -> None:
    found = []
    for line in cad.modelspace().query("LWPOLYLINE[layer=='WALLS']"):
        if line.get_xdata("PREVIS")[0].value == "left":
            found.append(sorted((round(x, 3), round(y, 3)) for x, y in line.get_points("xy")))
    assert found == [[(-3.1, -2.0), (-3.1, 2.1), (-2.9, -2.0), (-2.9, 2.1)]]
    assert len(cad.modelspace().query("HATCH[layer=='WALLS']")) == 6


def test_the_dxf_has_dimensions_that_measure(cad: Any) -> None:
    measured = sorted(round(each.get_measurement(), 3) for each in cad.modelspace().query("DIMENSION"))
    assert measured == [0.9, 1.0, 1.0, 1.0, 1.1, 1.2, 1.8, 2.0, 4.0, 4.0, 6.0]


def test_the_dxf_has_the_swing_of_a_door_as_an_arc(cad: Any) -> None:
    (arc,) = cad.modelspace().query("ARC[layer=='OPENINGS']")
    assert arc.dxf.radius == pytest.approx(0.9)
    assert arc.dxf.center.isclose((1.0, 1.9, 0), abs_tol=1e-6)
    assert (arc.dxf.end_angle - arc.dxf.start_angle) % 360 == pytest.approx(90)


def test_the_dxf_keeps_letters_of_every_script(cad: Any) -> None:
    assert "ÉMILE Ω" in {text.dxf.text for text in cad.modelspace().query("TEXT")}


def test_a_dimension_is_read_from_below_or_from_the_right() -> None:
    drawing = Drawing(50, (0, 0, 4, 4))
    for a, b, angle in (((0, 0), (4, 0), 0), ((4, 0), (0, 0), 0), ((0, 0), (0, 4), 90), ((0, 4), (0, 0), 90)):
        (text,) = [part for part in drawing.spelled(Dimension(a, b, 8.0)) if isinstance(part, Text)]
        assert text.angle == pytest.approx(angle)
        assert text.text == "4.00"


def test_a_hull_is_the_outline_and_its_tightest_rectangle_lies_along_an_edge() -> None:
    turn = math.radians(25)
    square = [(x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn))
              for x in (0, 0.5, 1) for y in (0, 0.5, 2)]  # fmt: skip
    hull = convex_hull(square)
    assert len(hull) == 4
    angle, area = tightest_angle(hull)
    assert area == pytest.approx(2.0, abs=1e-4)
    assert math.degrees(angle) % 90 == pytest.approx(25, abs=0.01)
    assert area_at(hull, 0.0) > 2.5


def test_solids_that_a_higher_one_hides_are_not_drawn() -> None:
    solid = PLAN["pieces"][0]["solids"][0]
    top = {**solid, "centre": [0, 1.0, 0], "half": [0.7, 0.05, 0.4]}
    plan = SetPlan.from_json({**PLAN, "pieces": [{**PLAN["pieces"][0], "solids": [solid, top]}]})
    (piece,) = seen_from_above(plan)
    assert len(piece.parts) == 1
    assert piece.parts[0].top == pytest.approx(1.05)
    assert piece.lowest == pytest.approx(0.0)
    lines = [mark for mark in draw(plan, 50).marks if isinstance(mark, Line) and mark.layer is Layer.PIECES]
    assert len(lines) == 1
