"""Productions and the people on them. Who may see and who may change anything is decided here."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from previs.accounts.models import User


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    PRODUCER = "producer", "Producer"
    DIRECTOR = "director", "Director"
    ART = "art", "Production designer"
    COSTUME = "costume", "Costume designer"
    VIEWER = "viewer", "Viewer"


EDITING_ROLES = [Role.OWNER, Role.PRODUCER, Role.DIRECTOR, Role.ART, Role.COSTUME]
# Casting people into roles is not a creative act: it stays with those who answer for the production.
MANAGING_ROLES = [Role.OWNER, Role.PRODUCER]
# Leads may put a job before the others.
URGENT_ROLES = [Role.OWNER, Role.PRODUCER, Role.DIRECTOR]
# Whose decision counts. A viewer may note nothing away.
DECIDING_ROLES = [Role.OWNER, Role.PRODUCER, Role.DIRECTOR, Role.ART, Role.COSTUME]


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: User | AnonymousUser) -> ProjectQuerySet:
        """Projects whose crew the user is on. Being staff of the installation opens no production."""
        return self.filter(memberships__user_id=user.pk) if user.pk else self.none()

    def editable_by(self, user: User | AnonymousUser) -> ProjectQuerySet:
        return self._with_role(user, EDITING_ROLES)

    def managed_by(self, user: User | AnonymousUser) -> ProjectQuerySet:
        return self._with_role(user, MANAGING_ROLES)

    def _with_role(self, user: User | AnonymousUser, roles: list[Role]) -> ProjectQuerySet:
        return (
            self.filter(memberships__user_id=user.pk, memberships__role__in=roles) if user.pk else self.none()
        )


class Project(models.Model):
    """A production: one film, or one series."""

    RATIOS = [
        (Decimal("2.39"), "2.39 Scope"),
        (Decimal("2.00"), "2.00 Univisium"),
        (Decimal("1.85"), "1.85 Flat"),
        (Decimal("1.78"), "16:9"),
        (Decimal("1.33"), "4:3"),
        (Decimal("1.00"), "1:1"),
        (Decimal("0.56"), "9:16"),
    ]
    RATES = [
        (Decimal(rate), f"{rate} fps") for rate in ("23.976", "24", "25", "29.97", "30", "48", "50", "60")
    ]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=120)
    slug = models.SlugField(max_length=140, unique=True)
    logline = models.CharField(max_length=400, blank=True)
    aspect_ratio = models.DecimalField(
        max_digits=4,
        decimal_places=2,
        default=Decimal("1.78"),
        validators=[MinValueValidator(Decimal("0.40")), MaxValueValidator(Decimal("4.00"))],
    )
    fps = models.DecimalField(max_digits=6, decimal_places=3, default=Decimal("24"))
    # A commercial production may not use weights that are licensed for research only (rule R03).
    commercial = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(aspect_ratio__gte=Decimal("0.40"), aspect_ratio__lte=Decimal("4.00")),
                name="project_aspect_ratio_is_a_picture",
            ),
            models.CheckConstraint(condition=models.Q(fps__gt=0), name="project_fps_is_positive"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("project", args=[self.slug])

    @property
    def group(self) -> str:
        """The channel-layer group of everybody who has the production open."""
        return f"project-{self.pk}"

    @property
    def ratio_class(self) -> str:
        """The stylesheet's nearest picture shape; frames of other shapes are fitted inside, never cropped."""
        shapes = {
            2.39: "r239",
            2.0: "r200",
            1.85: "r185",
            1.78: "r178",
            1.33: "r133",
            1.0: "square",
            0.56: "r916",
        }
        return shapes[min(shapes, key=lambda ratio: abs(ratio - float(self.aspect_ratio)))]

    def role_of(self, user: User | AnonymousUser) -> str:
        """The user's role here, "" when not on the crew."""
        membership = self.memberships.filter(user_id=user.pk).first() if user.pk else None
        return membership.role if membership else ""


class Membership(models.Model):
    """One person's place on one crew."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["project", "user"], name="one_role_per_person_and_project"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}"
