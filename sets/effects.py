"""If this set changes: who used it as it was, what becomes stale, and asking for those frames again."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from previs.audit.record import record
from previs.events import SheetChanged, publish
from previs.generation.history import seconds_per_frame
from previs.generation.models import HIDDEN, OPEN, Frame, Job, JobState, Source
from previs.generation.services import Brief, generate
from previs.generation.sources import SourceRef
from previs.review.state import Standing, states_of
from sets.models import Plan, Remake, Set
from sets.recipe import camera_of
from sets.services import SetError, latest_plan

if TYPE_CHECKING:
    from previs.accounts.models import User


@dataclass(frozen=True, slots=True)
class Effect:
    """What hangs on a set as it is now, and what was left behind when it changed.

    frames: made with the present pick and words.  picks: those of them that stand for their panel or variant.
    approved: how many of `frames` are.  seconds: what making the picks again takes, None before it is known.
    stale: picks that used the set as it was; `stale_seconds` for them.  asked: of these, already asked for again.
    """

    frames: int = 0
    picks: list[Frame] = field(default_factory=list)
    approved: int = 0
    seconds: float | None = None
    stale: list[Frame] = field(default_factory=list)
    stale_approved: int = 0
    stale_seconds: float | None = None
    asked: int = 0

    @property
    def to_ask(self) -> int:
        return len(self.stale) - self.asked


@dataclass(slots=True)
class _Use:
    """A frame with what it took from the set: source -> digest."""

    frame: Frame
    sources: dict[tuple[str, str], str]


def effect_of(place: Set) -> Effect:
    """Constant queries for any number of frames, and one for each kind of job among them."""
    uses = _uses(place)
    now = _Now(place)
    current = [use.frame for use in uses if _is_current(use, now) and _has(use, "set")]
    picks = [frame for frame in current if frame.sheet.pick_id == frame.pk]
    stale = [use.frame for use in _stale_picks(uses, now)]
    states = states_of([*current, *stale])
    approved = {pk for pk, state in states.items() if state.standing == Standing.APPROVED}
    prices: dict[str, float | None] = {}
    return Effect(
        frames=len(current),
        picks=picks,
        approved=sum(frame.pk in approved for frame in current),
        seconds=_price(picks, prices),
        stale=stale,
        stale_approved=sum(frame.pk in approved for frame in stale),
        stale_seconds=_price(stale, prices),
        asked=len(_asked(stale, now)),
    )


@transaction.atomic
def remake_stale(place: Set, *, by: User) -> list[Remake]:
    """Ask again for every pick that the set has left behind: same seed, camera and controls, the set as it is now.

    The new frame comes to the same sheet as another version; nothing replaces the pick by itself. What a frame
    took from other things, and whether those changed, stays as it was.
    Raises SetError when there is nothing to ask for, GenerationRefused when a model may not be used; all or none.
    """
    place = (
        Set.objects.select_for_update(of=("self",)).select_related("project", "sheet__pick").get(pk=place.pk)
    )
    now = _Now(place)
    stale = _stale_picks(_uses(place), now)
    asked = _asked([use.frame for use in stale], now)
    wanted = [use for use in stale if use.frame.pk not in asked]
    if not wanted:
        raise SetError("Nothing here is stale that was not asked for again already.")
    words = _words_by_digest(place)
    remakes = []
    for use in wanted:
        brief = _again(place, use, now=now, words=words)
        job = generate(use.frame.sheet, brief, by=by)[0]
        remakes.append(Remake.objects.create(set=place, old=use.frame, job=job))
    record("remake_stale", place, by=by, project_id=place.project_id, frames=len(remakes))
    publish(SheetChanged(str(place.project_id), str(place.sheet_id)))
    return remakes


def renewed_prompt(prompt: str, *, before: str | None, now: str) -> str:
    """A prompt with the design words of its set brought up to date, and nothing else of it touched.

    before: the words it was made with, None when nobody knows them any more.
    """
    old, new = (before or "").strip(), now.strip()
    if before is None or old == new:
        return prompt
    if old and old in prompt:
        return " ".join(prompt.replace(old, new).split())
    return f"{prompt} {new}" if not old and new not in prompt else prompt


def _uses(place: Set) -> list[_Use]:
    """Every frame that was made from this set and is still shown, with what it took."""
    taken = Source.objects.filter(
        Q(kind__in=("set", "design"), ref=str(place.pk)) | Q(kind="plan", ref__startswith=f"{place.pk}:"),
        job__frame__isnull=False,
    )
    by_job: dict[uuid.UUID, dict[tuple[str, str], str]] = {}
    for source in taken:
        by_job.setdefault(source.job_id, {})[source.kind, source.ref] = source.digest
    frames = (
        Frame.objects.filter(job__in=by_job)
        .exclude(state__in=HIDDEN)
        .select_related("sheet__project", "job")
        .order_by("sheet__title", "number")
    )
    return [_Use(frame, by_job[frame.job_id]) for frame in frames if frame.job_id]


class _Now:
    """The set as it is now, as a source of frames. plan: None for a blockout that was never saved."""

    def __init__(self, place: Set) -> None:
        self.key, self.plan = str(place.pk), latest_plan(place)
        self.known = {("set", self.key): place.digest, ("design", self.key): place.design_digest}

    def digest(self, kind: str, ref: str, then: str) -> str:
        """Of a source as it is now; as it was then, where this set has nothing to do with it."""
        place, _, camera = ref.partition(":")
        if kind == "plan" and place == self.key and self.plan and (kind, ref) not in self.known:
            self.known[kind, ref] = self.plan.digest_from(camera)
        return self.known.get((kind, ref), then)


def _is_current(use: _Use, now: _Now) -> bool:
    return all(now.digest(kind, ref, then) == then for (kind, ref), then in use.sources.items())


def _has(use: _Use, kind: str) -> bool:
    return any(name == kind for name, _ in use.sources)


def _stale_picks(uses: Iterable[_Use], now: _Now) -> list[_Use]:
    return [use for use in uses if use.frame.sheet.pick_id == use.frame.pk and not _is_current(use, now)]


def _asked(stale: Sequence[Frame], now: _Now) -> set[uuid.UUID]:
    """Of stale frames, those whose remake waits, runs, or came from the set as it is now."""
    remakes = Remake.objects.filter(old__in=[frame.pk for frame in stale]).select_related("job")
    asked = set()
    for remake in remakes.prefetch_related("job__sources"):
        if _is_of(remake.job, now) and remake.job.state in (*OPEN, JobState.DONE):
            asked.add(remake.old_id)
    return asked


def left_behind(place: Set, jobs: Iterable[Job]) -> set[uuid.UUID]:
    """Of jobs with their sources, those that took from the set what it no longer is."""
    now = _Now(place)
    return {job.pk for job in jobs if not _is_of(job, now)}


def _is_of(job: Job, now: _Now) -> bool:
    """Whether all that a job took from the set is as it is now."""
    return all(
        now.digest(source.kind, source.ref, source.digest) == source.digest for source in job.sources.all()
    )


def _words_by_digest(place: Set) -> dict[str, str]:
    """The design words behind every digest that the set ever had, with any of its frames as the pick."""
    wordings = {place.description, *place.wordings.values_list("description", flat=True)}
    heroes = {"", *place.sheet.frames.values_list("sha256", flat=True)}
    found = {place.digest_with(words, hero): words for words in wordings for hero in heroes}
    return found | {place.design_digest_with(words): words for words in wordings}


def _again(place: Set, use: _Use, *, now: _Now, words: dict[str, str]) -> Brief:
    """The brief that repeats a frame's request with the set as it is now."""
    job = use.frame.job
    assert job is not None
    request = job.frame_request
    made_with = next((digest for (kind, _), digest in use.sources.items() if kind != "plan"), "")
    return Brief(
        prompt=renewed_prompt(request.prompt, before=words.get(made_with), now=place.description),
        negative_prompt=request.negative_prompt,
        model=request.model,
        takes=1,
        seed=request.seed,
        steps=request.steps,
        guidance=request.guidance,
        size=(request.width, request.height),
        ability=request.ability,
        strength=request.strength,
        inputs=request.inputs,
        sources=tuple(_renewed(source, now) for source in job.sources.all()),
        blockout=_renewed_blockout(request.blockout, use, now.plan),
        control_strength=request.control_strength,
        control_start=request.control_start,
        control_end=request.control_end,
    )


def _renewed(source: Source, now: _Now) -> SourceRef:
    digest = now.digest(source.kind, source.ref, source.digest)
    return SourceRef(source.kind, source.ref, digest, source.label)


def _renewed_blockout(blockout: dict[str, Any] | None, use: _Use, plan: Plan | None) -> dict[str, Any] | None:
    """The scene description with the newest plan in it, seen from the camera of the same label where there is one."""
    if blockout is None or plan is None or not blockout.get("plan"):
        return blockout
    label = next((ref.partition(":")[2] for kind, ref in use.sources if kind == "plan"), "")
    return blockout | {
        "plan": plan.document,
        "camera": camera_of(plan, label) or blockout.get("camera"),
    }


def _price(frames: Sequence[Frame], known: dict[str, float | None]) -> float | None:
    """Seconds of worker time for making these frames again, from measured history; None while any is unknown."""
    total = 0.0
    for frame in frames:
        key = frame.job.batch_key if frame.job else ""
        if key not in known:
            known[key] = seconds_per_frame(key)
        seconds = known[key]
        if seconds is None:
            return None
        total += seconds
    return total
