"""The spine: a Sheet per subject, Jobs that ask for frames, Frames that came, and where they came from."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.templatetags.static import static
from django.urls import reverse

from previs.engine.request import FrameRequest
from previs.projects.models import Project
from previs.rights.models import Person

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from previs.accounts.models import User


class SheetQuerySet(models.QuerySet["Sheet"]):
    def visible_to(self, user: User | AnonymousUser) -> SheetQuerySet:
        return self.filter(project__in=Project.objects.visible_to(user))

    def editable_by(self, user: User | AnonymousUser) -> SheetQuerySet:
        return self.filter(project__in=Project.objects.editable_by(user))


class Sheet(models.Model):
    """The contact sheet of one subject: every frame made or uploaded for it, in order, and the pick.

    kind, title, path: what the subject is, what it is called and where its page is, as the subject's app wrote
    them; nothing here knows panels, sets or costumes.
    own_words: the prompt that somebody wrote in place of the compiled one; "" once the compiled one is used again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="sheets")
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    path = models.CharField(max_length=300, blank=True)
    pick = models.ForeignKey("Frame", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    frames_made = models.PositiveIntegerField(default=0)
    own_words = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SheetQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title


class JobState(models.TextChoices):
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


FINAL = [JobState.DONE, JobState.FAILED, JobState.CANCELLED]
OPEN = [JobState.QUEUED, JobState.RUNNING]


# Wide columns of a frame's provenance that no card shows.
UNSEEN = ("prompt", "negative_prompt", "digests", "request", "inputs", "versions", "settings", "record")


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: User | AnonymousUser) -> JobQuerySet:
        return self.filter(project__in=Project.objects.visible_to(user))

    def editable_by(self, user: User | AnonymousUser) -> JobQuerySet:
        return self.filter(project__in=Project.objects.editable_by(user))

    def open(self) -> JobQuerySet:
        return self.filter(state__in=OPEN)

    def with_card(self) -> JobQuerySet:
        """Everything a job card shows, in a constant number of queries."""
        return self.select_related("sheet__project", "requested_by", "frame__provenance").defer(
            *(f"frame__provenance__{field}" for field in UNSEEN)
        )


