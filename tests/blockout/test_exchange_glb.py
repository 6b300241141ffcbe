from __future__ import annotations

import json
import math
import struct
from typing import Any

import numpy as np
import pytest

from previs.blockout.exchange import meshfile
from previs.blockout.exchange.export_glb import quaternion, to_glb
from previs.blockout.exchange.glb import MOST_BYTES, MeshRefused, pack, unpack
from previs.blockout.exchange.import_glb import from_glb, mesh_geometry
from previs.blockout.geometry import rotation
from previs.blockout.plan import SetPlan, field_of_view
from previs.blockout.plan.lens import axes
from tests.blockout.exchange_sets import CORNERS, cube, cube_document, cube_node, small_plan


def by_name(document: dict[str, Any], name: str) -> dict[str, Any]:
    return next(node for node in document["nodes"] if node["name"] == name)


def test_every_wall_piece_figure_and_camera_is_a_node_with_its_name() -> None:
    document, _ = unpack(to_glb(small_plan()))
    names = [node["name"] for node in document["nodes"]]
    assert names == [
        "Floor", "Wall back", "Wall right", "Wall left", "Stairs s1", "Chest", "Globe", "Spire", "MARA", "ÉMILE Ω",
        "Light l1", "Light l2", "Camera A", "Camera B",
    ]  # fmt: skip
    assert by_name(document, "Chest")["extras"] == {"kind": "piece", "id": "p1"}


def test_a_camera_has_the_vertical_angle_of_the_frames_ratio_and_looks_where_the_plan_looks() -> None:
    plan = small_plan()
    document, _ = unpack(to_glb(plan, ratio=1.85))
    for camera in plan.cameras:
        node = by_name(document, f"Camera {camera.id}")
        lens = document["cameras"][node["camera"]]["perspective"]
        assert lens["aspectRatio"] == 1.85
        assert math.degrees(lens["yfov"]) == pytest.approx(
            field_of_view(camera.sensor, camera.focal_mm, 1.85)[1]
        )
        wide = math.degrees(2 * math.atan(math.tan(lens["yfov"] / 2) * 1.85))
        assert wide == pytest.approx(field_of_view(camera.sensor, camera.focal_mm)[0], abs=0.001)
        turn = meshfile._matrix({"rotation": node["rotation"]}, "")[:3, :3]
        right, up, forward = axes(camera)
        np.testing.assert_allclose(turn, np.array([right, up, [-part for part in forward]]).T, atol=1e-9)


def test_a_quaternion_turns_as_the_blockouts_own_rotation_does() -> None:
    for angles in ((0.3, -0.7, 1.1), (-2.0, 0.2, 0.0), (3.0, 1.2, -2.5)):
        turn = meshfile._matrix({"rotation": quaternion(*angles)}, "")[:3, :3]
        np.testing.assert_allclose(turn, rotation(*angles), atol=1e-12)


def test_accessors_lie_inside_their_views_and_tell_the_true_bounds() -> None:
    document, binary = unpack(to_glb(small_plan()))
    assert sum(view["byteLength"] for view in document["bufferViews"]) == document["buffers"][0]["byteLength"]
    for mesh in document["meshes"]:
        for primitive in mesh["primitives"]:
            place = document["accessors"][primitive["attributes"]["POSITION"]]
            points = meshfile.accessors.positions(
                document, binary, primitive["attributes"]["POSITION"], "mesh"
            )
            np.testing.assert_allclose(points.min(axis=0), place["min"])
            np.testing.assert_allclose(points.max(axis=0), place["max"])
            normals = meshfile.accessors.positions(
                document, binary, primitive["attributes"]["NORMAL"], "mesh"
            )
            np.testing.assert_allclose(np.linalg.norm(normals, axis=1), 1.0, atol=1e-5)


def test_triangles_are_counter_clockwise_seen_from_outside() -> None:
    """The volume that the triangles enclose is positive, and right for box, ball and cone."""
    volumes = {}
    for part in meshfile.read_parts(to_glb(small_plan())):
        a, b, c = (part.positions[part.triangles[:, k]] for k in range(3))
        volumes[part.name] = float((np.cross(a, b) * c).sum() / 6)
    assert volumes["Chest"] == pytest.approx(1.2 * 0.8 * 0.6, rel=1e-5)
    assert volumes["Globe"] == pytest.approx(4 / 3 * math.pi * 0.3**3, rel=0.1)
    assert volumes["Spire"] == pytest.approx(math.pi * 0.25**2 / 3, rel=0.05)
    assert volumes["Floor"] == pytest.approx(6 * 4 * 0.1, rel=1e-5)
    assert volumes["Wall left"] == pytest.approx(4 * 2.7 * 0.2, rel=1e-5)
    openings = 1.2 * 1.2 + 0.9 * 2.1
    assert volumes["Wall back"] == pytest.approx((6 * 2.7 - openings) * 0.2, rel=1e-5)


