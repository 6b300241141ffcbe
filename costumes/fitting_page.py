"""What the fitting page shows; the only queries of its templates."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from costumes import fittings
from costumes.fitting_checks import Checks, checks_of
from costumes.fitting_facts import CandidateView, FittingView, fittings_of, steps_of
from costumes.fitting_forms import OutfitForm
from costumes.models import Change, Fitting
from costumes.models_fitting import Candidate
from previs.consent.standing import Standing, allowing, standing_of
from previs.generation.models import Frame, Job
from previs.projects.models import EDITING_ROLES
from previs.review.cards import frame_context
from previs.rights import gather, policy
from previs.rights.facts import ANY_SCOPE, Scope
from previs.rights.models import AssetKind, AssetState, Person, ReferenceAsset, Release

if TYPE_CHECKING:
    from previs.accounts.models import User

USE = ("tryon",)
# Scopes in one word, where many stand in a line.
SHORT: dict[Scope, str] = {
    "tryon": "try-on",
    "concept_likeness": "concepts",
    "storyboard_likeness": "storyboards",
    "age_change": "age",
    "expression_pose": "expression",
    "motion_previs": "motion",
    "share_external": "sharing outside",
    "final_use": "final use",
    "train_adapter": "training",
}
assert set(SHORT) == set(ANY_SCOPE)
HISTORY = 12
# Of a release that is valid, and does not cover this fitting.
NOT_FOR_THIS = Standing("Not for this fitting", "shield-x", "bad")


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody has agreed to. why_not: why no fitting may be made of them now, "" when it may.

    days: until the release ends, None without an end.  covers, lacks: scopes in words.
    """

    person: Person
    release: Release | None
    standing: Standing
    why_not: str
    days: int | None
    covers: Sequence[str]
    lacks: Sequence[str]
    plays: str


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that may be chosen. cast: it shows who plays the character.  why_not: "" when it may be used."""

    asset: ReferenceAsset
    people: Sequence[Consent]
    cast: bool
    why_not: str

    @property
    def of_somebody_else(self) -> bool:
        """Nobody on it plays the character, and they play another or have not agreed to this."""
        return bool(self.people) and not self.cast and any(one.plays or one.why_not for one in self.people)


@dataclass(frozen=True, slots=True)
class Shown:
    """A candidate with its report, and the words of its steps while it is being made."""

    candidate: CandidateView
    checks: Checks | None
    steps: Sequence[str]

    @property
    def frame(self) -> Frame | None:
        """None while it may not be seen."""
        frame = self.candidate.frame
        return frame if frame is not None and not frame.is_hidden else None

    @property
    def job(self) -> Job:
        return self.candidate.card.job

    @property
    def kind(self) -> Candidate:
        return self.candidate.kind

    @property
    def is_open(self) -> bool:
        return self.job.is_open


def room_context(
    change: Change,
    user: User,
    *,
    fitting: Fitting | None = None,
    form: OutfitForm | None = None,
    afresh: bool = False,
) -> dict[str, Any]:
    """Everything that fitting.html shows.

    fitting: the one to show; the newest otherwise.  afresh: none, an empty room.
    """
    project = change.character.project
    can_edit = project.role_of(user) in EDITING_ROLES
    views = fittings_of(change, user)
    view = (
        next((one for one in views if fitting is None or one.fitting == fitting), None)
        if not afresh
        else None
    )
    photos = photos_for(change) if can_edit else []
    if form is None and can_edit:
        form = _first_form(change, view, photos)
    return shown_context(view, user) | {
        "change": change,
        "project": project,
        "can_edit": can_edit,
        "history": [(len(views) - place, one) for place, one in enumerate(views[:HISTORY])],
        "number": len(views) - views.index(view) if view else 0,
        "form": form,
        "rows": form.rows() if form else [],
        "photos": photos,
        "photo_words": photo_words(photos),
        "chosen": _chosen(form, photos),
        "can_repaint": fittings.can_repaint(),
        "stages": stages_of(change),
        "scene_count": change.scenes.count(),
    }


def shown_context(view: FittingView | None, user: User) -> dict[str, Any]:
    """What follows from one fitting alone: the part of the page that is drawn again while it is made and judged."""
    if view is None:
        return {"view": None, "seen": ""}
    fitting = view.fitting
    role = fitting.change.character.project.role_of(user)
    garments = [layer.garment.name for layer in view.layers]
    shown = [
        Shown(
            one,
            checks_of(one.result.report, garments) if one.result else None,
            steps_of(view.layers, painted=one.kind == Candidate.REPAINTED),
        )
        for one in view.candidates
    ]
    pick = fitting.change.sheet.pick_id
    first = [pick, view.best.pk if view.best else None]
    seen = [one for one in shown if one.frame]
    best = next((one for key in first for one in seen if one.frame and one.frame.pk == key), None)
    context = {
        "view": view,
        "fitting": fitting,
        "change": fitting.change,
        "project": fitting.change.character.project,
        "can_edit": role in EDITING_ROLES,
        "candidates": shown,
        "best": best,
        "open": [one for one in shown if one.is_open],
        "stopped": next((one for one in shown if one.job.error), None),
        "consents": [consent_of(person, fitting.change) for person in _people(fitting)] if view.shown else [],
        "review": _review(best.frame, user) if best and best.frame else None,
        "sent": best is not None and best.frame is not None and best.frame.pk == pick,
    }
    return context | {"seen": _digest(context)}


def photos_for(change: Change) -> list[Photo]:
    """The photos of people that a fitting of this change could use, those of who is cast first. Constant queries."""
    assets = (
        change.character.project.assets.filter(kind=AssetKind.PERSON)
        .exclude(state=AssetState.WITHDRAWN)
        .prefetch_related("persons__releases", "persons__castings__character", "persons__project")
    )
    photos = [_photo(asset, change) for asset in assets]
    return sorted(photos, key=lambda photo: (not photo.cast, bool(photo.why_not)))


def photo_words(photos: Sequence[Photo]) -> str:
    """How many photos may be used: "1 may be used, 2 of somebody else"."""
    others = sum(photo.of_somebody_else for photo in photos)
    refused = sum(bool(photo.why_not) and not photo.of_somebody_else for photo in photos)
    counted = {
        "may be used": len(photos) - others - refused,
        "may not be used": refused,
        "of somebody else": others,
    }
    return ", ".join(f"{count} {words}" for words, count in counted.items() if count) or "none yet"


def consent_of(person: Person, change: Change) -> Consent:
    """person: with `releases` and `castings__character` prefetched where there are many."""
    character = change.character.name.upper()
    release = allowing(person, scopes=USE, character=character)
    verdict = policy.consent(
        gather.person_facts([person])[0], moment=timezone.now(), scopes=USE, character=character
    )
    standing = standing_of(person, release)
    if not verdict.allowed and standing.tone == "ok":
        standing = NOT_FOR_THIS
    given = set(release.scopes) if release else set()
    return Consent(
        person=person,
        release=release,
        standing=standing,
        why_not="" if verdict.allowed else verdict.sentence,
        days=(release.valid_until - timezone.now()).days if release and release.valid_until else None,
        covers=[words for scope, words in SHORT.items() if scope in given],
        lacks=[words for scope, words in SHORT.items() if scope not in given],
        plays=", ".join(casting.character.name for casting in person.castings.all()),
    )


def _photo(asset: ReferenceAsset, change: Change) -> Photo:
    people = [consent_of(person, change) for person in asset.persons.all()]
    cast = any(
        casting.character_id == change.character_id for one in people for casting in one.person.castings.all()
    )
    why_not = next((one.why_not for one in people if one.why_not), "")
    if asset.state != AssetState.OK:
        why_not = "A face on it is linked to nobody. Link it on the page People."
    return Photo(asset, people, cast, why_not)


def _first_form(change: Change, view: FittingView | None, photos: Sequence[Photo]) -> OutfitForm:
    base = view.fitting if view and view.shown else None
    form = OutfitForm(change=change, base=base, layers=view.layers if view and base else ())
    if base is None:
        usable = next((photo for photo in photos if not photo.why_not), None)
        form.initial["photo"] = usable.asset.pk if usable else None
    return form


def _chosen(form: OutfitForm | None, photos: Sequence[Photo]) -> Photo | None:
    key = str(form["photo"].value()) if form else ""
    return next((photo for photo in photos if str(photo.asset.pk) == key), None)


def _people(fitting: Fitting) -> list[Person]:
    return list(
        fitting.photo.persons.select_related("project").prefetch_related("releases", "castings__character")
    )


def stages_of(change: Change) -> list[dict[str, str]]:
    """In story order: what it is called, from which scene, and the words of its concept's address."""
    rows = change.stages.select_related("from_scene")
    begun = [{"words": "Clean", "scenes": "until the first stage", "note": "", "query": ""}]
    for row in rows:
        begun.append(
            {
                "words": row.get_stage_display(),
                "scenes": f"from scene {row.from_scene.number}",
                "note": row.note,
                "query": f"?stage={row.stage}",
            }
        )
    return begun


def _review(frame: Frame, user: User) -> dict[str, Any]:
    whole = Frame.objects.with_card().get(pk=frame.pk)
    return frame_context(whole, user)


def _digest(context: dict[str, Any]) -> str:
    """Of what may change in it while it is open, so that nothing is drawn again that is as it was."""
    parts = [str(context["view"].state), str(context["fitting"].change.sheet.pick_id)]
    for one in context["candidates"]:
        frame = one.candidate.frame
        parts += [str(one.job.pk), str(one.job.state), str(frame.state if frame else "")]
    if context["review"]:
        parts += [f"{word.pk}{word.current}" for word in context["review"]["decisions"]]
    parts += [f"{one.person.pk}{one.why_not}" for one in context["consents"]]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:12]
