"""Sets: the places scenes play in, each with one Sheet of concept frames."""

from __future__ import annotations

import hashlib
import uuid

from django.db import models
from django.urls import reverse

from previs.generation.models import Sheet
from previs.projects.models import Project


class Set(models.Model):
    """A place. key: the normalised setting of its scenes, so that every scene finds its set.

    description: the designer's words; they go into every storyboard prompt that plays here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="sets")
    key = models.CharField(max_length=250)
    name = models.CharField(max_length=250)
    interior = models.BooleanField(default=True)
    description = models.TextField(blank=True)
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
