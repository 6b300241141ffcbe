"""From a description with a plan to a lit-ready stage: the plan's solids before exactly one of its cameras."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from previs.blockout.camera import CLOSE, SIZES
from previs.blockout.description import Figure, SceneDescription
from previs.blockout.geometry import Array, Column, SurfaceClass
from previs.blockout.plan import lens
from previs.blockout.plan.document import SetPlan
from previs.blockout.plan.dressing import Dressing, dressing_of
from previs.blockout.plan.floor import (
    Room,
    action_of,
    along,
    contains,
    distance,
    ground_of,
    middle_of,
    room_of,
)
from previs.blockout.plan.moves import overview
from previs.blockout.plan.parts import CameraPosition, Opening, PlanFigure, Wall
from previs.blockout.plan.piecebook import LIBRARY
from previs.blockout.plan.shell import bars_of, inward, openings_to_sky
from previs.blockout.plan.solids import solids_of
from previs.blockout.stage import WINDOW_FRAME, Lamp, SkyLight, Stage, Window
from previs.blockout.staging import Staged, stable_random

MOST_LAMPS = 12
FILLS = 3  # windows that give soft light
AT_LENS = 0.5  # metres around the lens that extras keep clear
WILD_GAP = 0.06  # metres between the lens and a wall that was moved out of its way
INDOOR_FALLOFF, OUTDOOR_FALLOFF = 0.2, 0.07


def stage_plan(description: SceneDescription, *, seed: int, width: int, height: int) -> Staged:
    """Stage the plan of a description before its camera, or the plan's camera A, or its first."""
    plan = description.floor_plan
    assert plan is not None
    camera = description.position or plan.camera() or overview(plan, width / height)
    plan, lent = _cast(description, plan, camera, width / height)
    dressing = dressing_of(plan.place, plan.interior, plan.ground)
    stage = _stage(plan, dressing, description.damage)
    room = room_of(plan) if description.damage != "ruined" else None
    skip: set[str] = set()
    faces: dict[str, float] = {}
    if room is not None:
        skip = set(room.walls)
        faces = _enter_room(stage, plan, room, camera)
    else:
        skip = _wild(plan, camera)
    roof = room is None and plan.ceiling is not None and camera.y < plan.ceiling
    solids = solids_of(
        plan, damage=description.damage, crowd=description.crowd, vehicles=description.vehicles, seed=seed, roof=roof,
        surface=dressing.surface, skip=skip, faces=faces, figures=lent,
    )  # fmt: skip
    _hang_lamps(stage, plan)
    stage.solids = solids
    table = _clear_lens(solids.table(), camera)
    key = stable_random("plan", plan.place)
    return Staged(stage, table, camera_row(camera, width / height), key.uniform(0, 50), key.uniform(-1, 1))


def camera_row(camera: CameraPosition, ratio: float) -> Array:
    """Return the camera row of the kernels, (14,): position, right, up, forward, two tangents."""
    right, up, forward = lens.axes(camera)
    wide, tall = lens.tangents(camera.sensor, camera.focal_mm, ratio)
    return np.array([camera.x, camera.y, camera.z, *right, *up, *forward, wide, tall])


def _stage(plan: SetPlan, dressing: Dressing, damage: str) -> Stage:
    """Return an empty stage with the floor, the air and the daylight of the plan."""
    stage = Stage(stable_random("plan", plan.place))
    stage.ground, stage.ground_texture = dressing.floor, dressing.floor_texture
    stage.floor, stage.floor_texture = dressing.floor, dressing.floor_texture
    stage.wall, stage.wall_texture = dressing.surface.colour, dressing.surface.texture
    stage.ceiling = dressing.surface.ceiling
    stage.enclosed = plan.interior and plan.ceiling is not None and damage != "ruined"
    stage.sky_share = 1.0 if plan.interior else dressing.sky_share
    stage.most_lamps = MOST_LAMPS
    stage.action = action_of(plan)
    stage.wear = {"intact": 0.0, "damaged": 0.3, "ruined": 0.42}[damage]
    windows = openings_to_sky(plan)
    if stage.enclosed:
        for wall, opening in windows[:FILLS]:
            x, y, z = middle_of(wall, opening)
            nx, nz = inward(wall, opening, stage.action)
            stage.sky_lights.append(
                SkyLight(x + nx * 0.5, y, z + nz * 0.5, min(opening.width * opening.height, 4.0))
            )
    sun = next((light for light in plan.lights if light.kind == "sun" and light.on), None)
    if sun is not None:
        stage.sun = (sun.x - stage.action[0], sun.z - stage.action[1])
    elif windows and plan.interior:
        nx, nz = inward(*windows[0], stage.action)
        stage.sun = (-nx - 0.33 * nz, -nz + 0.33 * nx)
    stage.key_light = _key_light(plan)
    return stage


