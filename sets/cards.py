"""The fragments that change with the sheet of a set, for its page, the list and the socket."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string

from previs.generation.models import HIDDEN, Frame, Sheet, Source
from previs.generation.palette import palette_of
from previs.generation.subjects import SubjectCard, subject_cards
from previs.projects.models import EDITING_ROLES
from previs.review.models import Decision, Verdict
from previs.review.state import ReviewState, states_of
from sets.effects import effect_of
from sets.grid import cells_of, grid_of
from sets.models import Set, Variant
from sets.plan_versions import newest_html
from sets.recipe import compile_set
from sets.variants import Spot, hero_spot, seen_from

if TYPE_CHECKING:
    from previs.accounts.models import User
    from previs.script.models import Scene

CONCEPTS_SHOWN = 8
SENTENCE = re.compile(r"(?<=[.!?])\s+")
# The lens follows the camera of the plan; it says nothing of what somebody wanted.
LENS = re.compile(r"Wide shot, eye level, [\d.]+ mm\.")


@dataclass(frozen=True, slots=True)
class Concept:
    """One concept frame in the strip.

    words: what its prompt says that the compiled one does not.  camera: of the plan, "" where a model placed its own.
    """

    frame: Frame
    words: str
    camera: str
    state: ReviewState
    hero: bool


def card_html(sheet: Sheet, user: User) -> str:
    """Everything about a set that its pick and its frames change, one root element each."""
    place = (
        Set.objects.select_related("sheet__pick__job", "sheet__project", "project")
        .filter(sheet=sheet)
        .first()
    )
    if place is None:
        return ""
    context = hero_context(place, user) | {"effect": effect_of(place)} | palette_context(place)
    templates = ("sets/_set_card.html", "sets/_hero.html", "sets/_palette.html", "sets/_effect.html")
    pieces = [render_to_string(template, context) for template in templates]
    return "\n".join([*pieces, *_hero_cells(place, context["concepts"], user), *newest_html(place, user)])


def _hero_cells(place: Set, concepts: Sequence[Concept], user: User) -> list[str]:
    """The cells that the pick stands in, those that an earlier pick may have stood in, and how many are empty now."""
    spots = {spot for concept in concepts if (spot := hero_spot(concept.frame)) is not None}
    pieces: list[str] = []
    for weather in sorted({spot.weather for spot in spots}):
        grid = grid_of(place, weather, user)
        cells = [cell for row in grid.rows for cell in row.cells if cell.spot in spots]
        pieces += [render_to_string("sets/_cell.html", {"cell": cell}) for cell in cells]
        context = {"place": place, "grid": grid, "can_edit": place.project.role_of(user) in EDITING_ROLES}
        pieces += [
            render_to_string(template, context)
            for template in ("sets/_grid_empty.html", "sets/_grid_again.html")
        ]
    return pieces


def variant_html(sheet: Sheet, user: User) -> str:
    """The cell of a variant in its grid, and the card on its own page."""
    variant = (
        Variant.objects.select_related(
            "sheet__pick", "sheet__project", "set__project", "set__sheet__pick", "set__sheet__project"
        )
        .filter(sheet=sheet)
        .first()
    )
    if variant is None:
        return ""
    context = variant_context(variant, user)
    return "\n".join(
        render_to_string(template, context) for template in ("sets/_cell.html", "sets/_variant_card.html")
    )


def variant_context(variant: Variant, user: User) -> dict[str, Any]:
    """A variant as a cell and as a card. variant: with its sheet, pick, set and project loaded."""
    return {
        "cell": cells_of(variant.set, [variant], user)[0],
        "card": subject_cards([variant], user)[0],
    }


def hero_context(place: Set, user: User, compiled: str | None = None) -> dict[str, Any]:
    """The pick with who approved it, and the concepts beside it. compiled: the set's own prompt, where it is known."""
    card: SubjectCard = subject_cards([place], user)[0]
    frames = list(
        place.sheet.frames.with_card().exclude(state__in=HIDDEN).order_by("-number")[:CONCEPTS_SHOWN]
    )
    if card.frame is not None and card.frame not in frames:
        frames = [*frames[: CONCEPTS_SHOWN - 1], card.frame]
    states = states_of(frames)
    prompt = compile_set(place).prompt if compiled is None else compiled
    return {
        "place": place,
        "card": card,
        "concepts": [
            Concept(
                frame,
                own_words(frame, prompt),
                seen_from(frame),
                states[frame.pk],
                frame.pk == place.sheet.pick_id,
            )
            for frame in frames
        ],
        "hero_spot": hero_spot(place.sheet.pick) or Spot("", "", ""),
        "approvals": _approvals(card.frame),
        "users": frames_using(place),
        "can_edit": place.project.role_of(user) in EDITING_ROLES,
    }


def palette_context(place: Set) -> dict[str, Any]:
    hero = place.sheet.pick
    return {"place": place, "hero": hero, "swatches": palette_of(hero) if hero else []}


def own_words(frame: Frame, compiled: str) -> str:
    """What somebody wrote into the brief of a frame: its sentences that the compiled prompt does not have."""
    provenance = getattr(frame, "provenance", None)
    if provenance is None:
        return frame.caption
    usual = set(SENTENCE.split(compiled))
    heading, _, said = provenance.prompt.partition(" - ")
    body = said.partition(". ")[2] if heading.startswith(("INT.", "EXT.")) else provenance.prompt
    own = [part for part in SENTENCE.split(body) if part not in usual and not LENS.fullmatch(part)]
    return " ".join(own)


def frames_using(place: Set) -> int:
    """How many frames were made with the present pick and words."""
    return (
        Frame.objects.filter(
            job__sources__kind="set", job__sources__ref=str(place.pk), job__sources__digest=place.digest
        )
        .exclude(state__in=HIDDEN)
        .count()
    )


def frames_by_scene(place: Set, scenes: Sequence[Scene]) -> dict[str, int]:
    """Scene key -> frames of that scene that were made from this set, whatever it was then; one query."""
    counts: dict[str, int] = defaultdict(int)
    jobs = Source.objects.filter(kind="set", ref=str(place.pk), job__frame__isnull=False).values("job")
    here = Source.objects.filter(kind="scene", ref__in=[str(scene.pk) for scene in scenes], job__in=jobs)
    for ref in here.values_list("ref", flat=True):
        counts[ref] += 1
    return dict(counts)


def _approvals(frame: Frame | None) -> list[Decision]:
    """Who approved a frame, in the order they did; empty when one of them asks for changes."""
    if frame is None:
        return []
    words = list(Decision.objects.in_force().filter(frame=frame).select_related("by").order_by("created_at"))
    refused = any(word.verdict == Verdict.CHANGES for word in words)
    return [] if refused else words
