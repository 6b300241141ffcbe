"""The brief composer's form: what a person may ask for, checked before anything is queued."""

from __future__ import annotations

from typing import Any

from django import forms

from previs.engine.request import MAX_PROMPT, MAX_SEED
from previs.generation import catalogue
from previs.generation.services import MAX_TAKES


class BriefForm(forms.Form):
    """Values of one Generate. What is left empty is the model's to choose."""

    prompt = forms.CharField(
        max_length=MAX_PROMPT,
        widget=forms.Textarea(attrs={"class": "ta", "rows": 3, "spellcheck": "true"}),
        error_messages={
            "required": "The prompt is empty. Write what the frame shows.",
            "max_length": "The prompt has %(show_value)d characters; the limit is %(limit_value)d. Shorten it.",
        },
    )
    negative_prompt = forms.CharField(
        required=False,
        max_length=1000,
        label="Not in the picture",
        error_messages={
            "max_length": "This has %(show_value)d characters; the limit is %(limit_value)d. Shorten it."
        },
    )
    model = forms.ChoiceField(
        error_messages={
            "invalid_choice": "The model %(value)s is not installed here. Choose one from the list."
        }
    )
    takes = forms.IntegerField(
        min_value=1,
        max_value=MAX_TAKES,
        initial=4,
        error_messages={
            "required": f"Say how many takes, 1 to {MAX_TAKES}.",
            "invalid": f"Takes must be a whole number from 1 to {MAX_TAKES}.",
            "min_value": f"Takes must lie between 1 and {MAX_TAKES}.",
            "max_value": f"Takes must lie between 1 and {MAX_TAKES}.",
        },
    )
    seed = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=MAX_SEED,
        error_messages={
            "invalid": "The seed must be a whole number, or empty for a free one.",
            "min_value": f"The seed must lie between 0 and {MAX_SEED:,}.",
            "max_value": f"The seed must lie between 0 and {MAX_SEED:,}.",
        },
    )
    steps = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=100,
        error_messages={"invalid": "Steps must be a whole number."},
    )
    guidance = forms.FloatField(
        required=False, min_value=0, max_value=30, error_messages={"invalid": "Guidance must be a number."}
    )
    urgent = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cards = catalogue.installed()
        choice = self.fields["model"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(card.id, f"{card.title}, {card.licence}") for card in self.cards.values()]
        self.fields["prompt"].widget.attrs["data-limit"] = MAX_PROMPT
        for name, css in (("takes", "n2"), ("seed", ""), ("steps", "n2"), ("guidance", "n2")):
            self.fields[name].widget.attrs |= {"class": css, "inputmode": "numeric"}
        self.fields["seed"].widget.attrs["placeholder"] = "free"
        for name in ("steps", "guidance"):
            self.fields[name].widget.attrs["placeholder"] = "auto"
        # Browsers stop the form at these limits without a word that says what to do; the server has the words.
        for field in self.fields.values():
            for limit in ("min", "max", "maxlength", "required"):
                field.widget.attrs.pop(limit, None)
            field.widget.is_required = False
