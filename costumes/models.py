"""Costumes: the numbered changes of a character, each with one Sheet of concept frames."""

from __future__ import annotations

import hashlib
import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse

from previs.generation.models import Sheet
from previs.names import shown
from previs.script.models import Character, Scene


class Change(models.Model):
    """What a character wears over a run of scenes.

    number: 1 and up for each character.  garments: the designer's words ("rust coat, yellow scarf"); they go into
    every storyboard prompt of its scenes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    character = models.ForeignKey(Character, on_delete=models.CASCADE, related_name="changes")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120, blank=True)
    garments = models.TextField(blank=True)
    scenes = models.ManyToManyField(Scene, related_name="changes", blank=True)
    sheet = models.OneToOneField(Sheet, on_delete=models.PROTECT, related_name="change")

    class Meta:
        ordering = ["character__number", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["character", "number"], name="change_number_is_unique_for_its_character"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="change_number_starts_at_one"),
        ]

    def __str__(self) -> str:
        return f"{shown(self.character.name)}, change {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("change", args=[self.character.project.slug, self.pk])

    @property
    def digest(self) -> str:
        """Of what a storyboard prompt takes from the change: its garments and its pick."""
        pick = self.sheet.pick.sha256 if self.sheet.pick else ""
        return hashlib.sha256(f"{self.garments}\n{pick}".encode()).hexdigest()
