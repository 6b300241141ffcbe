"""What the costume department types about a change."""

from __future__ import annotations

from typing import Any

from django import forms

from costumes.models import Change
from costumes.services import wardrobe_digest


class DressForm(forms.Form):
    """What is worn, and in which of the character's scenes.

    seen: digest of what was saved when the form was drawn, so that nobody overwrites words they never saw.
    """

    title = forms.CharField(
        required=False,
        max_length=120,
        label="Called",
        help_text="What the department calls it, for instance: Rust coat.",
        error_messages={
            "max_length": "The name has %(show_value)d characters; the limit is %(limit_value)d."
        },
    )
    garments = forms.CharField(
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For instance: rust wool coat, yellow scarf, brown boots. These words go into every frame of its scenes.",
        error_messages={
            "max_length": "The garments have %(show_value)d characters; the limit is %(limit_value)d. Shorten them."
        },
    )
    wear_note = forms.CharField(
        required=False,
        max_length=300,
        label="Wear note",
        help_text="How it is worn, for instance: scarf tucked from scene 8.",
        error_messages={
            "max_length": "The wear note has %(show_value)d characters; the limit is %(limit_value)d."
        },
    )
    scenes = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, change: Change, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["scenes"]
        assert isinstance(choice, forms.MultipleChoiceField)
        choice.choices = [
            (str(scene.pk), f"{scene.number} {scene.heading}")
            for scene in change.character.scenes.filter(omitted=False)
        ]


def saved_form(change: Change) -> DressForm:
    """The form with what is saved now."""
    scenes = [str(pk) for pk in change.scenes.values_list("pk", flat=True)]
    return DressForm(
        initial={
            "title": change.title,
            "garments": change.garments,
            "wear_note": change.wear_note,
            "scenes": scenes,
            "seen": wardrobe_digest(change),
        },
        change=change,
    )
