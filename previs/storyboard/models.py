"""Shots and their panels, camera moves, the beats of VFX shots, and findings of the lint that people waived."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from previs.generation.models import Sheet
from previs.script.models import Scene

USUAL_LENS = 35  # millimetres, of a shot whose lens nobody chose


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
    """A planned continuous piece of picture. label: 12A, 12B ... unique in its scene.

    vfx: it needs a visual effect and may hold a beat list.  beat_seed: the noise all its beats were asked with last.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="shots")
    ordinal = models.PositiveIntegerField()
    label = models.CharField(max_length=16)
    size = models.CharField(max_length=4, choices=Size, default=Size.WS)
    angle = models.CharField(max_length=6, choices=Angle, default=Angle.EYE)
    move = models.CharField(max_length=9, choices=Move, default=Move.STATIC)
    lens_mm = models.PositiveSmallIntegerField(default=USUAL_LENS)
    vfx = models.BooleanField(default=False)
    beat_seed = models.BigIntegerField(null=True, blank=True)

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
    camera: a label of the set's plan whose depth the frame follows, "" to let the model place one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    shot = models.ForeignKey(Shot, on_delete=models.CASCADE, related_name="panels")
    ordinal = models.PositiveIntegerField()
    action = models.CharField(max_length=500, blank=True)
    brief = models.TextField(blank=True)
    frames = models.PositiveIntegerField(default=48)
    camera = models.CharField(max_length=40, blank=True)
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


class Damage(models.TextChoices):
    INTACT = "intact", "Intact"
    DAMAGED = "damaged", "Damaged"
    RUINED = "ruined", "Ruined"


class Weather(models.TextChoices):
    CLEAR = "clear", "Clear"
    RAIN = "rain", "Rain"
    SNOW = "snow", "Snow"
    FOG = "fog", "Fog, dust"
    STORM = "storm", "Storm"
    ASH = "ash", "Falling ash"


class Beat(models.Model):
    """One state of a VFX shot: the same blockout, camera and seed, more or less broken.

    name: what happens, it goes into the prompt.  frames: how long the beat is held when the strip plays.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    shot = models.ForeignKey(Shot, on_delete=models.CASCADE, related_name="beats")
    ordinal = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    damage = models.CharField(max_length=10, choices=Damage, default=Damage.INTACT)
    weather = models.CharField(max_length=10, choices=Weather, default=Weather.CLEAR)
    frames = models.PositiveIntegerField(default=24)
    sheet = models.OneToOneField(Sheet, on_delete=models.PROTECT, related_name="beat")

    class Meta:
        ordering = ["shot", "ordinal"]
        constraints = [
            models.CheckConstraint(condition=Q(frames__gte=1), name="beat_lasts_at_least_a_frame"),
            models.CheckConstraint(condition=~Q(name=""), name="beat_says_what_happens"),
        ]

    def __str__(self) -> str:
        return f"{self.shot.label}, {self.name}"


class CameraMove(models.Model):
    """A panel's camera on its way from one position of the plan to another, in so many pictures.

    start, end: labels of the plan's cameras.  seed: the noise that all its pictures share.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    panel = models.OneToOneField(Panel, on_delete=models.CASCADE, related_name="camera_move")
    start = models.CharField(max_length=40)
    end = models.CharField(max_length=40)
    count = models.PositiveSmallIntegerField(default=8)
    seed = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(count__gte=2, count__lte=48), name="move_has_its_pictures"),
            models.CheckConstraint(condition=~Q(start=models.F("end")), name="move_goes_somewhere"),
        ]

    def __str__(self) -> str:
        return f"{self.panel.label}, {self.start} to {self.end}"


class MoveFrame(models.Model):
    """One picture of a camera move. ordinal: 1 to the move's count; a shorter move leaves later ones unused."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    move = models.ForeignKey(CameraMove, on_delete=models.CASCADE, related_name="pictures")
    ordinal = models.PositiveSmallIntegerField()
    sheet = models.OneToOneField(Sheet, on_delete=models.PROTECT, related_name="move_frame")

    class Meta:
        ordering = ["move", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["move", "ordinal"], name="move_frame_is_unique_in_its_move"),
        ]

    def __str__(self) -> str:
        return f"{self.move}, {self.ordinal}"


class Waiver(models.Model):
    """Somebody accepts a finding of the lint, and says why.

    code: of the finding.  digest: of what it was computed from; once a camera or a figure moves, the finding is
    another one and this waiver speaks of nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="waivers")
    code = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=300)
    waived_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    waived_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["waived_at"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "digest"], name="finding_is_waived_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="waiver_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.panel.label}, {self.code}"
