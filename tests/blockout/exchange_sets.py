"""Small sets and models for the tests of the exchange package."""

from __future__ import annotations

import struct
from typing import Any

from previs.blockout.exchange.glb import pack
from previs.blockout.plan import SetPlan

PLAN: dict[str, Any] = {
    "version": 1, "place": "kitchen", "interior": True, "ceiling": 2.7, "ground": "tiles",
    "outline": [[-3, -2], [3, -2], [3, 2], [-3, 2]],
    "walls": [
        {"id": "back", "a": [-3, -2], "b": [3, -2], "height": 2.7, "thickness": 0.2, "openings": [
            {"id": "o1", "kind": "window", "at": 1.0, "width": 1.2, "bottom": 0.9, "height": 1.2},
            {"id": "o2", "kind": "door", "at": 4.0, "width": 0.9, "bottom": 0.0, "height": 2.1}]},
        {"id": "right", "a": [3, -2], "b": [3, 2], "height": 2.7, "thickness": 0.2, "openings": [
            {"id": "o1", "kind": "arch", "at": 1.0, "width": 2.0, "bottom": 0.0, "height": 2.4}]},
        {"id": "left", "a": [-3, 2], "b": [-3, -2], "height": 2.7, "thickness": 0.2},
    ],
    "stairs": [{"id": "s1", "x": -2.4, "y": 0, "z": 1.6, "yaw": 0, "width": 0.9, "rise": 2.0, "run": 2.4, "steps": 10}],
    "pieces": [
        {"id": "p1", "kind": "box of tricks", "name": "Chest", "x": 1.0, "y": 0, "z": 0.5, "yaw": 30,
         "solids": [{"shape": "box", "centre": [0, 0.4, 0], "half": [0.6, 0.4, 0.3], "colour": [0.5, 0.2, 0.1]}]},
        {"id": "p2", "kind": "ball", "name": "Globe", "x": -1.0, "y": 0.8, "z": -1.0, "yaw": 0,
         "solids": [{"shape": "ellipsoid", "centre": [0, 0.3, 0], "half": [0.3, 0.3, 0.3], "colour": [0.2, 0.4, 0.6],
                     "glow": 0.5}]},
        {"id": "p3", "kind": "cone", "name": "Spire", "x": 2.0, "y": 0, "z": 1.2, "yaw": 0,
         "solids": [{"shape": "cone", "centre": [0, 0.5, 0], "half": [0.25, 0.5, 0.25], "colour": [0.3, 0.3, 0.3],
                     "taper": 0.0}]},
    ],
    "figures": [
        {"id": "f1", "name": "MARA", "x": 0.0, "z": 0.0, "yaw": 90, "pose": "stand", "build": "woman", "looks_at": "f2"},
        {"id": "f2", "name": "ÉMILE Ω", "x": 1.6, "z": -0.6, "yaw": -90, "pose": "stand", "build": "man"},
    ],
    "lights": [{"id": "l1", "kind": "lamp", "x": 0, "y": 2.2, "z": 0},
               {"id": "l2", "kind": "sun", "x": -40, "y": 40, "z": -40, "power": 4}],
    "cameras": [
        {"id": "A", "x": 0.0, "y": 1.5, "z": 1.8, "pan": 0, "tilt": 0, "roll": 0, "sensor": "super35", "focal_mm": 35},
        {"id": "B", "x": -1.5, "y": 1.2, "z": 1.0, "pan": -60, "tilt": -10, "roll": 5, "sensor": "fullframe",
         "focal_mm": 50},
    ],
}  # fmt: skip

#: Corners and triangles of a cube of 2 m about the origin.
CORNERS = [(x, y, z) for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (-1.0, 1.0)]
FACES = [
    0,
    1,
    3,
    0,
    3,
    2,
    4,
    6,
    7,
    4,
    7,
    5,
    0,
    4,
    5,
    0,
    5,
    1,
    2,
    3,
    7,
    2,
    7,
    6,
    0,
    2,
    6,
    0,
    6,
    4,
    1,
    5,
    7,
    1,
    7,
    3,
]


def small_plan() -> SetPlan:
    """Return a kitchen of 6 by 4 m with one of everything."""
    return SetPlan.from_json(PLAN)


def cube_document() -> tuple[dict[str, Any], bytes]:
    """Return the JSON and the buffer of a model with one cube of 2 m, as one node."""
    binary = b"".join(struct.pack("<3f", *corner) for corner in CORNERS) + struct.pack(
        f"<{len(FACES)}H", *FACES
    )
    document = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"name": "Cube", "mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1, "material": 0}]}],
        "materials": [{"pbrMetallicRoughness": {"baseColorFactor": [0.8, 0.4, 0.2, 1.0]}}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 8, "type": "VEC3"},
            {"bufferView": 1, "componentType": 5123, "count": 36, "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": 96},
            {"buffer": 0, "byteOffset": 96, "byteLength": 72},
        ],
        "buffers": [{"byteLength": len(binary)}],
    }
    return document, binary


def cube(**changes: Any) -> bytes:
    """Return the cube as a .glb; changes replace top-level entries of its JSON."""
    document, binary = cube_document()
    return pack({**document, **changes}, binary)


def cube_node(**node: Any) -> bytes:
    """Return the cube under a node with these entries."""
    return cube(nodes=[{"name": "Cube", "mesh": 0, **node}])
