"""The models this installation can render with, as a composer offers them."""

from __future__ import annotations

from django.conf import settings

from previs.engine.cards import ModelCard
from previs.engine.catalogue import available
from previs.projects.models import Project


def installed() -> dict[str, ModelCard]:
    """Model id -> card of everything that can be loaded here; the studio's default comes first."""
    cards = available(settings.PREVIS_MODELS_HOME, allow_scripted=settings.PREVIS_ALLOW_SCRIPTED)
    first = [model for model in (settings.PREVIS_MODEL,) if model in cards]
    return {model: cards[model] for model in [*first, *(model for model in cards if model not in first)]}


def frame_size(card: ModelCard, project: Project, *, portrait: bool = False) -> tuple[int, int]:
    """Pixels of a frame: the project's ratio at about the area the model was trained at; sides in eights.

    portrait: a standing figure, 9:16, whatever the film's ratio.
    """
    ratio = 9 / 16 if portrait else float(project.aspect_ratio)
    if card.family == "pocket":
        width, height = (512.0, 512 / ratio) if ratio >= 1 else (512 * ratio, 512.0)
    else:
        width = (card.width * card.height * ratio) ** 0.5
        height = width / ratio
    return tuple(min(2048, max(64, round(side / 8) * 8)) for side in (width, height))  # type: ignore[return-value]


def size_like(card: ModelCard, width: int, height: int) -> tuple[int, int]:
    """Pixels of a frame that refines another one: its own size, unless the model was trained far from it.

    width, height: of the other frame in px.  Returns its ratio, sides in eights.
    """
    native = (
        512 * 512 / max(width / height, height / width)
        if card.family == "pocket"
        else card.width * card.height
    )
    area = width * height
    scale = 1.0 if native / 2 <= area <= native * 2 else (native / area) ** 0.5
    return tuple(min(2048, max(64, round(side * scale / 8) * 8)) for side in (width, height))  # type: ignore[return-value]
