"""What a production has to look at: frames that wait for a decision, and those that have one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q

from previs.generation.models import HIDDEN, Frame
from previs.projects.models import DECIDING_ROLES, Project
from previs.review.cards import box_of
from previs.review.models import Comment, Decision
from previs.review.order import natural
from previs.review.state import ReviewState, Standing, states_of

if TYPE_CHECKING:
    from previs.accounts.models import User


@dataclass(frozen=True, slots=True)
class Daily:
    """A frame on the list, and where it stands. mine: it waits for the word of the person asking."""

    frame: Frame
    state: ReviewState
    mine: bool

    @property
    def box(self) -> str:
        return box_of(self.frame)


@dataclass(frozen=True, slots=True)
class Dailies:
    """Every frame under review, in the order of the subjects' titles. mine cuts across the other three."""

    waiting: list[Daily]
    changes: list[Daily]
    approved: list[Daily]
    mine: list[Daily]

    @property
    def empty(self) -> bool:
        return not (self.waiting or self.changes or self.approved)


def dailies(project: Project, user: User) -> Dailies:
    """The frames of a production that are picked, noted or decided on; six queries for any number.

    A decided version that its sheet has since passed over for another pick is history and not listed.
    """
    open_notes = Comment.objects.open().filter(frame=OuterRef("pk"))
    in_force = Decision.objects.in_force().filter(frame=OuterRef("pk"))
    frames = list(
        Frame.objects.filter(sheet__project=project)
        .exclude(state__in=HIDDEN)
        .filter(Q(sheet__pick=F("pk")) | Exists(open_notes) | (Q(sheet__pick=None) & Exists(in_force)))
        .select_related("sheet__project", "made_for")
    )
    states = states_of(frames)
    decides = project.role_of(user) in DECIDING_ROLES
    spoken = set(
        Decision.objects.in_force()
        .filter(by=user, frame__sheet__project=project)
        .values_list("frame_id", flat=True)
    )

    def is_mine(frame: Frame, state: ReviewState) -> bool:
        may = decides and frame.made_for_id != user.pk and frame.pk not in spoken
        return may and state.picked and state.standing != Standing.CHANGES

    frames.sort(key=lambda frame: (frame.sheet.kind, natural(frame.sheet.title), frame.number))
    shown = [Daily(frame, states[frame.pk], is_mine(frame, states[frame.pk])) for frame in frames]
    return Dailies(
        waiting=[daily for daily in shown if not daily.state.decided],
        changes=[daily for daily in shown if daily.state.standing == Standing.CHANGES],
        approved=[daily for daily in shown if daily.state.standing == Standing.APPROVED],
        mine=[daily for daily in shown if daily.mine],
    )
