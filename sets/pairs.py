"""Old beside new: a stale frame, and the one that was asked for with the set as it is now."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from previs.generation.cards import JobCard, job_cards, sheet_ratio
from previs.generation.models import Frame, Job, Provenance, Sheet
from previs.generation.sources import stale_reasons
from sets.effects import left_behind
from sets.models import Remake, Set

if TYPE_CHECKING:
    from previs.accounts.models import User

PAIRS_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Pair:
    """One frame that was asked for again.

    reason: why the old one is stale, "" when it no longer is.  superseded: why the new one is too, because the set
    changed once more.  same: both show the same picture, pixel for pixel.
    """

    remake: Remake
    card: JobCard
    reason: str
    superseded: str = ""
    same: bool = False

    @property
    def old(self) -> Frame:
        return self.remake.old

    @property
    def new(self) -> Frame | None:
        return self.card.frame

    @property
    def sheet(self) -> Sheet:
        return self.card.job.sheet

    @property
    def ratio(self) -> str:
        return sheet_ratio(self.sheet)

    @property
    def chosen(self) -> str:
        """Which of the two stands for the sheet: "old", "new", or "" for another one."""
        pick = self.sheet.pick_id
        if self.new is not None and pick == self.new.pk:
            return "new"
        return "old" if pick == self.old.pk else ""


def pairs_of(place: Set, user: User, *, only: uuid.UUID | None = None) -> list[Pair]:
    """The last pairs of a set, the newest first; constant queries. only: one of them."""
    rows = place.remakes.select_related("old__sheet__project")
    remakes = list(rows.filter(pk=only) if only else rows[:PAIRS_SHOWN])
    jobs = Job.objects.with_card().filter(pk__in=[remake.job_id for remake in remakes])
    cards = {card.job.pk: card for card in job_cards(jobs, user)}
    made = [card.frame for card in cards.values() if card.frame]
    stale = stale_reasons([*(remake.old for remake in remakes), *made])
    passed = left_behind(place, Job.objects.filter(pk__in=cards).prefetch_related("sources"))
    shown = [*(remake.old_id for remake in remakes), *(frame.pk for frame in made)]
    pixels = dict(Provenance.objects.filter(frame__in=shown).values_list("frame_id", "pixels_sha256"))
    pairs = []
    for remake in remakes:
        card = cards.get(remake.job_id)
        if card is None:
            continue
        new = card.frame.pk if card.frame else None
        pairs.append(
            Pair(
                remake,
                card,
                reason="; ".join(stale.get(remake.old_id, [])),
                superseded="; ".join(stale.get(new, [])) if new and remake.job_id in passed else "",
                same=new in pixels and pixels[new] == pixels.get(remake.old_id),
            )
        )
    return pairs
