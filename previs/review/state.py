"""Where a frame stands: derived from its sheet's pick, its decisions and its notes, and never stored.

    states = states_of(frames)          # three queries for any number of frames
    state = states[frame.pk]            # every frame asked for has one
    state.standing                      # "draft" | "in_review" | "approved" | "changes"
    state.words, state.short, state.icon, state.tone # "Approved", "circle-check", "ok": <span class="st {{ state.tone }}">
    state.version, state.open_notes, state.picked
    state.earlier                       # the newest other version that was decided on, None if none was;
    state.history                       # ... in words: "v3 approved, v4 not reviewed", "" if there is nothing to say

A state belongs to one version: a newer frame of the same sheet starts undecided.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db import models
from django.db.models import Count

from previs.generation.models import HIDDEN, Frame, Sheet
from previs.review.gates import spoken_on
from previs.review.models import Comment, Decision, Verdict


class Standing(models.TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    APPROVED = "approved", "Approved"
    CHANGES = "changes", "Changes requested"


ICONS = {
    Standing.DRAFT: "circle-dashed",
    Standing.IN_REVIEW: "eye",
    Standing.APPROVED: "circle-check",
    Standing.CHANGES: "corner-up-left",
}
TONES = {
    Standing.DRAFT: "t3",
    Standing.IN_REVIEW: "info",
    Standing.APPROVED: "ok",
    Standing.CHANGES: "bad",
}


@dataclass(frozen=True, slots=True)
class EarlierWord:
    """What was last decided about another version of the sheet."""

    version: int
    standing: Standing

    @property
    def words(self) -> str:
        return f"v{self.version} {self.standing.label.lower()}"


@dataclass(frozen=True, slots=True)
class ReviewState:
    """The standing of one version.

    version: the frame's number on its sheet.  picked: it is the sheet's pick.
    open_notes: threads nobody has resolved.  earlier: the newest other decided version.
    waits: whose approval is missing beside one that was given, in words; "" for nobody's.
    """

    standing: Standing
    version: int
    picked: bool
    open_notes: int
    earlier: EarlierWord | None
    waits: str = ""

    @property
    def words(self) -> str:
        return self.standing.label

    @property
    def short(self) -> str:
        """For the caption under a small picture."""
        return "Changes" if self.standing == Standing.CHANGES else self.words

    @property
    def icon(self) -> str:
        return ICONS[self.standing]

    @property
    def tone(self) -> str:
        return TONES[self.standing]

    @property
    def decided(self) -> bool:
        return self.standing in (Standing.APPROVED, Standing.CHANGES)

    @property
    def history(self) -> str:
        if self.earlier is None or self.decided:
            return ""
        return f"{self.earlier.words}, v{self.version} not reviewed"


def states_of(frames: Collection[Frame]) -> dict[uuid.UUID, ReviewState]:
    """The standing of each frame; three queries for any number of frames, none for none."""
    if not frames:
        return {}
    sheets = {frame.sheet_id for frame in frames}
    picked_of = Sheet.objects.filter(pk__in=sheets, pick__isnull=False).exclude(pick__state__in=HIDDEN)
    picks = set(picked_of.values_list("pick_id", flat=True))
    notes = {
        row["frame_id"]: row["notes"]
        for row in Comment.objects.open()
        .filter(frame__in=[frame.pk for frame in frames])
        .order_by()
        .values("frame_id")
        .annotate(notes=Count("pk"))
    }
    words = spoken_on(Decision.objects.in_force().filter(frame__sheet__in=sheets))
    decided: dict[uuid.UUID, list[EarlierWord]] = defaultdict(list)
    for said in sorted(words.values(), key=lambda said: said.number):
        standing = standing_of(said.verdicts)
        if standing != Standing.DRAFT:
            decided[said.sheet_id].append(EarlierWord(said.number, standing))

    def state(frame: Frame) -> ReviewState:
        picked, open_notes = frame.pk in picks, notes.get(frame.pk, 0)
        spoken, waits = set[str](), ""
        if (said := words.get(frame.pk)) is not None:
            spoken, waits = said.verdicts, said.waits
        others = [word for word in decided[frame.sheet_id] if word.version != frame.number]
        return ReviewState(
            standing=standing_of(spoken, in_review=picked or open_notes > 0 or bool(waits)),
            version=frame.number,
            picked=picked,
            open_notes=open_notes,
            waits=waits,
            earlier=others[-1] if others else None,
        )

    return {frame.pk: state(frame) for frame in frames}


def standing_of(verdicts: Collection[str], *, in_review: bool = False) -> Standing:
    """What several people's last words come to: one who asks for changes outweighs all who approve."""
    if Verdict.CHANGES in verdicts:
        return Standing.CHANGES
    if Verdict.APPROVED in verdicts:
        return Standing.APPROVED
    return Standing.IN_REVIEW if in_review else Standing.DRAFT
