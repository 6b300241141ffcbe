"""People, their releases, and the pictures that show them: every change of those rows, with its entry on record."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from previs.audit.record import record
from previs.projects.models import Project
from previs.rights import gather, policy
from previs.rights.models import (
    AssetKind,
    AssetRights,
    AssetState,
    Incident,
    Person,
    PromptClearance,
    ReferenceAsset,
    Release,
    ReleaseState,
    WatchedName,
)

if TYPE_CHECKING:
    from previs.accounts.models import User

# From which states a release may come into which, beside revocation and expiry.
MOVES: dict[str, tuple[str, ...]] = {
    ReleaseState.ACTIVE: (ReleaseState.DRAFT, ReleaseState.SUSPENDED),
    ReleaseState.SUSPENDED: (ReleaseState.ACTIVE,),
}


class RightsError(Exception):
    """A change that cannot be made; the message says what to do."""


class ReleaseError(RightsError):
    """A release that cannot come into force, or not end, as it is."""


class AssetRefused(RightsError):  # noqa: N818 - an answer, not a fault
    """A picture that is not taken in. code: of the policy."""

    def __init__(self, sentence: str, code: str) -> None:
        super().__init__(sentence)
        self.code = code


@transaction.atomic
def add_person(
    project: Project, *, by: User, alias: str = "", minor: bool = False, deceased: bool = False, union: str
) -> Person:
    """Enter somebody under a number; without one, the next free. Raises RightsError when the number is taken."""
    number = " ".join(alias.split()) or _next_alias(project)
    try:
        with transaction.atomic():
            person = Person.objects.create(
                project=project, alias=number, minor=minor, deceased=deceased, union=union, created_by=by
            )
    except IntegrityError:
        raise RightsError(f"{number} is somebody already. Choose another number.") from None
    record("add_person", person, by=by, project_id=project.pk, minor=minor, deceased=deceased)
    return person


@transaction.atomic
def edit_person(person: Person, *, by: User, alias: str, minor: bool, deceased: bool, union: str) -> Person:
    """Raises RightsError when the number is taken."""
    person.alias = " ".join(alias.split()) or person.alias
    person.minor, person.deceased, person.union = minor, deceased, union
    try:
        with transaction.atomic():
            person.save(update_fields=["alias", "minor", "deceased", "union"])
    except IntegrityError:
        raise RightsError(f"{person.alias} is somebody already. Choose another number.") from None
    record("edit_person", person, by=by, project_id=person.project_id, minor=minor, deceased=deceased)
    return person


def _next_alias(project: Project) -> str:
    taken = set(project.persons.values_list("alias", flat=True))
    number = len(taken) + 1
    while f"P-{number:03}" in taken:
        number += 1
    return f"P-{number:03}"


@transaction.atomic
def keep_release(person: Person, *, by: User, release: Release | None = None, **fields: Any) -> Release:
    """Enter a release, or change one that is still a draft: what was signed is never changed afterwards.

    Raises ReleaseError for any other than a draft.
    """
    if release is None:
        release = Release.objects.create(person=person, created_by=by, **fields)
        verb = "add_release"
    else:
        changed = Release.objects.filter(pk=release.pk, person=person, status=ReleaseState.DRAFT)
        if not changed.update(**fields):
            raise ReleaseError(
                "This release was in force, so its words stay as they are. Enter what was signed since as a new one."
            )
        release.refresh_from_db()
        verb = "edit_release"
    record(verb, release, by=by, project_id=person.project_id, scopes=release.scopes)
    return release


@transaction.atomic
def move_release(release: Release, *, to: str, by: User) -> Release:
    """Put a release in force or suspend it. Raises ReleaseError when it lacks something (R11) or has ended."""
    if to not in MOVES:
        raise ReleaseError("A release is put in force, suspended or revoked.")
    if to == ReleaseState.ACTIVE:
        verdict = policy.release_is_complete(gather.release_facts(release), moment=timezone.now())
        if not verdict.allowed:
            raise ReleaseError(verdict.sentence)
    if not Release.objects.filter(pk=release.pk, status__in=MOVES[to]).update(status=to):
        raise ReleaseError(
            f"A release that is {release.get_status_display().lower()} cannot become {ReleaseState(to).label.lower()}."
        )
    release.refresh_from_db(fields=["status"])
    record("move_release", release, by=by, project_id=release.person.project_id, to=to)
    return release


@dataclass(frozen=True, slots=True)
class Taken:
    """A picture whose bytes are about to be kept. faces: None when nothing could look for them."""

    sha256: str
    thumb_sha256: str
    phash: str
    width: int
    height: int
    faces: int | None


def refuse_withdrawn(project: Project, sha256: str, phash: str) -> None:
    """Raises AssetRefused for a picture that was withdrawn here, or one that looks like it (R08)."""
    withdrawn = ReferenceAsset.objects.filter(project=project, state=AssetState.WITHDRAWN)
    for kept, near in withdrawn.values_list("sha256", "phash"):
        if policy.resembles(sha256, phash, withdrawn_sha256=kept, withdrawn_phash=near):
            raise AssetRefused(
                "This picture, or one just like it, was withdrawn from the production, so it cannot come back. "
                "The owner or a producer can say why.",
                "reference_withdrawn",
            )


@transaction.atomic
def keep_asset(
    project: Project,
    taken: Taken,
    *,
    by: User,
    kind: str,
    title: str,
    rights: str,
    statement: str,
    persons: Collection[Person] = (),
    not_a_person: str = "",
) -> ReferenceAsset:
    """Keep a picture with the word of who took it in; in quarantine while a face on it is nobody's (R07 to R09).

    Raises AssetRefused before anything is kept.
    """
    refuse_unattested(kind, rights, statement)
    refuse_withdrawn(project, taken.sha256, taken.phash)
    asset, made = ReferenceAsset.objects.get_or_create(
        project=project,
        sha256=taken.sha256,
        defaults={
            "kind": kind,
            "title": title.strip()[:120],
            "thumb_sha256": taken.thumb_sha256,
            "phash": taken.phash,
            "width": taken.width,
            "height": taken.height,
            "rights": rights,
            "statement": statement.strip()[:300],
            "attested_by": by,
            "faces_found": taken.faces,
            "not_a_person": not_a_person.strip()[:300],
        },
    )
    if made:
        record("add_asset", asset, by=by, project_id=project.pk, kind=kind, rights=rights, faces=taken.faces)
    if persons:
        asset.persons.add(*persons)
    return _settle(asset, by=by)


@transaction.atomic
def link_faces(
    asset: ReferenceAsset, *, persons: Collection[Person], not_a_person: str, by: User
) -> ReferenceAsset:
    """Say who is seen on a picture, or on what ground it is nobody real (R09). Raises AssetRefused for neither."""
    if asset.state == AssetState.WITHDRAWN:
        raise AssetRefused(
            "This picture was withdrawn; nobody is linked to it any more.", "reference_withdrawn"
        )
    if not persons and not not_a_person.strip():
        raise AssetRefused(
            "Choose who is seen on it, or write why it is nobody real, for instance: a mannequin of our workshop.",
            "face_unlinked",
        )
    asset.persons.set(persons)
    asset.not_a_person = "" if persons else not_a_person.strip()[:300]
    asset.save(update_fields=["not_a_person"])
    record(
        "link_faces",
        asset,
        by=by,
        project_id=asset.project_id,
        persons=[str(person.pk) for person in persons],
        nobody_real=bool(asset.not_a_person),
    )
    return _settle(asset, by=by)


def refuse_unattested(kind: str, rights: str, statement: str) -> None:
    """Raises AssetRefused for a picture nobody says anything about (R07)."""
    verdict = policy.may_take_in(rights=rights if rights in AssetRights.values else "", statement=statement)
    if not verdict.allowed:
        raise AssetRefused(verdict.sentence, verdict.code)
    if kind not in AssetKind.values:
        raise AssetRefused("Say what the picture shows.", "reference_kind")


def _settle(asset: ReferenceAsset, *, by: User) -> ReferenceAsset:
    """Into or out of quarantine, as the policy says now."""
    if asset.state == AssetState.WITHDRAWN:
        return asset
    state = (
        AssetState.OK if policy.asset_is_free(gather.asset_facts(asset)).allowed else AssetState.QUARANTINED
    )
    if ReferenceAsset.objects.filter(pk=asset.pk).exclude(state=state).update(state=state):
        asset.state = state
        record("settle_asset", asset, by=by, project_id=asset.project_id, state=state)
    return asset


@transaction.atomic
def note_opening(asset: ReferenceAsset, *, by: User, how: str) -> None:
    """Put on record that somebody opened a photograph of a person (R33). how: page, thumb or master."""
    record("open_asset", asset, by=by, project_id=asset.project_id, how=how)


@transaction.atomic
def watch_name(project: Project, *, name: str, kind: str, by: User) -> WatchedName:
    """Keep a name out of every prompt of the production (R14). Raises RightsError for an empty one."""
    words = " ".join(name.split())
    if not words:
        raise RightsError("Write the name that no prompt may contain.")
    watched, made = WatchedName.objects.get_or_create(
        project=project, name=words[:120], defaults={"kind": kind, "added_by": by}
    )
    if made:
        record("watch_name", watched, by=by, project_id=project.pk, kind=kind)
    return watched


@transaction.atomic
def clear_prompt(project: Project, *, prompt_sha256: str, reason: str, by: User) -> PromptClearance:
    """Let one prompt pass that was read (R13, R14); the prohibition of R15 stays. Raises RightsError without reason."""
    if not reason.strip():
        raise RightsError("Say why this prompt may pass.")
    clearance, made = PromptClearance.objects.get_or_create(
        project=project,
        prompt_sha256=prompt_sha256,
        defaults={"reason": reason.strip()[:300], "cleared_by": by},
    )
    if made:
        record("clear_prompt", clearance, by=by, project_id=project.pk, prompt_sha256=prompt_sha256)
    return clearance


@transaction.atomic
def close_incident(incident: Incident, *, finding: str, by: User) -> Incident:
    """Give a person their jobs back after somebody else has looked. Raises RightsError without a finding."""
    if not finding.strip():
        raise RightsError("Write what you found.")
    if incident.about_id == by.pk:
        raise RightsError("Somebody else has to look at an incident about you.")
    closed = Incident.objects.filter(pk=incident.pk, closed_at=None).update(
        closed_at=timezone.now(), closed_by=by, finding=finding.strip()[:300]
    )
    incident.refresh_from_db()
    if closed:
        record("close_incident", incident, by=by, project_id=incident.project_id)
    return incident
