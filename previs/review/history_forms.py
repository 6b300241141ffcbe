"""The search of a production's frames. It is sent by GET, so that a search is an address."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from previs.accounts.models import User
from previs.generation.models import Provenance, Sheet
from previs.projects.models import Project

KIND_WORDS = {
    "panel": "Panels",
    "set": "Sets",
    "variant": "Set variants",
    "change": "Costumes",
    "beat": "Beats",
    "move": "Camera moves",
}
FIRST_DAY, LAST_DAY = dt.date(1970, 1, 1), dt.date(2999, 12, 31)


class DayField(forms.DateField):
    """A day of the calendar. What is none stays in the field, where a date picker would show it empty."""

    def __init__(self, label: str) -> None:
        limit = "Choose a day between 1970 and 2999."
        super().__init__(
            label=label,
            required=False,
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%d %B %Y"],
            error_messages={"invalid": "This is no date. Write it as 2026-11-21."},
            validators=[MinValueValidator(FIRST_DAY, limit), MaxValueValidator(LAST_DAY, limit)],
        )


class HistoryForm(forms.Form):
    """What to look for; every field may stay empty. cleaned_data are the arguments of `history.matching`."""

    words = forms.CharField(label="Words of the prompt", required=False, max_length=200)
    subject = forms.CharField(label="Shot, set or costume", required=False, max_length=200)
    kind = forms.ChoiceField(label="Kind", required=False)
    person = forms.TypedChoiceField(label="Asked for by", required=False, coerce=int, empty_value=None)
    model = forms.ChoiceField(label="Model", required=False)
    since = DayField("From")
    until = DayField("To")
    starred = forms.BooleanField(label="Only favourites", required=False)

    def __init__(self, project: Project, data: Any) -> None:
        super().__init__(data)
        frames = {"frames__sheet__project": project}
        people = User.objects.filter(**frames).distinct().order_by("name", "username")
        kinds = Sheet.objects.filter(project=project, frames__isnull=False).values_list("kind", flat=True)
        models = Provenance.objects.filter(frame__sheet__project=project).values_list("model", flat=True)
        self._offer("person", "Anybody", [(str(user.pk), str(user)) for user in people])
        self._offer("kind", "Everything", [(k, KIND_WORDS.get(k, k.capitalize())) for k in _each(kinds)])
        self._offer("model", "Any model", [(name, name) for name in _each(models)])
        unknown = {
            "person": "This person has asked for no frame here. Choose another one.",
            "kind": "There are no frames of this kind here. Choose another one.",
            "model": "No frame here was made with this model. Choose another one.",
        }
        for name, words in unknown.items():
            self.fields[name].error_messages["invalid_choice"] = words
        for name in ("words", "subject"):
            _show_as(self.fields[name], "search")
        self.fields["words"].widget.attrs |= {"data-key": "/", "data-key-label": "Search"}

    @property
    def searching(self) -> bool:
        """Whether any filter is set."""
        return any(self.data.get(name) for name in self.fields)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        since, until = values.get("since"), values.get("until")
        if since and until and since > until:
            self.add_error("until", f"This day lies before {since:%Y-%m-%d}, where the search begins.")
        return values

    def full_clean(self) -> None:
        super().full_clean()
        for name in ("since", "until"):
            # A date picker refuses to show what is no date, and the words would be lost.
            if name in self.errors and name not in self.cleaned_data:
                _show_as(self.fields[name], "text")

    def _offer(self, name: str, anything: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", anything), *choices]


def _show_as(field: forms.Field, input_type: str) -> None:
    assert isinstance(field.widget, forms.TextInput)
    field.widget.input_type = input_type


def _each(names: Any) -> list[str]:
    return sorted(names.order_by().distinct())
