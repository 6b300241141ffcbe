"""What the fragments of a frame's review show, gathered once for page, view and socket."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string

from previs.generation import sources
from previs.generation.cards import asked_to_decide
from previs.generation.models import HIDDEN, Frame
from previs.projects.models import DECIDING_ROLES, EDITING_ROLES, Membership, Role
from previs.review.models import Comment, Decision, Verdict
from previs.review.state import states_of
from previs.rights import policy
from previs.rights.policy import POLICY_VERSION, may_decide

if TYPE_CHECKING:
    from previs.accounts.models import User

#: The fragments that change when a frame is noted or decided on: one template, one root element each.
FRAGMENTS = (
    "review/_threads.html",
    "review/_count.html",
    "review/_decision.html",
    "review/_pins.html",
    "review/_standing.html",
    "review/_version.html",
    "review/_actions.html",
)
#: Those that change when the pick of the sheet does; they need only frame, state and may_note.
STANDING_FRAGMENTS = FRAGMENTS[-3:]
# What the sources of a frame are called on the decision bar; other kinds go by their own name.
SOURCE_WORDS = {
    "scene": "Script",
    "heading": "Script",
    "change": "Costume",
    "worn": "Costume plot",
    "plan": "Blockout",
}
# Classes of frames.css by the width of the picture over its height.
SHAPES = {
    2.39: "r239",
    2.0: "r200",
    1.85: "r185",
    16 / 9: "r178",
    4 / 3: "r133",
    1.0: "square",
    3 / 4: "r34",
    9 / 16: "r916",
}
# The order in which a crew reads its own list of departments.
# Why a decision does not count any more, by the policy's code.
SUPERSEDED = {
    "frame_changed": "decided on another picture",
    "policy_changed": "decided under older rules",
}
SEATS = (Role.DIRECTOR, Role.ART, Role.COSTUME, Role.PRODUCER, Role.OWNER)


@dataclass(slots=True)
class Thread:
    """A note and its answers. number: on its pin and beside it, 0 on notes about another version."""

    note: Comment
    number: int
    role: str
    replies: list[Reply] = field(default_factory=list)

    @property
    def resolved(self) -> bool:
        return self.note.resolved_at is not None

    @property
    def old(self) -> bool:
        return self.resolved or not self.number


@dataclass(frozen=True, slots=True)
class Reply:
    note: Comment
    role: str


@dataclass(frozen=True, slots=True)
class Seat:
    """One deciding role of the crew and what it says about the frame.

    person: who spoke for the role, or you, or its first member.  others: how many more hold it.
    tone: ink class of `words`.
    """

    role: str
    person: User
    others: int
    words: str
    tone: str
    decision: Decision | None


def source_words(kind: str) -> str:
    """What a kind of source is called beside its label."""
    return SOURCE_WORDS.get(kind, kind.capitalize())


def frame_context(frame: Frame, user: User) -> dict[str, Any]:
    """Everything FRAGMENTS need, in a constant number of queries.

    frame: with sheet, project, job, made_for and provenance loaded (`Frame.objects.with_card()`).
    keep_typing: True, so that a fragment pushed into an open page leaves a half-written note alone; a view that
    answers the person's own request sets it to False.
    """
    project = frame.sheet.project
    crew = list(project.memberships.select_related("user"))
    roles = {member.user_id: member.role for member in crew}
    role = roles.get(user.pk, "")
    threads = _threads(frame, roles)
    decisions = list(frame.decisions.select_related("by"))
    allowed = may_decide(role=role, deciding_roles=DECIDING_ROLES, is_requester=frame.made_for_id == user.pk)
    used = frame.job.sources.all() if frame.job else []
    return {
        "frame": frame,
        "sheet": frame.sheet,
        "project": project,
        "user": user,
        "role": role,
        "may_note": role in EDITING_ROLES,
        "asked": asked_to_decide(role, made_it=frame.made_for_id == user.pk),
        "may_decide": allowed.allowed,
        "why_not": allowed.sentence,
        "state": states_of([frame])[frame.pk],
        "threads": threads,
        "pinned": [thread for thread in threads if thread.number and thread.note.pin_x is not None],
        "open_threads": sum(1 for thread in threads if not thread.old),
        "seats": _seats(frame, crew, decisions, threads, user),
        "my_word": next((word for word in decisions if word.current and word.by_id == user.pk), None),
        "decisions": decisions[::-1],
        "made_from": [(source_words(source.kind), source) for source in used],
        "changed_since": sources.stale_reasons([frame]).get(frame.pk, []),
        "POLICY_VERSION": POLICY_VERSION,
        "keep_typing": True,
    }


def frame_fragments(frame: Frame, user: User) -> list[str]:
    """All FRAGMENTS as HTML for a socket; nothing for a frame that was withdrawn."""
    if frame.state in HIDDEN:
        return []
    context = frame_context(frame, user)
    return [render_to_string(template, context) for template in FRAGMENTS]


def standing_fragments(frames: Collection[Frame], user: User) -> list[str]:
    """STANDING_FRAGMENTS of each frame as HTML, for when the pick of their sheet is another one.

    frames: of one sheet, with sheet and project loaded.
    """
    states = states_of(frames)
    role = next(iter(frames)).sheet.project.role_of(user) if frames else ""
    return [
        render_to_string(
            template,
            {
                "frame": frame,
                "state": states[frame.pk],
                "may_note": role in EDITING_ROLES,
                "asked": asked_to_decide(role, made_it=frame.made_for_id == user.pk),
            },
        )
        for frame in frames
        if frame.state not in HIDDEN
        for template in STANDING_FRAGMENTS
    ]


def box_of(frame: Frame) -> str:
    """Classes of a small picture's box: its own shape, so nothing is cropped and no bars stand beside it.

    Shapes narrower than 16:9 are as high as one of 16:9, so that rows stay level (frames.css).
    """
    ratio = frame.width / frame.height
    shape = min(SHAPES, key=lambda known: abs(math.log(ratio / known)))
    return f"{SHAPES[shape]} fit{' level' if shape < 1.7 else ''}"


def _threads(frame: Frame, roles: dict[int, str]) -> list[Thread]:
    """Open threads of this version first, then what is settled or was said about an earlier one."""
    said = (
        Comment.objects.filter(frame__sheet=frame.sheet_id, frame__number__lte=frame.number)
        .exclude(frame__state__in=HIDDEN)
        .select_related("author", "resolved_by", "frame")
    )
    threads: dict[object, Thread] = {}
    replies: dict[object, list[Reply]] = defaultdict(list)
    number = 0
    for note in said:
        role = roles.get(note.author_id, "")
        if note.parent_id:
            replies[note.parent_id].append(Reply(note, role))
            continue
        is_here = note.frame_id == frame.pk
        number += is_here
        threads[note.pk] = Thread(note, number if is_here else 0, role)
    for pk, thread in threads.items():
        thread.replies = replies[pk]
    return sorted(threads.values(), key=lambda thread: (thread.old, not thread.number))


def _seats(
    frame: Frame, crew: list[Membership], decisions: list[Decision], threads: list[Thread], user: User
) -> list[Seat]:
    """One seat for each deciding role that somebody holds, or held when deciding."""
    holders: dict[str, list[User]] = defaultdict(list)
    for member in crew:
        if member.role in DECIDING_ROLES:
            holders[member.role].append(member.user)
    words: dict[str, list[Decision]] = defaultdict(list)
    for word in decisions:
        if word.current:
            words[word.role].append(word)
    seats = []
    for role in SEATS:
        spoken = sorted(words[role], key=lambda word: word.verdict != Verdict.CHANGES)
        people = [word.by for word in spoken]
        people += sorted(
            (person for person in holders[role] if person not in people),
            key=lambda person: (person != user, person.pk == frame.made_for_id),
        )
        if people:
            decision = spoken[0] if spoken else None
            sentence, tone = _seat_words(frame, people[0], decision, threads, user)
            seats.append(Seat(role, people[0], len(people) - 1, sentence, tone, decision))
    return seats


def _stands(decision: Decision, frame: Frame) -> policy.Verdict:
    return policy.decision_stands(
        decided_sha256=decision.frame_sha256,
        sha256=frame.sha256,
        decided_policy=decision.policy_version,
        policy=policy.POLICY_VERSION,
    )


def _seat_words(
    frame: Frame, person: User, decision: Decision | None, threads: list[Thread], user: User
) -> tuple[str, str]:
    if decision and not (stands := _stands(decision, frame)).allowed:
        return SUPERSEDED[stands.code], ""
    if decision:
        return ("approved", "ok") if decision.verdict == Verdict.APPROVED else ("asks for changes", "bad")
    if person.pk == frame.made_for_id:
        return ("you made this frame" if person == user else "made this frame"), ""
    if person == user:
        return "you decide", ""
    still_open = [
        thread.number for thread in threads if not thread.old and thread.note.author_id == person.pk
    ]
    if still_open:
        return f"note {still_open[0]} is open", ""
    return "not decided", ""
