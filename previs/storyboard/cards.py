"""Panel cards and the grid, as one person sees them; page and socket build them here alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string

from previs.generation.cards import JobCard, newest_takes
from previs.generation.models import Frame, Sheet
from previs.generation.sources import stale_reasons
from previs.projects.models import EDITING_ROLES, Project
from previs.review.state import states_of
from previs.script.models import Scene
from previs.storyboard.models import Panel
from previs.storyboard.shell import film_strip
from previs.storyboard.telling import telling_jobs

if TYPE_CHECKING:
    from previs.accounts.models import User


@dataclass(frozen=True, slots=True)
class PanelCard:
    """A panel with what stands for it: an open or failed job, its pick, or nothing yet.

    job: the job that a person should know about now.  standing: review state of the pick.
    stale: why the pick no longer matches what it was made from, "" when it does.
    take: the newest take, while none is picked.
    """

    panel: Panel
    frame: Frame | None
    job: JobCard | None
    standing: Any
    stale: str
    joined: bool
    ratio: str
    take: Frame | None = None

    @property
    def pk(self) -> Any:
        return self.panel.pk


def panel_cards(panels: Sequence[Panel], project: Project, user: User) -> list[PanelCard]:
    """Cards for panels with `shot` and `sheet__pick` selected; constant queries for any number."""
    sheets = [panel.sheet_id for panel in panels]
    picks = [panel.sheet.pick for panel in panels if panel.sheet.pick]
    standings, stale = states_of(picks), stale_reasons(picks)
    told = telling_jobs(sheets, user)
    takes = newest_takes(panel.sheet for panel in panels)
    cards, before = [], None
    for panel in panels:
        pick = panel.sheet.pick
        if pick is not None:
            # Filled in here so that a card's links and texts ask the database nothing more.
            pick.sheet = panel.sheet
            pick.sheet.project = project
        cards.append(
            PanelCard(
                panel=panel,
                frame=pick,
                job=told.get(panel.sheet_id),
                standing=standings.get(pick.pk) if pick else None,
                stale="; ".join(stale.get(pick.pk, [])) if pick else "",
                joined=before == panel.shot_id,
                ratio=project.ratio_class,
                take=takes.get(panel.sheet_id),
            )
        )
        before = panel.shot_id
    return cards


def panels_of(scene: Scene) -> list[Panel]:
    panels = Panel.objects.filter(shot__scene=scene).select_related(
        "shot", "sheet", "sheet__pick", "camera_move"
    )
    return list(panels.order_by("shot__ordinal", "ordinal"))


def grid_context(
    scene: Scene, user: User, *, selected: Panel | None = None, panels: Iterable[Panel] | None = None
) -> dict[str, Any]:
    chosen = list(panels) if panels is not None else panels_of(scene)
    return {
        "scene": scene,
        "cards": panel_cards(chosen, scene.project, user),
        "selected": selected,
        "can_edit": scene.project.role_of(user) in EDITING_ROLES,
    }


def card_html(sheet: Sheet, user: User) -> str:
    """The board card of a panel's sheet, as the grid shows it."""
    panel = Panel.objects.select_related("shot__scene", "sheet__pick").filter(sheet=sheet).first()
    if panel is None:
        return ""
    card = panel_cards([panel], sheet.project, user)[0]
    return render_to_string(
        "storyboard/_panel_card.html", {"card": card, "scene": panel.shot.scene, "project": sheet.project}
    )


def grid_html(scene_id: str, user: User) -> list[str]:
    scene = Scene.objects.select_related("project").filter(pk=scene_id).first()
    return (
        [] if scene is None else [render_to_string("storyboard/_panel_grid.html", grid_context(scene, user))]
    )


def strip_html(project_id: str, user: User) -> list[str]:
    project = Project.objects.visible_to(user).filter(pk=project_id).first()
    return (
        []
        if project is None
        else [render_to_string("_strip.html", {"project": project, "strip": film_strip(project)})]
    )
