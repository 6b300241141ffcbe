"""One cell of the plot, in words beside it: what is worn, why, and which frames show it."""

from __future__ import annotations

from typing import Any

from costumes.looks import Look, looks_of
from costumes.models import Change, ChangeStage, Wearing
from costumes.numbering import number_for
from costumes.outfits import stage_at, stage_label
from costumes.plot_words import why_words
from costumes.plotting import days_of
from previs.generation.models import HIDDEN, Frame, Sheet, Source
from previs.generation.sources import stale_reasons
from previs.script.colours import strip_kind
from previs.script.models import Character, Scene

MOST_USED = 3
# Sheets whose picks are shown to others as the film.
BOARDS = ("panel", "beat", "move")


def cell_context(character: Character, scene: Scene | None) -> dict[str, Any]:
    """Everything `_plot_cell.html` shows; with no scene, the character alone."""
    looks = looks_of([character]).get(character.pk, [])
    context: dict[str, Any] = {"character": character, "scene": scene, "looks": looks}
    if scene is None:
        return context
    wearing = Wearing.objects.filter(character=character, scene=scene).first()
    look = next((look for look in looks if wearing and look.change.pk == wearing.change_id), None)
    scenes, days = days_of(character.project)
    day = next(day for one, day in zip(scenes, days, strict=True) if one.pk == scene.pk)
    context |= {
        "look": look,
        "day": day,
        "wearing": wearing,
        "plays": scene.cast.filter(pk=character.pk).exists() and not scene.omitted,
        "kind": strip_kind(scene),
        "why": why_words(character, scene),
        "insert_number": number_for(character, scene),
    }
    return context | (_worn(look, scene) if look else {})


def _worn(look: Look, scene: Scene) -> dict[str, Any]:
    stages = list(ChangeStage.objects.filter(change=look.change).select_related("from_scene"))
    worn_in = list(look.change.scenes.filter(omitted=False).order_by("ordinal"))
    layers = look.change.layers.select_related("garment").order_by("-order")
    multiples = [layer.garment for layer in layers if layer.garment.multiples]
    used, count, stale = frames_with(look.change)
    return {
        "worn_in": [(one, strip_kind(one)) for one in worn_in],
        "stage": stage_label(stage_at(stages, scene)) or "clean",
        "stages": stages,
        "multiples": multiples,
        "used": used,
        "used_count": count,
        "used_stale": stale,
    }


def frames_with(change: Change) -> tuple[list[Frame], int, int]:
    """Frames of the boards that were compiled from a change and may be shown: the newest few, how many, how many of
    them are stale."""
    jobs = Source.objects.filter(kind="change", ref=str(change.pk)).values("job")
    picked = Sheet.objects.filter(pick__job__in=jobs, kind__in=BOARDS).values("pick")
    frames = list(
        Frame.objects.filter(pk__in=picked).exclude(state__in=HIDDEN).with_card().order_by("-created_at")
    )
    return frames[:MOST_USED], len(frames), len(stale_reasons(frames))
