"""What decided the pixels of a frame, one thing at a time, in words that two frames can be compared by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from previs.generation import controls
from previs.generation.models import Frame, Provenance
from previs.review.cards import SOURCE_WORDS

#: Facts that are texts: they are compared word by word.
TEXTS = ("Prompt", "Negative prompt", "Caption")
SOURCES = SOURCE_WORDS | {
    "design": "Set design",
    "plan": "Set plan",
    "frame": "Made from frame",
    "beat": "Beat",
    "move": "Camera move",
    "character": "Character",
}
WAYS = {
    "text": "from words alone",
    "refine": "by refining a picture",
    "inpaint": "by repainting a part of a picture",
    "depth": "after a blockout",
}
LONG_REVISION = 32
#: Of a blockout: names by which the renderer tells rooms apart; the set's plan says it in words.
UNSAID = ("stage_key",)
# Inputs that `controls.facts_of` describes with their strength.
DESCRIBED = ("picture", "mask", "reference")


def of_frame(frame: Frame) -> dict[str, str]:
    """Label -> value, in the order they are read; what a frame does not have is left out.

    frame: with made_for and provenance loaded.
    """
    made = getattr(frame, "provenance", None)
    found = {"Made": "by hand" if made is None else _way(made)}
    if made is None:
        found |= {"Caption": frame.caption, "Size": f"{frame.width} × {frame.height}"}
    else:
        found |= _of_provenance(made)
        found["Grey-box picture"] = short(frame.blockout_sha256)
    found["Asked for by"] = str(frame.made_for)
    return {label: value for label, value in found.items() if value}


def _of_provenance(made: Provenance) -> dict[str, str]:
    used = made.settings
    return {
        "Prompt": made.prompt,
        "Negative prompt": made.negative_prompt,
        "Seed": str(made.seed),
        "Steps": str(made.steps),
        "Guidance": f"{made.guidance:g}",
        "Scheduler": made.scheduler,
        "Size": f"{made.width} × {made.height}",
        "Model": made.model,
        # A commit is known by its beginning.
        "Revision": made.revision if len(made.revision) < LONG_REVISION else made.revision[:12],
        "Weights": digest_of(made.digests) if made.digests else "",
        **dict(controls.facts_of(made.request)),
        **{f"Input, {role}": short(sha256) for role, sha256 in made.inputs.items() if role not in DESCRIBED},
        **of_blockout(made.request.get("blockout")),
        "Device": ", ".join(str(used[name]) for name in ("device", "dtype") if used.get(name)),
        "Software": ", ".join(f"{package} {version}" for package, version in sorted(made.versions.items())),
    }


def _way(made: Provenance) -> str:
    ability = made.request.get("ability", "text")
    if ability == "text" and made.request.get("blockout"):
        return "from words, staged as a blockout"
    return WAYS.get(ability, "")


def of_blockout(blockout: Mapping[str, Any] | None) -> dict[str, str]:
    """The scene that a frame followed: its words one by one, its camera, its plan and people by short names.

    blockout: a scene description as JSON, of whichever version.
    """
    if not blockout:
        return {}
    found = {}
    for name, value in blockout.items():
        if name in UNSAID:
            continue
        label = f"Blockout, {name.replace('_', ' ').removesuffix(' mm')}"
        if name == "camera" and value:
            found["Camera"] = camera_words(value)
        elif isinstance(value, bool):
            found[label] = "yes" if value else "no"
        elif isinstance(value, str | int | float):
            found[label] = str(value)
        elif isinstance(value, list) and all(isinstance(part, str) for part in value):
            found[label] = ", ".join(value)
        elif isinstance(value, list):
            found[label] = f"{len(value)} ({digest_of(value)})"
        elif value:
            found[label] = digest_of(value)
    return found


def camera_words(camera: Mapping[str, Any]) -> str:
    """A camera position: its label, its lens, where it stands (m) and how it is turned (degrees)."""
    numbers = {name: float(camera.get(name) or 0) for name in ("x", "y", "z", "pan", "tilt", "roll")}
    words = [str(camera.get("id", "")), f"{float(camera.get('focal_mm') or 35):g} mm"]
    words.append("at " + ", ".join(f"{numbers[axis]:.2f}" for axis in ("x", "y", "z")) + " m")
    words += [f"{turn} {numbers[turn]:g}°" for turn in ("pan", "tilt", "roll") if numbers[turn]]
    return ", ".join(word for word in words if word)


def short(digest: str) -> str:
    """The beginning of a content address, as pages write it: "9f3c 41ab"; "" for none."""
    return f"{digest[:4]} {digest[4:8]}".strip()


def digest_of(value: Any) -> str:
    """A short name of anything that is JSON, so that two of them can be told apart."""
    return short(hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest())