def test_a_floor_with_a_bay_and_a_notch_keeps_its_area() -> None:
    outline = [[0, 0], [4, 0], [4, 3], [3, 3], [3, 1.5], [1, 1.5], [1, 3], [0, 3]]
    for points in (outline, outline[::-1]):
        plan = SetPlan.from_json({"version": 1, "outline": points})
        (floor,) = meshfile.read_parts(to_glb(plan))
        a, b, c = (floor.positions[floor.triangles[:, k]] for k in range(3))
        assert float((np.cross(a, b) * c).sum() / 6) == pytest.approx((12 - 3) * 0.1, rel=1e-5)


def test_a_plan_comes_back_from_its_own_file_as_boxes_where_its_things_stand() -> None:
    plan = small_plan()
    mesh = from_glb(to_glb(plan), "kitchen.glb")
    document, _ = unpack(to_glb(plan))
    names = [node["name"] for node in document["nodes"] if "mesh" in node]
    boxes = dict(zip(names, mesh.boxes, strict=True))
    chest = boxes["Chest"]
    centre = np.array(chest.centre) + mesh.origin
    np.testing.assert_allclose(centre, (1.0, 0.4, 0.5), atol=1e-4)
    np.testing.assert_allclose(chest.half, (0.6, 0.4, 0.3), atol=1e-4)
    assert chest.turn is not None
    np.testing.assert_allclose(
        np.array(chest.turn).reshape(3, 3), rotation(math.radians(30), 0, 0), atol=1e-5
    )
    left = boxes["Wall left"]
    np.testing.assert_allclose(np.array(left.centre) + mesh.origin, (-3.0, 1.35, 0.0), atol=1e-4)
    assert sorted(left.half) == pytest.approx([0.1, 1.35, 2.0], abs=1e-4)
    assert 1.6 < 2 * boxes["MARA"].half[1] < 1.8


def test_an_empty_plan_makes_a_file_without_meshes() -> None:
    document, binary = unpack(to_glb(SetPlan()))
    assert "nodes" not in document
    assert binary == b""


def test_node_transforms_and_parents_are_applied_to_the_box() -> None:
    half = math.sqrt(0.5)
    data = cube(
        nodes=[
            {"children": [1], "translation": [10, 0, 0], "rotation": [0, half, 0, half]},
            {"name": "Cube", "mesh": 0, "scale": [0.5, 2, 1], "translation": [0, 2, 3]},
        ]
    )
    mesh = from_glb(data, "press")
    (box,) = mesh.boxes
    np.testing.assert_allclose(np.array(mesh.origin) + box.centre, (13, 2, 0), atol=1e-5)
    assert mesh.size == pytest.approx((2, 4, 1))
    assert box.half == pytest.approx((0.5, 2, 1), abs=1e-4)
    assert box.colour == pytest.approx((0.8, 0.4, 0.2))


def test_the_model_stands_on_its_lowest_point_in_the_middle() -> None:
    mesh = from_glb(cube_node(translation=[5, 7, -3]), "cube")
    assert mesh.origin == pytest.approx((5, 6, -3))
    assert mesh.boxes[0].centre == pytest.approx((0, 1, 0))
    assert mesh.triangles == 12


def test_a_thing_turned_before_it_was_exported_gets_a_box_that_is_turned_too() -> None:
    document, _ = cube_document()
    turned = np.array(CORNERS) * (2, 1, 0.25) @ rotation(math.radians(40), 0, 0).T
    binary = turned.astype("<f4").tobytes() + cube_document()[1][96:]
    (box,) = from_glb(pack(document, binary), "plank").boxes
    assert sorted(box.half) == pytest.approx([0.25, 1, 2], abs=1e-3)


def test_a_mirrored_node_gives_a_turn_that_a_plan_takes() -> None:
    mesh = from_glb(cube_node(scale=[-1, 1, 1], rotation=[0, 0.6, 0, 0.8]), "mirror")
    plan = SetPlan(meshes=(mesh.placed("m1", x=2.0),))
    assert SetPlan.from_json(plan.to_json()).meshes[0].boxes == mesh.boxes


