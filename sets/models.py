"""Sets: the places scenes play in, each with one Sheet of concept frames, its variants, plan and references."""

from __future__ import annotations

import hashlib
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from previs.generation.models import Sheet
from previs.projects.models import Project


class Build(models.TextChoices):
    """Where a set exists."""

    OPEN = "", "Not decided"
    STAGE = "stage", "Built on a stage"
    LOCATION = "location", "Location"


class Set(models.Model):
    """A place. key: the normalised setting of its scenes, so that every scene finds its set.

    description: the designer's words; they go into every storyboard prompt that plays here.
    other_keys: settings of scenes that were merged into this set.  notes: for the crew, never part of a prompt.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="sets")
    key = models.CharField(max_length=250)
    name = models.CharField(max_length=250)
    interior = models.BooleanField(default=True)
    build = models.CharField(max_length=10, choices=Build, blank=True, default=Build.OPEN)
    other_keys = models.JSONField(default=list, blank=True)
    description = models.TextField(blank=True)
    notes = models.TextField(blank=True)
    sheet = models.OneToOneField(Sheet, on_delete=models.PROTECT, related_name="set")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], name="set_key_is_unique_in_its_project"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("set", args=[self.project.slug, self.pk])

    @property
    def digest(self) -> str:
        """Of what a storyboard prompt takes from the set: its words and its pick."""
        pick = self.sheet.pick.sha256 if self.sheet.pick else ""
        return hashlib.sha256(f"{self.name}\n{self.description}\n{pick}".encode()).hexdigest()


class Variant(models.Model):
    """One cell of a set's grid: the same room at another hour, in another condition and weather.

    condition: intact, damaged, ruined, or a row of the designer's own, whose words go into the prompt.
    crowd, vehicles: how many stand in the blockout.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    set = models.ForeignKey(Set, on_delete=models.CASCADE, related_name="variants")
    time_of_day = models.CharField(max_length=10)
    condition = models.CharField(max_length=60, default="intact")
    weather = models.CharField(max_length=10, default="clear")
    crowd = models.PositiveSmallIntegerField(default=0)
    vehicles = models.PositiveSmallIntegerField(default=0)
    sheet = models.OneToOneField(Sheet, on_delete=models.PROTECT, related_name="variant")

    class Meta:
        ordering = ["set", "condition", "time_of_day", "weather"]
        constraints = [
            models.UniqueConstraint(
                fields=["set", "time_of_day", "condition", "weather"], name="variant_is_one_cell_of_its_set"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.set.name.title()}, {self.time_of_day}, {self.condition}, {self.weather}"


class Plan(models.Model):
    """One saved revision of a set's blockout: the floor plan with pieces, figures, lights and cameras.

    document: a SetPlan as `previs.blockout.plan` writes it.  number: 1 and up; a save never changes an earlier one.
    digest: of the document; frames made from a camera record it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    set = models.ForeignKey(Set, on_delete=models.CASCADE, related_name="plans")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        get_latest_by = "number"
        constraints = [
            models.UniqueConstraint(fields=["set", "number"], name="plan_revision_is_unique_in_its_set"),
        ]

    def __str__(self) -> str:
        return f"{self.set.name.title()}, plan {self.number}"


class Reference(models.Model):
    """A picture that shows what a set should look like, with who holds the rights in it.

    rights: the statement that the person who added it made; without one nothing is stored.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    set = models.ForeignKey(Set, on_delete=models.CASCADE, related_name="references")
    title = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64)
    thumb_sha256 = models.CharField(max_length=64)
    source = models.CharField(max_length=300, blank=True)
    rights = models.CharField(max_length=20)
    statement = models.CharField(max_length=300)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["added_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(statement=""), name="reference_has_a_rights_statement"),
        ]

    def __str__(self) -> str:
        return self.title or "Reference"
