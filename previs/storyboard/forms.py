"""The forms of the board: a panel with its shot, a beat, a camera move."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from previs.engine.request import MAX_SEED
from previs.generation.services import MAX_TAKES
from previs.storyboard.models import Angle, Beat, Damage, Move, Panel, Size, Weather
from previs.storyboard.setting import Setting

MAX_SECONDS = 600
MAX_HOLD = 1200


class PanelForm(forms.Form):
    """Fields of a panel and its shot. The cameras to choose from are those of the set's newest plan."""

    size = forms.ChoiceField(choices=Size)
    angle = forms.ChoiceField(choices=Angle)
    move = forms.ChoiceField(choices=Move)
    lens_mm = forms.IntegerField(
        min_value=4,
        max_value=2000,
        label="Lens",
        error_messages={
            "min_value": "The shortest lens is 4 mm.",
            "max_value": "The longest lens is 2000 mm.",
            "invalid": "Give the focal length in whole millimetres.",
            "required": "Give the focal length in millimetres.",
        },
    )
    camera = forms.ChoiceField(
        required=False,
        error_messages={"invalid_choice": "Camera %(value)s is not in the set's plan. Choose one that is."},
    )
    seconds = forms.DecimalField(
        min_value=Decimal("0.04"),
        max_value=MAX_SECONDS,
        decimal_places=2,
        label="Duration",
        error_messages={
            "invalid": "Give the duration in seconds, for instance 2.5.",
            "min_value": "A panel lasts at least one frame.",
            "max_value": f"A panel lasts at most {MAX_SECONDS} seconds.",
        },
    )
    action = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "max_length": "The action has %(show_value)d characters; the limit is %(limit_value)d."
        },
    )

    vfx = forms.BooleanField(required=False, label="VFX shot")
    # What a service refused after the fields were found right, for the head of the form.
    fault = ""

    def __init__(self, *args: Any, setting: Setting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        camera = self.fields["camera"]
        assert isinstance(camera, forms.ChoiceField)
        free = "Placed by the model" if setting.labels else "No plan of the set yet"
        camera.choices = [("", free), *((label, f"Camera {label}") for label in setting.labels)]
        chosen = self.initial.get("camera")
        if chosen and chosen not in setting.labels:
            # Shown as it is, and refused when sent: a list that quietly shows another camera would lie.
            camera.widget.choices = [*camera.choices, (chosen, f"Camera {chosen}, not in the plan")]

    @classmethod
    def of(cls, panel: Panel, setting: Setting) -> PanelForm:
        shot = panel.shot
        seconds = Decimal(panel.frames) / shot.scene.project.fps
        return cls(
            setting=setting,
            initial={
                "size": shot.size,
                "angle": shot.angle,
                "move": shot.move,
                "lens_mm": shot.lens_mm,
                "camera": panel.camera,
                "vfx": shot.vfx,
                "seconds": seconds.quantize(Decimal("0.01")).normalize(),
                "action": panel.action,
            },
        )

    def values(self, fps: Decimal) -> dict[str, Any]:
        """Keyword arguments of `services.edit_panel`."""
        data = self.cleaned_data
        return {
            "shot": {name: data[name] for name in ("size", "angle", "move", "lens_mm", "vfx")},
            "action": data["action"].strip(),
            "frames": max(1, round(data["seconds"] * fps)),
            "camera": data["camera"],
        }


class SeedForm(forms.Form):
    """The noise of a sequence; left empty, one is kept or drawn."""

    seed = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=MAX_SEED - MAX_TAKES,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "free"}),
        error_messages={
            "invalid": "The seed must be a whole number, or empty for a free one.",
            "min_value": "The seed must be 0 or more.",
            "max_value": "The seed must be at most %(limit_value)s.",
        },
    )


class BeatForm(forms.Form):
    """What happens in one beat. Several stand on a page, so their ids carry the beat's own."""

    name = forms.CharField(
        max_length=80,
        error_messages={
            "required": "Say what happens in this beat.",
            "max_length": "Name the beat in at most %(limit_value)d characters.",
        },
    )
    damage = forms.ChoiceField(choices=Damage)
    weather = forms.ChoiceField(choices=Weather)
    frames = forms.IntegerField(
        min_value=1,
        max_value=MAX_HOLD,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), f"Hold a beat for 1 to {MAX_HOLD} frames."
        ),
    )

    def __init__(self, beat: Beat, data: QueryDict | None = None) -> None:
        values = {name: getattr(beat, name) for name in ("name", "damage", "weather", "frames")}
        super().__init__(data, initial=values, auto_id=f"beat-{beat.pk}-%s")
        self.beat = beat
        for field in self.fields.values():
            field.widget.is_required = False


class MoveForm(SeedForm):
    """From one camera of the plan to another, in so many pictures; the service judges the labels."""

    start = forms.ChoiceField(label="From", error_messages={"required": "Choose where the move starts."})
    end = forms.ChoiceField(label="To", error_messages={"required": "Choose where the move ends."})
    count = forms.IntegerField(
        label="Pictures",
        min_value=2,
        max_value=48,
        error_messages={
            "required": "Say how many pictures, 2 to 48.",
            "invalid": "Say how many pictures, 2 to 48.",
            "min_value": "A move has 2 to 48 pictures.",
            "max_value": "A move has 2 to 48 pictures.",
        },
    )

    def __init__(self, *args: Any, setting: Setting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("start", "end"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(label, f"Camera {label}") for label in setting.labels]
            field.error_messages["invalid_choice"] = (
                f"Camera %(value)s is not in the plan of {setting.name}. Choose one that is."
            )
        for field in self.fields.values():
            field.widget.is_required = False

    @classmethod
    def of(cls, panel: Panel, setting: Setting) -> MoveForm:
        """The panel's own move, else from its camera to the next one in the plan."""
        move = getattr(panel, "camera_move", None)
        if move is not None:
            return cls(setting=setting, initial={"start": move.start, "end": move.end, "count": move.count})
        labels = setting.labels
        start = panel.camera if panel.camera in labels else (labels[0] if labels else "")
        end = next((label for label in labels if label != start), "")
        return cls(setting=setting, initial={"start": start, "end": end, "count": 8})
