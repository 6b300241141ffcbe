"""What a person is asked for: decisions, changes, takes to pick, failures. For the first page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from previs.generation.models import Frame, FrameState, Job, JobState
from previs.projects.models import DECIDING_ROLES, MANAGING_ROLES, Project
from previs.review.cards import box_of
from previs.review.models import Decision, Verdict
from previs.rights.models import Release, ReleaseState
from previs.rights.policy import WARNING_DAYS

if TYPE_CHECKING:
    from previs.accounts.models import User

LONGEST_LIST = 12
# A failure older than this is history, not something to act on.
FAILED_LATELY = timedelta(days=2)
ENDED_LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing somebody should look at. tone: of its mark, "" for none."""

    title: str
    words: str
    detail: str
    url: str
    at: datetime
    frame: Frame | None = None
    mark: str = ""
    tone: str = ""

    @property
    def box(self) -> str:
        return box_of(self.frame) if self.frame else ""


def waiting_for(user: User) -> list[Waiting]:
    """What the person is asked for in all their productions, newest first. Six queries."""
    found = [
        *_to_decide(user),
        *_changes_asked(user),
        *_takes_ready(user),
        *_failed(user),
        *_consent_ended(user),
        *_consent_ends(user),
    ]
    return sorted(found, key=lambda waiting: waiting.at, reverse=True)


def _to_decide(user: User) -> list[Waiting]:
    decided = Decision.objects.in_force().filter(frame=OuterRef("pk"), by=user)
    frames = (
        Frame.objects.with_card()
        .filter(
            ~Exists(decided),
            sheet__pick=F("pk"),
            state=FrameState.DRAFT,
            sheet__project__memberships__user=user,
            sheet__project__memberships__role__in=DECIDING_ROLES,
        )
        .exclude(made_for=user)
        .order_by("-created_at")[:LONGEST_LIST]
    )
    return [
        Waiting(
            title=str(frame),
            words="Your decision is missing",
            detail=str(frame.made_for),
            url=frame.get_absolute_url(),
            at=frame.created_at,
            frame=frame,
            mark="Decide",
            tone="ac",
        )
        for frame in frames
    ]


def _changes_asked(user: User) -> list[Waiting]:
    """Somebody wants another version of the person's frame, and none was made since."""
    decisions = (
        Decision.objects.in_force()
        .filter(
            verdict=Verdict.CHANGES,
            frame__made_for=user,
            frame__sheet__project__in=Project.objects.visible_to(user),
            frame__number=F("frame__sheet__frames_made"),
        )
        .select_related("by", "frame__sheet__project")
        .order_by("-created_at")[:LONGEST_LIST]
    )
    return [
        Waiting(
            title=str(decision.frame),
            words=f"Changes requested: {decision.note}",
            detail=str(decision.by),
            url=decision.frame.get_absolute_url(),
            at=decision.created_at,
            frame=decision.frame,
            mark="Changes",
            tone="bad",
        )
        for decision in decisions
    ]


def _takes_ready(user: User) -> list[Waiting]:
    """The person's takes on sheets where nothing is picked yet, one entry a sheet."""
    frames = (
        Frame.objects.with_card()
        .filter(
            made_for=user,
            state=FrameState.DRAFT,
            sheet__pick=None,
            sheet__project__in=Project.objects.editable_by(user),
        )
        # Rows of frames that play show their newest by themselves; nobody has to pick.
        .exclude(sheet__kind__in=["beat", "move"])
        .order_by("-created_at")[: 4 * LONGEST_LIST]
    )
    takes = Counter(frame.sheet_id for frame in frames)
    newest: dict[Any, Frame] = {}
    for frame in frames:
        newest.setdefault(frame.sheet_id, frame)
    return [
        Waiting(
            title=str(frame),
            words="Your take is ready to pick"
            if takes[sheet] == 1
            else f"Your {takes[sheet]} takes are ready to pick",
            detail=frame.sheet.project.title,
            url=frame.sheet.path or frame.get_absolute_url(),
            at=frame.created_at,
            frame=frame,
        )
        for sheet, frame in list(newest.items())[:LONGEST_LIST]
    ]


def _failed(user: User) -> list[Waiting]:
    """The person's failed jobs of late, unless they have asked again since."""
    since = Job.objects.filter(
        sheet=OuterRef("sheet"), requested_by=user, created_at__gt=OuterRef("created_at")
    )
    jobs = (
        Job.objects.visible_to(user)
        .filter(
            ~Exists(since),
            state=JobState.FAILED,
            requested_by=user,
            finished_at__gt=timezone.now() - FAILED_LATELY,
        )
        .select_related("sheet", "project")
        .order_by("-finished_at")[:LONGEST_LIST]
    )
    return [
        Waiting(
            title=str(job),
            words=f"Failed: {job.error}",
            detail=job.project.title,
            url=job.sheet.path or job.project.get_absolute_url(),
            at=job.finished_at or job.created_at,
            mark="Failed",
            tone="bad",
        )
        for job in jobs
    ]


def _consent_ended(user: User) -> list[Waiting]:
    """Consent that somebody took back lately: for who made frames of it, and for who answers for the production."""
    hidden = [FrameState.WITHDRAWN, FrameState.LEGAL_HOLD]
    mine = Q(person__frames__made_for=user, person__frames__state__in=hidden)
    managed = Q(
        person__project__memberships__user=user, person__project__memberships__role__in=MANAGING_ROLES
    )
    releases: Any = (  # rows with a count that the model does not declare
        Release.objects.filter(
            managed | mine,
            person__project__in=Project.objects.visible_to(user),
            status=ReleaseState.REVOKED,
            ended_at__gt=timezone.now() - ENDED_LATELY,
        )
        .annotate(frames=Count("person__frames", filter=mine, distinct=True))
        .select_related("person__project")
        .order_by("-ended_at")[:LONGEST_LIST]
    )
    return [
        Waiting(
            title=f"{release.person} has taken the consent back",
            words=f"{gone} of your frames left every page and link"
            if gone
            else "What showed them left every page and link",
            detail=release.person.project.title,
            url=_page_of(release),
            at=release.ended_at or release.created_at,
            mark="Revoked",
            tone="bad",
        )
        for release, gone in ((release, int(vars(release)["frames"])) for release in releases)
    ]


def _consent_ends(user: User) -> list[Waiting]:
    """Releases that end within a month, for who can have them renewed (R27)."""
    now = timezone.now()
    releases = (
        Release.objects.filter(
            person__project__memberships__user=user,
            person__project__memberships__role__in=MANAGING_ROLES,
            status=ReleaseState.ACTIVE,
            valid_until__range=(now, now + timedelta(days=WARNING_DAYS[0])),
        )
        .select_related("person__project")
        .order_by("valid_until")[:LONGEST_LIST]
    )
    return [
        Waiting(
            title=f"The release of {release.person} ends soon",
            words=f"It ends on {release.valid_until:%-d %b}; then what shows them is hidden until it is renewed",
            detail=release.person.project.title,
            url=_page_of(release),
            at=now,
            mark="Ends",
            tone="bad",
        )
        for release in releases
    ]


def _page_of(release: Release) -> str:
    return reverse("release", args=[release.person.project.slug, release.pk])
