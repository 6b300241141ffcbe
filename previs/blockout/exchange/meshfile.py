"""The surfaces of a .glb from outside: its scene walked once, every node turned into metres of its world."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from previs.blockout.exchange import accessors
from previs.blockout.exchange.accessors import Floats, Indices
from previs.blockout.exchange.glb import Document, MeshRefused, entries, entry, numbers, unpack, whole
from previs.blockout.plan.parts import Colour

MOST_NODES = 200
MOST_TRIANGLES = 500_000
MOST_CORNERS = 1_500_000
MOST_PRIMITIVES = 2_000
GREY: Colour = (0.55, 0.55, 0.55)


@dataclass(frozen=True)
class Part:
    """One node with a mesh, in metres and in the world of the file.

    positions: (n, 3). triangles: (m, 3), corner numbers. axes: (3, 3), columns are the node's own directions.
    """

    name: str
    positions: Floats
    triangles: Indices
    axes: Floats
    colour: Colour


def read_parts(data: bytes) -> list[Part]:
    """Return every node of the file's scene that has a mesh with surfaces; see `from_glb` for the refusals."""
    document, binary = unpack(data)
    nodes: list[Document] = document.get("nodes", [])
    if len(nodes) > MOST_NODES:
        raise MeshRefused(
            f"The model has {len(nodes)} nodes; at most {MOST_NODES} are taken. Join its objects and export it again."
        )
    budget = _Budget()
    parts = []
    for number, world in _walk(document, nodes):
        if "mesh" not in nodes[number]:
            continue
        if "skin" in nodes[number]:
            raise MeshRefused(
                "A part of the model is bent by a skeleton. Apply the pose, remove the skeleton and export it again."
            )
        part = _part(document, binary, nodes[number], number, world, budget)
        if len(part.triangles):
            parts.append(part)
    if not parts:
        raise MeshRefused(
            "The file has no surfaces: nothing would stand on the set. Export the model with its meshes."
        )
    return parts


def _walk(document: Document, nodes: list[Document]) -> list[tuple[int, Floats]]:
    """Return the nodes of the scene with their (4, 4) matrices, parents first; each node has one parent at most."""
    found: list[tuple[int, Floats]] = []
    seen: set[int] = set()
    waiting = [(root, np.eye(4)) for root in reversed(_roots(document, nodes))]
    while waiting:
        given, above = waiting.pop()
        number = whole(given, "The number of a node", below=len(nodes))
        if number in seen:
            raise MeshRefused(
                f"Node {number} of the model hangs in a loop or under two parents. Repair it and export it again."
            )
        seen.add(number)
        with np.errstate(over="ignore", invalid="ignore"):
            world = above @ _matrix(nodes[number], f"node {number}")
        if not np.isfinite(world).all():
            raise MeshRefused(f"Node {number} of the model is scaled without bounds. Export it again.")
        found.append((number, world))
        waiting.extend((child, world) for child in reversed(_children(nodes[number], number)))
    return found


def _children(node: Document, number: int) -> list[Any]:
    children = node.get("children", [])
    if not isinstance(children, list):
        raise MeshRefused(f"The children of node {number} are damaged. Export the model again.")
    return children


def _roots(document: Document, nodes: list[Document]) -> list[Any]:
    scenes = document.get("scenes", [])
    if scenes:
        roots = entry(document, "scenes", document.get("scene", 0), "the scene").get("nodes", [])
        if not isinstance(roots, list):
            raise MeshRefused("The scene's list of nodes is damaged. Export the model again.")
        return roots
    below = {child for i, node in enumerate(nodes) for child in _children(node, i) if isinstance(child, int)}
    return [number for number in range(len(nodes)) if number not in below]


def _matrix(node: Document, what: str) -> Floats:
    """Return the (4, 4) matrix of a node, from its matrix or its translation, rotation and scale."""
    if "matrix" in node:
        matrix = np.array(numbers(node["matrix"], 16, f"The matrix of {what}")).reshape(4, 4).T
        if np.abs(matrix[3] - (0, 0, 0, 1)).max() > 1e-4:
            raise MeshRefused(f"The matrix of {what} is no placing in space. Export the model again.")
        return matrix
    x, y, z, w = numbers(node.get("rotation", [0, 0, 0, 1]), 4, f"The rotation of {what}")
    length = math.sqrt(x * x + y * y + z * z + w * w)
    if length < 1e-6:
        raise MeshRefused(f"The rotation of {what} is empty. Export the model again.")
    x, y, z, w = x / length, y / length, z / length, w / length
    matrix = np.eye(4)
    matrix[:3, :3] = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    matrix[:3, :3] *= numbers(node.get("scale", [1, 1, 1]), 3, f"The scale of {what}")
    matrix[:3, 3] = numbers(node.get("translation", [0, 0, 0]), 3, f"The place of {what}")
    return matrix