def test_corners_that_no_triangle_uses_do_not_make_the_box_larger() -> None:
    document, binary = cube_document()
    far = struct.pack("<3f", 90, 90, 90)
    document["accessors"][0]["count"] = 9
    document["bufferViews"] = [
        {"buffer": 0, "byteOffset": 0, "byteLength": 108},
        {"buffer": 0, "byteOffset": 108, "byteLength": 72},
    ]
    assert from_glb(pack(document, binary[:96] + far + binary[96:]), "stray").size == pytest.approx((2, 2, 2))


def test_strips_and_fans_are_read_and_points_and_lines_passed_over() -> None:
    document, binary = cube_document()
    primitive = document["meshes"][0]["primitives"][0]
    for mode, count in ((5, 34), (6, 34), (4, 12)):
        primitive["mode"] = mode
        assert from_glb(pack(document, binary), "cube").triangles == count
    primitive["mode"] = 1
    with pytest.raises(MeshRefused, match="no surfaces"):
        from_glb(pack(document, binary), "cube")


def test_whole_number_positions_are_read_as_quantised() -> None:
    document, binary = cube_document()
    corners = (np.array(CORNERS) * 32767).astype("<i2")
    packed = np.hstack([corners, np.zeros((8, 1), "<i2")]).astype("<i2").tobytes()
    document["accessors"][0] = {
        "bufferView": 0,
        "componentType": 5122,
        "normalized": True,
        "count": 8,
        "type": "VEC3",
    }
    document["bufferViews"] = [
        {"buffer": 0, "byteOffset": 0, "byteLength": 64, "byteStride": 8},
        {"buffer": 0, "byteOffset": 64, "byteLength": 72},
    ]
    document["extensionsRequired"] = ["KHR_mesh_quantization"]
    assert from_glb(pack(document, packed + binary[96:]), "q").size == pytest.approx((2, 2, 2))


def test_the_editor_gets_triangles_in_the_axes_of_the_boxes() -> None:
    data = cube_node(translation=[5, 7, -3], scale=[1, 2, 1])
    shown = mesh_geometry(data)
    json.dumps(shown, allow_nan=False)
    (part,) = shown["parts"]
    points = np.array(part["positions"]).reshape(-1, 3) * shown["unit"]
    assert len(points) == 8
    np.testing.assert_allclose(points.min(axis=0), (-1, 0, -1), atol=1e-3)
    np.testing.assert_allclose(points.max(axis=0), (1, 4, 1), atol=1e-3)
    assert max(part["indices"]) == 7
    assert shown["triangles"] == shown["of"] == len(part["indices"]) / 3 == 12


def test_the_editor_gets_fewer_triangles_of_a_heavy_model_in_the_same_place() -> None:
    data = to_glb(small_plan())
    full, thin = mesh_geometry(data), mesh_geometry(data, most_triangles=1500)
    assert thin["triangles"] <= 1500 < full["triangles"] == thin["of"]

    def reach(shown: dict[str, Any]) -> np.ndarray[Any, Any]:
        points = np.vstack([np.array(part["positions"]).reshape(-1, 3) for part in shown["parts"]])
        return np.array([points.min(axis=0), points.max(axis=0)]) * shown["unit"]

    np.testing.assert_allclose(reach(full), reach(thin), atol=0.35)


HUGE = 10**400
NAN = struct.unpack("<f", b"\x00\x00\xc0\x7f")[0]


def refused(data: bytes) -> str:
    with pytest.raises(MeshRefused) as caught:
        from_glb(data, "model")
    with pytest.raises(MeshRefused):
        mesh_geometry(data)
    text = str(caught.value)
    assert text.endswith(".") and len(text) < 260, "a refusal is a sentence that can be shown"
    return text


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not a .glb"),
        (b"PK\x03\x04" + b"\0" * 60, "not a .glb"),
        (b'{"asset": {"version": "2.0"}}', "binary file"),
        (b"\0" * (MOST_BYTES + 1), "at most 20 MB"),
        (cube()[:-9], "cut off"),
        (cube() + b"more", "cut off"),
        (struct.pack("<4sII", b"glTF", 1, 24) + b"\0" * 12, "version 1"),
        (struct.pack("<4sIII4s", b"glTF", 2, 20, 4000, b"JSON"), "longer than the file"),
        (struct.pack("<4sIII4s", b"glTF", 2, 20, 0, b"BIN\0"), "begin with its JSON"),
        (struct.pack("<4sIII4s4s", b"glTF", 2, 24, 4, b"JSON", b"nope"), "not valid JSON"),
        (struct.pack("<4sIII4s4s", b"glTF", 2, 24, 4, b"JSON", b"[1] "), "not an object"),
        (struct.pack("<4sIII4s4s", b"glTF", 2, 24, 4, b"JSON", b"NaN "), "NaN"),
        (struct.pack("<4sIII4s4s", b"glTF", 2, 24, 4, b"JSON", b"\xff\xfe  "), "not valid JSON"),
    ],
)
def test_what_is_no_whole_glb_is_refused(data: bytes, says: str) -> None:
    assert says in refused(data)


