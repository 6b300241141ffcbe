"""The composer of a panel, wherever its sheet is found."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse

from previs.generation.desks import Desk
from previs.generation.models import Sheet
from previs.storyboard.models import Panel
from previs.storyboard.recipe import compile_panel


def open_desk(sheet: Sheet, _query: Mapping[str, str]) -> Desk | None:
    panels = Panel.objects.select_related("shot__scene__project", "sheet__project", "sheet__pick")
    panel = panels.filter(sheet=sheet).first()
    if panel is None:
        return None
    where = [panel.shot.scene.project.slug, panel.pk]
    return Desk(
        compile_panel(panel),
        action=reverse("generate_panel", args=where),
        heading=panel.label,
    )
