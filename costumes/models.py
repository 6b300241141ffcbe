"""Costumes: the numbered changes of a character, where each is worn, and what it is put together from."""

from __future__ import annotations

import hashlib
import json
import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse

from costumes.models_closet import Category as Category
from costumes.models_closet import Garment as Garment
from costumes.models_closet import GarmentLayer as GarmentLayer
from costumes.models_closet import PhotoKind as PhotoKind
from costumes.models_closet import Shape as Shape
from costumes.models_closet import Slot as Slot
from costumes.models_closet import Wardrobe as Wardrobe
from costumes.models_fitting import Fitting as Fitting
from costumes.models_fitting import FittingLayer as FittingLayer
from costumes.models_fitting import FittingResult as FittingResult
from previs.generation.models import Sheet
from previs.names import shown
from previs.script.models import Character, Scene


class Change(models.Model):
    """What a character wears over a run of scenes.

    number: 1 and up for each character; it follows the story and moves when a change is inserted before it.
    title: what the department calls it ("Rust coat").  garments: the designer's words ("rust coat, yellow scarf");
    they go into every storyboard prompt of its scenes.  wear_note: how it is worn ("scarf tucked from scene 8").
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    character = models.ForeignKey(Character, on_delete=models.CASCADE, related_name="changes")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120, blank=True)
    garments = models.TextField(blank=True)
    wear_note = models.CharField(max_length=300, blank=True)
    scenes = models.ManyToManyField(
        Scene, through="Wearing", through_fields=("change", "scene"), related_name="changes", blank=True
    )
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
        """Of what a storyboard prompt takes from the change: its words, the garments that are on with their measured
        colours, and its pick. One query, none with `layers__garment` prefetched.

        Its stages are no part of it: which one holds is a matter of the scene (`costumes.worn`).
        """
        pick = self.sheet.pick.sha256 if self.sheet.pick else ""
        layers = sorted(self.layers.all(), key=lambda layer: layer.order)
        on = [
            [layer.garment.name, *(swatch["name"] for swatch in layer.garment.swatches[:1])]
            for layer in layers
        ]
        # A change without a closet keeps the digest it had before there was one.
        closet = f"\n{json.dumps(on)}" if on else ""
        return hashlib.sha256(f"{self.garments}\n{pick}{closet}".encode()).hexdigest()


class Wearing(models.Model):
    """What one character wears in one scene.

    change: None says on purpose that no change is set; the plot shows it as a gap.
    inherited: nobody said so; it is what they wore in the scene before on the same story day.
    """

    id = models.BigAutoField(primary_key=True)
    character = models.ForeignKey(Character, on_delete=models.CASCADE, related_name="wearings")
    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="wearings")
    change = models.ForeignKey(
        Change, on_delete=models.CASCADE, null=True, blank=True, related_name="wearings"
    )
    inherited = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["character", "scene"], name="a_character_wears_one_change_in_a_scene"
            ),
            models.CheckConstraint(
                condition=Q(inherited=False) | Q(change__isnull=False), name="only_a_change_is_inherited"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.character} in {self.scene}"


class FormerNumber(models.Model):
    """A number that a change has had: call sheets and continuity notes still name it."""

    id = models.BigAutoField(primary_key=True)
    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="former_numbers")
    number = models.PositiveIntegerField()
    until = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-until"]

    def __str__(self) -> str:
        return f"{self.change}, formerly {self.number}"


class SceneTiming(models.Model):
    """When a scene plays in the story and when it is shot, where the department says so.

    story_day: "D2", "N2" or "FB"; "" is read from the headings.  words: what that day is called ("Spring").
    shot_as: place in the shooting order, from 1; None when it is not scheduled.
    """

    id = models.BigAutoField(primary_key=True)
    scene = models.OneToOneField(Scene, on_delete=models.CASCADE, related_name="timing")
    story_day = models.CharField(max_length=8, blank=True)
    words = models.CharField(max_length=40, blank=True)
    shot_as = models.PositiveIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.scene}: {self.story_day or 'as the heading says'}"


class Presence(models.Model):
    """What the costume department knows better than the script: somebody plays in a scene, or does not.

    Kept beside the cast of the scene, which every new draft writes anew.
    """

    id = models.BigAutoField(primary_key=True)
    character = models.ForeignKey(Character, on_delete=models.CASCADE, related_name="presences")
    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="presences")
    plays = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["character", "scene"], name="one_presence_of_a_character_in_a_scene"
            )
        ]

    def __str__(self) -> str:
        return f"{self.character} {'plays' if self.plays else 'does not play'} in {self.scene}"


class Wear(models.TextChoices):
    CLEAN = "clean", "Clean"
    WORN = "worn", "Worn"
    WET = "wet", "Wet"
    TORN = "torn", "Torn"
    BLOODY = "bloody", "Bloody"
    BURNT = "burnt", "Burnt"


class ChangeStage(models.Model):
    """The state a change is in from a scene on, until its next stage. Before the first stage it is clean."""

    id = models.BigAutoField(primary_key=True)
    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="stages")
    stage = models.CharField(max_length=8, choices=Wear)
    from_scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["from_scene__ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["change", "from_scene"], name="one_stage_begins_in_a_scene"),
            models.CheckConstraint(condition=Q(stage__in=Wear.values), name="stage_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.change}: {self.get_stage_display()} from {self.from_scene.number}"
