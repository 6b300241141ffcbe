"""The inspector's form: a panel and its shot, with the fixed vocabularies of the set."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from previs.storyboard.models import Angle, Move, Panel, Size

MAX_SECONDS = 600


class PanelForm(forms.Form):
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

    @classmethod
    def of(cls, panel: Panel) -> PanelForm:
        shot = panel.shot
        seconds = Decimal(panel.frames) / shot.scene.project.fps
        return cls(
            initial={
                "size": shot.size,
                "angle": shot.angle,
                "move": shot.move,
                "lens_mm": shot.lens_mm,
                "seconds": seconds.quantize(Decimal("0.01")).normalize(),
                "action": panel.action,
            }
        )

    def values(self, fps: Decimal) -> dict[str, Any]:
        """Keyword arguments of `services.edit_panel`."""
        data = self.cleaned_data
        return {
            "shot": {name: data[name] for name in ("size", "angle", "move", "lens_mm")},
            "action": data["action"].strip(),
            "frames": max(1, round(data["seconds"] * fps)),
        }
