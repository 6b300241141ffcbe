"""What the parts of a board page show: composer, inspector, lint, camera move and the beats of VFX shots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.urls import reverse

from previs.generation.cards import tray_context, versions_context
from previs.generation.compiled import Compiled
from previs.generation.composer import composer_context
from previs.generation.forms import BriefForm
from previs.projects.models import EDITING_ROLES
from previs.review.cards import source_words
from previs.script.colours import strip_kind
from previs.script.models import Scene
from previs.storyboard.cards import grid_context, panels_of
from previs.storyboard.continuity import check, troubled
from previs.storyboard.forms import BeatForm, MoveForm, PanelForm, SeedForm
from previs.storyboard.models import Beat, Panel, Shot
from previs.storyboard.recipe import camera_fault, compile_panel
from previs.storyboard.sequences import StripCard, holds, strip_cards
from previs.storyboard.setting import Setting, setting_of

if TYPE_CHECKING:
    from previs.accounts.models import User


def board_context(
    scene: Scene, panels: list[Panel], selected: Panel | None, user: User, *, brief: BriefForm | None = None
) -> dict[str, Any]:
    """Everything `storyboard/board.html` shows."""
    setting = setting_of(scene)
    context = grid_context(scene, user, selected=selected, panels=panels)
    context |= vfx_context(scene, user, can_edit=context["can_edit"])
    context |= {
        "set": setting.place,
        "cast": scene.cast.all(),
        "scene_kind": strip_kind(scene),
        "troubled": troubled(panels, setting),
        "panel_count": len(panels),
        "running_time": float(sum(panel.frames for panel in panels) / scene.project.fps),
    }
    if selected is not None:
        selected.shot.scene = scene
        selected.sheet.project = scene.project
        compiled = compile_panel(selected, setting)
        context |= inspector_context(
            selected, user, setting=setting, panels=panels, compiled=compiled, can_edit=context["can_edit"]
        )
        context["brief"] = brief_context(selected, compiled, user, form=brief)
        context["tray"] = tray_context(selected.sheet, user)
    return context


def brief_context(
    panel: Panel, compiled: Compiled, user: User, *, form: BriefForm | None = None, afresh: bool = False
) -> dict[str, Any]:
    return composer_context(
        panel.sheet,
        compiled,
        user,
        action=reverse("generate_panel", args=[panel.shot.scene.project.slug, panel.pk]),
        form=form,
        heading=panel.label,
        afresh=afresh,
    )


def inspector_context(
    panel: Panel,
    user: User,
    *,
    setting: Setting,
    panels: Sequence[Panel],
    compiled: Compiled,
    form: PanelForm | None = None,
    can_edit: bool | None = None,
) -> dict[str, Any]:
    """Everything `storyboard/_inspector.html` shows. panels: of the scene in order, for the lint."""
    scene = panel.shot.scene
    can_edit = _may_edit(scene, user) if can_edit is None else can_edit
    return {
        **lint_context(panel, user, setting=setting, panels=panels, can_edit=can_edit),
        **move_context(panel, user, setting=setting, can_edit=can_edit),
        "panel_form": form or PanelForm.of(panel, setting),
        "camera_fault": camera_fault(panel, setting),
        "in_frame": [(source_words(source.kind), source) for source in compiled.sources],
        "versions": versions_context(panel.sheet)["versions"],
        "frames_word": f"{panel.frames} frames at {scene.project.fps.normalize():f}",
    }


def lint_context(
    panel: Panel,
    user: User,
    *,
    setting: Setting,
    panels: Sequence[Panel],
    can_edit: bool | None = None,
    waiving: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Everything `storyboard/_lint.html` shows. waiving: `fault`, with the `digest` and `reason` it is about."""
    return {
        "panel": panel,
        "scene": panel.shot.scene,
        "setting": setting,
        "checks": check(panel, panels, setting),
        "can_edit": _may_edit(panel.shot.scene, user) if can_edit is None else can_edit,
        "waiving": waiving or {},
    }


