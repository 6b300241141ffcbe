"""Shots and their panels."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from previs.generation.models import Sheet
from previs.script.models import Scene


class Size(models.TextChoices):
    EWS = "EWS", "EWS, extreme wide"
    WS = "WS", "WS, wide"
    FS = "FS", "FS, full body"
    MWS = "MWS", "MWS, knees up"
    MS = "MS", "MS, waist up"
    MCU = "MCU", "MCU, chest up"
    CU = "CU", "CU, face"
    BCU = "BCU", "BCU, tight face"
    ECU = "ECU", "ECU, detail"
    INS = "INS", "INS, insert of a thing"


class Angle(models.TextChoices):
    EYE = "eye", "Eye level"
    LOW = "low", "Low"
    HIGH = "high", "High"
    TOP = "top", "Top"
    DUTCH = "dutch", "Dutch"
    OTS = "ots", "Over the shoulder"


class Move(models.TextChoices):
    STATIC = "static", "Static"
    PAN = "pan", "Pan"
    TILT = "tilt", "Tilt"
    DOLLY = "dolly", "Dolly"
    TRACK = "track", "Track"
    CRANE = "crane", "Crane"
    HANDHELD = "handheld", "Handheld"
    ZOOM = "zoom", "Zoom"


class Shot(models.Model):
    """A planned continuous piece of picture. label: 12A, 12B ... unique in its scene."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="shots")
    ordinal = models.PositiveIntegerField()
    label = models.CharField(max_length=16)
    size = models.CharField(max_length=4, choices=Size, default=Size.WS)
    angle = models.CharField(max_length=6, choices=Angle, default=Angle.EYE)
    move = models.CharField(max_length=9, choices=Move, default=Move.STATIC)
    lens_mm = models.PositiveSmallIntegerField(default=35)

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["scene", "label"], name="shot_label_is_unique_in_its_scene"),
            models.CheckConstraint(condition=Q(lens_mm__gte=4, lens_mm__lte=2000), name="shot_lens_exists"),
        ]

    def __str__(self) -> str:
        return self.label


class Panel(models.Model):
    """One frame of a shot's storyboard.

    brief: the director's own words, "" to let the action speak.  frames: how long it plays, at the project's rate.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    shot = models.ForeignKey(Shot, on_delete=models.CASCADE, related_name="panels")
    ordinal = models.PositiveIntegerField()
    action = models.CharField(max_length=500, blank=True)
    brief = models.TextField(blank=True)
    frames = models.PositiveIntegerField(default=48)
    sheet = models.OneToOneField(Sheet, on_delete=models.PROTECT, related_name="panel")

    class Meta:
        ordering = ["shot__ordinal", "ordinal"]
        constraints = [
            models.CheckConstraint(condition=Q(frames__gte=1), name="panel_lasts_at_least_a_frame"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"{self.shot.label}.{self.ordinal}"
