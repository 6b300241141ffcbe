"""The closet: garments of a production, and which of them lie in which change."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from previs.projects.models import Project
from previs.rights.models import AssetState, ReferenceAsset
from previs.script.models import Character


class Slot(models.TextChoices):
    """Where a garment lies, from the skin outwards."""

    BASE = "base", "Base"
    MID = "mid", "Mid"
    OUTER = "outer", "Outer"
    SHOES = "shoes", "Shoes"
    ACCESSORY = "accessory", "Accessory"


class Category(models.TextChoices):
    TOP = "top", "Top"
    BOTTOM = "bottom", "Trousers or skirt"
    DRESS = "dress", "Dress"
    COAT = "coat", "Coat or jacket"
    SHOES = "shoes", "Shoes"
    HEADWEAR = "headwear", "Headwear"
    ACCESSORY = "accessory", "Accessory"


class PhotoKind(models.TextChoices):
    FLAT = "flat", "Flat"
    MANNEQUIN = "mannequin", "On a mannequin"
    WORN = "worn", "Worn by somebody"


class Shape(models.TextChoices):
    """How a garment is put on a photo; names of `costumes.fitting.garments.Category`."""

    TOP = "top", "From the shoulders"
    TROUSERS = "trousers", "Trousers"
    SKIRT = "skirt", "Skirt"


class Wardrobe(models.Model):
    """What the whole closet of a production has in common. era: "1953, north coast", in every concept prompt."""

    project = models.OneToOneField(
        Project, on_delete=models.CASCADE, primary_key=True, related_name="wardrobe"
    )
    era = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return self.era or "No era yet"


class Garment(models.Model):
    """One piece in the closet of a production.

    character: whose closet it hangs in; None for the production's stock.  quantity: how many there are.
    multiples: what they are for ("hero, stunt, burn").  photo: with who holds the rights in it (rule R07).
    swatches: [{"hex", "name", "share"}], measured from the photo, the largest first.
    cut_sha256: the garment without its ground, a picture with transparency, "" until it is cut out.
    shape: one of `Shape`, "" likewise.  anchors: name -> [x, y], px of the photo.
    anchored_at: when somebody last set the anchors by hand; None while they are guessed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="garments")
    character = models.ForeignKey(
        Character, on_delete=models.SET_NULL, null=True, blank=True, related_name="garments"
    )
    name = models.CharField(max_length=120)
    category = models.CharField(max_length=12, choices=Category)
    kind = models.CharField(max_length=12, choices=PhotoKind, default=PhotoKind.FLAT)
    photo = models.ForeignKey(
        ReferenceAsset, on_delete=models.PROTECT, null=True, blank=True, related_name="garments"
    )
    swatches = models.JSONField(default=list, blank=True)
    cut_sha256 = models.CharField(max_length=64, blank=True)
    shape = models.CharField(max_length=8, choices=Shape, blank=True)
    anchors = models.JSONField(default=dict, blank=True)
    anchored_at = models.DateTimeField(null=True, blank=True)
    quantity = models.PositiveIntegerField(default=1)
    multiples = models.CharField(max_length=120, blank=True)
    wear_note = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "added_at"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="a_garment_is_there_at_least_once"),
            models.CheckConstraint(
                condition=Q(category__in=Category.values) & Q(kind__in=PhotoKind.values),
                name="garment_category_and_kind_are_known",
            ),
            models.CheckConstraint(
                condition=Q(cut_sha256="", shape="") | (~Q(cut_sha256="") & Q(shape__in=Shape.values)),
                name="a_garment_that_is_cut_out_has_a_shape",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown(self) -> bool:
        """Whether its photo may be looked at: there is one, and nothing holds it back."""
        return self.photo is not None and self.photo.state == AssetState.OK

    @property
    def is_cut(self) -> bool:
        return bool(self.cut_sha256 and self.anchors)

    def forget_cut(self) -> None:
        """Its photo or its shape is another. Not saved."""
        self.cut_sha256, self.shape, self.anchors, self.anchored_at = "", "", {}, None


class GarmentLayer(models.Model):
    """One garment in one change. order: from the skin outwards, within its slot."""

    id = models.BigAutoField(primary_key=True)
    change = models.ForeignKey("costumes.Change", on_delete=models.CASCADE, related_name="layers")
    garment = models.ForeignKey(Garment, on_delete=models.PROTECT, related_name="layers")
    slot = models.CharField(max_length=12, choices=Slot)
    order = models.PositiveIntegerField()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["change", "garment"], name="a_garment_is_worn_once_in_a_change"),
            models.CheckConstraint(condition=Q(slot__in=Slot.values), name="layer_slot_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.garment} in {self.change}"
