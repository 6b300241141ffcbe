"""Whose likeness a job uses, and whether it may: at the submit, in the worker, at the save, to approve, to export.

Who is used follows from what a job is made from, by hash: a picture that shows a person, or a frame that derives
from one. It is kept with the job and its frame, so that the closure of a person is one query.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from previs.engine.cards import ModelCard
from previs.engine.request import FrameRequest
from previs.generation.baring import body_repainted
from previs.generation.imaging import text_sha256
from previs.generation.models import Frame, Job, Sheet, Source
from previs.generation.refusal import refuse
from previs.generation.sources import SourceRef
from previs.projects.models import Project
from previs.rights import gather, policy
from previs.rights.facts import Scope, UseFacts
from previs.rights.models import Person, ReferenceAsset
from previs.rights.policy import ALLOWED, Verdict

if TYPE_CHECKING:
    from previs.accounts.models import User

# What a frame on a sheet of each kind does with a likeness; whatever is not named is a concept.
SCOPE_OF_KIND: dict[str, Scope] = {
    "panel": "storyboard_likeness",
    "beat": "storyboard_likeness",
    "move": "motion_previs",
    "fitting": "tryon",
}
#: What the facts of a person are read from.
PERSON_FACTS = ("releases", "castings__character")
SUSPENDED = Verdict(
    False,
    "jobs_suspended",
    "You may ask for no frames on this production until the owner or a producer has looked at an incident.",
)


class ConsentEnded(Exception):  # noqa: N818 - an answer, not a fault
    """A frame came back after its people may no longer be used: it is dropped, and its job says why."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """What whoever asks for frames knows of the people in them, beside what the input pictures tell.

    scopes: uses beyond the one that the kind of the sheet means, or `use` in its place.  character: the role, in
    capitals.
    garments: how many garment pictures are put on.  garment_words: what those are called.
    """

    persons: tuple[uuid.UUID, ...] = ()
    scopes: tuple[Scope, ...] = ()
    character: str = ""
    garments: int = 0
    garment_words: tuple[str, ...] = ()
    use: Scope | None = None


NOBODY = Likeness()


@dataclass(frozen=True, slots=True)
class Shown:
    """Who and what the inputs of a request show. record: what a job keeps, {} without a person."""

    persons: tuple[Person, ...] = ()
    assets: tuple[ReferenceAsset, ...] = ()
    record: dict[str, Any] = field(default_factory=dict)


def ask(
    sheet: Sheet,
    request: FrameRequest,
    known: Likeness,
    sources: Iterable[SourceRef | Source] = (),
    *,
    by: User,
) -> Shown:
    """Who a request uses, if policy lets it. Raises GenerationRefused with the first rule that does not."""
    prompt = text_sha256(request.prompt)
    if gather.is_suspended(sheet.project_id, by.pk):
        refuse(SUSPENDED, prompt_sha256=prompt)
    persons, assets = _shown(sheet.project_id, request, sources, known.persons)
    record = record_of(sheet, request, known) if persons else {}
    use = _use(sheet.project_id, record, request, persons, assets)
    refuse(policy.may_use(use), prompt_sha256=prompt)
    return Shown(persons, assets, record)


def known_of(job: Job) -> Likeness:
    """What was known of a job's people when it was asked for, to ask for it again."""
    kept = job.likeness
    if not kept:
        return NOBODY
    return Likeness(
        persons=tuple(job.persons.values_list("pk", flat=True)),
        scopes=tuple(kept["scopes"]),
        character=kept["character"],
        garments=kept["garments"],
        garment_words=tuple(kept["garment_words"]),
        use=kept.get("use"),
    )


def link(jobs: Iterable[Job], shown: Shown) -> None:
    """Keep with jobs whose likeness they use."""
    through = Job.persons.through
    through.objects.bulk_create(
        through(job_id=job.pk, person_id=person.pk) for job in jobs for person in shown.persons
    )


def verdict_on(job: Job) -> Verdict:
    """May a job still be rendered, and its frame be kept? No query for a job made from words alone."""
    if not job.likeness and not job.request.get("inputs"):
        return ALLOWED
    request = job.frame_request
    persons, assets = _shown(job.project_id, request, job.sources.all(), _ids(job.persons.all()))
    record = job.likeness or (record_of(job.sheet, request, NOBODY) if persons else {})
    return policy.may_use(_use(job.project_id, record, request, persons, assets))


def ask_to_keep(job: Job) -> None:
    """Raises ConsentEnded when a frame that was rendered may not be kept any more."""
    verdict = verdict_on(job)
    if not verdict.allowed:
        raise ConsentEnded(verdict.sentence)


