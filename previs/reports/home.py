"""What the first page shows: every production of a person, and what the engine does for them.

The number of queries is the same for one production and for fifty.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, F, IntegerField, OuterRef, Subquery, UUIDField, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from previs.audit.models import AuditEntry
from previs.generation.cards import meter
from previs.generation.history import Outlook, outlook
from previs.generation.models import Frame, FrameState, Job, JobState, Sheet
from previs.projects.models import EDITING_ROLES, Membership, Project
from previs.review.gates import spoken_on
from previs.review.models import Decision, Verdict
from previs.script.colours import strip_kind
from previs.script.models import Scene
from previs.storyboard.models import Panel
from previs.storyboard.shell import StripScene

if TYPE_CHECKING:
    from previs.accounts.models import User


@dataclass(slots=True)
class Film:
    """One production. hero: its newest picked frame, boards before designs; before anything is picked, its newest.

    panels, approved: of its storyboard.  frames: all that were ever made.  touched: its latest act of anybody.
    """

    project: Project
    role: str = ""
    crew: list[User] = field(default_factory=list)
    strip: list[StripScene] = field(default_factory=list)
    hero: Frame | None = None
    panels: int = 0
    approved: int = 0
    frames: int = 0
    touched: datetime | None = None

    @property
    def scenes(self) -> int:
        return sum(segment.kind != "omitted" for segment in self.strip)

    @property
    def eighths(self) -> int:
        return sum(segment.eighths for segment in self.strip if segment.kind != "omitted")

    @property
    def format(self) -> str:
        """Picture shape and rate: "2.39 Scope, 24 fps"."""
        ratio = dict(Project.RATIOS).get(self.project.aspect_ratio, str(self.project.aspect_ratio))
        return f"{ratio}, {self.project.fps.normalize():f} fps"

    @property
    def may_edit(self) -> bool:
        return self.role in EDITING_ROLES


@dataclass(frozen=True, slots=True)
class Step:
    """Where to go on. words: of the button."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class EngineNow:
    """running: jobs with their outlook.  waiting: how many queued.  mine: the outlook of the person's first one."""

    running: list[tuple[Job, Outlook | None]]
    waiting: int
    mine: Outlook | None

    @property
    def meter(self) -> dict[str, int]:
        """The same counts for the top bar, so that both always agree."""
        return meter(len(self.running), self.waiting)


def films_of(user: User) -> list[Film]:
    """Every production of the person, the one they touched last first."""
    acts = AuditEntry.objects.filter(project_id=OuterRef("pk")).order_by("-seq")
    boards_first = Case(
        When(sheet__kind="panel", then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    newest = Frame.objects.filter(sheet__project=OuterRef("pk"), state=FrameState.DRAFT).order_by(
        boards_first, "-created_at"
    )
    picked = newest.filter(sheet__pick=F("pk"))
    projects: list[Any] = list(  # rows with annotations that the model does not declare
        Project.objects.visible_to(user)
        .annotate(
            mine=Subquery(acts.filter(actor=user).values("seq")[:1]),
            touched=Subquery(acts.values("at")[:1]),
            hero_id=Coalesce(
                Subquery(picked.values("pk")[:1]), Subquery(newest.values("pk")[:1]), output_field=UUIDField()
            ),
        )
        .order_by(F("mine").desc(nulls_last=True), "-created_at")
    )
    films = {project.pk: Film(project, touched=project.touched) for project in projects}
    heroes = Frame.objects.with_card().in_bulk([project.hero_id for project in projects if project.hero_id])
    for project in projects:
        films[project.pk].hero = heroes.get(project.hero_id)
    for row in (
        Frame.objects.filter(sheet__project__in=films).values("sheet__project").annotate(made=Count("pk"))
    ):
        films[row["sheet__project"]].frames = row["made"]
    for membership in Membership.objects.filter(project__in=films).select_related("user"):
        film = films[membership.project_id]
        if membership.user_id == user.pk:
            film.role = membership.role
        else:
            film.crew.append(membership.user)
    _draw_strips(films)
    return list(films.values())


def next_step(film: Film, user: User) -> Step:
    """Back to the panel the person last asked a frame for; in a new production, to what has to come first."""
    last = (
        Job.objects.filter(project=film.project, requested_by=user, sheet__kind="panel")
        .order_by("-created_at")
        .values_list("sheet__title", "sheet__path")
        .first()
    )
    if last is not None:
        return Step(f"Continue at {last[0]}", last[1])
    first = next((segment for segment in film.strip if segment.kind != "omitted"), None)
    if first is not None:
        return Step(f"Open scene {first.number}", first.url)
    if film.may_edit:
        return Step("Import a screenplay", reverse("script_import", args=[film.project.slug]))
    return Step("Open the production", film.project.get_absolute_url())


def engine_now(user: User) -> EngineNow:
    """Jobs of the person's productions. Prompts are never part of it."""
    jobs = list(
        Job.objects.visible_to(user).open().select_related("sheet", "sheet__pick", "project", "requested_by")
    )
    looks = outlook(jobs)
    running = [(job, looks.get(job.pk)) for job in jobs if job.state == JobState.RUNNING]
    mine = [
        look for job in jobs if job.requested_by_id == user.pk and (look := looks.get(job.pk)) and look.place
    ]
    first = min(mine, key=lambda look: look.place, default=None)
    return EngineNow(
        running=running,
        waiting=len(jobs) - len(running),
        mine=first,
    )


def _draw_strips(films: dict[Any, Film]) -> None:
    picks: dict[Any, list[Any]] = defaultdict(list)
    panels = Panel.objects.filter(shot__scene__project__in=films).order_by()
    for scene_id, pick_id in panels.values_list("shot__scene_id", "sheet__pick_id"):
        picks[scene_id].append(pick_id)
    wanted = Sheet.objects.filter(panel__isnull=False, project__in=films, pick__isnull=False)
    decided = spoken_on(Decision.objects.in_force().filter(frame__in=wanted.values("pick")))
    approved = {pk for pk, spoken in decided.items() if spoken.verdicts == {Verdict.APPROVED}}
    # The text of a whole script is nothing a strip needs.
    for scene in Scene.objects.filter(project__in=films).defer("text", "synopsis"):
        film = films[scene.project_id]
        boards = picks[scene.pk]
        good = sum(pick in approved for pick in boards)
        film.panels += len(boards)
        film.approved += good
        film.strip.append(
            StripScene(
                number=scene.number,
                url=reverse("scene", args=[film.project.slug, scene.number]),
                eighths=scene.eighths,
                kind=strip_kind(scene),
                heading=scene.heading,
                approved_share=good / len(boards) if boards else 0.0,
            )
        )
