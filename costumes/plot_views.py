"""The costume plot, its rows, one cell beside it, and what is said on it."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from costumes import plot_sheet, plotting
from costumes.finding import find_changes
from costumes.plot import SHOOTING, STORY, Plot, plot_of
from costumes.plot_cell import cell_context
from costumes.plot_forms import InsertForm, PresenceForm, ScenesForm, ShootingForm, StoryDayForm, WearForm
from costumes.plotting import PlotError
from previs.projects.access import person, project_for
from previs.projects.models import EDITING_ROLES, Project
from previs.script.models import Character


@require_GET
def plot_page(request: HttpRequest, slug: str) -> HttpResponse:
    project = project_for(request.user, slug)
    wanted = request.GET.get("q", "").strip()[:60]
    plot = plot_of(project, order=_order(request))
    context = {
        "plot": plot,
        "wanted": wanted,
        "found": find_changes(project, wanted) if wanted else None,
        "can_edit": project.role_of(person(request)) in EDITING_ROLES,
        "shooting": " ".join(column.scene.number for column in plot.columns) if plot.scheduled else "",
    }
    return render(request, "costumes/plot.html", context)


@require_GET
def plot_table(request: HttpRequest, slug: str) -> HttpResponse:
    project = project_for(request.user, slug)
    return render(request, "costumes/_plot_table.html", {"plot": plot_of(project, order=_order(request))})


@require_GET
def plot_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    project = project_for(request.user, slug)
    sheet = plot_sheet.plot_pdf(
        plot_of(project, order=_order(request)), title=project.title, today=timezone.localdate()
    )
    answer = HttpResponse(sheet, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{project.slug}-costume-plot.pdf"'
    return answer


@require_GET
def plot_row(request: HttpRequest, slug: str, character_id: uuid.UUID) -> HttpResponse:
    return _row(request, _character(project_for(request.user, slug), character_id))


@require_GET
def plot_cell(request: HttpRequest, slug: str, character_id: uuid.UUID) -> HttpResponse:
    project = project_for(request.user, slug)
    character = _character(project, character_id)
    scene = project.scenes.filter(number=request.GET.get("scene", "")).first()
    context = cell_context(character, scene)
    context["can_edit"] = project.role_of(person(request)) in EDITING_ROLES
    return render(request, "costumes/_plot_cell.html", context)


@require_POST
def wear(request: HttpRequest, slug: str, character_id: uuid.UUID) -> HttpResponse:
    project = project_for(request.user, slug, edit=True)
    character = _character(project, character_id)
    form = WearForm(request.POST, project=project)
    if not form.is_valid():
        return _refused(form.fault)
    scenes, number = _keys(form), form.cleaned_data["number"]
    try:
        if number:
            plotting.wear_number(character, scenes=scenes, number=number, by=person(request))
        else:
            plotting.wear(character, scenes=scenes, change=None, by=person(request))
    except PlotError as fault:
        return _refused(str(fault))
    return _answer(request, character)


@require_POST
def leave(request: HttpRequest, slug: str, character_id: uuid.UUID) -> HttpResponse:
    project = project_for(request.user, slug, edit=True)
    character = _character(project, character_id)
    form = ScenesForm(request.POST, project=project)
    if not form.is_valid():
        return _refused(form.fault)
    try:
        plotting.leave_to_inherit(character, scenes=_keys(form), by=person(request))
    except PlotError as fault:
        return _refused(str(fault))
    return _answer(request, character)


@require_POST
def insert(request: HttpRequest, slug: str, character_id: uuid.UUID) -> HttpResponse:
    project = project_for(request.user, slug, edit=True)
    character = _character(project, character_id)
    form = InsertForm(request.POST, project=project)
    if not form.is_valid():
        return _refused(form.fault)
    first = form.cleaned_data["scenes"][0]
    number = form.cleaned_data["number"] or plotting.number_for(character, first)
    try:
        plotting.insert_change(character, number=number, scenes=_keys(form), by=person(request))
    except PlotError as fault:
        return _refused(str(fault))
    return _answer(request, character)


@require_POST
def presence(request: HttpRequest, slug: str, character_id: uuid.UUID) -> HttpResponse:
    project = project_for(request.user, slug, edit=True)
    character = _character(project, character_id)
    form = PresenceForm(request.POST, project=project)
    if not form.is_valid():
        return _refused(form.fault)
    for scene in form.cleaned_data["scenes"]:
        plotting.set_presence(character, scene, plays=form.cleaned_data["plays"], by=person(request))
    return _answer(request, character)


@require_POST
def story_day(request: HttpRequest, slug: str) -> HttpResponse:
    project = project_for(request.user, slug, edit=True)
    form = StoryDayForm(request.POST, project=project)
    if not form.is_valid():
        return _refused(form.fault)
    words = form.cleaned_data
    try:
        for scene in words["scenes"]:
            plotting.set_story_day(scene, label=words["label"], words=words["words"], by=person(request))
    except PlotError as fault:
        return _refused(str(fault))
    return _table(request, project)


@require_POST
def shooting_order(request: HttpRequest, slug: str) -> HttpResponse:
    project = project_for(request.user, slug, edit=True)
    form = ShootingForm(request.POST)
    if not form.is_valid():
        return _refused("The shooting order is longer than 4,000 characters. Shorten it.")
    try:
        plotting.set_shooting_order(project, numbers=form.cleaned_data["numbers"], by=person(request))
    except PlotError as fault:
        return _refused(str(fault))
    return _table(request, project)


def _row(request: HttpRequest, character: Character) -> HttpResponse:
    plot = plot_of(character.project, order=_order(request), characters=[character])
    return render(request, "costumes/_plot_row.html", {"row": plot.rows[0]})


def _answer(request: HttpRequest, character: Character) -> HttpResponse:
    """The row as it is now; the whole page for a browser without scripts."""
    if "HX-Request" not in request.headers:
        return redirect("costumes", character.project.slug)
    return _row(request, character)


def _table(request: HttpRequest, project: Project) -> HttpResponse:
    if "HX-Request" not in request.headers:
        return redirect("costumes", project.slug)
    plot: Plot = plot_of(project, order=_order(request))
    return render(request, "costumes/_plot_table.html", {"plot": plot})


def _refused(words: str) -> HttpResponse:
    """Nothing was changed, and why: as a toast, while the plot stays as it is."""
    news = json.dumps({"toast": {"text": words, "level": "bad"}})
    return HttpResponse(
        words, status=422, content_type="text/plain", headers={"HX-Reswap": "none", "HX-Trigger": news}
    )


def _order(request: HttpRequest) -> str:
    asked = request.POST.get("order") or request.GET.get("order")
    return SHOOTING if asked == SHOOTING else STORY


def _character(project: Project, character_id: uuid.UUID) -> Character:
    return get_object_or_404(project.characters.select_related("project"), pk=character_id)


def _keys(form: ScenesForm) -> list[Any]:
    return [scene.pk for scene in form.cleaned_data["scenes"]]
