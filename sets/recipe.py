"""From a set to the prompts of its concept frames and variants, and to the blockout that they follow."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from previs.blockout.description import PLACES
from previs.blockout.reader import read
from previs.generation.compiled import Compiled
from previs.generation.sources import SourceRef
from previs.names import shown
from previs.script.models import Scene
from sets.dressing import kept_names
from sets.models import Plan, Set, Variant
from sets.places import scenes_of
from sets.services import latest_plan

if TYPE_CHECKING:
    from collections.abc import Mapping

# The hours a picture can have, for the times that headings name; what is not named here plays by day.
HOURS = {"DAWN": "dawn", "NIGHT": "night", "DUSK": "dusk", "EVENING": "dusk"}
WEATHER_WORDS = {"rain": "Rain", "snow": "Snow", "fog": "Fog", "storm": "Storm", "ash": "Falling ash"}
DAMAGES = ("intact", "damaged", "ruined")
# More than this and a prompt lists furniture instead of showing a room.
MOST_DRESSING = 6
NO_PEOPLE = "No people."


def compile_set(place: Set, scenes: Collection[Scene] | None = None, *, camera: str = "") -> Compiled:
    """A wide view of the place at the hour it plays most, in the designer's words; empty but for the plan's figures.

    camera: a label of the set's newest plan, "" for its first one; without a plan the model places its own.
    """
    playing = scenes_of(place) if scenes is None else list(scenes)
    hours = Counter(scene.time_of_day for scene in playing if scene.time_of_day)
    hour = hours.most_common(1)[0][0] if hours else "DAY"
    plan = latest_plan(place)
    position = camera_of(plan, camera)
    view = heading_of(place, hour), f"Wide shot, eye level, {_lens(position)} mm."
    room = _dressed(kept_names(place, playing)), place.description.strip()
    prompt = _joined(*view, _nobody(plan, position), *room)
    sources = [
        SourceRef("heading", str(scene.pk), heading_digest(scene), f"Scene {scene.number}, heading")
        for scene in playing
    ]
    if plan is None or position is None:
        return Compiled(prompt, tuple(sources))
    sources.append(plan_source(place, plan, position))
    blockout = blockout_for(
        place,
        camera=str(position["id"]),
        time_of_day=hour,
        weather="clear",
        damage="intact",
        crowd=0,
        vehicles=0,
        # The plan says who stands there; nobody is read from the words beside its figures.
        prompt=_joined(*view, NO_PEOPLE, *room),
        plan=plan,
    )
    return Compiled(prompt, tuple(sources), blockout=blockout)


def compile_variant(variant: Variant, *, camera: str = "", plan: Plan | None = None) -> Compiled:
    """The same room at another hour, in another condition and weather, with so many people and vehicles.

    plan: the set's newest one where the caller has it.
    """
    place = variant.set
    plan = plan or latest_plan(place)
    position = camera_of(plan, camera)
    room = [
        heading_of(place, variant.time_of_day),
        f"Wide shot, eye level, {_lens(position)} mm.",
        _weather(variant.weather, outside=place.interior),
        "" if variant.condition == "intact" else _sentence(variant.condition),
        place.description.strip(),
    ]
    seen = [
        f"A crowd of {variant.crowd}." if variant.crowd else _nobody(plan, position),
        f"{variant.vehicles} vehicles." if variant.vehicles else "",
    ]
    prompt = _joined(*room[:2], *seen, *room[2:])
    sources = [SourceRef("design", str(place.pk), place.design_digest, f"{shown(place.name)}, design")]
    if plan is not None and position is not None:
        sources.append(plan_source(place, plan, position))
    blockout = blockout_for(
        place,
        camera=str(position["id"]) if position else "",
        time_of_day=variant.time_of_day,
        weather=variant.weather,
        damage=damage_of(variant.condition),
        crowd=variant.crowd,
        vehicles=variant.vehicles,
        # In a plan the numbers stage people and vehicles; read from words they would stand there twice.
        prompt=_joined(*room, NO_PEOPLE) if plan else prompt,
        plan=plan,
    )
    return Compiled(prompt, tuple(sources), blockout=blockout)


def blockout_for(
    place: Set,
    *,
    camera: str,
    time_of_day: str,
    weather: str,
    damage: str,
    crowd: int,
    vehicles: int,
    prompt: str,
    plan: Plan | None = None,
) -> dict[str, Any]:
    """The `FrameRequest.blockout` of a frame in this set: the room of its plan, seen from one of its cameras.

    People, props and look are read from the prompt; hour, weather and damage are as given.  time_of_day: an hour
    of a picture or of a heading, in any case.  camera, crowd, vehicles: need a plan to stand in, and are left to the
    prompt without one; "" lets the renderer place its own view.  plan: the newest one where the caller has it.
    """
    plan = plan or latest_plan(place)
    described: dict[str, Any] = json.loads(read(prompt, domain="scene").description.to_json())
    described |= {"time_of_day": hour_of(time_of_day), "weather": weather, "damage": damage}
    if plan is not None:
        described |= {
            "plan": plan.document,
            "interior": bool(plan.document.get("interior", place.interior)),
            # Without a plan the heading names the room, so that it is the one that a frame from words alone shows.
            "stage_key": str(place.pk),
            "crowd": crowd,
            "vehicles": vehicles,
        }
        if plan.document.get("place") in PLACES:
            described["place"] = plan.document["place"]
        if camera:
            described["camera"] = camera_of(plan, camera)
    return described


def row_reading(place: Set, condition: str) -> tuple[list[str], bool]:
    """The words of a row of the grid that no blockout draws, and whether all of it is drawn like an intact set."""
    heading = heading_of(place, "day")
    bare = read(_joined(heading), domain="scene")
    said = read(_joined(heading, _sentence(condition)), domain="scene")
    unread = [word.lower() for word in said.ignored if word not in bare.ignored]
    return unread, said.description == bare.description


def camera_of(plan: Plan | None, label: str = "") -> dict[str, Any] | None:
    """A camera of a plan by its label, "" for the first; None for a plan without it."""
    cameras: list[Mapping[str, Any]] = plan.document.get("cameras", []) if plan else []
    return next((dict(camera) for camera in cameras if not label or camera["id"] == label), None)


def plan_source(place: Set, plan: Plan, camera: Mapping[str, Any]) -> SourceRef:
    """The blockout as a source of a frame, which goes stale when its camera or anything in the room is moved."""
    label = str(camera["id"])
    ref = f"{place.pk}:{label}"
    return SourceRef("plan", ref, plan.digest_from(label), f"{shown(place.name)}, camera {camera['id']}")


def heading_of(place: Set, hour: str) -> str:
    return f"{'INT' if place.interior else 'EXT'}. {place.name.upper()} - {hour.upper()}."


def hour_of(time_of_day: str) -> str:
    """The hour of a picture for the time in a heading: dawn, day, dusk or night."""
    return HOURS.get(time_of_day.upper(), "day")


def damage_of(condition: str) -> str:
    """The state of the blockout for a row of the grid; rows in the designer's words are read like a prompt."""
    return condition if condition in DAMAGES else read(condition, domain="scene").description.damage


def heading_digest(scene: Scene) -> str:
    """A concept depends on where and when a scene plays, not on what is said in it."""
    return f"{scene.kind}|{scene.set_key}|{scene.time_of_day}"[:64]


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _nobody(plan: Plan | None, position: Mapping[str, Any] | None) -> str:
    """That a picture shows nobody, unless it follows a plan with figures."""
    return "" if plan and position and plan.document.get("figures") else NO_PEOPLE


def _lens(position: Mapping[str, Any] | None) -> str:
    return f"{position['focal_mm']:g}" if position else "24"


def _dressed(names: Collection[str]) -> str:
    shown = list(names)[:MOST_DRESSING]
    if not shown:
        return ""
    return f"With {', '.join(shown[:-1])} and {shown[-1]}." if len(shown) > 1 else f"With {shown[0]}."


def _weather(weather: str, *, outside: bool) -> str:
    words = WEATHER_WORDS.get(weather, "")
    return f"{words} outside." if words and outside else f"{words}." if words else ""


def _sentence(words: str) -> str:
    words = words.strip().rstrip(".")
    return f"{words[:1].upper()}{words[1:]}."
