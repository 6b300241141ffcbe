"""The scene board."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from previs.generation.cards import tray_context, versions_context
from previs.generation.composer import Compiled, composer_context, submit
from previs.generation.forms import BriefForm
from previs.projects.access import project_for
from previs.script.models import Scene
from previs.storyboard import services
from previs.storyboard.cards import grid_context, panels_of
from previs.storyboard.forms import PanelForm
from previs.storyboard.models import Panel
from previs.storyboard.recipe import compile_panel
from previs.storyboard.shell import strip_kind
from sets.models import Set


@require_GET
def boards(request: HttpRequest, slug: str) -> HttpResponse:
    """The board of the first scene; without a script, a page that says how to get one."""
    project = project_for(request.user, slug)
    scene = project.scenes.filter(omitted=False).first()
    if scene is None:
        return render(request, "storyboard/no_scenes.html")
    return redirect("scene", slug, scene.number)


@require_GET
def board(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    scene = _scene(request, slug, number)
    panels = panels_of(scene)
    wanted = request.GET.get("panel", "")
    selected = next((panel for panel in panels if str(panel.pk) == wanted), panels[0] if panels else None)
    return render(request, "storyboard/board.html", _page(request, scene, panels, selected))


@require_POST
def generate(request: HttpRequest, slug: str, panel_id: uuid.UUID) -> HttpResponse:
    panel = _panel(request, slug, panel_id, edit=True)
    compiled = compile_panel(panel)
    form, jobs = submit(request.POST, panel.sheet, compiled, by=_person(request))
    if "HX-Request" not in request.headers:
        if jobs:
            return redirect(panel.sheet.path)
        scene = panel.shot.scene
        page = _page(request, scene, panels_of(scene), panel, brief=form)
        return render(request, "storyboard/board.html", page, status=422)
    context = _composer(request, panel, compiled, form=form) | {"queued": len(jobs)}
    if jobs:
        context["tray"] = tray_context(panel.sheet, _person(request))
    return render(request, "generation/_brief_and_takes.html", context, status=200 if jobs else 422)


@require_GET
def compile_again(request: HttpRequest, slug: str, panel_id: uuid.UUID) -> HttpResponse:
    """The composer with the prompt compiled afresh from the records."""
    panel = _panel(request, slug, panel_id)
    return render(request, "generation/_brief.html", _composer(request, panel, compile_panel(panel)))


@require_POST
def edit_panel(request: HttpRequest, slug: str, panel_id: uuid.UUID) -> HttpResponse:
    panel = _panel(request, slug, panel_id, edit=True)
    before = compile_panel(panel)
    form = PanelForm(request.POST)
    context: dict[str, Any] = {}
    if form.is_valid():
        services.edit_panel(panel, by=_person(request), **form.values(panel.shot.scene.project.fps))
        context["saved"] = True
        typed = request.POST.get("prompt")
        # A prompt that nobody touched follows the fields; one that was edited stays as it was typed.
        if typed is not None and typed.strip() == before.prompt.strip():
            context["brief"] = _composer(request, panel, compile_panel(panel))
    context |= _inspector(panel, form, compile_panel(panel))
    return render(request, "storyboard/_inspector.html", context, status=200 if form.is_valid() else 422)


@require_POST
def add_shot(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    scene = _scene(request, slug, number, edit=True)
    try:
        panel = services.add_shot(scene, by=_person(request))
    except services.BoardError as error:
        messages.error(request, str(error))
        return redirect(scene)
    return redirect(panel.sheet.path)


@require_POST
def add_panel(request: HttpRequest, slug: str, panel_id: uuid.UUID) -> HttpResponse:
    panel = services.add_panel(_panel(request, slug, panel_id, edit=True), by=_person(request))
    return redirect(panel.sheet.path)


@require_POST
def remove_panel(request: HttpRequest, slug: str, panel_id: uuid.UUID) -> HttpResponse:
    panel = _panel(request, slug, panel_id, edit=True)
    try:
        services.remove_panel(panel, by=_person(request))
    except services.BoardError as error:
        messages.error(request, str(error))
        return redirect(panel.sheet.path)
    return redirect(panel.shot.scene)


def _page(
    request: HttpRequest,
    scene: Scene,
    panels: list[Panel],
    selected: Panel | None,
    *,
    brief: BriefForm | None = None,
) -> dict[str, Any]:
    context = grid_context(scene, _person(request), selected=selected, panels=panels)
    frames = sum(panel.frames for panel in panels)
    context |= {
        "set": Set.objects.filter(project=scene.project, key=scene.set_key).first(),
        "cast": scene.cast.all(),
        "scene_kind": strip_kind(scene),
        "panel_count": len(panels),
        "running_time": float(frames / scene.project.fps),
    }
    if selected is not None:
        selected.shot.scene = scene
        selected.sheet.project = scene.project
        compiled = compile_panel(selected)
        context |= _inspector(selected, PanelForm.of(selected), compiled)
        context["brief"] = _composer(request, selected, compiled, form=brief)
        context["tray"] = tray_context(selected.sheet, _person(request))
    return context


def _composer(
    request: HttpRequest, panel: Panel, compiled: Compiled, *, form: BriefForm | None = None
) -> dict[str, Any]:
    slug = panel.shot.scene.project.slug
    return composer_context(
        panel.sheet,
        compiled,
        _person(request),
        action=reverse("generate_panel", args=[slug, panel.pk]),
        form=form,
        heading=panel.label,
    ) | {"compile_url": reverse("compile_panel", args=[slug, panel.pk])}


def _inspector(panel: Panel, form: PanelForm, compiled: Compiled) -> dict[str, Any]:
    scene = panel.shot.scene
    return {
        "panel": panel,
        "panel_form": form,
        "scene": scene,
        "in_frame": compiled.sources,
        "versions": versions_context(panel.sheet)["versions"],
        "frames_word": f"{panel.frames} frames at {scene.project.fps.normalize():f}",
    }


def _scene(request: HttpRequest, slug: str, number: str, *, edit: bool = False) -> Scene:
    project = project_for(request.user, slug, edit=edit)
    scene = get_object_or_404(project.scenes.all(), number=number)
    scene.project = project
    return scene


def _panel(request: HttpRequest, slug: str, panel_id: uuid.UUID, *, edit: bool = False) -> Panel:
    project = project_for(request.user, slug, edit=edit)
    panel = (
        Panel.objects.filter(shot__scene__project=project)
        .select_related("shot__scene__project", "sheet__project", "sheet__pick")
        .filter(pk=panel_id)
        .first()
    )
    if panel is None:
        raise Http404("This panel is not on any board of this production.")
    return panel


def _person(request: HttpRequest) -> Any:
    return request.user