def _key_light(plan: SetPlan) -> tuple[float, float, float]:
    """Return where the crew hangs the lamp for the faces: beside the action, inside the walls."""
    x, z = action_of(plan)
    if not plan.interior:
        return x - 1.6, 2.8, z + 2.4
    high = 2.15 if plan.ceiling is None else min(2.15, plan.ceiling - 0.3)
    for share in (1.0, 0.75, 0.5, 0.25):
        kx, kz = x + 1.2 * share, z + 1.9 * share
        if not plan.outline or (contains(plan.outline, kx, kz) and distance(plan.outline, kx, kz) > 0.3):
            return kx, high, kz
    return x, high, z


def _hang_lamps(stage: Stage, plan: SetPlan) -> None:
    """Add the plan's lights and those of its lamps, the strongest first."""
    falloff = INDOOR_FALLOFF if plan.interior else OUTDOOR_FALLOFF
    for light in plan.lights:
        if light.on and light.kind != "sun":
            red, green, blue = (light.power * channel for channel in light.colour)
            soft = light.kind == "window"
            stage.lamps.append(
                Lamp(light.x, light.y, light.z, (red, green, blue), falloff, shadows=not soft, always=soft)
            )
    for piece in plan.pieces:
        if piece.solids is not None or not LIBRARY[piece.kind].lights:
            continue
        yaw = math.radians(piece.yaw)
        size = LIBRARY[piece.kind].size
        sx, sy, sz = (a / b for a, b in zip(piece.size or size, size, strict=True))
        for lamp in LIBRARY[piece.kind].lights:
            dx, dy, dz = lamp.at[0] * sx, lamp.at[1] * sy, lamp.at[2] * sz
            stage.lamps.append(
                Lamp(piece.x + math.cos(yaw) * dx + math.sin(yaw) * dz, piece.y + dy,
                     piece.z - math.sin(yaw) * dx + math.cos(yaw) * dz, lamp.colour, lamp.falloff, False, lamp.always)
            )  # fmt: skip
    stage.lamps.sort(key=lambda lamp: -sum(lamp.colour))


def _enter_room(stage: Stage, plan: SetPlan, room: Room, camera: CameraPosition) -> dict[str, float]:
    """Make the rectangular room the stage's own; a wall that the camera stands behind is wild and moves back.

    Returns how far from its middle line each wall's inner face lies.
    """
    assert plan.ceiling is not None
    stage.room = (
        min(room.x0, camera.x - WILD_GAP), 0.0, min(room.z0, camera.z - WILD_GAP), max(room.x1, camera.x + WILD_GAP),
        max(plan.ceiling, camera.y + WILD_GAP), max(room.z1, camera.z + WILD_GAP),
    )  # fmt: skip
    middle = ((room.x0 + room.x1) / 2, (room.z0 + room.z1) / 2)
    faces = {}
    for wall in plan.walls:
        if wall.id not in room.walls:
            continue
        if wall.colour is not None:
            stage.wall = wall.colour
        px, pz = along(wall, wall.length / 2, 1.0)
        cx, cz = along(wall, wall.length / 2)
        side = 1.0 if (px - cx) * (middle[0] - cx) + (pz - cz) * (middle[1] - cz) > 0 else -1.0
        axis = 0 if abs(wall.a[0] - wall.b[0]) < 0.01 else 2
        edges = (room.x0, room.x1) if axis == 0 else (room.z0, room.z1)
        plane = min(edges, key=lambda edge, at=wall.a[0 if axis == 0 else 1]: abs(edge - at))  # type: ignore[misc]
        # local z of the wall's frame points to the right of a-b on the plan, away from `aside`
        faces[wall.id] = -side * abs(plane - wall.a[0 if axis == 0 else 1])
        for opening in wall.openings:
            if opening.kind == "window":
                stage.windows.append(_window(wall, opening, axis, plane))
    return faces


