"""A plan as a .glb: every wall, piece and person one named node, and the cameras with their angles of view."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from previs.blockout.exchange.glb import pack
from previs.blockout.exchange.tessellate import Surface, slab, surface_of
from previs.blockout.exchange.things import Shape, Thing, things_of
from previs.blockout.plan.document import SetPlan
from previs.blockout.plan.floor import action_of
from previs.blockout.plan.lens import field_of_view
from previs.blockout.plan.parts import CameraPosition, Colour, PlanLight

FLOAT, UNSIGNED = 5126, 5125
VERTEX_BUFFER, INDEX_BUFFER = 34962, 34963
POSITIONS, NORMALS, INDICES = 0, 1, 2  # numbers of the three buffer views
FLOOR_COLOUR: Colour = (0.42, 0.41, 0.40)
FLOOR_SLAB = 0.1  # metres
NEAR = 0.05
# glTF wants candela and lux. Viewers show them without an exposure, so these keep the plan's own proportions.
CANDELA, LUX = 10.0, 2.0

Entry = dict[str, Any]


def to_glb(plan: SetPlan, *, ratio: float = 2.39) -> bytes:
    """Return the set as a binary glTF 2.0 file in metres.

    ratio: width over height of the frame; it gives the cameras their vertical angle of view. The ceiling is left
    out, so that the file can be looked at from above; the scene's extras tell its height.
    """
    file = _File()
    if plan.outline:
        file.add_mesh_node(
            "Floor", [(slab(plan.outline, FLOOR_SLAB), FLOOR_COLOUR, 0.0)], extras={"kind": "floor"}
        )
    for thing in things_of(plan):
        if thing.shapes:
            file.add_thing(thing)
    for light in plan.lights:
        if light.on:
            file.add_light(light, action_of(plan))
    for camera in plan.cameras:
        file.add_camera(camera, ratio)
    return file.write(plan)


class _File:
    """A glTF document while it grows: its nodes and three runs of numbers."""

    def __init__(self) -> None:
        self.nodes: list[Entry] = []
        self.meshes: list[Entry] = []
        self.cameras: list[Entry] = []
        self.lights: list[Entry] = []
        self.accessors: list[Entry] = []
        self.materials: dict[tuple[Colour, float], int] = {}
        self.runs: tuple[list[bytes], list[bytes], list[bytes]] = ([], [], [])
        self.lengths = [0, 0, 0]

    def add_thing(self, thing: Thing) -> None:
        """Add one thing as a node that stands where the thing stands, its shapes in its own axes."""
        by_material: dict[tuple[Colour, float], list[Shape]] = {}
        for shape in thing.shapes:
            by_material.setdefault((shape.colour, min(shape.glow, 1.0)), []).append(shape)
        surfaces = [
            (joined(surface_of(shape) for shape in shapes), colour, glow)
            for (colour, glow), shapes in by_material.items()
        ]
        self.add_mesh_node(
            thing.name, surfaces, extras={"kind": thing.kind, "id": thing.id}, place=list(thing.place),
            rotation=quaternion(thing.yaw, 0.0, 0.0),
        )  # fmt: skip

    def add_mesh_node(
        self,
        name: str,
        surfaces: list[tuple[Surface, Colour, float]],
        *,
        extras: Entry,
        place: list[float] | None = None,
        rotation: list[float] | None = None,
    ) -> None:
        """Add a mesh of one primitive per material, and the node that shows it."""
        primitives = [
            self._primitive(surface, self._material(colour, glow)) for surface, colour, glow in surfaces
        ]
        node: Entry = {"name": name, "mesh": len(self.meshes), "extras": extras}
        self.meshes.append({"name": name, "primitives": primitives})
        if place is not None:
            node["translation"] = place
        if rotation is not None:
            node["rotation"] = rotation
        self.nodes.append(node)

    def _primitive(self, surface: Surface, material: int) -> Entry:
        positions, normals, faces = surface
        return {
            "attributes": {
                "POSITION": self._numbers(POSITIONS, positions.astype("<f4")),
                "NORMAL": self._numbers(NORMALS, normals.astype("<f4")),
            },
            "indices": self._numbers(INDICES, faces.reshape(-1).astype("<u4")),
            "material": material,
        }

    def _numbers(self, view: int, values: npt.NDArray[Any]) -> int:
        """Append numbers to one of the three views; return the number of their accessor."""
        accessor: Entry = {
            "bufferView": view,
            "byteOffset": self.lengths[view],
            "componentType": UNSIGNED if view == INDICES else FLOAT,
            "count": len(values),
            "type": "SCALAR" if view == INDICES else "VEC3",
        }
        if view == POSITIONS:
            accessor["min"] = values.min(axis=0).tolist()
            accessor["max"] = values.max(axis=0).tolist()
        data = values.tobytes()
        self.runs[view].append(data)
        self.lengths[view] += len(data)
        self.accessors.append(accessor)
        return len(self.accessors) - 1

    def _material(self, colour: Colour, glow: float) -> int:
        return self.materials.setdefault((colour, glow), len(self.materials))

    def add_camera(self, camera: CameraPosition, ratio: float) -> None:
        """Add a camera; glTF's cameras look along -z with y up, as those of a plan do."""
        vertical = field_of_view(camera.sensor, camera.focal_mm, ratio)[1]
        lens = {"yfov": math.radians(vertical), "aspectRatio": ratio, "znear": NEAR}
        self.nodes.append({
            "name": f"Camera {camera.id}", "camera": len(self.cameras),
            "translation": [camera.x, camera.y, camera.z],
            "rotation": quaternion(*(math.radians(angle) for angle in (camera.pan, camera.tilt, camera.roll))),
            "extras": {"kind": "camera", "id": camera.id, "sensor": camera.sensor, "focal_mm": camera.focal_mm},
        })  # fmt: skip
        self.cameras.append({"name": f"Camera {camera.id}", "type": "perspective", "perspective": lens})

    def add_light(self, light: PlanLight, middle: tuple[float, float]) -> None:
        """Add a light; a sun shines from where it stands towards the middle of the set."""
        sun = light.kind == "sun"
        node: Entry = {
            "name": f"Light {light.id}", "translation": [light.x, light.y, light.z],
            "extras": {"kind": "light", "id": light.id, "light": light.kind, "power": light.power},
            "extensions": {"KHR_lights_punctual": {"light": len(self.lights)}},
        }  # fmt: skip
        if sun:
            away = (middle[0] - light.x, -light.y, middle[1] - light.z)
            level = math.hypot(away[0], away[2])
            node["rotation"] = quaternion(math.atan2(-away[0], -away[2]), math.atan2(away[1], level), 0.0)
        self.nodes.append(node)
        self.lights.append({
            "name": f"Light {light.id}", "type": "directional" if sun else "point", "color": list(light.colour),
            "intensity": light.power * (LUX if sun else CANDELA),
        })  # fmt: skip

    def write(self, plan: SetPlan) -> bytes:
        """Return the file; lists that are empty are left out, as glTF asks."""
        document: Entry = {
            "asset": {"version": "2.0", "generator": "Previs"},
            "scene": 0,
            "scenes": [{
                "name": plan.place or "Set", "nodes": list(range(len(self.nodes))),
                "extras": {"plan": plan.digest, "interior": plan.interior, "ceiling": plan.ceiling},
            }],
        }  # fmt: skip
        if not self.nodes:
            del document["scenes"][0]["nodes"]
        if self.lights:
            document["extensionsUsed"] = ["KHR_lights_punctual"]
            document["extensions"] = {"KHR_lights_punctual": {"lights": self.lights}}
        for key, listed in (("nodes", self.nodes), ("meshes", self.meshes), ("cameras", self.cameras),
                            ("accessors", self.accessors), ("materials", self._listed_materials())):  # fmt: skip
            if listed:
                document[key] = listed
        if self.meshes:
            document["bufferViews"] = self._views()
            document["buffers"] = [{"byteLength": sum(self.lengths)}]
        return pack(document, b"".join(b"".join(run) for run in self.runs))

    def _views(self) -> list[Entry]:
        """Return the three views; vertex views that several accessors share must tell their stride."""
        views: list[Entry] = []
        start = 0
        for view, length in enumerate(self.lengths):
            entry: Entry = {"buffer": 0, "byteOffset": start, "byteLength": length}
            entry["target"] = INDEX_BUFFER if view == INDICES else VERTEX_BUFFER
            if view != INDICES:
                entry["byteStride"] = 12
            views.append(entry)
            start += length
        return views

    def _listed_materials(self) -> list[Entry]:
        found: list[Entry] = []
        for colour, glow in self.materials:
            material: Entry = {
                "pbrMetallicRoughness": {
                    "baseColorFactor": [*colour, 1.0], "metallicFactor": 0.0, "roughnessFactor": 0.9,
                }
            }  # fmt: skip
            if glow > 0:
                material["emissiveFactor"] = [channel * glow for channel in colour]
            found.append(material)
        return found


def joined(surfaces: Iterable[Surface]) -> Surface:
    """Return several surfaces as one."""
    positions, normals, faces = [], [], []
    start = 0
    for points, outward, corners in surfaces:
        positions.append(points)
        normals.append(outward)
        faces.append(corners + start)
        start += len(points)
    return np.vstack(positions), np.vstack(normals), np.vstack(faces)


def quaternion(yaw: float, pitch: float, roll: float) -> list[float]:
    """Return x, y, z, w of a turn by roll about z, then pitch about x, then yaw about y; radians."""
    sy, cy, sx, cx, sz, cz = (
        f(angle / 2) for angle in (yaw, pitch, roll) for f in (math.sin, math.cos)
    )  # fmt: skip
    return [
        cy * sx * cz + sy * cx * sz,
        sy * cx * cz - cy * sx * sz,
        cy * cx * sz - sy * sx * cz,
        cy * cx * cz + sy * sx * sz,
    ]
