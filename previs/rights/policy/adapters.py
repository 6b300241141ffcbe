"""Models trained on a person: only with a release for it, and only where it was given (R17)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from previs.rights.facts import PersonFacts
from previs.rights.policy.consent import consent
from previs.rights.policy.verdict import ALLOWED, Verdict, refused


def may_train_adapter(persons: Iterable[PersonFacts], *, moment: datetime) -> Verdict:
    """May an adapter be trained on these people? Each of them has agreed to exactly that."""
    for person in persons:
        verdict = consent(person, moment=moment, scopes={"train_adapter"})
        if not verdict.allowed:
            return verdict
    return ALLOWED


def may_use_adapter(*, bound_to: str, used_in: str) -> Verdict:
    """May an adapter be loaded? bound_to, used_in: productions; "" for one that shows nobody."""
    if bound_to and bound_to != used_in:
        return refused(
            "adapter_scope", "This adapter was trained on a person for another production and stays there."
        )
    return ALLOWED
