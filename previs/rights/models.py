"""The people whose likeness a production may use, their releases, and the pictures that show them."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from previs.projects.models import Project
from previs.rights.facts import ANY_SCOPE, RELEASE_STATES
from previs.rights.models_casting import Casting as Casting

SHA256 = 64


class Union(models.TextChoices):
    NONE = "none", "No union"
    MEMBER = "member", "Union member"
    UNKNOWN = "unknown", "Not known"


class Person(models.Model):
    """Somebody real whose likeness may be used here, under a number: the name stays with casting.

    alias: the number, for instance P-014, unique in the production; a prompt may never contain it.
    minor: not of age, which asks for a guardian's release and a clearance of every prompt (R13).
    deceased: only an estate's release counts (R14).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="persons")
    alias = models.CharField(max_length=40)
    minor = models.BooleanField(default=False)
    deceased = models.BooleanField(default=False)
    union = models.CharField(max_length=8, choices=Union, default=Union.UNKNOWN)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["alias"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "alias"], name="person_alias_is_unique_in_its_production"
            ),
            models.CheckConstraint(condition=~Q(alias=""), name="person_has_an_alias"),
        ]

    def __str__(self) -> str:
        return self.alias

    def get_absolute_url(self) -> str:
        return reverse("performer", args=[self.project.slug, self.pk])


class ReleaseKind(models.TextChoices):
    EMPLOYMENT = "employment", "Employed performer"
    INDEPENDENT = "independent", "Independently created replica"
    BACKGROUND = "background", "Background performer"
    CASTING = "casting", "Casting"
    GUARDIAN = "guardian", "Guardian of a minor"
    ESTATE = "estate", "Estate"


class ReleaseState(models.TextChoices):
    DRAFT = "draft", "Draft"
    ACTIVE = "active", "Active"
    SUSPENDED = "suspended", "Suspended"
    EXPIRED = "expired", "Expired"
    REVOKED = "revoked", "Revoked"


assert set(ReleaseState.values) == set(RELEASE_STATES)  # the pure policy names them without Django


class ReleaseQuerySet(models.QuerySet["Release"]):
    def active_at(self, moment: datetime) -> ReleaseQuerySet:
        """Releases that count at a moment; both ends of their time belong to it."""
        return self.filter(status=ReleaseState.ACTIVE, valid_from__lte=moment, valid_until__gte=moment)

    def overdue(self, moment: datetime) -> ReleaseQuerySet:
        return self.filter(status=ReleaseState.ACTIVE, valid_until__lt=moment)


