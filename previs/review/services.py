"""Noting and deciding: the only writers of comments and decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from previs.audit.record import record
from previs.events import FrameChanged, SheetChanged, publish
from previs.generation.likeness import verdict_on_frame
from previs.generation.models import HIDDEN, Frame
from previs.generation.sources import stale_reasons
from previs.projects.models import DECIDING_ROLES
from previs.review.models import MAX_NOTE, Comment, Decision, Verdict
from previs.rights.policy import POLICY_VERSION, may_decide

if TYPE_CHECKING:
    from previs.accounts.models import User

Pin = tuple[float, float]


class ReviewError(Exception):
    """A note or a decision that cannot be taken as it is; the message says what to do."""


class Refused(ReviewError):  # noqa: N818 - an answer, not a fault
    """A decision that this person may not take. code: of the policy, for instance separation_of_duties."""

    def __init__(self, sentence: str, code: str) -> None:
        super().__init__(sentence)
        self.code = code


@transaction.atomic
def add_note(
    frame: Frame, *, by: User, text: str, pin: Pin | None = None, parent: Comment | None = None
) -> Comment:
    """Say something about a frame, about one place in it, or in answer to another note of the same frame.

    pin: x and y, 0 to 1 from the left and the top.  An answer to an answer joins the thread.
    Raises ReviewError for empty or overlong text, a pin outside the picture, a note of another frame.
    """
    _refuse_if_withdrawn(frame)
    words = text_within_limits(text, empty="Write the note first.")
    if pin is not None and not all(0 <= place <= 1 for place in pin):
        raise ReviewError("The pin lies outside the picture. Click on the picture again.")
    if parent is not None and parent.frame_id != frame.pk:
        raise ReviewError(
            "The note that this answers belongs to another version. Open that version to answer."
        )
    if parent is not None and pin is not None:
        raise ReviewError("An answer has no pin of its own. Write a new note to point at another place.")
    comment = Comment.objects.create(
        frame=frame,
        author=by,
        parent_id=(parent.parent_id or parent.pk) if parent else None,
        text=words,
        pin_x=pin[0] if pin else None,
        pin_y=pin[1] if pin else None,
    )
    _tell("note", frame, by=by, comment=comment.pk, answers=comment.parent_id)
    return comment


def resolve(comment: Comment, *, by: User) -> Comment:
    """Settle a thread. Settling it twice changes nothing. Raises ReviewError for an answer inside a thread."""
    return _set_resolved(comment, by=by, resolved=True)


def reopen(comment: Comment, *, by: User) -> Comment:
    """Take a settled thread up again. Raises ReviewError for an answer inside a thread."""
    return _set_resolved(comment, by=by, resolved=False)


def decide(frame: Frame, *, by: User, verdict: str, note: str = "", knowing: bool = False) -> Decision:
    """Record a person's word on exactly the bytes of this frame; their earlier word stays as history.

    knowing: they know that the picture was made of what is another now. The note of an approval says so.
    Raises Refused for the person the frame was made for and for roles that do not decide (R20), for an approval of
    somebody who has not agreed to it (R10 to R13), and ReviewError for a request without a note and
    for an approval of a stale frame that is not knowing.
    """
    try:
        return _decide(frame, by=by, verdict=verdict, note=note, knowing=knowing)
    except Refused as refused:
        # In a transaction of its own: the refusal has undone the other.
        with transaction.atomic():
            record("refuse", frame, by=by, project_id=frame.sheet.project_id, code=refused.code)
        raise


@transaction.atomic
def _decide(frame: Frame, *, by: User, verdict: str, note: str, knowing: bool) -> Decision:
    # Locking the frame makes one person's two windows take turns, so that only one word stays current.
    frame = Frame.objects.select_for_update(of=("self",)).select_related("sheet__project").get(pk=frame.pk)
    _refuse_if_withdrawn(frame)
    role = frame.sheet.project.role_of(by)
    allowed = may_decide(role=role, deciding_roles=DECIDING_ROLES, is_requester=frame.made_for_id == by.pk)
    if not allowed.allowed:
        raise Refused(allowed.sentence, allowed.code)
    if verdict not in Verdict.values:
        raise ReviewError("Choose Approve or Request changes.")
    if verdict == Verdict.APPROVED and not (consent := verdict_on_frame(frame)).allowed:
        raise Refused(consent.sentence, consent.code)
    words = note.strip()
    if verdict == Verdict.CHANGES or words:
        words = text_within_limits(note, empty="Say what should change, then press Request changes again.")
    changed = stale_reasons([frame]).get(frame.pk, []) if verdict == Verdict.APPROVED else []
    if changed:
        words = f"{words}\n{_known(changed, knowing=knowing)}".strip()
    before = Decision.objects.in_force().filter(frame=frame, by=by).first()
    if before and (before.verdict, before.note, before.role) == (verdict, words, role):
        return before
    Decision.objects.filter(frame=frame, by=by, current=True).update(current=False)
    decision = Decision.objects.create(
        frame=frame,
        by=by,
        role=role,
        verdict=verdict,
        note=words,
        frame_sha256=frame.sha256,
        policy_version=POLICY_VERSION,
    )
    _tell(
        "decide",
        frame,
        by=by,
        decision=decision.pk,
        verdict=verdict,
        role=role,
        sha256=frame.sha256,
        policy_version=POLICY_VERSION,
        stale=bool(changed),
    )
    return decision


def _known(changed: list[str], *, knowing: bool) -> str:
    """What an approval of a stale frame is recorded with. Raises ReviewError when nobody said that they know."""
    reasons = "; ".join(changed)
    if not knowing:
        raise ReviewError(
            f"Not approved yet. {reasons}: the picture shows what was before. Tick that you know, then press Approve "
            "again, or ask for a new picture."
        )
    return f"Approved as it was made before. {reasons}."


def text_within_limits(text: str, *, empty: str) -> str:
    """The text without its outer blanks. Raises ReviewError with `empty` when nothing is left, or when too long."""
    words = text.strip()
    if not words:
        raise ReviewError(empty)
    if len(words) > MAX_NOTE:
        raise ReviewError(f"The note has {len(words):,} characters; the limit is {MAX_NOTE:,}. Shorten it.")
    return words


@transaction.atomic
def _set_resolved(comment: Comment, *, by: User, resolved: bool) -> Comment:
    _refuse_if_withdrawn(comment.frame)
    if comment.parent_id:
        raise ReviewError("A thread is settled as a whole. Use the note that starts it.")
    changed = Comment.objects.filter(pk=comment.pk, resolved_at__isnull=resolved).update(
        resolved_at=timezone.now() if resolved else None, resolved_by=by if resolved else None
    )
    if changed:
        _tell("resolve_note" if resolved else "reopen_note", comment.frame, by=by, comment=comment.pk)
    comment.refresh_from_db(fields=["resolved_at", "resolved_by"])
    return comment


def _refuse_if_withdrawn(frame: Frame) -> None:
    if frame.state in HIDDEN:
        raise ReviewError(
            "This frame was withdrawn or is held back. Nothing can be noted or decided on it any more."
        )


def _tell(verb: str, frame: Frame, *, by: User, **payload: object) -> None:
    """Audit entry now, events on commit. The words of a note stay out of the audit."""
    project = frame.sheet.project_id
    record(verb, frame, by=by, project_id=project, **payload)
    publish(
        FrameChanged(str(project), str(frame.pk), str(frame.sheet_id)),
        SheetChanged(str(project), str(frame.sheet_id)),
    )
