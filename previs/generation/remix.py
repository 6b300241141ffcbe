"""Taking a frame back to the composer: all of it, one thing of it, or a step on from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from previs.engine.request import FrameRequest
from previs.generation import catalogue, controls
from previs.generation.forms import USUAL, USUAL_STRENGTH, VARY_STRENGTH, BriefForm
from previs.generation.models import Frame

Values = dict[str, Any]
LEAST_STEPS = -(-2 * 100 // VARY_STRENGTH)  # of which two are run


def values_from(frame: Frame, how: str, typed: Values) -> Values:
    """The composer's values after taking `how` over from a frame; what that does not touch stays as it was typed.

    how: a key of WAYS_TO_USE.  Raises KeyError for another one, ControlRefused when the frame has nothing to give.
    """
    return typed | WAYS_TO_USE[how](frame)


def typed_values(data: Mapping[str, Any], untouched: Values) -> Values:
    """What an open composer holds, or an untouched one when none came along."""
    names = BriefForm().fields
    # A box that is not ticked sends nothing, so it counts as unticked only when the composer came along.
    return untouched | {name: data.get(name, "") for name in names if "prompt" in data}


def _made(frame: Frame) -> FrameRequest:
    made = getattr(frame, "provenance", None)
    if made is None:
        raise controls.ControlRefused(
            "This frame was drawn by hand, so no brief stands behind it. Refine or repaint it instead."
        )
    return FrameRequest.from_json(made.request)


def _prompt(frame: Frame) -> Values:
    made = _made(frame)
    return {"prompt": made.prompt, "negative_prompt": made.negative_prompt}


def _seed(frame: Frame) -> Values:
    return {"seed": _made(frame).seed}


def _settings(frame: Frame) -> Values:
    """Everything but the seed, number by number as the frame was made."""
    made = _made(frame)
    values = _prompt(frame) | {
        "steps": made.steps,
        "guidance": f"{made.guidance:g}",
        "way": "text",
        "strength": _percent(made.strength),
        "control_strength": _percent(made.control[0]),
        "control_start": _percent(made.control[1]),
        "control_end": _percent(made.control[2]),
        "base": "",
        "mask": "",
        "reference": "",
        "blockout_of": frame.pk if made.blockout is not None else "",
        **{f"{part}_{number}": "" for part in ("axis", "values") for number in (1, 2, 3)},
    }
    if made.model in catalogue.installed():
        values["model"] = made.model
    for image in made.inputs:
        if image.role == "reference":
            values["reference"] = controls.Token(image.sha256, name="as before").signed(frame.sheet)
            values["reference_strength"] = _percent(image.strength)
    return values | _origin(frame, made)


def _origin(frame: Frame, made: FrameRequest) -> Values:
    """The frame that this one was refined, repainted or extended from.

    Raises ControlRefused when it is no frame of the production any more.
    """
    inputs = {image.role: image.sha256 for image in made.inputs}
    if made.ability not in ("refine", "inpaint"):
        return {}
    used = frame.job.sources.filter(kind="frame").values_list("ref", flat=True) if frame.job else ()
    known = Frame.objects.filter(sheet__project_id=frame.sheet.project_id, pk__in=list(used))
    origin = known.filter(sha256=inputs["picture"]).first() or known.first()
    if origin is None:
        raise controls.ControlRefused(
            "The frame that this one was made from is not in this production any more. Use its prompt, or refine "
            "the frame itself."
        )
    values: Values = {"way": made.ability, "base": origin.pk, "blockout_of": ""}
    if made.ability == "refine":
        return values
    if (origin.width, origin.height) == (made.width, made.height):
        mask = controls.Token(inputs["mask"], str(origin.pk), controls.share_of(inputs["mask"]))
        return values | {"mask": mask.signed(frame.sheet)}
    grown = controls.growth_of(inputs["mask"], origin)
    return values | {"way": "extend"} | {f"extend_{side}": percent for side, percent in grown.items()}


def _all(frame: Frame) -> Values:
    return _settings(frame) | {"seed": _made(frame).seed, "takes": 1}


def _remix(frame: Frame) -> Values:
    return _settings(frame) | {"seed": ""}


def _vary(frame: Frame) -> Values:
    """A refinement of the frame itself, with a new seed and just enough noise to move small things."""
    values: Values = {}
    if getattr(frame, "provenance", None):
        values = _settings(frame)
        # Distilled models take so few steps that none would be left at this strength.
        values["steps"] = max(values["steps"], LEAST_STEPS)
    return values | _from(frame, "refine", VARY_STRENGTH) | {"seed": ""}


def _from(frame: Frame, way: str, strength: int) -> Values:
    return {"way": way, "base": frame.pk, "strength": strength, "mask": "", "blockout_of": ""}


def _start(frame: Frame) -> Values:
    """The frame to refine under the words that are already written."""
    return _from(frame, "refine", USUAL_STRENGTH["refine"])


def _refine(frame: Frame) -> Values:
    """The frame with its own words; one drawn by hand has none, so those of the composer stay."""
    words = _prompt(frame) if getattr(frame, "provenance", None) else {}
    return words | _start(frame)


def _repaint(frame: Frame) -> Values:
    return _from(frame, "inpaint", USUAL_STRENGTH["inpaint"])


def _extend(frame: Frame) -> Values:
    sides: Values = {f"extend_{side}": 25 if side in ("left", "right") else 0 for side in controls.SIDES}
    return _from(frame, "extend", USUAL_STRENGTH["extend"]) | sides


def _reference(frame: Frame) -> Values:
    token = controls.Token(frame.sha256, name=str(frame)[:80]).signed(frame.sheet)
    return {"reference": token, "reference_strength": USUAL["reference_strength"]}


def _percent(share: float) -> int:
    return round(share * 100)


WAYS_TO_USE: dict[str, Callable[[Frame], Values]] = {
    "all": _all,
    "prompt": _prompt,
    "seed": _seed,
    "remix": _remix,
    "vary": _vary,
    "start": _start,
    "refine": _refine,
    "repaint": _repaint,
    "extend": _extend,
    "reference": _reference,
}
