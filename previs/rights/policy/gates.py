"""Who may render with what, whose decision counts, and when enough people have decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from previs.rights.policy.verdict import ALLOWED, Verdict, refused

#: Who approves what shows somebody real (C3), two different people: the head of a department, or whoever answers for
#: the production in their place, and the director or a producer.
LIKENESS_GATE = (
    frozenset({"costume", "art", "producer", "owner"}),
    frozenset({"director", "producer", "owner"}),
)
_ROLES = {"costume": "costume designer", "art": "production designer"}


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's approval, in the role they had then."""

    who: str
    role: str


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


def gate_is_met(
    approvals: Iterable[Approval],
    *,
    required: Iterable[Collection[str]],
    requester: str,
    crew: Collection[Approval] | None = None,
) -> Verdict:
    """Have different people filled every place of a gate, none of them the one who asked? (R20)

    required: for each place, the roles that may fill it, for instance [{"costume"}, {"director", "producer"}].
    crew: who could approve, each in their role; None when it is not known. Only roles that one of them, who has not
    approved and did not ask, holds are named.
    """
    standing = [approval for approval in approvals if approval.who != requester]
    places = [frozenset(place) for place in required]
    if _filled(places, standing):
        return ALLOWED
    for place in places:
        if not any(approval.role in place for approval in standing):
            return refused("gate_open", _waits(place, standing, requester=requester, crew=crew))
    return refused(
        "separation_of_duties", "One person cannot fill two places. Ask a second person to approve."
    )


def _waits(
    place: Collection[str], standing: list[Approval], *, requester: str, crew: Collection[Approval] | None
) -> str:
    spoken = {requester, *(approval.who for approval in standing)}
    able = place if crew is None else {one.role for one in crew if one.who not in spoken} & set(place)
    roles = " or ".join(_ROLES.get(role, role) for role in sorted(able or place))
    if able:
        return f"Waits for a second approval: {roles}."
    return f"Waits for a second approval, and nobody in the crew can give it. Invite a {roles}."


def _filled(places: list[frozenset[str]], standing: list[Approval]) -> bool:
    """Whether everyone can be given a place of their own; gates have two or three, so trying all is quick."""
    if not places:
        return True
    return any(
        _filled(places[1:], [other for other in standing if other.who != approval.who])
        for approval in standing
        if approval.role in places[0]
    )


def decision_stands(*, decided_sha256: str, sha256: str, decided_policy: str, policy: str) -> Verdict:
    """Does a decision still cover a frame? Only exactly the bytes, and under the policy, it was taken on (R21)."""
    if decided_sha256 != sha256:
        return refused(
            "frame_changed", "The picture is another one since it was decided on. Decide on this version."
        )
    if decided_policy != policy:
        return refused(
            "policy_changed", "The rules have changed since this was decided. Somebody has to decide again."
        )
    return ALLOWED