class Release(models.Model):
    """What a person has agreed to, in this production, from one moment to another.

    scopes: values of `Scope`.  characters: names of the roles it covers, none means all.  territories: two-letter
    codes, none means all of the production's.  document_sha256: of the signed paper, which itself is kept elsewhere.
    specific_description: garment, scene and purpose in the words that were signed.
    separate_signature: signed apart from the rest of the contract.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="releases")
    kind = models.CharField(max_length=12, choices=ReleaseKind, default=ReleaseKind.EMPLOYMENT)
    scopes = models.JSONField(default=list)
    characters = models.JSONField(default=list, blank=True)
    territories = models.JSONField(default=list, blank=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    specific_description = models.TextField(blank=True)
    separate_signature = models.BooleanField(default=False)
    document_sha256 = models.CharField(max_length=SHA256, blank=True)
    signed_by = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=10, choices=ReleaseState, default=ReleaseState.DRAFT)
    # The days before the end (30, 7, 1) that the production was warned on.
    warned = models.JSONField(default=list, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    end_reason = models.CharField(max_length=300, blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["valid_from", "created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ReleaseState.values), name="release_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=models.F("valid_from")),
                name="release_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(status=ReleaseState.ACTIVE)
                | (Q(separate_signature=True, valid_until__isnull=False) & ~Q(document_sha256="")),
                name="release_in_force_is_complete",
            ),
        ]
        indexes = [
            # The sweep: releases that have run out, and those that soon will.
            models.Index(fields=["valid_until"], condition=Q(status="active"), name="release_end"),
        ]

    def __str__(self) -> str:
        return f"{self.person.alias}, {self.get_kind_display().lower()}"

    @property
    def is_in_force(self) -> bool:
        return (
            self.status == ReleaseState.ACTIVE
            and self.valid_until is not None
            and self.valid_from <= timezone.now() <= self.valid_until
        )

    @property
    def scope_labels(self) -> list[str]:
        return [label for scope, label in ANY_SCOPE.items() if scope in self.scopes]


class AssetKind(models.TextChoices):
    PERSON = "person", "Person"
    GARMENT = "garment", "Garment"
    SET = "set", "Set"
    SKETCH = "sketch", "Sketch"
    TEXTURE = "texture", "Texture"
    SCRIPT = "script", "Script page"


class AssetRights(models.TextChoices):
    OWN = "own", "Our own"
    LICENSED = "licensed", "Licensed"
    PUBLIC_DOMAIN = "public_domain", "Public domain"
    CC = "cc", "Creative Commons"
    THIRD_PARTY = "third_party_none", "Somebody else's, to look at only"


class AssetState(models.TextChoices):
    OK = "ok", "May be used"
    QUARANTINED = "quarantined", "Quarantined"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ReferenceAsset(models.Model):
    """A picture that was taken in, with who holds the rights in it and who is seen on it.

    sha256, thumb_sha256: content addresses.  phash: 16 hex digits, near for near pictures.
    faces_found: None when nothing could look, which quarantines like an unlinked face.
    not_a_person: why a face on it belongs to nobody real, for instance a mannequin; "" unless somebody attests it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="assets")
    kind = models.CharField(max_length=8, choices=AssetKind)
    title = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=SHA256)
    thumb_sha256 = models.CharField(max_length=SHA256)
    phash = models.CharField(max_length=16)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    rights = models.CharField(max_length=20, choices=AssetRights)
    statement = models.CharField(max_length=300)
    attested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    attested_at = models.DateTimeField(auto_now_add=True)
    faces_found = models.PositiveSmallIntegerField(null=True, blank=True)
    persons = models.ManyToManyField(Person, blank=True, related_name="assets")
    not_a_person = models.CharField(max_length=300, blank=True)
    # When the bytes of a withdrawn picture were deleted; the row stays, so that it is known again.
    purged_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=AssetState, default=AssetState.QUARANTINED)

    class Meta:
        ordering = ["attested_at"]
        constraints = [
            models.UniqueConstraint(fields=["project", "sha256"], name="asset_once_in_a_production"),
            models.CheckConstraint(condition=~Q(statement=""), name="asset_has_a_rights_statement"),
            models.CheckConstraint(condition=Q(state__in=AssetState.values), name="asset_state_is_known"),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.get_kind_display()} {self.sha256[:8]}"


class WatchKind(models.TextChoices):
    PUBLIC_FIGURE = "public_figure", "Public figure"
    PERFORMER = "performer", "Performer of this production"
    DECEASED = "deceased", "Deceased person"
    ARTIST = "artist", "Living artist"


class WatchedName(models.Model):
    """A name that no prompt of the production may contain (R14)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="watched_names")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=14, choices=WatchKind)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="watched_name_once_in_a_production")
        ]

    def __str__(self) -> str:
        return self.name


class PromptClearance(models.Model):
    """One prompt, by hash, that somebody who answers for the production has read and let pass (R13, R14)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="prompt_clearances")
    prompt_sha256 = models.CharField(max_length=SHA256)
    reason = models.CharField(max_length=300)
    cleared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cleared_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "prompt_sha256"], name="prompt_cleared_once")
        ]

    def __str__(self) -> str:
        return self.prompt_sha256[:8]


class Incident(models.Model):
    """Somebody asked for what nobody may ask for (R15); until it is closed they may ask for nothing more here."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="incidents")
    about = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="incidents")
    code = models.CharField(max_length=40)
    prompt_sha256 = models.CharField(max_length=SHA256, blank=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    finding = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(finding="")),
                name="incident_is_closed_with_a_finding",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}, {self.opened_at:%d %b %Y}"
