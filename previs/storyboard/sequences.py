"""Rows of frames that play: asked for together with one seed, shown as a strip."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.template.loader import render_to_string

from previs.engine.request import MAX_SEED
from previs.generation.cards import JobCard, sheet_ratio
from previs.generation.compiled import Compiled
from previs.generation.models import HIDDEN, Frame, Job, Sheet
from previs.generation.services import MAX_TAKES, Brief, generate
from previs.generation.sources import stale_reasons
from previs.storyboard.telling import telling_jobs

if TYPE_CHECKING:
    from previs.accounts.models import User


@dataclass(frozen=True, slots=True)
class Asked:
    """One frame of a sequence: where it goes and what it is compiled from."""

    sheet: Sheet
    compiled: Compiled


@dataclass(frozen=True, slots=True)
class StripCard:
    """One picture of a strip. subject: a Beat or a MoveFrame.  frame: its pick, else the newest one.

    hold: how many frames of the film it stands.  stale: why it no longer matches, "" when it does.
    """

    subject: Any
    sheet: Sheet
    hold: int
    frame: Frame | None
    job: JobCard | None
    stale: str

    @property
    def ratio(self) -> str:
        return sheet_ratio(self.sheet)


@transaction.atomic
def queue_together(asked: Sequence[Asked], *, seed: int | None, by: User) -> list[Job]:
    """One frame for every sheet, all from the same noise; every one of them or none.

    Their requests agree in everything that a batch asks for, so a worker renders as many at once as it can.
    seed: None draws one.  Raises GenerationRefused in words.
    """
    if seed is None:
        seed = secrets.randbelow(MAX_SEED - MAX_TAKES)
    return [
        job
        for one in asked
        for job in generate(
            one.sheet,
            Brief(
                prompt=one.compiled.prompt,
                takes=1,
                seed=seed,
                sources=one.compiled.sources,
                blockout=one.compiled.blockout,
            ),
            by=by,
        )
    ]


def strip_cards(held: Sequence[tuple[Any, int]], user: User) -> list[StripCard]:
    """Cards of (beat or move frame, how long it stands), with `sheet__project` and `sheet__pick` selected.

    Constant queries for any number.
    """
    if not held:
        return []
    sheets = [subject.sheet for subject, _ in held]
    frames = shown_frames(sheets)
    stale = stale_reasons(frames.values())
    jobs = telling_jobs([sheet.pk for sheet in sheets], user)
    cards = []
    for subject, hold in held:
        frame = frames.get(subject.sheet_id)
        reason = "; ".join(stale.get(frame.pk, [])) if frame else ""
        cards.append(StripCard(subject, subject.sheet, hold, frame, jobs.get(subject.sheet_id), reason))
    return cards


def shown_frames(sheets: Sequence[Sheet]) -> dict[Any, Frame]:
    """For each sheet the frame that plays: the pick, else the newest that was not withdrawn; one query."""
    newest = Frame.objects.filter(sheet=OuterRef("pk")).exclude(state__in=HIDDEN).order_by("-number")
    chosen = Sheet.objects.filter(pk__in=[sheet.pk for sheet in sheets], pick=None).values(
        newest=Subquery(newest.values("pk")[:1])
    )
    by_sheet = {sheet.pk: sheet for sheet in sheets}
    frames = {sheet.pk: sheet.pick for sheet in sheets if sheet.pick is not None}
    frames |= {frame.sheet_id: frame for frame in Frame.objects.filter(pk__in=chosen)}
    for sheet_id, frame in frames.items():
        # Filled in here so that links and texts of a card ask the database nothing more.
        frame.sheet = by_sheet[sheet_id]
    return frames


def holds(frames: int, pictures: int) -> list[int]:
    """How many frames of the film each picture stands, spread evenly; every picture stands at least one."""
    if not pictures:
        return []
    ends = [round(frames * number / pictures) for number in range(pictures + 1)]
    return [max(1, last - first) for first, last in pairwise(ends)]


def strip_card_html(sheet: Sheet, subject: Any, hold: int, user: User) -> str:
    """The card of one picture, as page and socket show it."""
    card = strip_cards([(subject, hold)], user)[0]
    return render_to_string("storyboard/_strip_card.html", {"card": card, "project": sheet.project})
