"""What the costume department says on the plot."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from previs.projects.models import Project
from previs.script.models import Scene


class PlotForm(forms.Form):
    """Whatever is said on the plot of one production."""

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project

    @property
    def fault(self) -> str:
        """The first thing that is wrong, in words."""
        return str(next(iter(self.errors.values()))[0])


class ScenesForm(PlotForm):
    """Scenes of one production, by their keys; those of others do not count."""

    scenes = forms.ModelMultipleChoiceField(
        queryset=Scene.objects.none(),
        error_messages={
            "required": "Choose a scene first.",
            "invalid_choice": "One of these scenes is not in this production.",
            "invalid_pk_value": "One of these scenes is not in this production.",
        },
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, project=project, **kwargs)
        choice = self.fields["scenes"]
        assert isinstance(choice, forms.ModelMultipleChoiceField)
        choice.queryset = Scene.objects.filter(project=project).order_by("ordinal")


class WearForm(ScenesForm):
    """number: of the change; 0 leaves the scenes without one, on purpose."""

    number = forms.IntegerField(
        min_value=0,
        error_messages={
            "required": "Say which change: a number from 1, or 0 for none.",
            "invalid": "Say which change: a number from 1, or 0 for none.",
            "min_value": "Changes are numbered from 1.",
        },
    )


class InsertForm(ScenesForm):
    """number: the one that the new change gets; empty puts it after what was worn up to its first scene."""

    number = forms.IntegerField(
        required=False, min_value=1, error_messages={"min_value": "Changes are numbered from 1."}
    )


class NumberForm(PlotForm):
    """number: of an existing change."""

    number = forms.IntegerField(
        min_value=1,
        error_messages={
            "required": "Say which change: a number from 1.",
            "invalid": "Say which change: a number from 1.",
            "min_value": "Changes are numbered from 1.",
        },
    )


class PresenceForm(ScenesForm):
    plays = forms.BooleanField(required=False)


class StoryDayForm(ScenesForm):
    label = forms.CharField(required=False, max_length=8)
    words = forms.CharField(required=False, max_length=40)


class ShootingForm(PlotForm):
    """Scene numbers in the order in which they are shot, with spaces or commas between them."""

    numbers = forms.CharField(
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": "The shooting order is longer than 4,000 characters. Shorten it."},
    )

    def clean_numbers(self) -> list[str]:
        return [number for number in re.split(r"[\s,;]+", self.cleaned_data["numbers"]) if number]
