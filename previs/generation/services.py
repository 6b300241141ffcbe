"""Asking for frames: refuse in words, or queue; then cancel and retry."""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from previs.audit.record import record
from previs.engine.blockouts import blockout_problems
from previs.engine.cards import ModelCard
from previs.engine.request import ABILITY_WORDS, MAX_SEED, Ability, FrameRequest, InputImage
from previs.events import SheetChanged, publish
from previs.generation import catalogue, likeness, queue, store
from previs.generation.grid import Axis, axes_problems, cells_of
from previs.generation.likeness import NOBODY, Likeness, Shown
from previs.generation.makers import engine_behind, has_maker
from previs.generation.models import Job, JobState, Sheet, Source
from previs.generation.refusal import GenerationRefused as GenerationRefused
from previs.generation.sources import SourceRef
from previs.generation.wake import wake_workers
from previs.projects.models import URGENT_ROLES, Project
from previs.rights import policy

if TYPE_CHECKING:
    from previs.accounts.models import User

MAX_TAKES = 8
NO_CONTROL = (1.0, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Brief:
    """What a person asked for; None and "" leave it to the model's card.

    takes: 1 to 8, one job each.  seed: of the first take, the next ones count up; None draws one.
    portrait: a standing figure instead of the film's ratio.  size: of the frame in px, instead of both.
    axes: what varies from cell to cell of a grid; with any, `takes` is left out.
    blockout: a scene description as JSON that the frame follows (`FrameRequest.blockout`).
    likeness: of people in it, as far as its inputs do not tell.
    control_strength: 0 to 1, how strongly it acts.  control_start, control_end: share of the steps it acts in.
    """

    prompt: str
    negative_prompt: str = ""
    model: str = ""
    takes: int = 4
    seed: int | None = None
    steps: int | None = None
    guidance: float | None = None
    urgent: bool = False
    portrait: bool = False
    ability: Ability = "text"
    strength: float = 0.5
    inputs: tuple[InputImage, ...] = ()
    sources: tuple[SourceRef, ...] = ()
    blockout: dict[str, Any] | None = None
    control_strength: float = 1.0
    control_start: float = 0.0
    control_end: float = 1.0
    size: tuple[int, int] | None = None
    axes: tuple[Axis, ...] = ()
    likeness: Likeness = NOBODY


def generate(sheet: Sheet, brief: Brief, *, by: User) -> list[Job]:
    """Queue one job for each take of a brief, or for each cell of its grid; all of them or none.

    Raises GenerationRefused in words before anything is stored.
    """
    request = compose(sheet.project, brief)
    ask_model(request, sheet.project)
    if brief.urgent and sheet.project.role_of(by) not in URGENT_ROLES:
        raise GenerationRefused(
            ["Only the owner, a producer or the director may put a job before the others."]
        )
    shown = likeness.ask(sheet, request, brief.likeness, brief.sources, by=by)
    with transaction.atomic():
        jobs = _queue_takes(sheet, request, brief, shown, by=by)
        record(
            "generate", sheet, by=by, project_id=sheet.project_id, brief=jobs[0].brief, takes=len(jobs),
            ability=request.ability, grid=[axis.field for axis in brief.axes], model=request.model, seed=request.seed, prompt_sha256=hashlib.sha256(request.prompt.encode()).hexdigest(),
        )  # fmt: skip
        publish(SheetChanged(str(sheet.project_id), str(sheet.pk)))
        wake_workers()
    return jobs


def compose(project: Project, brief: Brief) -> FrameRequest:
    """The request of the first take. Raises GenerationRefused with everything that is wrong with the brief."""
    cards = catalogue.installed()
    model = brief.model or settings.PREVIS_MODEL
    card = cards.get(model)
    if card is None:
        names = ", ".join(other.title for other in cards.values()) or "none; run `manage.py models add`"
        raise GenerationRefused(
            [f"The model {model!r} is not installed here. Installed: {names}."], code="model_unapproved"
        )
    width, height = brief.size or catalogue.frame_size(card, project, portrait=brief.portrait)
    blockout, control = _control(brief, card)
    request = FrameRequest(
        prompt=brief.prompt.strip(),
        negative_prompt=brief.negative_prompt.strip(),
        model=model,
        seed=secrets.randbelow(MAX_SEED - MAX_TAKES) if brief.seed is None else brief.seed,
        width=width,
        height=height,
        ability=_ability(brief, card),
        steps=card.steps if brief.steps is None else brief.steps,
        guidance=card.guidance if brief.guidance is None else brief.guidance,
        strength=brief.strength,
        inputs=brief.inputs,
        blockout=blockout,
        control_strength=control[0],
        control_start=control[1],
        control_end=control[2],
    )
    problems = request.problems() + blockout_problems(blockout) + _idle_steps(request, card)
    if brief.axes:
        problems += axes_problems(
            brief.axes,
            request,
            takes_guidance=card.takes_guidance,
            follows=blockout is not None or (card.family == "pocket" and request.ability == "text"),
        )
    elif not 1 <= brief.takes <= MAX_TAKES:
        problems.append(f"Takes must lie between 1 and {MAX_TAKES}.")
    elif request.seed + brief.takes - 1 > MAX_SEED:
        problems.append(
            f"The last take's seed would pass {MAX_SEED:,}. Choose a smaller seed or fewer takes."
        )
    problems += [
        f"The {image.role} picture is not stored. Upload it again."
        for image in brief.inputs
        if not store.exists(image.sha256)
    ]
    if problems:
        raise GenerationRefused(problems)
    return request


def _idle_steps(request: FrameRequest, card: ModelCard) -> list[str]:
    """Refining runs only the last strength * steps steps of these models, and none is no frame."""
    if card.family in ("pocket", "scripted") or request.ability not in ("refine", "inpaint"):
        return []
    if request.steps * request.strength >= 1:
        return []
    return [f"At {request.strength * 100:g} %, {request.steps} steps leave none to run. Raise either."]


def _ability(brief: Brief, card: ModelCard) -> Ability:
    """A blockout turns a frame from words into one that follows depth; pocket reads blockouts in every ability."""
    if brief.ability == "text" and card.family != "pocket" and _follows(brief):
        return "depth"
    return brief.ability


def _follows(brief: Brief) -> bool:
    varies = any(axis.field == "control_strength" for axis in brief.axes)
    return brief.blockout is not None and (brief.control_strength > 0 or varies)


def _control(brief: Brief, card: ModelCard) -> tuple[dict[str, Any] | None, tuple[float, float, float]]:
    """The blockout a request carries and how it acts; nothing where the model would not look at it.

    The pocket model stages a blockout for words alone too, so there the strength counts without one as well.
    """
    control = (brief.control_strength, brief.control_start, brief.control_end)
    if card.family == "pocket":
        acts = brief.blockout is not None or brief.ability == "text"
        return brief.blockout, control if acts else NO_CONTROL
    if _ability(brief, card) != "depth":
        return None, NO_CONTROL
    return brief.blockout, control


def ask_model(request: FrameRequest, project: Project) -> None:
    """Raises GenerationRefused unless the model of a request may render it for this production."""
    if has_maker(request.model):
        if not engine_behind(request.model):
            return  # nothing that was trained takes part, so there is no licence to ask about
        request = replace(request, model=engine_behind(request.model), inputs=())
    card = catalogue.installed().get(request.model)
    if card is not None and (lacking := sorted(request.needs - card.abilities)):
        can = ", ".join(
            other.title for other in catalogue.installed().values() if request.needs <= other.abilities
        )
        advice = f"{can} can." if can else "No model here can."
        if "depth" in lacking:
            advice += " At 0 % the blockout is left out."
        raise GenerationRefused(
            [f"{card.title} cannot {ABILITY_WORDS[lacking[0]]}. {advice}"], code="model_ability"
        )
    verdict = policy.may_use_model(
        known=card is not None,
        commercial_use=card.commercial if card else "no",
        commercial_production=project.commercial,
        abilities=card.abilities if card else (),
        ability=request.ability,
        title=card.title if card else request.model,
    )
    if verdict.allowed and card is not None:
        verdict = likeness.verdict_on_weights(card, project)
    if not verdict.allowed:
        raise GenerationRefused([verdict.sentence], code=verdict.code)


def refusal(job: Job) -> str | None:
    """Why policy no longer allows a queued job, in words, or None."""
    try:
        ask_model(job.frame_request, job.project)
    except GenerationRefused as refused:
        return str(refused)
    return likeness.verdict_on(job).sentence or None


def _queue_takes(sheet: Sheet, first: FrameRequest, brief: Brief, shown: Shown, *, by: User) -> list[Job]:
    brief_id = uuid.uuid4()
    if brief.axes:
        requests = cells_of(first, brief.axes)
    else:
        requests = [replace(first, seed=first.seed + index) for index in range(brief.takes)]
    jobs = Job.objects.bulk_create(
        new_job(sheet, request, shown, brief=brief_id, take=take, by=by, urgent=brief.urgent)
        for take, request in enumerate(requests, start=1)
    )
    Source.objects.bulk_create(
        Source(job=job, kind=source.kind, ref=source.ref, digest=source.digest, label=source.label[:200])
        for job in jobs
        for source in brief.sources
    )
    likeness.link(jobs, shown)
    return jobs


def batch_key_of(request: FrameRequest) -> str:
    """The key under which jobs share a batch, and their history an estimate."""
    return hashlib.sha256(json.dumps(request.batch_key).encode()).hexdigest()


def new_job(
    sheet: Sheet, request: FrameRequest, shown: Shown, *, brief: uuid.UUID, take: int, by: User, urgent: bool
) -> Job:
    return Job(
        project_id=sheet.project_id,
        sheet=sheet,
        requested_by=by,
        brief=brief,
        take=take,
        model=request.model,
        request=request.to_json(),
        likeness=shown.record,
        batch_key=batch_key_of(request),
        urgent=urgent,
    )


@transaction.atomic
def cancel(job: Job, *, by: User) -> bool:
    """Cancel an open job; False when it had ended already, which is no fault."""
    cancelled = queue.cancel(job)
    if cancelled:
        record("cancel", job, by=by, project_id=job.project_id)
    return cancelled


@transaction.atomic
def cancel_open(sheet: Sheet, *, by: User) -> int:
    """Cancel what the person has asked for on this sheet and not yet got."""
    return sum(cancel(job, by=by) for job in sheet.jobs.open().filter(requested_by=by))


@transaction.atomic
def retry(job: Job, *, by: User) -> Job:
    """Queue the same request again as a new job: an ended job never changes.

    Raises GenerationRefused when it still runs, is done, or policy has changed since.
    """
    if job.state not in (JobState.FAILED, JobState.CANCELLED):
        raise GenerationRefused(["Only a failed or cancelled take can be tried again."])
    request = job.frame_request
    ask_model(request, job.project)
    shown = likeness.ask(job.sheet, request, likeness.known_of(job), job.sources.all(), by=by)
    again = new_job(job.sheet, request, shown, brief=job.brief, take=job.take, by=by, urgent=job.urgent)
    again.save()
    likeness.link([again], shown)
    Source.objects.bulk_create(
        Source(job=again, kind=source.kind, ref=source.ref, digest=source.digest, label=source.label)
        for source in job.sources.all()
    )
    record("retry", again, by=by, project_id=job.project_id, of=job.pk)
    publish(SheetChanged(str(job.project_id), str(job.sheet_id)))
    wake_workers()
    return again
