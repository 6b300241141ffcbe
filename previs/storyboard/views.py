"""The scene board."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from previs.generation.compiled import Compiled
from previs.generation.composer import submit
from previs.generation.forms import BriefForm
from previs.generation.models import Job
from previs.generation.subjects import composer_answer
from previs.projects.access import person, project_for
from previs.storyboard import editing, flipping, services
from previs.storyboard.access import panel_for, scene_for
from previs.storyboard.cards import panels_of
from previs.storyboard.continuity import check
from previs.storyboard.forms import PanelForm
from previs.storyboard.models import Panel
from previs.storyboard.pages import board_context, brief_context, inspector_context, recounted, vfx_context
from previs.storyboard.recipe import camera_fault, compile_panel
from previs.storyboard.setting import Setting, setting_of


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
    scene = scene_for(request.user, slug, number)
    panels = panels_of(scene)
    wanted = request.GET.get("panel", "")
    selected = next((panel for panel in panels if str(panel.pk) == wanted), panels[0] if panels else None)
    return render(request, "storyboard/board.html", board_context(scene, panels, selected, person(request)))


@require_POST
def generate(request: HttpRequest, slug: str, panel_id: uuid.UUID) -> HttpResponse:
    panel = panel_for(request.user, slug, panel_id, edit=True)
    setting = setting_of(panel.shot.scene)
    compiled = compile_panel(panel, setting)
    form, jobs = _submit(request, panel, compiled, fault=camera_fault(panel, setting))
    if "HX-Request" not in request.headers:
        if jobs:
            return redirect(panel.sheet.path)
        scene = panel.shot.scene
        page = board_context(scene, panels_of(scene), panel, person(request), brief=form)
        return render(request, "storyboard/board.html", page, status=422)
    return composer_answer(
        request,
        panel.sheet,
        form,
        jobs,
        by=person(request),
        context=lambda: brief_context(panel, compiled, person(request), form=form),
    )


def _submit(
    request: HttpRequest, panel: Panel, compiled: Compiled, *, fault: str
) -> tuple[BriefForm, list[Job]]:
    """Queue what the composer asks for; a camera that has left the plan is refused in its words."""
    if not fault:
        return submit(request.POST, panel.sheet, compiled, by=person(request))
    form = BriefForm(request.POST)
    form.add_error(None, fault)
    return form, []


@require_POST
def edit_panel(request: HttpRequest, slug: str, panel_id: uuid.UUID) -> HttpResponse:
    panel = panel_for(request.user, slug, panel_id, edit=True)
    setting = setting_of(panel.shot.scene)
    before, was_vfx = compile_panel(panel, setting), panel.shot.vfx
    form = PanelForm(request.POST, setting=setting)
    if form.is_valid():
        editing.edit_panel(panel, by=person(request), **form.values(panel.shot.scene.project.fps))
        if panel.shot.lens_mm != form.cleaned_data["lens_mm"]:
            form = PanelForm.of(panel, setting)  # the camera brought its lens
    return inspector(request, panel, setting, form, before.prompt, vfx_changed=panel.shot.vfx != was_vfx)


@require_POST
def choose_camera(request: HttpRequest, slug: str, panel_id: uuid.UUID) -> HttpResponse:
    """Look through another camera of the plan, as a finding of the lint offers it."""
    panel = panel_for(request.user, slug, panel_id, edit=True)
    setting = setting_of(panel.shot.scene)
    before = compile_panel(panel, setting)
    form = PanelForm.of(panel, setting)
    try:
        editing.look_through(panel, request.POST.get("camera", ""), by=person(request))
        form = PanelForm.of(panel, setting)
    except services.BoardError as error:
        form.fault = str(error)
    return inspector(request, panel, setting, form, before.prompt)


@require_POST
def flip_setup(request: HttpRequest, slug: str, panel_id: uuid.UUID) -> HttpResponse:
    """Place the panel's camera on the other side of the line, in the plan, and look through it."""
    panel = panel_for(request.user, slug, panel_id, edit=True)
    setting = setting_of(panel.shot.scene)
    before = compile_panel(panel, setting)
    checks = check(panel, panels_of(panel.shot.scene), setting)
    fault = ""
    try:
        flipping.flip_setup(panel, checks, setting, digest=request.POST.get("digest", ""), by=person(request))
        setting = setting_of(panel.shot.scene)
    except services.BoardError as error:
        fault = str(error)
    form = PanelForm.of(panel, setting)
    form.fault = fault
    return inspector(request, panel, setting, form, before.prompt)


def inspector(
    request: HttpRequest,
    panel: Panel,
    setting: Setting,
    form: PanelForm,
    prompt_before: str,
    *,
    vfx_changed: bool = False,
) -> HttpResponse:
    """The inspector after a change, with the composer when its prompt should follow."""
    saved = not form.errors and not form.fault
    compiled = compile_panel(panel, setting)
    context: dict[str, Any] = {"saved": saved}
    typed = request.POST.get("prompt")
    # A prompt that nobody touched follows the fields; one that was edited stays as it was typed.
    if saved and typed is not None and typed.strip() == prompt_before.strip():
        context["brief"] = brief_context(panel, compiled, person(request), afresh=True)
    if vfx_changed:
        context["vfx"] = vfx_context(panel.shot.scene, person(request))
    panels = panels_of(panel.shot.scene)
    context |= inspector_context(
        panel, person(request), setting=setting, panels=panels, compiled=compiled, form=form
    )
    context |= recounted(panels, setting)
    return render(request, "storyboard/_inspector.html", context, status=200 if saved else 422)


@require_POST
def add_shot(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    scene = scene_for(request.user, slug, number, edit=True)
    try:
        panel = services.add_shot(scene, by=person(request))
    except services.BoardError as error:
        messages.error(request, str(error))
        return redirect(scene)
    return redirect(panel.sheet.path)


@require_POST
def add_panel(request: HttpRequest, slug: str, panel_id: uuid.UUID) -> HttpResponse:
    panel = services.add_panel(panel_for(request.user, slug, panel_id, edit=True), by=person(request))
    return redirect(panel.sheet.path)


@require_POST
def remove_panel(request: HttpRequest, slug: str, panel_id: uuid.UUID) -> HttpResponse:
    panel = panel_for(request.user, slug, panel_id, edit=True)
    try:
        services.remove_panel(panel, by=person(request))
    except services.BoardError as error:
        messages.error(request, str(error))
        return redirect(panel.sheet.path)
    return redirect(panel.shot.scene)
