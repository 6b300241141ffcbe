"""What is typed about a garment, its layer and a stage."""

from __future__ import annotations

from typing import Any

from django import forms

from costumes.closet_csv import LARGEST_FILE
from costumes.models import Category, Garment, PhotoKind, Slot, Wear
from previs.names import shown
from previs.projects.models import Project
from previs.rights.models import AssetRights
from previs.script.models import Character


class CharacterField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return shown(obj.name)


class GarmentForm(forms.Form):
    """One garment. The photo's rights are asked for with a photo only."""

    name = forms.CharField(max_length=120, error_messages={"required": "Give the garment a name."})
    category = forms.ChoiceField(choices=Category)
    character = CharacterField(
        queryset=Character.objects.none(), required=False, empty_label="Stock of the production"
    )
    quantity = forms.IntegerField(min_value=1, max_value=999, initial=1)
    multiples = forms.CharField(
        required=False, max_length=120, help_text="What they are for: hero, stunt, burn."
    )
    wear_note = forms.CharField(required=False, max_length=300, label="Wear note")
    source = forms.CharField(required=False, max_length=300, help_text="Hire house, maker, own stock.")
    picture = forms.FileField(
        required=False, label="Photo", help_text="Up to 20 MB. Camera data is not kept."
    )
    kind = forms.ChoiceField(choices=PhotoKind, label="Photographed", initial=PhotoKind.FLAT)
    rights = forms.ChoiceField(
        choices=[("", "Choose"), *AssetRights.choices], required=False, label="Rights in the photo"
    )
    statement = forms.CharField(
        required=False, max_length=300, help_text="For instance: photographed in our workshop, May 2026."
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["character"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = project.characters.all()

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("picture") and not values.get("rights"):
            self.add_error("rights", "Say who holds the rights in the photo.")
        if values.get("picture") and not values.get("statement", "").strip():
            self.add_error("statement", "Write on what ground the photo may be here.")
        return values


def garment_form(garment: Garment) -> GarmentForm:
    """The form with what is kept of a garment."""
    names = ("name", "category", "character", "quantity", "multiples", "wear_note", "source", "kind")
    return GarmentForm(initial={name: getattr(garment, name) for name in names}, project=garment.project)


class ImportForm(forms.Form):
    file = forms.FileField(
        label="CSV file",
        max_length=200,
        error_messages={"required": "Choose a CSV file first.", "empty": "This file is empty."},
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        data: bytes = file.read(LARGEST_FILE + 1)
        return data


class LayerForm(forms.Form):
    garment = forms.ModelChoiceField(
        queryset=Garment.objects.none(),
        error_messages={"required": "Choose a garment first.", "invalid_choice": "It is not in this closet."},
    )
    slot = forms.ChoiceField(choices=[("", "Where it belongs"), *Slot.choices], required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["garment"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = project.garments.all()


class StageForm(forms.Form):
    stage = forms.ChoiceField(choices=Wear)
    scene = forms.UUIDField(error_messages={"required": "Choose the scene in which it begins."})
    note = forms.CharField(required=False, max_length=200)
