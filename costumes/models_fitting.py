"""Virtual fittings: a photo of somebody, an outfit put on it layer by layer, and what was measured on the results."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from previs.generation.models import Frame
from previs.rights.models import SHA256, ReferenceAsset


class Candidate(models.TextChoices):
    """The two results of a fitting, side by side. Their order is that of the takes: 1 and 2."""

    COMPOSITE = "composite", "Colour truth"
    REPAINTED = "repainted", "Realism"


class FittingState(models.TextChoices):
    """Where a fitting stands; read from its jobs and frames, and never stored."""

    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"
    QUARANTINED = "quarantined", "Held back"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Fitting(models.Model):
    """One outfit tried on one photo. Never changed: another outfit, or another seed, is a fitting of its own.

    id: also the brief of its jobs, so that they are the takes of one order; take 1 is the composite, take 2 the
        repainted one.
    photo: of the person.  points: [[x, y, visibility], ...], the 33 points of the body as `previs.engine.eyes` names
        them, px of the photo as it is fitted on; a point that somebody set has visibility 1.
    person_sha256: where the body is, PNG, grey.  protected_sha256: the pixels that no step may change, PNG, white.
    protect_sha256, release_sha256: a person's own brush, PNG, white on what to keep beside head and hands, and on
        what of those to give free; "" for none.
    inside: 0 to 1, how strongly the diffusion pass paints on the cloth.
    based_on, from_layer: the fitting that this one repeats, and the first layer that differs from it (1: all).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    change = models.ForeignKey("costumes.Change", on_delete=models.CASCADE, related_name="fittings")
    photo = models.ForeignKey(ReferenceAsset, on_delete=models.PROTECT, related_name="fittings")
    points = models.JSONField()
    person_sha256 = models.CharField(max_length=SHA256)
    protected_sha256 = models.CharField(max_length=SHA256)
    protect_sha256 = models.CharField(max_length=SHA256, blank=True)
    release_sha256 = models.CharField(max_length=SHA256, blank=True)
    inside = models.FloatField(default=0.3)
    based_on = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="reruns"
    )
    from_layer = models.PositiveSmallIntegerField(default=1)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="fittings"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(inside__gte=0) & Q(inside__lte=1), name="fitting_strength_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"Fitting of {self.change}"


class FittingLayer(models.Model):
    """One garment of a fitting as it was when it was asked for, and the step that came of it.

    number: from 1, the lowest first.  shape: how it is put on, of `costumes.models.Shape`.
    anchors: {name: [x, y]} px of the garment photo.  cut_sha256: its cut-out.
    size, length, light, seed: as `costumes.fitting.outfit.Layer`.
    digest: SHA-256 of everything that decides this step, "" until it was made; equal digests are equal steps.
    bend: of what decides how the garment bends alone.  mask_sha256: where the layer changed the picture, PNG, grey.
    thumb_sha256: the picture with this layer on, small.  step_sha256: the step itself, for a later run to go on from.
    """

    id = models.BigAutoField(primary_key=True)
    fitting = models.ForeignKey(Fitting, on_delete=models.CASCADE, related_name="layers")
    number = models.PositiveSmallIntegerField()
    garment = models.ForeignKey("costumes.Garment", on_delete=models.PROTECT, related_name="fitted")
    photo = models.ForeignKey(ReferenceAsset, on_delete=models.PROTECT, related_name="+")
    shape = models.CharField(max_length=8)
    anchors = models.JSONField()
    cut_sha256 = models.CharField(max_length=SHA256)
    size = models.FloatField(default=1.0)
    length = models.FloatField(default=1.0)
    light = models.FloatField(default=1.0)
    seed = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=SHA256, blank=True)
    bend = models.CharField(max_length=SHA256, blank=True)
    mask_sha256 = models.CharField(max_length=SHA256, blank=True)
    thumb_sha256 = models.CharField(max_length=SHA256, blank=True)
    step_sha256 = models.CharField(max_length=SHA256, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["fitting", "number"], name="fitting_layer_number_is_unique_in_its_fitting"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="fitting_layers_count_from_one"),
        ]
        indexes = [
            # What an earlier fitting has made already.
            models.Index(fields=["digest"], condition=~Q(step_sha256=""), name="fitting_step"),
            models.Index(fields=["bend"], condition=~Q(step_sha256=""), name="fitting_bend"),
        ]

    def __str__(self) -> str:
        return f"Layer {self.number}: {self.garment}"


class FittingResult(models.Model):
    """What was measured on one candidate when it was kept.

    report: `QualityReport.to_json()` with "gates", the hard gates that failed, in words; any of them holds the frame
    back.  mask_sha256: where change was asked for, PNG, grey.
    """

    frame = models.OneToOneField(
        Frame, primary_key=True, on_delete=models.CASCADE, related_name="fitting_result"
    )
    fitting = models.ForeignKey(Fitting, on_delete=models.CASCADE, related_name="results")
    candidate = models.CharField(max_length=10, choices=Candidate)
    report = models.JSONField()
    mask_sha256 = models.CharField(max_length=SHA256)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(candidate__in=Candidate.values), name="candidate_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_candidate_display()} of {self.fitting}"

    @property
    def gates(self) -> list[str]:
        """The hard gates that failed, in words."""
        return [str(sentence) for sentence in self.report.get("gates", ())]
