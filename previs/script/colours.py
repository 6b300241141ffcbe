"""The colour class of a scene wherever scenes stand in a row: interior or exterior by time of day."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from previs.script.models import Scene

TWILIGHT = {"DAWN", "DUSK", "MORNING", "EVENING"}


def strip_kind(scene: Scene) -> str:
    if scene.omitted:
        return "omitted"
    if scene.time_of_day in TWILIGHT:
        return "twi"
    place = "ext" if scene.kind == "EXT" else "int"
    return f"{place}-{'night' if scene.time_of_day == 'NIGHT' else 'day'}"
