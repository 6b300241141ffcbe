"""The anchors of a garment under the names a cutter uses, and the form in which their places are typed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django import forms

from costumes.models import Garment, Shape

# Left and right are the wearer's own, as everywhere in a workroom.
WORDS = {
    "collar_left": "Neck point, left",
    "collar_centre": "Collar, centre front",
    "collar_right": "Neck point, right",
    "shoulder_left": "Shoulder point, left",
    "shoulder_right": "Shoulder point, right",
    "armpit_left": "Underarm, left",
    "armpit_right": "Underarm, right",
    "sleeve_left_out": "Left cuff, outer edge",
    "sleeve_left_in": "Left cuff, underarm seam",
    "sleeve_right_out": "Right cuff, outer edge",
    "sleeve_right_in": "Right cuff, underarm seam",
    "waist_left": "Waistband, left side",
    "waist_centre": "Waistband, centre front",
    "waist_right": "Waistband, right side",
    "hip_left": "Hip line, left side seam",
    "hip_right": "Hip line, right side seam",
    "crotch": "Fork",
    "side_left": "Side seam at the knee, left",
    "side_right": "Side seam at the knee, right",
    "hem_left": "Hem, left side seam",
    "hem_centre": "Hem, centre front",
    "hem_right": "Hem, right side seam",
    "hem_left_out": "Left leg hem, outseam",
    "hem_left_in": "Left leg hem, inseam",
    "hem_right_in": "Right leg hem, inseam",
    "hem_right_out": "Right leg hem, outseam",
}
# Seams that cannot change sides, however a garment lies; a sleeve may be folded over.
PAIRED = ("collar", "shoulder", "armpit", "waist", "hip", "hem")
UPPERMOST = {Shape.TOP: "collar_centre", Shape.TROUSERS: "waist_centre", Shape.SKIRT: "waist_centre"}
LEAST_APART = 4.0  # px between the two sides of a seam
FLAG = 20.0  # px of the screen from an anchor to its number


@dataclass(frozen=True, slots=True)
class Handle:
    """One anchor as the page draws it.

    x, y: px of the photo.  across, down: its two fields, bound.
    flag_x, flag_y: where its number stands from there, px of the screen, away from the garment's middle.
    """

    number: int
    name: str
    words: str
    x: float
    y: float
    across: forms.BoundField
    down: forms.BoundField
    flag_x: float
    flag_y: float


class AnchorsForm(forms.Form):
    """Two numbers for every anchor of the garment's shape, in px of its photo."""

    def __init__(self, data: Any = None, *, garment: Garment) -> None:
        # Not above: the fitting loads numpy, which the server's start need not wait for.
        from costumes.fitting.garments import ANCHORS

        assert garment.photo is not None
        saved = garment.anchors
        self.shape = Shape(garment.shape)
        self.names = {str(shape): names for shape, names in ANCHORS.items()}[self.shape.value]
        initial = {
            f"{name}_{axis}": f"{saved[name][place]:g}"
            for name in self.names
            for place, axis in enumerate("xy")
        }
        super().__init__(data, initial=initial)
        for name in self.names:
            for axis, most in (("x", garment.photo.width), ("y", garment.photo.height)):
                self.fields[f"{name}_{axis}"] = _place(WORDS[name], axis, most)

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.errors:
            return self.cleaned_data
        places = self.places()
        for name in self.names:
            other = name.replace("_left", "_right")
            if other == name or not name.startswith(PAIRED):
                continue
            if places[name][0] - places[other][0] < LEAST_APART:
                self.add_error(
                    None,
                    f"{WORDS[name]} and {WORDS[other]} lie on each other or have changed sides. Left is the wearer's "
                    "left: the right side of the photo.",
                )
        top, hems = UPPERMOST[self.shape], [name for name in self.names if name.startswith("hem")]
        if any(places[hem][1] <= places[top][1] for hem in hems):
            self.add_error(None, f"The hem lies above {WORDS[top].lower()}. Turn the photo upright.")
        return self.cleaned_data

    def places(self) -> dict[str, tuple[float, float]]:
        """Name -> x, y px, of a form that is valid field by field."""
        return {name: (self.cleaned_data[f"{name}_x"], self.cleaned_data[f"{name}_y"]) for name in self.names}

    def handles(self) -> list[Handle]:
        """The anchors in their order, where they were typed; where a number cannot be read, where they are saved."""
        places = [(self._shown(f"{name}_x"), self._shown(f"{name}_y")) for name in self.names]
        middle = [sum(place[axis] for place in places) / len(places) for axis in (0, 1)]
        handles = []
        for number, (name, (x, y)) in enumerate(zip(self.names, places, strict=True), start=1):
            away = math.hypot(x - middle[0], y - middle[1]) or 1.0
            flag = (FLAG * (x - middle[0]) / away, FLAG * (y - middle[1]) / away)
            handles.append(
                Handle(
                    number, name, WORDS[name], x, y, self[f"{name}_x"], self[f"{name}_y"],
                    round(flag[0], 1), round(flag[1], 1),
                )
            )  # fmt: skip
        return handles

    def _shown(self, field: str) -> float:
        try:
            return float(self[field].value())
        except (TypeError, ValueError):
            return float(self.initial[field])


def _place(words: str, axis: str, most: int) -> forms.FloatField:
    way = "across" if axis == "x" else "down"
    outside = f"{words}: outside the photo, which ends {most} px {way}."
    return forms.FloatField(
        label=f"{words}, px {way}",
        min_value=0,
        max_value=most,
        error_messages={
            "required": f"{words}: type how many px {way}.",
            "invalid": f"{words}: this is no number of px.",
            "min_value": outside,
            "max_value": outside,
        },
        widget=forms.NumberInput(attrs={"class": "in s", "step": "any", "aria-label": f"{words}, px {way}"}),
    )
