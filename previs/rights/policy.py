"""The one policy module: plain facts in, a verdict with a stable code out. No database, no clock.

Rule numbers are those of the project's rights design.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

POLICY_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Verdict:
    """allowed, or refused with a code that never changes and a sentence that says what is missing."""

    allowed: bool
    code: str = ""
    sentence: str = ""


ALLOWED = Verdict(True)


def may_use_model(
    *,
    known: bool,
    commercial_use: str,
    commercial_production: bool,
    abilities: Collection[str],
    ability: str,
    title: str,
) -> Verdict:
    """May this production's job be rendered by this model?

    known: the model is in the catalogue and its weights are recorded (R02).
    commercial_use: "yes", "no" or "conditional" for the strictest licence in the model's closure (R03).
    """
    if not known:
        return Verdict(
            False, "model_unapproved", f"{title} is not installed here. Choose a model from the list."
        )
    if commercial_production and commercial_use == "no":
        return Verdict(
            False,
            "licence_noncommercial",
            f"{title} is licensed for non-commercial use only and this is a commercial production. Choose another model.",
        )
    if ability not in abilities:
        return Verdict(False, "model_ability", f"{title} cannot {ability}. Choose a model that can.")
    return ALLOWED


def may_decide(
    *, role: str, deciding_roles: Collection[str], is_requester: bool, automated: bool = False
) -> Verdict:
    """May this person's decision on a frame count? (R19, R20)"""
    if automated:
        return Verdict(False, "human_decision", "A decision needs a named person; no program may take it.")
    if is_requester:
        return Verdict(
            False, "separation_of_duties", "You made this frame, so somebody else has to decide on it."
        )
    if role not in deciding_roles:
        return Verdict(
            False,
            "separation_of_duties",
            "Your role on this production is to watch. Ask its producer for a deciding role.",
        )
    return ALLOWED
