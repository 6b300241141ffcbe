"""Sets: the places scenes play in, each with one Sheet of concept frames, its variants, plan and references."""

from __future__ import annotations

import hashlib
import json
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from previs.generation.models import Frame, Job, Sheet
from previs.names import shown
from previs.projects.models import Project


class Build(models.TextChoices):
    """Where a set exists."""

    OPEN = "", "Not decided"
    STAGE = "stage", "Built on a stage"
    LOCATION = "location", "Location"


class SetQuerySet(models.QuerySet["Set"]):
    def standing(self) -> SetQuerySet:
        """Sets that are not part of another one."""
        return self.filter(merged_into=None)


class Set(models.Model):
    """A place. key: the normalised setting of its scenes, so that every scene finds its set (`sets.places`).

    description: the designer's words; they go into every storyboard prompt that plays here.
    notes: for the crew, never part of a prompt.  conditions: rows of the variants grid in the designer's own words.
    merged_into: the set that this one is part of; its scenes play there, and everything made for it is kept.
    apart: keys of sets that look alike by name and were judged to be other places.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="sets")
    key = models.CharField(max_length=250)
    name = models.CharField(max_length=250)
    interior = models.BooleanField(default=True)
    build = models.CharField(max_length=10, choices=Build, blank=True, default=Build.OPEN)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    apart = models.JSONField(default=list, blank=True)
    conditions = models.JSONField(default=list, blank=True)
    description = models.TextField(blank=True)
    notes = models.TextField(blank=True)
    sheet = models.OneToOneField(Sheet, on_delete=models.PROTECT, related_name="set")

    objects = SetQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], name="set_key_is_unique_in_its_project"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="set_is_no_part_of_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("set", args=[self.project.slug, self.pk])

    @property
    def digest(self) -> str:
        """Of what a storyboard prompt takes from the set: its words and its pick."""
        return self.digest_with(self.description, self.sheet.pick.sha256 if self.sheet.pick else "")

    def digest_with(self, description: str, hero: str) -> str:
        """The digest the set had, or would have, with these words and this pick (a SHA-256, "" for none)."""
        return hashlib.sha256(f"{self.name}\n{description}\n{hero}".encode()).hexdigest()

    @property
    def design_digest(self) -> str:
        """Of the words alone, for frames that show the room without its hero."""
        return self.design_digest_with(self.description)

    def design_digest_with(self, description: str) -> str:
        return hashlib.sha256(f"{self.name}\n{description}".encode()).hexdigest()

    @property
    def side(self) -> str:
        return "Interior" if self.interior else "Exterior"


class Wording(models.Model):
    """Design words that a set had before, so that a frame can be asked for again with only those words changed."""

    set = models.ForeignKey(Set, on_delete=models.CASCADE, related_name="wordings")
    description = models.TextField(blank=True)
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-replaced_at"]

    def __str__(self) -> str:
        return self.description[:60]


class Dressing(models.Model):
    """What somebody decided about a thing that stands in a set, or added by hand.

    kept: False takes a thing that the script names off the list.  by_hand: the script does not name it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    set = models.ForeignKey(Set, on_delete=models.CASCADE, related_name="dressing")
    name = models.CharField(max_length=80)
    kept = models.BooleanField(default=True)
    by_hand = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["set", "name"], name="dressing_is_named_once_in_its_set"),
        ]

    def __str__(self) -> str:
        return self.name


class Variant(models.Model):
    """One cell of a set's grid: the same room at another hour, in another condition and weather.

    condition: intact, damaged, ruined, or a row of the designer's own, whose words go into the prompt.
    crowd, vehicles: how many stand in the blockout.  kept: a concept frame of the set that somebody kept as this
    variant; it shows until the variant has a frame of its own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    set = models.ForeignKey(Set, on_delete=models.CASCADE, related_name="variants")
    time_of_day = models.CharField(max_length=10)
    condition = models.CharField(max_length=60, default="intact")
    weather = models.CharField(max_length=10, default="clear")
    crowd = models.PositiveSmallIntegerField(default=0)
    vehicles = models.PositiveSmallIntegerField(default=0)
    kept = models.ForeignKey(Frame, null=True, blank=True, on_delete=models.SET_NULL, related_name="kept_as")
    sheet = models.OneToOneField(Sheet, on_delete=models.PROTECT, related_name="variant")

    class Meta:
        ordering = ["set", "condition", "time_of_day", "weather"]
        constraints = [
            models.UniqueConstraint(
                fields=["set", "time_of_day", "condition", "weather"], name="variant_is_one_cell_of_its_set"
            ),
        ]

    def __str__(self) -> str:
        return f"{shown(self.set.name)}, {self.time_of_day}, {self.condition}, {self.weather}"


class Remake(models.Model):
    """A frame that was asked for again, because its set is another one now; shown as old beside new.

    old: the stale frame.  job: the same request with the set as it is now.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    set = models.ForeignKey(Set, on_delete=models.CASCADE, related_name="remakes")
    old = models.ForeignKey(Frame, on_delete=models.CASCADE, related_name="remakes")
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="remake")
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-asked_at", "pk"]

    def __str__(self) -> str:
        return f"{self.old} again"


class Plan(models.Model):
    """One saved revision of a set's blockout: the floor plan with pieces, figures, lights and cameras.

    document: a SetPlan as `previs.blockout.plan` writes it.  number: 1 and up; a save never changes an earlier one.
    digest: of the document.  Frames made from a camera record `digest_from` it.
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
        return f"{shown(self.set.name)}, plan {self.number}"

    def digest_from(self, *cameras: str) -> str:
        """Of the room and these cameras of it, by label: another camera placed in the plan changes nothing for
        what was made from them."""
        kept = [camera for camera in self.document.get("cameras", []) if camera["id"] in cameras]
        text = json.dumps(self.document | {"cameras": kept}, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


class Rights(models.TextChoices):
    """On what ground a picture may be here (rule R07)."""

    OWN = "own", "Our own"
    LICENSED = "licensed", "Licensed"
    PUBLIC = "public_domain", "Public domain"
    CC = "cc", "Creative Commons, with attribution"
    NONE = "third_party_none", "Somebody else's, to look at only"


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
    rights = models.CharField(max_length=20, choices=Rights)
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
