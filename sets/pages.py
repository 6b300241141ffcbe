"""What the page of a set shows, gathered from its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse

from previs.generation.subjects import subject_context
from previs.script.models import Scene
from sets.blockouts import blockout_context
from sets.cards import frames_by_scene, hero_context, palette_context
from sets.dressing import dressing_of
from sets.effects import effect_of
from sets.forms import FillForm, RecordForm, ReferenceForm
from sets.grid import grid_of
from sets.merging import split_suggestion
from sets.models import Set
from sets.places import scenes_by_set, side_of
from sets.recipe import compile_set
from sets.references import reference_cards
from sets.services import latest_plan
from sets.variants import WEATHERS, seen_from

if TYPE_CHECKING:
    from previs.accounts.models import User

TABS = ("concepts", "references", "dressing", "record")


def page_context(
    place: Set,
    user: User,
    *,
    tab: str = "concepts",
    weather: str = "",
    camera: str = "",
    new: bool = False,
    forms: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Everything `sets/set.html` shows.

    tab: one of TABS.  camera: from which concepts are taken, "" for the plan's first.  new: the composer is wanted.
    forms: bound ones that were refused, by the names under which the page shows them.
    """
    by_set = scenes_by_set(place.project)
    scenes = by_set.get(place.pk, [])
    compiled = compile_set(place, scenes, camera=camera)
    plan = latest_plan(place)
    cameras = [str(position["id"]) for position in plan.document.get("cameras", [])] if plan else []
    chosen = camera if camera in cameras else (cameras[0] if cameras else "")
    action = reverse("generate_set", args=[place.project.slug, place.pk])
    context = subject_context(
        place,
        compiled,
        user,
        action=f"{action}?{urlencode({'camera': chosen})}" if chosen else action,
        heading=place.name,
    )
    context |= hero_context(place, user, compiled.prompt) | palette_context(place)
    context |= {
        "tab": tab if tab in TABS else TABS[0],
        "composing": new or place.sheet.pick_id is None or context["tray"]["open_count"] > 0,
        "side": side_of(place, scenes),
        "scenes": scenes_played(place, scenes),
        "concerned": [scene.number for scene in scenes],
        "effect": effect_of(place),
        "plan": plan,
        "cameras": cameras,
        "camera": chosen,
        "parts": list(place.parts.all()),
        "split": split_suggestion(place, scenes),
        "others": place.project.sets.standing().exclude(pk=place.pk),
        "reference_count": place.references.count(),
        "record_form": RecordForm.of(place),
        **grid_context(place, user, weather=weather, cameras=cameras, camera=camera),
    }
    if context["tab"] == "references":
        context |= {
            "references": reference_cards(place),
            "reference_form": ReferenceForm(),
        }
    elif context["tab"] == "dressing":
        context["things"] = dressing_of(place, scenes)
    return context | blockout_context(place, user) | (forms or {})


def grid_context(
    place: Set,
    user: User,
    *,
    weather: str,
    cameras: list[str],
    camera: str = "",
    form: FillForm | None = None,
) -> dict[str, Any]:
    """What `sets/_variants.html` shows.

    camera: the one asked for.  form: a refused one, with what was typed.
    """
    chosen = weather if weather in WEATHERS else WEATHERS[0]
    return {
        "place": place,
        "grid": grid_of(place, chosen, user),
        "weathers": WEATHERS,
        "cameras": cameras,
        "grid_camera": camera_for(place, cameras, asked=camera),
        "fill_form": form or FillForm(initial={"weather": chosen}),
    }


def camera_for(place: Set, cameras: list[str], *, asked: str) -> str:
    """The camera that variants are seen from: the one asked for, else the hero's, else the first; "" without one."""
    wanted = (asked, seen_from(place.sheet.pick), *cameras)
    return next((label for label in wanted if label in cameras), "")


def scenes_played(place: Set, scenes: list[Scene]) -> list[tuple[Scene, str, int]]:
    """Each scene with the colour class of its number and how many frames of it used this set."""
    frames = frames_by_scene(place, scenes)
    return [(scene, strip_class(scene), frames.get(str(scene.pk), 0)) for scene in scenes]


def strip_class(scene: Scene) -> str:
    """The colour class of a scene number: inside or outside, by day or night, or between them."""
    if scene.time_of_day in ("DAWN", "DUSK", "MORNING", "EVENING"):
        return "twi"
    side = "ext" if scene.kind == "EXT" else "int"
    return f"{side}-{'night' if scene.time_of_day == 'NIGHT' else 'day'}"
