"""What the pages of people and releases show; the only queries of their templates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from previs.audit.models import AuditEntry
from previs.consent.forms import LinkForm, PersonForm, PhotoForm, ReleaseForm, RevokeForm
from previs.consent.standing import Standing, nearest, standing_of
from previs.consent.timeline import Bar, Timeline, timeline_of
from previs.generation.leaving import departures
from previs.generation.models import HIDDEN
from previs.generation.withdrawal import Report, closure_of
from previs.projects.models import MANAGING_ROLES, Project
from previs.rights import gather, policy
from previs.rights.facts import ANY_SCOPE
from previs.rights.models import AssetState, Person, ReferenceAsset, Release

if TYPE_CHECKING:
    from previs.accounts.models import User

#: Icons of the scopes that the register shows as a row, in its order.
SCOPE_ICONS = {
    "tryon": "shirt",
    "concept_likeness": "image",
    "storyboard_likeness": "layout-grid",
    "expression_pose": "user-round-pen",
    "motion_previs": "video",
    "share_external": "share-2",
    "final_use": "film",
}
REFUSALS_SHOWN = 12
DEPARTURES_SHOWN = 40


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of the register.

    release: the one that counts or came nearest.  covers: icon, words, given, by any release in force.  bar: of the
    release over time.
    """

    person: Person
    release: Release | None
    standing: Standing
    covers: list[tuple[str, str, bool]]
    frames: int
    photos: int
    roles: list[str]
    bar: Bar | None


def rows(project: Project) -> tuple[list[PersonRow], Timeline]:
    """The people of a production, and the days their releases are drawn over; five queries for any number."""
    persons = list(project.persons.prefetch_related("releases", "castings__character"))
    shown = {person.pk: nearest(list(person.releases.all())) for person in persons}
    timeline = timeline_of(list(shown.values()))
    counted = project.persons.annotate(
        frame_count=Count("frames", filter=~Q(frames__state__in=HIDDEN), distinct=True),
        photo_count=Count("assets", filter=~Q(assets__state=AssetState.WITHDRAWN), distinct=True),
    )
    counts = {
        pk: (frames, photos) for pk, frames, photos in counted.values_list("pk", "frame_count", "photo_count")
    }
    found = [
        PersonRow(
            person=person,
            release=(release := shown[person.pk]),
            standing=standing_of(person, release),
            covers=covers_of(person.releases.all()),
            frames=frames,
            photos=photos,
            roles=[casting.character.name for casting in person.castings.all()],
            bar=timeline.bar_of(release),
        )
        for person in persons
        for frames, photos in [counts[person.pk]]
    ]
    return found, timeline


def covers_of(releases: Iterable[Release]) -> list[tuple[str, str, bool]]:
    """What any release in force allows: icon, words, given."""
    given = {scope for release in releases if release.is_in_force for scope in release.scopes}
    return [
        (icon, words, scope in given)
        for scope, words in ANY_SCOPE.items()
        if (icon := SCOPE_ICONS.get(scope))
    ]


def register_context(project: Project, user: User, **forms: Any) -> dict[str, Any]:
    people, timeline = rows(project)
    refusals = AuditEntry.objects.filter(project_id=project.pk, verb__in=["refuse", "refuse_upload"])
    return {
        "project": project,
        "nav": "rights",
        "rows": people,
        "timeline": timeline,
        "may_manage": project.role_of(user) in MANAGING_ROLES,
        "person_form": PersonForm(),
        "watched": project.watched_names.all(),
        "incidents": project.incidents.filter(closed_at=None).select_related("about"),
        "refusals": refusals.select_related("actor", "payload").order_by("-seq")[:REFUSALS_SHOWN],
        "scope_icons": [(icon, ANY_SCOPE[scope]) for scope, icon in SCOPE_ICONS.items()],  # type: ignore[index]
    } | forms


def person_context(person: Person, user: User, **forms: Any) -> dict[str, Any]:
    project = person.project
    photos = list(person.assets.prefetch_related("persons"))
    return {
        "project": project,
        "nav": "rights",
        "person": person,
        "standing": standing_of(person, nearest(list(person.releases.all()))),
        "releases": person.releases.all(),
        "castings": person.castings.select_related("character"),
        "open_roles": project.characters.exclude(casting__person=person).select_related("casting__person"),
        "photos": [(photo, link_form(photo)) for photo in photos],
        "frame_count": person.frames.exclude(state__in=HIDDEN).count(),
        "may_manage": project.role_of(user) in MANAGING_ROLES,
        "edit_form": PersonForm.of(person),
        "photo_form": PhotoForm(),
        "release_form": ReleaseForm(initial={"valid_from": timezone.localdate()}),
    } | forms


def release_context(release: Release, user: User, **forms: Any) -> dict[str, Any]:
    """A release, and what its revocation would reach now."""
    closure = closure_of(release.person)
    project = release.person.project
    return {
        "project": project,
        "nav": "rights",
        "release": release,
        "person": release.person,
        "lacking": policy.release_is_complete(gather.release_facts(release), moment=timezone.now()).sentence,
        "closure": closure,
        "report": Report.of(release),
        # Everything of the person that is out there, whatever became of the frame since.
        "gone": departures(release.person.frames.all())[:DEPARTURES_SHOWN],
        "may_manage": project.role_of(user) in MANAGING_ROLES,
        "release_form": ReleaseForm.of(release),
        "revoke_form": RevokeForm(),
    } | forms


def link_form(asset: ReferenceAsset, data: Any = None) -> LinkForm:
    initial = {"persons": list(asset.persons.all()), "not_a_person": asset.not_a_person}
    form = LinkForm(data, initial=initial, prefix=None, auto_id=f"id_{asset.pk.hex[:8]}_%s")
    form.fields["persons"].queryset = asset.project.persons.all()  # type: ignore[attr-defined]
    return form


def unlinked(project: Project) -> list[tuple[ReferenceAsset, LinkForm]]:
    """Pictures of the production that wait in quarantine for somebody to say who is on them."""
    waiting = project.assets.filter(state=AssetState.QUARANTINED).prefetch_related(
        Prefetch("persons"), "project"
    )
    return [(asset, link_form(asset)) for asset in waiting]