def recounted(panels: Sequence[Panel], setting: Setting) -> dict[str, Any]:
    """What an answer with `storyboard/_lint.html` needs, so that the count in the head of the board follows."""
    return {"recounted": True, "troubled": troubled(panels, setting)}


def troubled_html(scene_id: str) -> list[str]:
    """The count of cuts that break direction, as the head of the board shows it."""
    scene = Scene.objects.select_related("project").filter(pk=scene_id).first()
    if scene is None:
        return []
    context = {"scene": scene, "troubled": troubled(panels_of(scene), setting_of(scene))}
    return [render_to_string("storyboard/_troubled.html", context)]


def move_context(
    panel: Panel,
    user: User,
    *,
    setting: Setting,
    form: MoveForm | None = None,
    faults: Sequence[str] = (),
    queued: int = 0,
    can_edit: bool | None = None,
) -> dict[str, Any]:
    """Everything `storyboard/_move.html` shows."""
    move = getattr(panel, "camera_move", None)
    cards: list[StripCard] = []
    if move is not None:
        rows = move.pictures.filter(ordinal__lte=move.count)
        pictures = list(rows.select_related("sheet__project", "sheet__pick"))
        cards = strip_cards(list(zip(pictures, holds(panel.frames, len(pictures)), strict=True)), user)
    return {
        "panel": panel,
        "scene": panel.shot.scene,
        "setting": setting,
        "move": move,
        "move_cards": cards,
        "move_form": form or MoveForm.of(panel, setting),
        "move_faults": faults,
        "move_queued": queued,
        "fps": scene_fps(panel.shot.scene),
        "can_edit": _may_edit(panel.shot.scene, user) if can_edit is None else can_edit,
    }


def vfx_context(scene: Scene, user: User, *, can_edit: bool | None = None) -> dict[str, Any]:
    """The beat lists of all VFX shots of a scene, for `storyboard/_vfx.html`."""
    can_edit = _may_edit(scene, user) if can_edit is None else can_edit
    shots = list(scene.shots.filter(vfx=True).prefetch_related("beats__sheet__pick", "beats__sheet__project"))
    everything = strip_cards([(beat, beat.frames) for shot in shots for beat in shot.beats.all()], user)
    lists = []
    for shot in shots:
        shot.scene = scene
        cards = [card for card in everything if card.subject.shot_id == shot.pk]
        lists.append(beats_context(shot, user, cards=cards, can_edit=can_edit))
    return {"scene": scene, "vfx_lists": lists}


def beats_context(
    shot: Shot,
    user: User,
    *,
    cards: list[StripCard] | None = None,
    form: SeedForm | None = None,
    changed: BeatForm | None = None,
    faults: Sequence[str] = (),
    queued: int = 0,
    can_edit: bool | None = None,
) -> dict[str, Any]:
    """One beat list, for `storyboard/_beats.html`.

    cards: of its beats in order, where the caller has them.  changed: a form of one beat that could not be saved.
    """
    if cards is None:
        rows = shot.beats.select_related("sheet__project", "sheet__pick")
        cards = strip_cards([(beat, beat.frames) for beat in rows], user)
    beats: list[Beat] = [card.subject for card in cards]
    forms = [changed if changed and changed.beat.pk == beat.pk else BeatForm(beat) for beat in beats]
    return {
        "shot": shot,
        "scene": shot.scene,
        "beat_rows": list(zip(cards, forms, strict=True)),
        "seed_form": form or SeedForm(auto_id=f"shot-{shot.pk}-%s"),
        "beat_faults": faults,
        "beats_queued": queued,
        "beat_frames": sum(beat.frames for beat in beats),
        "fps": scene_fps(shot.scene),
        "can_edit": _may_edit(shot.scene, user) if can_edit is None else can_edit,
    }


def scene_fps(scene: Scene) -> str:
    """The film's rate as a plain number, for a player."""
    return f"{scene.project.fps.normalize():f}"


def _may_edit(scene: Scene, user: User) -> bool:
    return scene.project.role_of(user) in EDITING_ROLES
