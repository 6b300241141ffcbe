"""From a description to a lit-ready stage: the set by its key, the people and the camera by the take."""

from __future__ import annotations

import hashlib
import math
import random
from dataclasses import dataclass

import numpy as np

from previs.blockout import country, halls, nooks, rooms, town
from previs.blockout import furniture as f
from previs.blockout.camera import CLOSE, SIZES, View, aim, choose_view
from previs.blockout.description import Figure, SceneDescription
from previs.blockout.geometry import Array, Column, Point, Solid, SurfaceClass
from previs.blockout.mannequin import Mannequin
from previs.blockout.props import LARGE, SMALL, ruin, set_down
from previs.blockout.stage import Stage

assert halls and nooks and town and country  # imported for the builders they register

# Furniture a place has anyway: naming it must not add a second one.
NATIVE: dict[str, frozenset[str]] = {
    "kitchen": frozenset(("table", "chair", "stove", "fridge", "counter", "cupboard")),
    "living room": frozenset(("sofa", "armchair", "table", "bookcase", "lamp", "painting")),
    "bedroom": frozenset(("bed", "cupboard", "lamp", "chair")),
    "bathroom": frozenset(("sink", "mirror")),
    "office": frozenset(("desk", "chair", "screen")),
    "corridor": frozenset(("door", "bench")),
    "church": frozenset(("candle", "cross", "bench")),
    "bar": frozenset(("counter", "stool", "bottle", "shelf")),
    "restaurant": frozenset(("table", "chair", "candle", "plate")),
    "factory": frozenset(("machine", "crate", "barrel")),
    "cannery": frozenset(("jar", "crate", "machine", "table")),
    "classroom": frozenset(("desk", "table", "chair")),
    "hospital ward": frozenset(("bed",)),
    "cell": frozenset(("bed", "stool", "bucket")),
    "library": frozenset(("bookcase", "book", "table", "shelf")),
    "shop": frozenset(("counter", "shelf", "barrel", "crate")),
    "workshop": frozenset(("table", "wheel", "shelf")),
    "cellar": frozenset(("barrel", "shelf", "jar", "bottle")),
    "attic": frozenset(("crate", "box", "suitcase")),
    "street": frozenset(("car", "lamp", "door")),
    "square": frozenset(("fountain", "bench", "lamp", "tree")),
    "yard": frozenset(("truck", "crate", "lamp")),
    "road": frozenset(("fence", "tree")),
    "car": frozenset(("car", "lamp")),
    "station": frozenset(("bench", "clock")),
    "garden": frozenset(("bench", "bush", "flowers", "tree")),
    "orchard": frozenset(("tree", "crate", "ladder", "apple")),
    "forest": frozenset(("tree", "rock", "log", "bush")),
    "harbour": frozenset(("boat", "barrel", "crate", "lamp")),
    "beach": frozenset(("boat", "rock")),
    "mountain": frozenset(("rock", "tree")),
    "cemetery": frozenset(("grave", "cross", "tree", "fence")),
}
REMOVABLE = frozenset((SurfaceClass.PROP, SurfaceClass.VEHICLE, SurfaceClass.VEGETATION))


def stable_random(*parts: object) -> random.Random:
    """Return a generator seeded by text, the same in every process."""
    digest = hashlib.sha256("/".join(str(part) for part in parts).encode()).digest()
    return random.Random(int.from_bytes(digest[:8], "big"))  # noqa: S311  layout, not secrets


@dataclass(frozen=True)
class Staged:
    """A stage ready for light: solids (n, COLUMNS) and the camera row (14,)."""

    stage: Stage
    solids: Array
    camera: Array
    pattern_seed: float
    sun_side: float


def stage_scene(description: SceneDescription, *, seed: int, width: int, height: int) -> Staged:
    """Build the set, put the people in, and aim the camera."""
    key = stable_random("set", description.place, description.stage_key)
    stage = Stage(key)
    rooms.BUILDERS[description.place](stage)
    pattern_seed, sun_side = key.uniform(0, 50), key.uniform(-1, 1)
    stage.rng = stable_random("props", description.place, description.stage_key)
    focus = set_props(description, stage)
    if description.damage != "intact":
        stage.rng = stable_random("ruin", description.place, description.stage_key)
        ruin(stage, description.damage, *stage.action)
    set_rows = len(stage.solids.rows)
    take = stable_random("take", seed)
    view = choose_view(description, stage, take, width, height)
    heads = place_people(description, stage, view, take)
    target = target_of(description, stage, view, heads, focus, take)
    camera = aim(description, stage, view, target, take, height / width)
    solids = clear_view(stage.solids.table(), set_rows, camera, target, description.shot_size)
    return Staged(stage, solids, camera, pattern_seed, sun_side)


