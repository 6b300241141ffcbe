"""A blockout was staged for the compiled words; this lets it follow what somebody wrote in their place."""

from __future__ import annotations

import json
from typing import Any

from previs.blockout.reader import Reading, read
from previs.generation import controls
from previs.generation.compiled import Compiled
from previs.generation.models import Frame, Provenance

LIGHT_AND_STATE = ("time_of_day", "weather", "damage", "look")
CONTENTS = ("people", "props")
"""Besides what stands in a plan; what a text no longer names is gone."""


def blockout_of(compiled: Compiled, followed: Frame | None, prompt: str) -> dict[str, Any] | None:
    """What frames from these words follow: the compiled blockout, or that of a chosen frame; None for neither."""
    if followed is not None:
        return room_of(followed, prompt)
    return as_written(compiled.blockout, before=compiled.prompt, now=prompt)


def room_of(frame: Frame, prompt: str, *, contents: bool = True) -> dict[str, Any] | None:
    """The blockout that a frame followed, with what the prompt says otherwise than the frame's own."""
    made = getattr(frame, "provenance", None)
    before = made.prompt if isinstance(made, Provenance) else prompt
    return as_written(controls.blockout_of(frame), before=before, now=prompt, contents=contents)


def as_written(
    blockout: dict[str, Any] | None, *, before: str, now: str, contents: bool = True
) -> dict[str, Any] | None:
    """The blockout with what `now` says otherwise than `before`, the words it was staged for; its room and camera stay.

    An hour that is no longer named stays; a weather, a state or a look that is no longer named is gone.  contents: people
    and props follow the words, too.
    """
    if blockout is None or now.strip() == before.strip() or blockout.get("domain", "scene") != "scene":
        return blockout
    old, new = read(before, domain="scene"), read(now, domain="scene")
    then, said = _fields(old), _fields(new)
    changed = [
        name
        for name in LIGHT_AND_STATE
        if (name in new.said and (name not in old.said or said[name] != then[name]))
        or (name in old.said and name not in new.said and name != "time_of_day")
    ]
    if contents:
        changed += [name for name in CONTENTS if said[name] != then[name]]
    return blockout | {name: said[name] for name in changed}


def _fields(reading: Reading) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(reading.description.to_json())
    return found
