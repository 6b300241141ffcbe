"""The outfit of a fitting as it is chosen: the photo, the garments with how they are worn, and the brush."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing

from costumes.cutting import shapes_of
from costumes.fittings import LayerPlan, Wish
from costumes.models import Change, Fitting, FittingLayer, Garment, GarmentLayer, Slot
from costumes.models_fitting import Candidate
from previs.generation import store
from previs.generation.models import Job
from previs.rights.models import AssetKind, ReferenceAsset

# Name, words, least, most, usual, in per cent.
MEASURES = (
    ("size", "Size", 70, 150, 100),
    ("length", "Length", 60, 160, 100),
    ("light", "Folds", 0, 100, 100),
)
CLEARED = "none"
BRUSH_SALT = "costumes.fitting.brush"


@dataclass(frozen=True, slots=True)
class Row:
    """One garment that may be put on. number: in the fitting that is shown, 0 when it is not in it.

    worn: whether it is chosen.  why_not: why it cannot be fitted, "" when it can.
    changed: its photo, cut-out or anchors are others than those of the fitting that is shown.
    """

    garment: Garment
    slot: str
    number: int
    worn: bool
    why_not: str
    changed: bool
    measures: Sequence[forms.BoundField]

    @property
    def faulty(self) -> bool:
        return any(field.errors for field in self.measures)


class OutfitForm(forms.Form):
    """base: the fitting that is shown, whose values it begins with."""

    photo = forms.ModelChoiceField(
        queryset=ReferenceAsset.objects.none(),
        error_messages={
            "required": "Choose a photo of the person first.",
            "invalid_choice": "This photo is no longer here. Choose another one.",
        },
    )
    realism = forms.BooleanField(required=False)
    inside = forms.IntegerField(min_value=0, max_value=100)
    protect = forms.CharField(required=False, widget=forms.HiddenInput)
    release = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        change: Change,
        base: Fitting | None = None,
        layers: Sequence[FittingLayer] = (),
    ) -> None:
        """change: with its character and project.  layers: of `base`, with garment and photo."""
        self.change, self.base, self.before = change, base, {layer.garment_id: layer for layer in layers}
        self.offered = offered(change, layers)
        super().__init__(data, initial=self._first_values())
        photos = change.character.project.assets.filter(kind=AssetKind.PERSON)
        self.fields["photo"].queryset = photos  # type: ignore[attr-defined]
        for garment in self._fittable():
            self.fields[f"wear_{garment.pk}"] = forms.BooleanField(required=False, label=garment.name)
            for name, words, least, most, _usual in MEASURES:
                self.fields[f"{name}_{garment.pk}"] = _percent(f"{words}, {garment.name}", least, most)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("protect", "release"):
            values[name] = self._painted(name, values.get(name, ""))
        return values

    def rows(self) -> list[Row]:
        """As they are listed: the outermost first."""
        rows = []
        for garment, slot in reversed(self.offered):
            layer, reason = self.before.get(garment.pk), why_not(garment)
            rows.append(
                Row(
                    garment=garment,
                    slot=slot,
                    number=layer.number if layer else 0,
                    worn=not reason and bool(self[f"wear_{garment.pk}"].value()),
                    why_not=reason,
                    changed=layer is not None and is_other(layer, garment),
                    measures=[] if reason else [self[f"{name}_{garment.pk}"] for name, *_ in MEASURES],
                )
            )
        return rows

    def plans(self, *, afresh: int = 0) -> list[LayerPlan]:
        """What was chosen, lowest first; of a valid form.

        afresh: the first layer of `base` that is made with another seed; 0 keeps all seeds.
        """
        plans = []
        for garment in self._fittable():
            if not self.cleaned_data.get(f"wear_{garment.pk}"):
                continue
            layer = self.before.get(garment.pk)
            keeps = layer is not None and not (afresh and layer.number >= afresh)
            size, length, light = (self.cleaned_data[f"{name}_{garment.pk}"] / 100 for name, *_ in MEASURES)
            plans.append(LayerPlan(garment, size, length, light, layer.seed if layer and keeps else None))
        return plans

    def wish(self) -> Wish:
        values = self.cleaned_data
        return Wish(
            inside=values["inside"] / 100, realism=values["realism"], protect=values["protect"],
            release=values["release"],
        )  # fmt: skip

    def _fittable(self) -> list[Garment]:
        return [garment for garment, _ in self.offered if not why_not(garment)]

    def _first_values(self) -> dict[str, Any]:
        values: dict[str, Any] = {"realism": True, "inside": 30}
        if self.base is not None:
            repainted = Job.objects.filter(brief=self.base.pk, take=len(Candidate)).exists()
            values |= {
                "photo": self.base.photo_id,
                "inside": round(100 * self.base.inside),
                "realism": repainted,
            }
        for garment in self._fittable():
            layer = self.before.get(garment.pk)
            values[f"wear_{garment.pk}"] = layer is not None or self.base is None
            for name, _words, _least, _most, usual in MEASURES:
                values[f"{name}_{garment.pk}"] = round(100 * getattr(layer, name)) if layer else usual
        return values

    def _painted(self, name: str, token: str) -> bytes | None:
        """None for what it was before."""
        if not token:
            return None
        if token == CLEARED:
            return b""
        try:
            sha256 = signing.loads(token, salt=f"{BRUSH_SALT}.{self.change.pk}")
            return store.read(sha256)
        except (signing.BadSignature, KeyError):
            self.add_error(None, "What you painted is no longer kept. Paint it again.")
            return None


def offered(change: Change, layers: Iterable[FittingLayer]) -> list[tuple[Garment, str]]:
    """What may be put on, lowest first, with where it lies: what the change wears, then what only the fitting had."""
    worn = GarmentLayer.objects.filter(change=change).select_related("garment__photo", "garment__project")
    found = {row.garment_id: (row.garment, str(Slot(row.slot).label)) for row in worn.order_by("order", "pk")}
    for layer in layers:
        found.setdefault(layer.garment_id, (layer.garment, "Not worn any more"))
    return list(found.values())


def why_not(garment: Garment) -> str:
    """Why a garment cannot be fitted, "" when it can."""
    if not shapes_of(garment):
        return "Not fitted on photos yet"
    if garment.photo is None:
        return "No photo yet"
    return "" if garment.shown else f"Photo {garment.photo.get_state_display().lower()}"


def is_other(layer: FittingLayer, garment: Garment) -> bool:
    """Whether a garment was photographed, cut out or anchored anew since it was fitted."""
    kept = layer.photo_id, layer.cut_sha256, layer.shape, layer.anchors
    return kept != (garment.photo_id, garment.cut_sha256, garment.shape, garment.anchors)


def first_other(layers: Sequence[FittingLayer], plans: Sequence[LayerPlan]) -> int:
    """The first layer, from 1, that a new fitting has to make anew; one past the last when all agree."""
    for number, (layer, plan) in enumerate(zip(layers, plans, strict=False), start=1):
        same = (layer.garment_id, layer.size, layer.length, layer.light, layer.seed)
        if same != (plan.garment.pk, plan.size, plan.length, plan.light, plan.seed) or is_other(
            layer, plan.garment
        ):
            return number
    return min(len(layers), len(plans)) + 1


def signed_brush(change: Change, sha256: str) -> str:
    return signing.dumps(sha256, salt=f"{BRUSH_SALT}.{change.pk}")


def _percent(label: str, least: int, most: int) -> forms.IntegerField:
    outside = f"{label}: between {least} and {most} %."
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        # Of these, two are filled in with what was typed: their per cent sign is doubled.
        error_messages=dict.fromkeys(("required", "invalid"), outside)
        | dict.fromkeys(("min_value", "max_value"), outside.replace("%", "%%")),
        widget=forms.NumberInput(attrs={"type": "range", "class": "rng", "min": least, "max": most}),
    )