def set_props(description: SceneDescription, stage: Stage) -> Point | None:
    """Set the props down; return the first one that an insert can show."""
    focus: Point | None = None
    spots = list(stage.spots) or [(stage.action[0] + 1.2, stage.action[1])]
    surfaces = sorted(
        stage.surfaces, key=lambda s: math.hypot(s[0] - stage.action[0], s[2] - stage.action[1])
    )
    insert = description.shot_size == "INS"
    x0, z0 = stage.action
    for index, name in enumerate(description.props):
        if name in NATIVE.get(description.place, ()) and not (insert and index == 0):
            continue
        yaw = stage.rng.uniform(-0.3, 0.3)
        if insert and index == 0:
            if name in SMALL:
                f.table(stage, x0, z0, yaw * 0.3, w=1.3, d=0.8, set_it=False)
                set_down(stage, name, x0, z0 + 0.05, y=0.75, yaw=yaw)
                focus = (x0, 0.85, z0 + 0.05)
            else:
                set_down(stage, name, x0, z0, yaw=yaw)
                focus = (x0, 0.5 if name not in LARGE else 0.9, z0)
        elif name in SMALL:
            if surfaces:
                x, y, z = surfaces.pop(0)
            else:
                x, z = spots[index % len(spots)]
                y = 0.75
                f.table(stage, x, z, 0.2, w=0.7, d=0.6, set_it=False)
            set_down(stage, name, x, z, y=y, yaw=yaw)
        elif name in LARGE:
            side = -1 if index % 2 else 1
            reach = max(1.6, stage.spread * 1.3)
            set_down(stage, name, x0 + side * reach, z0 - 2.6 - index, yaw=yaw + side * -0.5)
        else:
            x, z = spots[index % len(spots)]
            set_down(stage, name, x + 0.5 * (index // len(spots)), z, yaw=yaw)
    return focus


def _slots(count: int, view: View, stage: Stage, close: bool) -> list[tuple[float, float]]:
    """Return (right, ahead) for each of `count` people, the lead first."""
    if count <= 1:
        return [(0.0, 0.0)] * count
    gap = (
        min(0.72, view.half_width * 1.1 / count)
        if close
        else min(stage.spread * 1.7 / count, view.half_width * 1.3 / count)
    )
    gap = max(gap, 0.5 if not close else 0.42)
    places = [(index - (count - 1) / 2) * gap for index in range(count)]
    order = sorted(places, key=lambda p: (abs(p - places[(count - 1) // 2]), p))
    return [(p, 0.0 if i == 0 else 0.25 * (i % 3)) for i, p in enumerate(order)]


def place_people(description: SceneDescription, stage: Stage, view: View, take: random.Random) -> list[Point]:
    """Put the people in; return the middle of each face."""
    close = description.shot_size in CLOSE
    slots = _slots(len(description.people), view, stage, close)
    heads: list[Point] = []
    for index, (figure, (right, ahead)) in enumerate(zip(description.people, slots, strict=True)):
        right += take.uniform(-0.06, 0.06) if close else take.uniform(-0.25, 0.25)
        ahead += take.uniform(0, 0.15) if close else take.uniform(-0.4, 0.5)
        half = min(view.half_width * 0.5, stage.spread)
        right = {"left": -half, "right": half, "centre": 0.0}.get(figure.position, right)
        if figure.position == "background":
            ahead += 2.2
        elif figure.position == "foreground":
            ahead -= min(1.0, view.distance * 0.3)
        turn = take.uniform(-0.5, 0.5) if close else take.uniform(-0.9, 0.9)
        if description.angle == "profile" and index == 0:
            turn = math.copysign(math.pi / 2, take.uniform(-1, 1))
        if figure.facing == "away":
            turn += math.pi
        if description.angle == "ots" and index == len(description.people) - 1:
            # the one whose shoulder we look over stands between lens and lead
            right, ahead, turn = 0.2 * view.half_width, -view.distance * 0.5, math.pi - 0.2
        elif len(slots) > 1 and index < 2 and figure.facing == "" and take.random() < 0.6:
            turn = -math.copysign(take.uniform(0.5, 0.9), right - slots[1 - index][0])
        x, z = view.place(stage.action, right, ahead)
        if stage.room is not None:
            x0, _, z0, x1, _, z1 = stage.room
            x, z = min(max(x, x0 + 0.4), x1 - 0.4), min(max(z, z0 + 0.5), z1 - 0.4)
        heads.append(_figure(stage, figure, take, x, z, view.azimuth + turn))
    return heads


def _figure(stage: Stage, figure: Figure, take: random.Random, x: float, z: float, yaw: float) -> Point:
    stage.marks.append((figure, x, z, yaw))
    seat = None
    if figure.pose == "sit":
        f.chair(stage, x, z - 0.0, yaw)
        seat = 0.49
    body = Mannequin(
        stage.solids,
        figure,
        take,
        x=x,
        z=z,
        yaw=yaw,
        floor=stage.floor_height,
        seat=seat,
        gaze=take.uniform(-0.3, 0.3),
    )
    return body.head


def target_of(
    description: SceneDescription,
    stage: Stage,
    view: View,
    heads: list[Point],
    focus: Point | None,
    take: random.Random,
) -> Point:
    """Return the point the lens is centred on."""
    _, _, below = SIZES[description.shot_size]
    size = description.shot_size
    if size == "INS":
        if focus is not None:
            return focus
        if heads:  # the hands
            return heads[0][0], heads[0][1] - 0.62, heads[0][2]
    if heads and size in (*CLOSE, "FS"):
        many = len(heads) if description.angle != "ots" else max(1, len(heads) - 1)
        use = heads[:many] if size in ("FS", "MWS", "MS") else heads[:1]
        x, z = sum(h[0] for h in use) / len(use), sum(h[2] for h in use) / len(use)
        room = view.half_width * take.uniform(-0.14, 0.14)
        x, z = view.place((x, z), room, 0.0)
        scale = min(1.0, heads[0][1] / 1.55)
        return x, heads[0][1] + 0.02 - below * (scale if below > 0 else 1.0), z
    x, z = view.place(stage.action, take.uniform(-0.3, 0.3), 0.6)
    if size in CLOSE:
        return x, 0.9, z
    return x, 1.2 + stage.tall * (0.7 if size == "WS" else 1.0), z


def clear_view(solids: Array, set_rows: int, camera: Array, target: Point, size: str) -> Array:
    """Return the solids without what stands in the lens, or between it and the lead in a close shot."""
    eye, forward = camera[:3], camera[9:12]
    kinds = solids[:, Column.CLASS].astype(np.int64)
    movable = np.isin(kinds, [int(kind) for kind in REMOVABLE])
    movable[set_rows:] = False
    relative = eye - solids[:, 1:4]
    inverse = solids[:, 4:13].reshape(-1, 3, 3)
    own = np.einsum("nij,nj->ni", inverse, relative)
    half = solids[:, 13:16].copy()
    cones = solids[:, Column.SHAPE] == Solid.CONE
    half[cones, 0] *= np.maximum(1.0, solids[cones, Column.TAPER])
    half[cones, 2] *= np.maximum(1.0, solids[cones, Column.TAPER])
    gap = np.abs(own) * solids[:, 13:16] - half
    round_ = solids[:, Column.SHAPE] == Solid.ELLIPSOID
    distance = np.linalg.norm(np.maximum(gap, 0.0), axis=1)
    distance[round_] = (np.linalg.norm(own[round_], axis=1) - 1) * half[round_].min(axis=1)
    near = distance < 0.4
    far = float(np.linalg.norm(np.array(target) - eye))
    along = (solids[:, 1:4] - eye) @ forward
    across = np.linalg.norm(solids[:, 1:4] - eye - along[:, None] * forward, axis=1)
    width = 0.3 if size in CLOSE else 0.15
    blocks = (
        (along > 0)
        & (along < far - 0.35)
        & (across < np.minimum(solids[:, Column.RADIUS], 0.9) + width * 0.5)
    )
    if size in ("EWS", "INS"):
        blocks[:] = False
    objects = solids[:, Column.OBJECT]
    gone = np.unique(objects[(near | blocks) & movable])
    drop = np.isin(objects, gone) & movable
    inside = near & ~movable & (np.arange(len(solids)) < set_rows) & (distance <= 0.05)
    return np.ascontiguousarray(solids[~(drop | inside)])