def test_json_that_is_nested_without_end_is_refused() -> None:
    text = b'{"asset":' + b"[" * 200_000 + b"]" * 200_000 + b"}  "
    head = struct.pack("<4sII", b"glTF", 2, 20 + len(text)) + struct.pack("<I4s", len(text), b"JSON")
    assert "not valid JSON" in refused(head + text)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"asset": {"version": "1.0"}}, "glTF 2"),
        ({"asset": None}, "glTF 2"),
        ({"asset": {"version": "2.1", "minVersion": "2.1"}}, "asks for glTF 2.1"),
        ({"extensionsRequired": ["KHR_draco_mesh_compression"]}, "compressed"),
        ({"extensionsRequired": ["EXT_mesh_gpu_instancing"]}, "EXT_mesh_gpu_instancing"),
        ({"extensionsRequired": [7]}, "required extensions is damaged"),
        ({"buffers": [{"byteLength": 168, "uri": "cube.bin"}]}, "points to another file (cube.bin)"),
        ({"buffers": [{"byteLength": 168, "uri": "data:application/octet-stream;base64,AA=="}]}, "binary chunk"),
        ({"buffers": [{"byteLength": 168}, {"byteLength": 1}]}, "binary chunk"),
        ({"images": [{"uri": "https://example.org/spy.png"}]}, "points to another file"),
        ({"extensions": {"X": {"deep": [{"uri": "file:///etc/passwd"}]}}}, "points to another file"),
        ({"nodes": "none"}, "nodes is damaged"),
        ({"nodes": [7]}, "nodes is damaged"),
        ({"nodes": [{"mesh": 0}] * 201}, "at most 200"),
        ({"scene": 3}, "out of range"),
        ({"scenes": [{"nodes": [4]}]}, "out of range"),
        ({"scenes": [{"nodes": 4}]}, "damaged"),
        ({"nodes": [{"mesh": 0, "children": 7}]}, "damaged"),
        ({"scenes": [], "nodes": [{"mesh": 0, "children": 7}]}, "damaged"),
        ({"nodes": [{"mesh": 0, "children": [0]}]}, "loop"),
        ({"nodes": [{"children": [1]}, {"mesh": 0, "children": [0]}]}, "loop"),
        ({"nodes": [{"children": [1, 2]}, {"children": [3]}, {"children": [3]}, {"mesh": 0}]}, "two parents"),
        ({"nodes": []}, "out of range"),
        ({"nodes": [{}]}, "no surfaces"),
        ({"scenes": [], "nodes": [{"children": [1]}, {"mesh": 0, "children": [0]}]}, "no surfaces"),
        ({"nodes": [{"mesh": 9}]}, "out of range"),
        ({"nodes": [{"mesh": True}]}, "out of range"),
        ({"nodes": [{"mesh": 0, "skin": 0}]}, "skeleton"),
        ({"nodes": [{"mesh": 0, "scale": [1, 1]}]}, "3 numbers"),
        ({"nodes": [{"mesh": 0, "scale": [1, "a", 1]}]}, "3 numbers"),
        ({"nodes": [{"mesh": 0, "translation": [HUGE, 0, 0]}]}, "without bounds"),
        ({"nodes": [{"mesh": 0, "rotation": [0, 0, 0, 0]}]}, "rotation"),
        ({"nodes": [{"mesh": 0, "matrix": [0.0] * 16}]}, "no placing in space"),
        ({"nodes": [{"mesh": 0, "scale": [1000, 1, 1]}]}, "scale it to metres"),
        ({"nodes": [{"mesh": 0, "scale": [1e-4, 1e-4, 1e-4]}]}, "less than 1 mm"),
        ({"meshes": [{"primitives": 5}]}, "primitives is damaged"),
        ({"meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "mode": 9}]}]}, "out of range"),
        ({"meshes": [{"primitives": [{"attributes": {"POSITION": 7}}]}]}, "out of range"),
        ({"meshes": [{"primitives": [{"attributes": {"POSITION": 1}}]}]}, "not points in space"),
        ({"meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 0}]}]}, "unknown way"),
        ({"meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1, "material": 4}]}]}, "out of range"),
        ({"meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}] * 2001}]}, "2,000 pieces"),
    ],
)  # fmt: skip
def test_a_damaged_or_hostile_structure_is_refused(changes: dict[str, Any], says: str) -> None:
    assert says in refused(cube(**changes))


@pytest.mark.parametrize(
    ("accessor", "change", "says"),
    [
        (0, {"sparse": {"count": 1}}, "sparse"),
        (0, {"count": 9}, "beyond the end"),
        (0, {"count": 2**31}, "out of range"),
        (0, {"count": -1}, "out of range"),
        (0, {"count": 1.5}, "out of range"),
        (0, {"byteOffset": 4}, "beyond the end"),
        (0, {"byteOffset": -12}, "out of range"),
        (0, {"componentType": 9999}, "unknown way"),
        (0, {"componentType": None}, "unknown way"),
        (0, {"componentType": [5126]}, "unknown way"),
        (0, {"bufferView": 5}, "out of range"),
        (0, {"bufferView": None}, "out of range"),
        (0, {"count": 7}, "names a corner"),
        (1, {"count": 37}, "beyond the end"),
        (1, {"componentType": 5126}, "unknown way"),
    ],
)
def test_an_accessor_that_reaches_out_of_the_file_is_refused(
    accessor: int, change: dict[str, Any], says: str
) -> None:
    document, binary = cube_document()
    document["accessors"][accessor].update(change)
    assert says in refused(pack(document, binary))


@pytest.mark.parametrize(
    "change",
    [{"byteOffset": 9999}, {"byteLength": 9999}, {"byteLength": -1}, {"byteStride": 4}, {"byteStride": 0}, {"buffer": 1}],
)  # fmt: skip
def test_a_view_that_reaches_out_of_the_file_is_refused(change: dict[str, Any]) -> None:
    document, binary = cube_document()
    document["bufferViews"][0].update(change)
    refused(pack(document, binary))


def test_a_corner_that_is_no_number_is_refused() -> None:
    document, binary = cube_document()
    for value in (NAN, math.inf):
        assert "not a number" in refused(pack(document, struct.pack("<f", value) + binary[4:]))


def test_many_nodes_of_one_heavy_mesh_count_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meshfile, "MOST_TRIANGLES", 100)
    nodes = [{"mesh": 0, "translation": [3 * i, 0, 0]} for i in range(9)]
    everywhere = [{"nodes": list(range(9))}]
    assert "more than 100 triangles" in refused(cube(nodes=nodes, scenes=everywhere))
    assert from_glb(cube(nodes=nodes[:8], scenes=[{"nodes": list(range(8))}]), "row").triangles == 96


def test_a_name_keeps_no_control_characters_and_no_half_letters() -> None:
    document, binary = cube_document()
    document["nodes"][0]["name"] = "Pr\u0000ess\n\ud800"
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    data = (
        struct.pack("<4sII", b"glTF", 2, 28 + len(text) + len(binary))
        + struct.pack("<I4s", len(text), b"JSON") + text
        + struct.pack("<I4s", len(binary), b"BIN\0") + binary
    )  # fmt: skip
    assert mesh_geometry(data)["parts"][0]["name"] == "Press"
    assert from_glb(data, "a\tb" + "c" * 200).name == "ab" + "c" * 78


def test_random_damage_is_refused_in_words_or_harmless() -> None:
    rng = np.random.default_rng(7)
    document, binary = cube_document()
    document["nodes"] = [
        {"children": [1], "matrix": np.eye(4).ravel().tolist()},
        {"mesh": 0, "scale": [1, 2, 3]},
    ]
    whole = pack(document, binary)
    answers = {"taken": 0, "refused": 0}
    for _ in range(400):
        data = bytearray(whole)
        for place in rng.integers(12, len(data), size=rng.integers(1, 4)):
            data[place] = (
                rng.choice(list(b'0919-".,[]{}e\x00\xff')) if place < len(data) - 168 else rng.integers(256)
            )
        try:
            from_glb(bytes(data), "damaged")
            answers["taken"] += 1
        except MeshRefused:
            answers["refused"] += 1
    assert min(answers.values()) > 20