@dataclass
class _Budget:
    """What the file has used up so far; meshes shown by several nodes count each time."""

    triangles: int = 0
    corners: int = 0
    primitives: int = 0

    def take(self, triangles: int, corners: int) -> None:
        self.triangles += triangles
        self.corners += corners
        self.primitives += 1
        if self.triangles > MOST_TRIANGLES or self.corners > MOST_CORNERS:
            raise MeshRefused(
                f"The model has more than {MOST_TRIANGLES:,} triangles. Reduce it (decimate) and export it again."
            )
        if self.primitives > MOST_PRIMITIVES:
            raise MeshRefused(
                f"The model is split into more than {MOST_PRIMITIVES:,} pieces by material. Join them and export again."
            )


def _part(
    document: Document, binary: bytes, node: Document, number: int, world: Floats, budget: _Budget
) -> Part:
    """Return the surfaces of one node in the world; empty if it has only points and lines."""
    mesh = entry(document, "meshes", node["mesh"], f"the mesh of node {number}")
    name = plain_name(node.get("name")) or plain_name(mesh.get("name")) or f"part {number + 1}"
    corners, faces, weights, colours = [np.empty((0, 3))], [np.empty((0, 3), np.int64)], [], []
    start = 0
    for primitive in entries(mesh, "primitives"):
        mode = whole(primitive.get("mode", accessors.TRIANGLES), f"The kind of surface of {name}", below=7)
        attributes = primitive.get("attributes")
        if mode < accessors.TRIANGLES or not isinstance(attributes, dict) or "POSITION" not in attributes:
            continue
        place, order = attributes["POSITION"], primitive.get("indices")
        count = accessors.count_of(document, place, f"the positions of {name}")
        indexed = count if order is None else accessors.count_of(document, order, f"the triangles of {name}")
        budget.take(indexed // 3 if mode == accessors.TRIANGLES else max(indexed - 2, 0), count)
        points = accessors.positions(document, binary, place, name)
        found = accessors.triangles(document, binary, order, mode, len(points), name)
        corners.append(points)
        faces.append(found + start)
        start += len(points)
        weights.append(len(found))
        colours.append(_colour(document, primitive, name))
    local, triangles = np.concatenate(corners), np.concatenate(faces)
    if len(triangles):
        used = np.unique(triangles)  # corners no triangle uses would make the box too large
        fresh = np.zeros(len(local), dtype=np.int64)
        fresh[used] = np.arange(len(used))
        local, triangles = local[used], fresh[triangles]
    return Part(
        name, local @ world[:3, :3].T + world[:3, 3], triangles, _axes(world), _mean(colours, weights)
    )


def _colour(document: Document, primitive: Document, name: str) -> Colour:
    """Return the base colour of a primitive's material; textures are not read."""
    if "material" not in primitive:
        return GREY
    surface = entry(document, "materials", primitive["material"], f"the material of {name}").get(
        "pbrMetallicRoughness"
    )
    if not isinstance(surface, dict) or "baseColorFactor" not in surface:
        return GREY
    red, green, blue, _ = (
        min(max(value, 0.0), 1.0) for value in numbers(surface["baseColorFactor"], 4, f"The colour of {name}")
    )
    return red, green, blue


def _mean(colours: list[Colour], weights: list[int]) -> Colour:
    if not sum(weights):
        return GREY
    red, green, blue = np.average(np.array(colours), axis=0, weights=weights)
    return round(float(red), 4), round(float(green), 4), round(float(blue), 4)


def _axes(world: Floats) -> Floats:
    """Return the rotation nearest to a matrix: what is left of it without its scale, mirror and shear."""
    left, _, right = np.linalg.svd(world[:3, :3])
    axes: Floats = left @ right
    if np.linalg.det(axes) < 0:  # a mirrored box is the same box
        axes[:, 2] *= -1
    return axes


def plain_name(name: Any) -> str:
    """Return a name without control characters, at most 80 characters; empty if it is no text."""
    if not isinstance(name, str):
        return ""
    printable = name.encode("utf-8", "ignore").decode()  # half a surrogate pair can be written, never stored
    return "".join(sign for sign in printable if ord(sign) > 31 and ord(sign) != 127).strip()[:80]
