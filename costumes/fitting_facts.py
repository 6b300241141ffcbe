"""A fitting as its page shows it: where it stands, its two candidates side by side, and its pictures while they may be seen."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from costumes.models import Change, Fitting, FittingLayer, FittingResult
from costumes.models_fitting import Candidate, FittingState
from previs.generation import catalogue
from previs.generation.cards import JobCard, job_cards
from previs.generation.makers import engine_behind
from previs.generation.models import Frame, FrameState, Job, JobState
from previs.rights.models import AssetState

if TYPE_CHECKING:
    from previs.accounts.models import User

# States of a frame that no fitting comes back from.
ENDED = (FrameState.WITHDRAWN, FrameState.LEGAL_HOLD)
# Families of models that refine but do not repaint (`costumes.fitting.painter`): what they add is looked at second.
SOFTENING = frozenset({"pocket"})
WORDS = {
    FittingState.QUEUED: "Waiting for the engine",
    FittingState.RUNNING: "Being fitted",
    FittingState.DONE: "Fitted",
    FittingState.FAILED: "Failed",
    FittingState.CANCELLED: "Cancelled",
    FittingState.QUARANTINED: "Held back: a quality gate failed",
    FittingState.WITHDRAWN: "Withdrawn with its person's consent",
}


class PictureGone(Exception):  # noqa: N818 - an answer, not a fault
    """The picture is no longer shown; the message says why. Answer 410."""


@dataclass(frozen=True, slots=True)
class CandidateView:
    """One result of a fitting. card: of its newest job.  result: what was measured; None until it is there."""

    kind: Candidate
    card: JobCard
    frame: Frame | None
    result: FittingResult | None

    @property
    def label(self) -> str:
        return str(self.kind.label)

    @property
    def held_back(self) -> bool:
        return self.frame is not None and self.frame.state == FrameState.QUARANTINED


@dataclass(frozen=True, slots=True)
class FittingView:
    """layers: lowest first, with their garments.  candidates: colour truth, then realism where it was asked for."""

    fitting: Fitting
    layers: Sequence[FittingLayer]
    candidates: Sequence[CandidateView]
    state: FittingState

    @property
    def words(self) -> str:
        return WORDS[self.state]

    @property
    def error(self) -> str:
        """Why the first candidate that failed did, "" when none has."""
        return next((one.card.job.error for one in self.candidates if one.card.job.error), "")

    @property
    def is_open(self) -> bool:
        return self.state in (FittingState.QUEUED, FittingState.RUNNING)

    @property
    def shown(self) -> bool:
        return self.state != FittingState.WITHDRAWN

    @property
    def steps(self) -> list[str]:
        """What each step of the composite does, in words; the realism pass has "Painting" before the last."""
        return steps_of(self.layers)

    @property
    def best(self) -> Frame | None:
        """The frame to look at first; None while no candidate may be seen."""
        frames = [one.frame for one in in_order(self.candidates) if one.frame and not one.frame.is_hidden]
        return frames[0] if frames else None


def in_order(candidates: Sequence[CandidateView]) -> list[CandidateView]:
    """What came of realism before the composite, unless a model painted it that only softens what it paints over."""
    installed = catalogue.installed()

    def rank(one: CandidateView) -> int:
        if one.kind == Candidate.COMPOSITE:
            return 1
        card = installed.get(engine_behind(one.card.job.model))
        return 2 if card is not None and card.family in SOFTENING else 0

    return sorted(candidates, key=rank)


def steps_of(layers: Sequence[FittingLayer], *, painted: bool = False) -> list[str]:
    """One for each step that a candidate's job counts."""
    worn = [f"Layer {layer.number}: {layer.garment.name}" for layer in layers]
    return ["Reading the photo", *worn, *(["Painting"] if painted else []), "Measuring the result"]


def fittings_of(change: Change, user: User) -> list[FittingView]:
    """Every fitting of a change, the newest first. Constant queries."""
    rows = change.fittings.select_related("photo", "requested_by", "based_on", "change__character__project")
    return _views(list(rows), user)


def fitting_view(fitting: Fitting, user: User) -> FittingView:
    return _views([fitting], user)[0]


def picture_of(fitting: Fitting, which: str) -> str:
    """The address of a picture that belongs to a fitting, "" when there is none (yet).

    which: photo, person, protected, composite-mask, repainted-mask, layer-2 (small, with that layer on), layer-2-mask.
    fitting: with its photo.  Raises PictureGone once its person's consent has ended, or its result is held back.
    """
    states = set(Frame.objects.filter(job__brief=fitting.pk).values_list("state", flat=True))
    if fitting.photo.state != AssetState.OK or states & set(ENDED):
        raise PictureGone("This fitting was withdrawn from the production. Its pictures are no longer shown.")
    own = {
        "photo": fitting.photo.sha256,
        "person": fitting.person_sha256,
        "protected": fitting.protected_sha256,
    }
    if which in own:
        return own[which]
    kind, _, rest = which.partition("-")
    if kind in Candidate.values and rest == "mask":
        result = fitting.results.filter(candidate=kind).order_by("-frame__number").first()
        return result.mask_sha256 if result else ""
    number, _, mask = rest.partition("-")
    if kind != "layer" or not number.isdecimal() or mask not in ("", "mask"):
        return ""
    layer = fitting.layers.filter(number=int(number)).first()
    if layer is None:
        return ""
    if not mask and FrameState.QUARANTINED in states:
        raise PictureGone(
            "This result is held back, because a quality gate failed. Only its masks are shown."
        )
    return layer.mask_sha256 if mask else layer.thumb_sha256


def _views(rows: Sequence[Fitting], user: User) -> list[FittingView]:
    keys = [row.pk for row in rows]
    layers: dict[uuid.UUID, list[FittingLayer]] = defaultdict(list)
    for layer in FittingLayer.objects.filter(fitting__in=keys).select_related("garment", "photo"):
        layers[layer.fitting_id].append(layer)
    # A take that was tried again has several jobs; the newest counts.
    newest: dict[tuple[uuid.UUID, int], Job] = {}
    for job in Job.objects.filter(brief__in=keys).with_card().order_by("created_at"):
        newest[job.brief, job.take] = job
    results = {row.frame_id: row for row in FittingResult.objects.filter(fitting__in=keys)}
    cards: dict[uuid.UUID, list[JobCard]] = defaultdict(list)
    for card in job_cards([newest[key] for key in sorted(newest, key=lambda key: key[1])], user):
        cards[card.job.brief].append(card)
    views = []
    for row in rows:
        candidates = [_candidate(card, results) for card in cards[row.pk]]
        views.append(FittingView(row, layers[row.pk], candidates, _state(row, candidates)))
    return views


def _candidate(card: JobCard, results: dict[uuid.UUID, FittingResult]) -> CandidateView:
    frame = card.frame
    kind = list(Candidate)[card.job.take - 1]
    return CandidateView(kind, card, frame, results.get(frame.pk) if frame else None)


def _state(row: Fitting, candidates: Collection[CandidateView]) -> FittingState:
    jobs = {JobState(one.card.job.state) for one in candidates}
    frames = {one.frame.state for one in candidates if one.frame is not None}
    if row.photo.state != AssetState.OK or frames & set(ENDED):
        return FittingState.WITHDRAWN
    if JobState.RUNNING in jobs:
        return FittingState.RUNNING
    if JobState.QUEUED in jobs:
        return FittingState.QUEUED
    if FrameState.DRAFT in frames:
        return FittingState.DONE
    if frames:
        return FittingState.QUARANTINED
    return FittingState.FAILED if JobState.FAILED in jobs else FittingState.CANCELLED
