"""What job cards, trays and the engine meter show; page, view and socket build it here alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse

from previs.generation.grid_sheet import latest_grid
from previs.generation.history import Outlook, outlook
from previs.generation.models import OPEN, Frame, FrameState, Job, JobState, Sheet
from previs.generation.previews import last_previews
from previs.generation.readiness import is_coming_up
from previs.projects.models import EDITING_ROLES, MANAGING_ROLES, Role

if TYPE_CHECKING:
    from previs.accounts.models import User

TRAY_SIZE = 20
VERSIONS_SHOWN = 6
MOST_COMPARED = 4
# Sides come in eights, so the ratio of an ordinary frame is a little off.
RATIO_SLACK = 0.06


@dataclass(frozen=True, slots=True)
class JobCard:
    """One job as one person sees it. preview: base64 JPEG or "". newest: of its sheet's latest brief, so that the
    number keys pick it.  asked: who decides once it is picked, in words for that person."""

    job: Job
    outlook: Outlook | None
    preview: str
    picked: bool
    newest: bool
    can_cancel: bool
    can_edit: bool
    asked: str

    @property
    def pk(self) -> Any:
        return self.job.pk

    @property
    def frame(self) -> Frame | None:
        return getattr(self.job, "frame", None)

    @property
    def label(self) -> str:
        """The number key of a take of the newest brief; of an older one, where each begins at 1 again, the version."""
        return f"v{self._version}" if self._version else str(self.job.take)

    @property
    def name(self) -> str:
        """The label in words."""
        return f"version {self._version}" if self._version else f"take {self.job.take}"

    @property
    def _version(self) -> int:
        """Of a frame that no number key picks; 0 for others."""
        return 0 if self.newest or self.frame is None else self.frame.number

    @property
    def ratio(self) -> str:
        return sheet_ratio(self.job.sheet)

    @property
    def shape(self) -> str:
        return shape_of(self.frame, self.job.sheet)

    @property
    def advice(self) -> tuple[str, str]:
        """The cause and what to do, apart: the first sentence of the error, and the rest."""
        cause, _, rest = self.job.error.partition(". ")
        return cause.rstrip("."), rest


def sheet_ratio(sheet: Sheet) -> str:
    return "r916" if sheet.kind == "change" else sheet.project.ratio_class


def shape_of(frame: Frame | None, sheet: Sheet) -> str:
    """Classes of a frame's box: a frame that was extended to another ratio is shown whole, never cropped."""
    ratio, wanted = sheet_ratio(sheet), float(sheet.project.aspect_ratio)
    odd = frame is not None and abs(frame.width / frame.height / wanted - 1) > RATIO_SLACK
    return f"{ratio} fit" if odd else ratio


def job_cards(jobs: Iterable[Job], user: User) -> list[JobCard]:
    """Cards of jobs that came from `Job.objects.with_card()`, all of one project or of few."""
    rows = list(jobs)
    looks, previews = outlook(rows), last_previews(rows)
    roles: dict[Any, str] = {}
    for job in rows:
        # Filled in here, since the database would send the same production once for each way to it.
        job.project = job.sheet.project
        if (frame := getattr(job, "frame", None)) is not None:
            frame.sheet = job.sheet
        if job.project_id not in roles:
            roles[job.project_id] = job.project.role_of(user)
    latest = latest_briefs({job.sheet_id for job in rows if job.state == JobState.DONE})
    return [
        JobCard(
            job=job,
            outlook=looks.get(job.pk),
            preview=previews.get(job.pk, ""),
            picked=_is_pick(job),
            newest=latest.get(job.sheet_id) == job.brief,
            can_edit=roles[job.project_id] in EDITING_ROLES,
            can_cancel=roles[job.project_id] in EDITING_ROLES
            and (job.requested_by_id == user.pk or roles[job.project_id] in MANAGING_ROLES),
            asked=asked_to_decide(roles[job.project_id], made_it=job.requested_by_id == user.pk),
        )
        for job in rows
    ]


def asked_to_decide(role: str, *, made_it: bool) -> str:
    """Who decides on a pick, as a clause for a person of this role. made_it: the frame was made for that person."""
    if role != Role.DIRECTOR:
        return "the director is asked to decide"
    return "somebody else is asked to decide, as you made it" if made_it else "you are asked to decide"


def _is_pick(job: Job) -> bool:
    """A pick that was withdrawn is none any more."""
    frame = getattr(job, "frame", None)
    return frame is not None and frame.pk == job.sheet.pick_id and not frame.is_hidden