def verdict_on_weights(card: ModelCard, project: Project) -> Verdict:
    """May a production render with weights that were trained on people? Only its own, while they agree (R17)."""
    verdict = policy.may_use_adapter(bound_to=card.bound_to, used_in=project.slug)
    if not verdict.allowed or not card.shows:
        return verdict
    people = Person.objects.filter(project=project, pk__in=card.shows).prefetch_related(*PERSON_FACTS)
    return policy.may_train_adapter(gather.person_facts(people), moment=timezone.now())


def verdict_on_frame(frame: Frame) -> Verdict:
    """May a frame be approved? frame: with its sheet; R10 to R13 as of this moment."""
    use = use_of_frame(frame)
    return policy.may_use(use) if use.persons else ALLOWED


def verdict_on_export(frame: Frame, *, outside: bool = False) -> Verdict:
    """May a frame leave as a file? outside: to people who are not on the crew."""
    return policy.may_export(use_of_frame(frame), state=frame.state, outside=outside)


def use_of_frame(frame: Frame) -> UseFacts:
    persons = tuple(frame.persons.prefetch_related(*PERSON_FACTS))
    if not persons:
        return UseFacts(moment=timezone.now())
    job = frame.job
    record = (job.likeness if job else {}) or {"scopes": [scope_of(frame.sheet)]}
    return _use(frame.sheet.project_id, record, job.frame_request if job else None, persons, ())


def scope_of(sheet: Sheet) -> Scope:
    return SCOPE_OF_KIND.get(sheet.kind, "concept_likeness")


def record_of(sheet: Sheet, request: FrameRequest, known: Likeness) -> dict[str, Any]:
    """What a job keeps of the use it makes of people (`Job.likeness`)."""
    scopes = {known.use or scope_of(sheet), *known.scopes, *policy.scopes_in_words(request.prompt)}
    return {
        **({"use": known.use} if known.use else {}),
        "scopes": sorted(scopes),
        "character": known.character.upper(),
        "garments": known.garments,
        "garment_words": list(known.garment_words),
    }


def _use(
    project_id: uuid.UUID,
    record: dict[str, Any],
    request: FrameRequest | None,
    persons: Iterable[Person],
    assets: Iterable[ReferenceAsset],
) -> UseFacts:
    """request: None for a frame that somebody drew by hand."""
    people, names = gather.person_facts(persons), gather.watched(project_id)
    prompt = request.prompt if request else ""
    garments = record.get("garments", 0)
    return UseFacts(
        moment=timezone.now(),
        persons=people,
        assets=tuple(gather.asset_facts(asset) for asset in assets),
        scopes=frozenset(record.get("scopes", ())),
        character=record.get("character", ""),
        prompt=prompt,
        negative_prompt=request.negative_prompt if request else "",
        # Nothing can be cleared where nothing is asked.
        prompt_cleared=bool(people or names) and gather.is_cleared(project_id, text_sha256(prompt)),
        watched=names,
        garments=garments,
        garment_words=tuple(record.get("garment_words", ())),
        # A fitting paints cloth where the mask lies; only without any is it asked what the mask uncovers.
        body_repainted=body_repainted(request) if request and people and not garments else 0.0,
    )


def _shown(
    project_id: uuid.UUID,
    request: FrameRequest,
    sources: Iterable[SourceRef | Source],
    named: Iterable[uuid.UUID],
) -> tuple[tuple[Person, ...], tuple[ReferenceAsset, ...]]:
    """The people and the stored pictures behind a request's inputs.

    A frame that was cut or widened before it became an input has another hash; it is found as the source that
    the brief names.
    """
    named = list(named)
    addresses = {image.sha256 for image in request.inputs if image.role != "mask"}
    if not addresses and not named:
        return (), ()
    assets = tuple(
        ReferenceAsset.objects.filter(project_id=project_id, sha256__in=addresses).prefetch_related("persons")
    )
    frames = Frame.objects.filter(sheet__project_id=project_id)
    found = dict(frames.filter(sha256__in=addresses).values_list("pk", "sha256"))
    recognised = set(found.values()) | {asset.sha256 for asset in assets}
    used = set(found)
    if addresses - recognised:
        used |= {uuid.UUID(source.ref) for source in sources if source.kind == "frame"}
    persons = Person.objects.filter(
        Q(pk__in=named) | Q(assets__in=[asset.pk for asset in assets]) | Q(frames__in=used),
        project_id=project_id,
    )
    return tuple(persons.distinct().prefetch_related(*PERSON_FACTS)), assets


def _ids(persons: Iterable[Person]) -> list[uuid.UUID]:
    return [person.pk for person in persons]
