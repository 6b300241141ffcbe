"""What every page's frame shows: productions, the film strip, the engine meter."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from previs.generation.cards import engine_meter
from previs.projects.models import Project
from previs.review.gates import spoken_on
from previs.review.models import Decision, Verdict
from previs.script.colours import strip_kind
from previs.script.models import Scene
from previs.storyboard.models import Panel


@dataclass(slots=True)
class StripScene:
    """One segment of the film strip. kind: the colour class; approved_share: 0 to 1 of its panels."""

    number: str
    url: str
    eighths: int
    kind: str
    heading: str
    approved_share: float = 0.0
    current: bool = False
    dim: bool = False
    scene: Scene | None = field(default=None, repr=False)


def film_strip(project: Project, *, current: str = "") -> list[StripScene]:
    """The scenes of a production in story order; three queries, whatever their number.

    current: the number of the scene whose page this is.
    """
    # The text of a whole script is nothing a strip needs.
    scenes = list(project.scenes.defer("text", "synopsis"))
    picks: dict[Any, list[Any]] = defaultdict(list)
    for scene_id, pick_id in Panel.objects.filter(shot__scene__project=project).values_list(
        "shot__scene_id", "sheet__pick_id"
    ):
        picks[scene_id].append(pick_id)
    wanted = [pick for scene_picks in picks.values() for pick in scene_picks if pick]
    decided = spoken_on(Decision.objects.in_force().filter(frame__in=wanted))
    approved = {pk for pk, spoken in decided.items() if spoken.verdicts == {Verdict.APPROVED}}
    segments = []
    for scene in scenes:
        scene.project = project
        panels = picks[scene.pk]
        segments.append(
            StripScene(
                number=scene.number,
                url=scene.get_absolute_url(),
                eighths=scene.eighths,
                kind=strip_kind(scene),
                heading=scene.heading,
                approved_share=sum(pick in approved for pick in panels) / len(panels) if panels else 0.0,
                current=scene.number == current,
                scene=scene,
            )
        )
    return segments


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the page frame; nothing for people who are not signed in.

    The project is the one named in the address, if the person may see it.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    match = request.resolver_match
    slug = match.kwargs.get("slug") if match else None
    number = str(match.kwargs.get("number", "")) if match else ""
    # Lazy, because a fragment uses none of it and its answer should not wait for it.
    productions: Any = SimpleLazyObject(lambda: list(Project.objects.visible_to(user)))
    project: Any = SimpleLazyObject(lambda: next((film for film in productions if film.slug == slug), None))
    return {
        "productions": productions,
        "project": project,
        "member_role": SimpleLazyObject(lambda: project.role_of(user) if project else ""),
        "strip": SimpleLazyObject(lambda: film_strip(project, current=number) if project else []),
        "engine_meter": SimpleLazyObject(lambda: engine_meter(user)),
        "nav": _nav(match.url_name or "") if match else "",
    }


def _nav(url_name: str) -> str:
    return {
        "home": "films", "queue": "queue", "script": "script", "script_import": "script", "boards": "boards",
        "scene": "boards", "sets": "sets", "set": "sets", "costumes": "costume", "looks": "costume", "closet": "costume",
        "add_garment": "costume", "edit_garment": "costume", "change": "costume",
        "review": "review", "frame": "review", "history": "frames", "compare": "frames", "people": "people",
    }.get(url_name, "")  # fmt: skip