def latest_briefs(sheets: Collection[Any]) -> dict[Any, Any]:
    """The newest brief of each sheet (by key) that anything was asked for on; one query."""
    if not sheets:
        return {}
    asked = Job.objects.filter(sheet=OuterRef("pk")).order_by("-created_at").values("brief")[:1]
    return dict(Sheet.objects.filter(pk__in=sheets).values_list("pk", Subquery(asked)))


def tray_context(sheet: Sheet, user: User) -> dict[str, Any]:
    """The takes tray of a sheet: its last 20 jobs, the newest brief first, takes in order."""
    jobs = sheet.jobs.with_card().exclude(state=JobState.CANCELLED).order_by("-created_at")[:TRAY_SIZE]
    newest: dict[Any, int] = {}
    for job in jobs:
        newest.setdefault(job.brief, len(newest))
    ordered = sorted(jobs, key=lambda job: (newest[job.brief], job.take, job.created_at))
    return tray_head(sheet, user) | {"cards": job_cards(ordered, user), "ratio": sheet_ratio(sheet)}


def newest_takes(sheets: Iterable[Sheet]) -> dict[Any, Frame]:
    """The newest take of each sheet that has takes and no pick, or one that was withdrawn; one query.

    sheets: with `pick` selected.
    """
    unpicked = {
        sheet.pk: sheet
        for sheet in sheets
        if sheet.frames_made and (sheet.pick is None or sheet.pick.is_hidden)
    }
    if not unpicked:
        return {}
    found = {}
    for frame in Frame.objects.filter(sheet__in=unpicked, state=FrameState.DRAFT).order_by("number"):
        frame.sheet = unpicked[frame.sheet_id]
        found[frame.sheet_id] = frame
    return found


def tray_head(sheet: Sheet, user: User) -> dict[str, Any]:
    return {
        "sheet": sheet,
        "open_count": sheet.jobs.open().count(),
        "can_edit": sheet.project.role_of(user) in EDITING_ROLES,
        "grid_url": latest_grid(sheet),
        "compare_url": latest_comparison(sheet),
    }


def latest_comparison(sheet: Sheet) -> str:
    """The address that compares the last takes of the newest brief, or the pick with the newest frame; one query.

    "" while the sheet has fewer than two frames.
    """
    frames = sheet.frames.filter(state=FrameState.DRAFT).order_by("-number")
    newest = list(frames.values_list("pk", "job__brief")[:MOST_COMPARED])
    if len(newest) < 2:
        return ""
    latest, brief = newest[0]
    takes = [pk for pk, of in newest if brief is not None and of == brief]
    if len(takes) < 2:
        other = sheet.pick_id if sheet.pick_id not in (None, latest) else newest[1][0]
        takes = [latest, other]
    asked = "&".join(f"frame={pk}" for pk in reversed(takes))
    return f"{reverse('compare', args=[sheet.project.slug])}?{asked}"


def versions_context(sheet: Sheet) -> dict[str, Any]:
    """The last frames of a sheet, newest first."""
    return {
        "sheet": sheet,
        "versions": sheet.frames.with_card().order_by("-number")[:VERSIONS_SHOWN],
        "ratio": sheet_ratio(sheet),
    }


def engine_meter(user: User) -> dict[str, int]:
    """How many jobs of the user's productions run and wait."""
    return meter(
        **Job.objects.visible_to(user).aggregate(
            running=Count("pk", filter=Q(state=JobState.RUNNING)),
            waiting=Count("pk", filter=Q(state=JobState.QUEUED)),
        )
    )


def meter(running: int, waiting: int) -> dict[str, int]:
    """What the top bar shows. coming_up: 1 when jobs wait for an engine that is still starting."""
    return {
        "running": running,
        "waiting": waiting,
        "coming_up": int(waiting > 0 and not running and is_coming_up()),
    }


def queue_rows(user: User) -> list[JobCard | None]:
    """Everything in the line, in order: running jobs, then waiting ones; None where it is not the user's to see."""
    everything = Job.objects.filter(state__in=OPEN)
    visible = {job.pk: job for job in Job.objects.visible_to(user).open().with_card()}
    looks = outlook(everything.only("pk", "state", "batch_key"))
    order = sorted(looks, key=lambda pk: looks[pk].place)
    cards = {card.pk: card for card in job_cards([visible[pk] for pk in order if pk in visible], user)}
    return [cards.get(pk) for pk in order]