def _window(wall: Wall, opening: Opening, axis: int, plane: float) -> Window:
    ends = [along(wall, metres)[1 if axis == 0 else 0] for metres in (opening.at, opening.at + opening.width)]
    across, up = bars_of(opening)
    frame = min(WINDOW_FRAME, opening.width / 4, opening.height / 4)
    return Window(
        axis, plane, min(ends) + frame, max(ends) - frame, opening.bottom + frame,
        opening.bottom + opening.height - frame, across, up,
    )  # fmt: skip


def _wild(plan: SetPlan, camera: CameraPosition) -> set[str]:
    """Return the walls that stand between a camera outside an interior and its room."""
    if not plan.interior or not plan.outline or contains(plan.outline, camera.x, camera.z):
        return set()
    action = action_of(plan)
    found = set()
    for wall in plan.walls:
        x, z = along(wall, wall.length / 2)
        px, pz = along(wall, wall.length / 2, 1.0)
        nx, nz = px - x, pz - z
        inside = (action[0] - x) * nx + (action[1] - z) * nz
        outside = (camera.x - x) * nx + (camera.z - z) * nz
        if inside * outside < 0:
            found.add(wall.id)
    return found


def _clear_lens(table: Array, camera: CameraPosition) -> Array:
    """Take extras away whose bodies stand in the lens; everything else is where the plan says."""
    near = np.hypot(table[:, 1] - camera.x, table[:, 3] - camera.z) < AT_LENS
    bodies = np.isin(table[:, Column.CLASS], (float(SurfaceClass.GARMENT), float(SurfaceClass.FIGURE)))
    gone = np.unique(table[near & bodies, Column.OBJECT])
    return np.ascontiguousarray(table[~(np.isin(table[:, Column.OBJECT], gone) & bodies)])


def _cast(
    description: SceneDescription, plan: SetPlan, camera: CameraPosition, ratio: float
) -> tuple[SetPlan, tuple[Figure, ...]]:
    """Return the plan with its people, and the clothes lent to them.

    The plan's figures stand where they stand and take the clothes of the description's people in order. Only
    a plan without figures takes the people themselves, side by side in the middle of the camera's view.
    """
    people = description.people
    if plan.figures or not people:
        return plan, people
    spot, half_width, azimuth = _mark(description, plan, camera, ratio)
    count = len(people)
    gap = max(0.55, min(1.1, half_width * 1.2 / count))
    cos, sin = math.cos(azimuth), math.sin(azimuth)
    figures = []
    for index, person in enumerate(people):
        right = (index - (count - 1) / 2) * gap
        right = {"left": -half_width * 0.5, "right": half_width * 0.5, "centre": 0.0}.get(
            person.position, right
        )
        ahead = {"background": 1.6, "foreground": -0.5}.get(person.position, 0.2 * (index % 2))
        turn = math.pi if person.facing == "away" else (0.35 if index % 2 else -0.35) * (count > 1)
        figures.append(
            PlanFigure(
                f"extra {index + 1}", "", spot[0] + cos * right - sin * ahead, spot[1] - sin * right - cos * ahead,
                0.0, math.degrees(azimuth + turn), person.pose, person.build, person.garments,
            )
        )  # fmt: skip
    return replace(plan, figures=tuple(figures)), ()


def _mark(
    description: SceneDescription, plan: SetPlan, camera: CameraPosition, ratio: float
) -> tuple[tuple[float, float], float, float]:
    """Return the lead's mark on the floor, half the frame's width there, and the way back to the camera.

    It lies on the camera's axis, as far away as the shot size asks for, and inside the outline.
    """
    wide, tall = lens.tangents(camera.sensor, camera.focal_mm, ratio)
    frame = SIZES[description.shot_size][0]
    away = min(max(frame / 2 / tall, 0.9), 14.0)
    if description.shot_size not in CLOSE:
        away = max(away, 2.2)
    pan = math.radians(camera.pan)
    dx, dz = -math.sin(pan), -math.cos(pan)
    ground = ground_of(plan)
    while away > 0.9 and plan.outline:
        x, z = camera.x + dx * away, camera.z + dz * away
        if contains(ground, x, z) and distance(ground, x, z) > 0.4:
            break
        away -= 0.25
    return (camera.x + dx * away, camera.z + dz * away), away * wide, pan
