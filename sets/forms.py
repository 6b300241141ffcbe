"""What the designer types about a set."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from previs.rights.pictures import LARGEST_FILE, too_large
from sets.models import Build, Rights, Set
from sets.variants import (
    LONGEST_CONDITION,
    MOST_CROWD,
    MOST_VEHICLES,
    TIMES,
    WEATHERS,
    Spot,
)

TOO_LONG = "This has %(show_value)d characters; the limit is %(limit_value)d. Shorten it."


class RecordForm(forms.Form):
    """The record of a set. Fields that a form leaves out stay as they are."""

    description = forms.CharField(
        required=False,
        max_length=1000,
        label="Design",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Materials, light, furniture, palette. These words go into every frame that plays here.",
        error_messages={
            "max_length": "The design has %(show_value)d characters; the limit is %(limit_value)d. Shorten it."
        },
    )
    side = forms.ChoiceField(
        required=False,
        label="Interior or exterior",
        choices=[("interior", "Interior"), ("exterior", "Exterior")],
        error_messages={"invalid_choice": "Choose interior or exterior."},
    )
    build = forms.ChoiceField(
        required=False,
        label="Built or location",
        choices=Build.choices,
        error_messages={"invalid_choice": "Choose whether the set is built or a location."},
    )
    notes = forms.CharField(
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="For the crew: keys, power, noise, who to call. Notes go into no prompt.",
        error_messages={"max_length": TOO_LONG},
    )

    @classmethod
    def of(cls, place: Set) -> RecordForm:
        side = "interior" if place.interior else "exterior"
        values = {"description": place.description, "side": side, "build": place.build, "notes": place.notes}
        return cls(initial=values)

    def values(self, place: Set) -> dict[str, Any]:
        """The cleaned values for `services.revise`; what was not sent is what the set has."""
        sent, clean = self.data, self.cleaned_data
        return {
            "description": clean["description"].strip() if "description" in sent else place.description,
            "notes": clean["notes"].strip() if "notes" in sent else place.notes,
            "interior": clean["side"] == "interior" if clean["side"] else place.interior,
            "build": clean["build"] if "build" in sent else place.build,
        }


class ReferenceForm(forms.Form):
    """A reference picture and on what ground it may be here; one that comes without that is refused (R07)."""

    file = forms.FileField(
        label="Picture",
        allow_empty_file=True,  # the reader says it in better words
        error_messages={"required": "Choose a JPEG, PNG or WebP picture first."},
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/tiff"}),
    )
    title = forms.CharField(required=False, max_length=120, error_messages={"max_length": TOO_LONG})
    source = forms.CharField(
        required=False,
        max_length=300,
        help_text="Photographer, book, archive or address.",
        error_messages={"max_length": TOO_LONG},
    )
    rights = forms.ChoiceField(
        choices=[("", "Choose"), *Rights.choices],
        error_messages={
            "required": "Say who holds the rights in the picture.",
            "invalid_choice": "Say who holds the rights in the picture.",
        },
    )
    statement = forms.CharField(
        max_length=300,
        label="Rights statement",
        help_text="On what ground it may be here, for instance: my own photograph, May 2026.",
        error_messages={
            "required": "Write on what ground the picture may be here, for instance: my own photograph, May 2026.",
            "max_length": TOO_LONG,
        },
    )

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if file.size and file.size > LARGEST_FILE:
            raise forms.ValidationError(too_large(file.size))
        return file


class NumbersForm(forms.Form):
    """How many people and vehicles stand in the frame."""

    crowd = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=MOST_CROWD,
        error_messages={
            "invalid": f"The crowd must be a whole number from 0 to {MOST_CROWD}.",
            "min_value": f"The crowd must lie between 0 and {MOST_CROWD}.",
            "max_value": f"The crowd must lie between 0 and {MOST_CROWD}.",
        },
    )
    vehicles = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=MOST_VEHICLES,
        error_messages={
            "invalid": f"Vehicles must be a whole number from 0 to {MOST_VEHICLES}.",
            "min_value": f"Vehicles must lie between 0 and {MOST_VEHICLES}.",
            "max_value": f"Vehicles must lie between 0 and {MOST_VEHICLES}.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("crowd", "vehicles"):
            widget = self.fields[name].widget
            # Browsers stop a form at these limits without a word that says what to do; the server has the words.
            widget.attrs = {"class": "n3", "inputmode": "numeric", "placeholder": "0"}

    def numbers(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] or 0 for name in ("crowd", "vehicles")}


class FillForm(NumbersForm):
    """Which cells of the grid to make, from which camera. Without an hour and a row: all empty ones."""

    weather = forms.ChoiceField(
        choices=[(word, word) for word in WEATHERS],
        error_messages={
            "required": "Choose a weather first.",
            "invalid_choice": "The grid has no weather %(value)s. Choose one above it.",
        },
    )
    camera = forms.CharField(required=False, max_length=8)
    time_of_day = forms.ChoiceField(
        required=False,
        choices=[(word, word) for word in TIMES],
        error_messages={"invalid_choice": "The grid has no hour %(value)s."},
    )
    condition = forms.CharField(required=False, max_length=LONGEST_CONDITION)

    def only(self) -> list[Spot]:
        clean = self.cleaned_data
        if not clean["time_of_day"] or not clean["condition"]:
            return []
        return [Spot(clean["time_of_day"], clean["condition"], clean["weather"])]
