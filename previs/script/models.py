"""The screenplay as imported, its scenes and its cast."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from previs.projects.models import Project

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from previs.accounts.models import User


class Revision(models.Model):
    """One imported draft. The source file is kept byte for byte at its content address.

    confirmed_at: None while it is only a preview; nothing of the production changes before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(null=True, blank=True)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    title = models.CharField(max_length=200, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["uploaded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "number"], name="revision_number_is_unique_in_its_project"
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True, confirmed_at__isnull=True)
                | Q(number__isnull=False, confirmed_at__isnull=False),
                name="revision_numbered_iff_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.file_name


class Character(models.Model):
    """A speaking part. number: the cast number, in order of first appearance."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="characters")
    name = models.CharField(max_length=120)
    number = models.PositiveIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "name"], name="character_name_is_unique_in_its_project"
            ),
            models.UniqueConstraint(
                fields=["project", "number"], name="character_number_is_unique_in_its_project"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SceneQuerySet(models.QuerySet["Scene"]):
    def visible_to(self, user: User | AnonymousUser) -> SceneQuerySet:
        return self.filter(project__in=Project.objects.visible_to(user))

    def editable_by(self, user: User | AnonymousUser) -> SceneQuerySet:
        return self.filter(project__in=Project.objects.editable_by(user))


class Scene(models.Model):
    """A unit of the screenplay under one heading. Its identity is ours, so boards survive renaming and moving.

    kind: INT, EXT or I/E.  set_key: the normalised setting; scenes that share it play in one set.
    time_of_day: DAY, NIGHT, DAWN ... or "".  start, end: character offsets into the revision's decoded text.
    eighths: length in eighths of a page.  omitted: cut from the script; the number and the boards stay.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="scenes")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="scenes")
    ordinal = models.PositiveIntegerField()
    number = models.CharField(max_length=12)
    heading = models.CharField(max_length=300)
    kind = models.CharField(max_length=3, choices=[("INT", "INT"), ("EXT", "EXT"), ("I/E", "I/E")])
    setting = models.CharField(max_length=250)
    set_key = models.CharField(max_length=250)
    time_of_day = models.CharField(max_length=20, blank=True)
    synopsis = models.TextField(blank=True)
    text = models.TextField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    start_line = models.PositiveIntegerField()
    eighths = models.PositiveIntegerField(default=1)
    omitted = models.BooleanField(default=False)
    cast = models.ManyToManyField(Character, related_name="scenes", blank=True)

    objects = SceneQuerySet.as_manager()

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "number"], name="scene_number_is_unique_in_its_project"
            ),
            models.CheckConstraint(condition=Q(eighths__gte=1), name="scene_has_a_length"),
        ]
        indexes = [
            # Which scenes play in a set.
            models.Index(fields=["project", "set_key"], name="scene_by_set"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.heading}"

    def get_absolute_url(self) -> str:
        return reverse("scene", args=[self.project.slug, self.number])