class Job(models.Model):
    """One frame asked for. The row is the outbox: Celery messages only wake a worker up.

    request: a FrameRequest as JSON.  brief: the same for all takes of one Generate.  take: 1, 2, 3 ... in it.
    token: whoever holds it may finish the job.  lease_until: when a silent holder has lost it.
    attempt: how often a worker has claimed it.  batch_key: jobs with equal keys may be rendered together.
    persons: whose likeness it uses.  likeness: what for, as `generation.likeness` keeps it; {} without a person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="jobs")
    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="jobs")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="jobs")
    brief = models.UUIDField()
    take = models.PositiveSmallIntegerField(default=1)
    model = models.CharField(max_length=80)
    request = models.JSONField()
    batch_key = models.CharField(max_length=64)
    persons = models.ManyToManyField(Person, blank=True, related_name="jobs")
    likeness = models.JSONField(default=dict, blank=True)
    urgent = models.BooleanField(default=False)

    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=120, blank=True)
    step = models.PositiveSmallIntegerField(default=0)
    steps = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    created_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # Seconds of worker time this frame cost, its share of a batch; the history that estimates come from.
    seconds = models.FloatField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "take"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=FINAL, finished_at__isnull=False)
                | Q(state__in=OPEN, finished_at__isnull=True),
                name="job_finished_iff_terminal",
            ),
            models.CheckConstraint(
                condition=Q(state=JobState.RUNNING, token__isnull=False, lease_until__isnull=False)
                | (~Q(state=JobState.RUNNING) & Q(token__isnull=True, lease_until__isnull=True)),
                name="job_is_held_iff_running",
            ),
        ]
        indexes = [
            # Claiming: the oldest queued job, urgent ones first.
            models.Index(fields=["-urgent", "created_at"], condition=Q(state="queued"), name="job_queue"),
            # The sweep: leases that ran out.
            models.Index(fields=["lease_until"], condition=Q(state="running"), name="job_lease"),
            # Estimates: the last renders of one model.
            models.Index(fields=["model", "-finished_at"], condition=Q(state="done"), name="job_history"),
            # Fair turns: when each person was last served.
            models.Index(fields=["requested_by", "-claimed_at"], name="job_turns"),
            # The takes tray of a sheet.
            models.Index(fields=["sheet", "-created_at"], name="job_tray"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet.title}, take {self.take}"

    @property
    def frame_request(self) -> FrameRequest:
        return FrameRequest.from_json(self.request)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def percent(self) -> int:
        return round(100 * self.step / self.steps) if self.steps else 0


class FrameState(models.TextChoices):
    DRAFT = "draft", "Draft"
    QUARANTINED = "quarantined", "Quarantined"
    WITHDRAWN = "withdrawn", "Withdrawn"
    LEGAL_HOLD = "legal_hold", "Held for the lawyers"


# Pictures that no page shows and no link opens, and what stands in their place.
PLACEHOLDER = "icons/withdrawn.svg"
HIDDEN = [FrameState.QUARANTINED, FrameState.WITHDRAWN, FrameState.LEGAL_HOLD]


class Origin(models.TextChoices):
    AI = "ai", "AI"
    HAND = "hand", "Hand"


class FrameQuerySet(models.QuerySet["Frame"]):
    def visible_to(self, user: User | AnonymousUser) -> FrameQuerySet:
        return self.filter(sheet__project__in=Project.objects.visible_to(user))

    def editable_by(self, user: User | AnonymousUser) -> FrameQuerySet:
        return self.filter(sheet__project__in=Project.objects.editable_by(user))

    def with_card(self) -> FrameQuerySet:
        return self.select_related("sheet", "sheet__project", "made_for", "job", "provenance")


class Frame(models.Model):
    """One finished picture: immutable bytes at a content address.

    number: its version on the sheet, 1 and up.  job: unique, so that one job can never end in two results.
    sha256, thumb_sha256, blockout_sha256: content addresses of the master (PNG), the thumbnail (WebP) and the
    grey-box picture it was built on ("" when there is none).
    persons: whose likeness it shows or derives from.  held_for: why it is hidden: revoked, purged (its files
    are deleted), expired, quality; or "".
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="frames")
    job = models.OneToOneField(Job, null=True, blank=True, on_delete=models.PROTECT, related_name="frame")
    number = models.PositiveIntegerField()
    origin = models.CharField(max_length=4, choices=Origin, default=Origin.AI)
    state = models.CharField(max_length=12, choices=FrameState, default=FrameState.DRAFT)
    held_for = models.CharField(max_length=20, blank=True)
    persons = models.ManyToManyField(Person, blank=True, related_name="frames")
    starred = models.BooleanField(default=False)
    made_for = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="frames")
    caption = models.CharField(max_length=300, blank=True)
    sha256 = models.CharField(max_length=64)
    thumb_sha256 = models.CharField(max_length=64)
    blockout_sha256 = models.CharField(max_length=64, blank=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = FrameQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="frame_version_is_unique_on_its_sheet"),
            models.CheckConstraint(condition=~Q(sha256="") & ~Q(thumb_sha256=""), name="frame_has_its_files"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet.title} v{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("frame", args=[self.sheet.project.slug, self.pk])

    @property
    def is_hidden(self) -> bool:
        return self.state in HIDDEN

    @property
    def made_by_ai(self) -> bool:
        return self.origin == Origin.AI

    @property
    def url(self) -> str:
        return static(PLACEHOLDER) if self.is_hidden else reverse("frame_file", args=[self.pk, "master"])

    @property
    def thumb_url(self) -> str:
        return static(PLACEHOLDER) if self.is_hidden else reverse("frame_file", args=[self.pk, "thumb"])

    @property
    def blockout_url(self) -> str:
        if self.is_hidden or not self.blockout_sha256:
            return ""
        return reverse("frame_file", args=[self.pk, "blockout"])

    @property
    def alt(self) -> str:
        if self.is_hidden:
            return f"{self.get_state_display()}. The picture is no longer shown."
        return f"{self.caption or self.sheet.title}. {'AI-generated' if self.made_by_ai else 'Drawing'}."


class Provenance(models.Model):
    """Everything that decided the pixels of a generated frame; written once, never changed.

    request: the FrameRequest as it was rendered.  digests: weight file -> SHA-256.  inputs: role -> SHA-256.
    settings: scheduler, dtype, device, threads, batch size and position as really used.
    record: the text embedded in the file, so that the file can be encoded again to the same bytes.
    pixels_sha256: of the raw RGB rows, to compare a replay without the file format.
    """

    frame = models.OneToOneField(Frame, primary_key=True, on_delete=models.CASCADE, related_name="provenance")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prompt = models.TextField()
    negative_prompt = models.TextField(blank=True)
    model = models.CharField(max_length=80)
    revision = models.CharField(max_length=80)
    digests = models.JSONField()
    seed = models.BigIntegerField()
    scheduler = models.CharField(max_length=80)
    steps = models.PositiveSmallIntegerField()
    guidance = models.FloatField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    request = models.JSONField()
    inputs = models.JSONField(default=dict)
    versions = models.JSONField()
    settings = models.JSONField(default=dict)
    reading = models.JSONField(default=dict)
    record = models.JSONField(default=dict)
    pixels_sha256 = models.CharField(max_length=64)
    rendered_at = models.DateTimeField()
    seconds = models.FloatField()

    def __str__(self) -> str:
        return f"{self.model}, seed {self.seed}"

    @property
    def ignored_words(self) -> list[str]:
        words: list[Any] = self.reading.get("ignored", [])
        return [str(word) for word in words]


class Source(models.Model):
    """One thing a job's prompt was compiled from, as it was then.

    kind, ref: which thing; the app that owns the kind knows how to read its present digest.
    digest: of the version used.  label: what a person calls it, the words of "Set changed: ...".
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="sources")
    kind = models.CharField(max_length=20)
    ref = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    label = models.CharField(max_length=200)

    class Meta:
        indexes = [
            # "If this changes": every job that used a thing.
            models.Index(fields=["kind", "ref"], name="source_users"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["job", "kind", "ref"], name="source_once_per_job"),
        ]

    def __str__(self) -> str:
        return self.label
