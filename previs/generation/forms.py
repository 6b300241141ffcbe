"""The brief composer's form: what a person may ask for, checked before anything is queued."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import forms

from previs.engine.request import MAX_PROMPT, MAX_SEED
from previs.generation import catalogue
from previs.generation.controls import SIDES, WAYS
from previs.generation.grid import MOST_AXES, TITLES, Axis, read_axis
from previs.generation.services import MAX_TAKES

if TYPE_CHECKING:
    from previs.generation.compiled import Controls

WAY_WORDS = {"text": "New frame", "refine": "Refine", "inpaint": "Repaint", "extend": "Extend"}
EXTEND = tuple(f"extend_{side}" for side in SIDES)
PERCENT = ("strength", "control_strength", "control_start", "control_end", "reference_strength", *EXTEND)
# What is not said, in per cent; a repaint or an extension replaces everything that is marked.
USUAL = {"control_strength": 100, "control_start": 0, "control_end": 100, "reference_strength": 60}
USUAL_STRENGTH = {"text": 50, "refine": 45, "inpaint": 100, "extend": 100}
# A refinement within these keeps what the frame shows; below it only smooths, above it invents anew.
# composer.css draws them under the slider.
KEEPING_STRENGTH = (30, 70)
VARY_STRENGTH = KEEPING_STRENGTH[0]


def percent_field(label: str, *, most: int = 100) -> forms.IntegerField:
    words = f"{label} must be a whole number from 0 to {most} per cent."
    return forms.IntegerField(
        required=False,
        min_value=0,
        max_value=most,
        label=label,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), words),
    )


class BriefForm(forms.Form):
    """Values of one Generate. What is left empty is the model's to choose.

    way: a new frame, or `base` refined, repainted under `mask` or extended.  blockout_of: the frame whose blockout is
    followed instead of the compiled one.  mask, reference: tokens of stored pictures.  axis_n, values_n: a grid.
    """

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
        # A number field would drop letters in the browser, and the takes would be queued with a free seed.
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
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

    way = forms.ChoiceField(
        required=False,
        choices=[(way, WAY_WORDS[way]) for way in WAYS],
        initial="text",
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose New frame, Refine, Repaint or Extend."},
    )
    base = forms.UUIDField(
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid": "The frame to start from is not known. Choose it again."},
    )
    strength = percent_field("Strength")
    mask = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)
    extend_left = percent_field("Left")
    extend_top = percent_field("Top")
    extend_right = percent_field("Right")
    extend_bottom = percent_field("Bottom")
    blockout_of = forms.UUIDField(
        required=False,
        widget=forms.HiddenInput,
        error_messages={
            "invalid": "The frame whose blockout to follow is not known. Take it out and try again."
        },
    )
    control_strength = percent_field("Blockout strength")
    control_start = percent_field("The blockout's first step")
    control_end = percent_field("The blockout's last step")
    reference = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)
    reference_strength = percent_field("Reference strength")

    controls: Controls | None = None
    """What the Control section shows beside the fields; `composer_context` puts it here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cards = catalogue.installed()
        choice = self.fields["model"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(card.id, f"{card.title}, {card.licence}") for card in self.cards.values()]
        for number in range(1, MOST_AXES + 1):
            self.fields[f"axis_{number}"] = forms.ChoiceField(
                required=False, choices=[("", "–"), *TITLES.items()], label=f"Axis {number}"
            )
            self.fields[f"values_{number}"] = forms.CharField(
                required=False, max_length=400, label=f"Values of axis {number}"
            )
        self._dress()
        # Browsers stop the form at these limits without a word that says what to do; the server has the words.
        for field in self.fields.values():
            for limit in ("min", "max", "maxlength", "required"):
                if not isinstance(field.widget, Slider):
                    field.widget.attrs.pop(limit, None)
            field.widget.is_required = False

    def _dress(self) -> None:
        self.fields["prompt"].widget.attrs["data-limit"] = MAX_PROMPT
        for name, css in (("takes", "n2"), ("seed", ""), ("steps", "n2"), ("guidance", "n2")):
            self.fields[name].widget.attrs |= {"class": css, "inputmode": "numeric"}
        self.fields["seed"].widget.attrs["placeholder"] = "free"
        for name in ("steps", "guidance"):
            self.fields[name].widget.attrs["placeholder"] = "auto"
        for name in ("strength", "control_strength", "reference_strength"):
            self.fields[name].widget = Slider()
        for name in PERCENT:
            if not isinstance(self.fields[name].widget, Slider):
                self.fields[name].widget.attrs |= {"class": "n2", "inputmode": "numeric", "placeholder": "0"}
        self.fields["control_end"].widget.attrs["placeholder"] = "100"
        for number in range(1, MOST_AXES + 1):
            self.fields[f"values_{number}"].widget.attrs["placeholder"] = "8, 12, 20 or 10 to 50 by 10"

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        axes: list[Axis] = []
        for number in range(1, MOST_AXES + 1):
            field, text = values.get(f"axis_{number}"), values.get(f"values_{number}", "")
            if not field:
                if text:
                    self.add_error(f"axis_{number}", f"Say what the values {text[:40]} are of.")
                continue
            try:
                axes.append(read_axis(field, text))
            except ValueError as error:
                self.add_error(f"values_{number}", str(error))
        way = values["way"] = values.get("way") or "text"
        if values.get("strength") == 0 and way in ("refine", "inpaint", "extend"):
            self.add_error(
                "strength",
                "At 0 % the frame would stay as it is. Choose 1 to 100; 30 to 70 keeps what it shows.",
            )
        start, end = (
            USUAL[name] if values.get(name) is None else values[name]
            for name in ("control_start", "control_end")
        )
        if start >= end:
            self.add_error(
                "control_start", "The blockout must start to act before it ends, in per cent of the steps."
            )
        values["axes"] = tuple(axes)
        return values

    def shares(self) -> dict[str, float]:
        """The per cent fields as shares from 0 to 1, what was left empty as usual."""
        values = self.cleaned_data
        usual = USUAL | {"strength": USUAL_STRENGTH[values["way"]]}
        return {
            name: (usual[name] if values.get(name) is None else values[name]) / 100
            for name in PERCENT
            if name not in EXTEND
        }

    @property
    def axis_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"axis_{number}"], self[f"values_{number}"]) for number in range(1, MOST_AXES + 1)]

    @property
    def usual_strength_json(self) -> str:
        return json.dumps(USUAL_STRENGTH)

    @property
    def keeping_strength(self) -> str:
        return "{} to {} %".format(*KEEPING_STRENGTH)

    @property
    def extend_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in EXTEND]

    def close(self) -> None:
        """Show everything and let nothing be changed, for who only watches."""
        for field in self.fields.values():
            field.widget.attrs["disabled"] = True

    def has_errors_in(self, *names: str) -> bool:
        return any(name in self.errors for name in names)


class Slider(forms.NumberInput):
    """A range from 0 to 100 per cent; composer.js writes its value beside it."""

    input_type = "range"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "rng", "min": 0, "max": 100, "step": 1})
