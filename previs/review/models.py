"""What people say about a frame, and what they decide."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from previs.generation.models import HIDDEN, Frame
from previs.rights.policy import POLICY_VERSION

#: Longest note, and longest reason of a decision, in characters; about two pages of a screenplay.
MAX_NOTE = 4000


class CommentQuerySet(models.QuerySet["Comment"]):
    def threads(self) -> CommentQuerySet:
        """Notes that start a thread; a reply is settled with its thread."""
        return self.filter(parent=None)

    def open(self) -> CommentQuerySet:
        return self.threads().filter(resolved_at=None)


class Comment(models.Model):
    """A note on one frame; with a pin when it means one place in the picture.

    pin_x, pin_y: 0 to 1 from the left and the top, both or neither.  parent: the note it answers.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    frame = models.ForeignKey(Frame, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies"
    )
    text = models.TextField(max_length=MAX_NOTE)
    pin_x = models.FloatField(null=True, blank=True)
    pin_y = models.FloatField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(pin_x__isnull=True, pin_y__isnull=True)
                | Q(pin_x__gte=0, pin_x__lte=1, pin_y__gte=0, pin_y__lte=1),
                name="comment_pin_lies_in_the_picture",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="comment_resolved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Verdict(models.TextChoices):
    APPROVED = "approved", "Approved"
    CHANGES = "changes", "Changes requested"


class DecisionQuerySet(models.QuerySet["Decision"]):
    def in_force(self) -> DecisionQuerySet:
        """Each person's last word, as far as it still covers the frame's bytes under today's policy (R21).

        What was decided on a frame that is hidden now stays as history only.
        """
        covering = self.filter(current=True, frame_sha256=F("frame__sha256"), policy_version=POLICY_VERSION)
        return covering.exclude(frame__state__in=HIDDEN)


class Decision(models.Model):
    """A named person's word on exact bytes. A changed mind is a new row; the old one stays as history.

    frame_sha256: the bytes it covers.  role: the person's role when deciding.  current: their last word.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    frame = models.ForeignKey(Frame, on_delete=models.CASCADE, related_name="decisions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    role = models.CharField(max_length=12)
    verdict = models.CharField(max_length=10, choices=Verdict)
    note = models.TextField(blank=True, max_length=MAX_NOTE)
    frame_sha256 = models.CharField(max_length=64)
    policy_version = models.CharField(max_length=20)
    current = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["frame", "by"],
                condition=Q(current=True),
                name="one_current_decision_per_person_and_frame",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="changes") | ~Q(note=""), name="decision_asking_for_changes_says_which"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} by {self.by}"
