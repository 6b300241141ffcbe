"""What people type about a frame."""

from __future__ import annotations

from typing import Any

from django import forms

from previs.review.models import Verdict
from previs.review.services import ReviewError, text_within_limits


class WordsField(forms.CharField):
    """A text that is refused with its length, so that the author knows how much to cut."""

    widget = forms.Textarea

    def __init__(self, *, empty: str, **kwargs: Any) -> None:
        super().__init__(error_messages={"required": empty}, **kwargs)
        self.empty = empty

    def clean(self, value: Any) -> str:
        words: str = super().clean(value)
        if not words:
            return ""
        try:
            return text_within_limits(words, empty=self.empty)
        except ReviewError as error:
            raise forms.ValidationError(str(error)) from error


class PlaceField(forms.FloatField):
    """0 to 1 from the left or the top of the picture."""

    widget = forms.HiddenInput
    OUTSIDE = "The pin lies outside the picture. Click on the picture again."

    def __init__(self) -> None:
        super().__init__(required=False, error_messages={"invalid": self.OUTSIDE})

    def clean(self, value: Any) -> float | None:
        place: float | None = super().clean(value)
        if place is not None and not 0 <= place <= 1:
            raise forms.ValidationError(self.OUTSIDE)
        return place


class NoteForm(forms.Form):
    """text and, for a note on one place, both halves of its pin."""

    text = WordsField(empty="Write the note first.")
    x = PlaceField()
    y = PlaceField()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        x, y = values.get("x"), values.get("y")
        if (x is None) != (y is None) and not self.errors:
            raise forms.ValidationError(PlaceField.OUTSIDE)
        values["pin"] = (x, y) if x is not None and y is not None else None
        return values


class DecisionForm(forms.Form):
    """verdict: which button was pressed.  note: required to request changes; the service says so.

    knowing: of a picture that is stale, that it is approved all the same.
    """

    verdict = forms.ChoiceField(
        choices=Verdict.choices,
        error_messages={
            "required": "Choose Approve or Request changes.",
            "invalid_choice": "Choose Approve or Request changes.",
        },
    )
    note = WordsField(empty="", required=False)
    knowing = forms.BooleanField(required=False)
