"""What people's last words on frames come to, where one word is not always enough (R20)."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef

from previs.generation.models import Frame, Sheet
from previs.projects.models import Membership
from previs.review.models import DecisionQuerySet, Verdict
from previs.rights import policy
from previs.rights.policy import Approval


@dataclass(slots=True)
class Spoken:
    """The last words on one frame that count now.

    verdicts: values of `Verdict`; an approval is left out while others have to approve as well.  waits: who has to,
    in words, "" when nobody.
    """

    sheet_id: uuid.UUID
    number: int
    verdicts: set[str] = field(default_factory=set)
    waits: str = ""


def spoken_on(decisions: DecisionQuerySet) -> dict[uuid.UUID, Spoken]:
    """By frame. decisions: in force. One query, two more while an approval waits for another.

    A frame that shows somebody real is approved by two people, the department's head and the director or a producer;
    whoever asked for it is neither.
    """
    shown = Frame.persons.through.objects.filter(frame_id=OuterRef("frame_id"))
    rows = decisions.annotate(likeness=Exists(shown)).values_list(
        "frame_id", "frame__sheet_id", "frame__number", "frame__made_for_id", "likeness", "verdict", "by_id", "role"
    )  # fmt: skip
    found: dict[uuid.UUID, Spoken] = {}
    approvals: dict[uuid.UUID, list[Approval]] = defaultdict(list)
    makers: dict[uuid.UUID, Any] = {}
    for frame, sheet, number, maker, likeness, verdict, by, role in rows:
        found.setdefault(frame, Spoken(sheet, number)).verdicts.add(verdict)
        if likeness and verdict == Verdict.APPROVED:
            approvals[frame].append(Approval(str(by), role))
            makers[frame] = maker
    open_gates = {
        frame: given for frame, given in approvals.items() if not _gate(given, makers[frame]).allowed
    }
    crews = _crews({found[frame].sheet_id for frame in open_gates}) if open_gates else {}
    for frame, given in open_gates.items():
        found[frame].verdicts.discard(Verdict.APPROVED)
        found[frame].waits = _gate(given, makers[frame], crews[found[frame].sheet_id]).sentence
    return found


def _gate(given: list[Approval], maker: Any, crew: list[Approval] | None = None) -> policy.Verdict:
    return policy.gate_is_met(given, required=policy.LIKENESS_GATE, requester=str(maker), crew=crew)


def _crews(sheets: set[uuid.UUID]) -> dict[uuid.UUID, list[Approval]]:
    """By sheet: everybody of its production, in their role. Two queries."""
    projects = dict(Sheet.objects.filter(pk__in=sheets).values_list("pk", "project"))
    crew: dict[Any, list[Approval]] = defaultdict(list)
    members = Membership.objects.filter(project__in=set(projects.values()))
    for project, user, role in members.values_list("project", "user", "role"):
        crew[project].append(Approval(str(user), role))
    return {sheet: crew[project] for sheet, project in projects.items()}
