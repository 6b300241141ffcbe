"""The costume plot, its rows, one cell beside it, and what is said on it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from costumes import plot_sheet, plot_words, plotting, removing, undoing
from costumes.finding import find_changes
from costumes.numbering import number_for
from costumes.plot import SHOOTING, STORY, plot_of
from costumes.plot_cell import cell_context
from costumes.plot_forms import (
    InsertForm,
    NumberForm,
    PlotForm,
    PresenceForm,
    ScenesForm,
    ShootingForm,
    StoryDayForm,
    WearForm,
)
from costumes.plotting import PlotError
from previs.projects.access import person, project_for
from previs.projects.models import EDITING_ROLES, Project
from previs.script.models import Character

Words = dict[str, Any]
Of = TypeVar("Of", Character, Project)


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
    return _table(request, project)


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
    def said(character: Character, words: Words) -> str:
        if words["number"]:
            plotting.wear_number(character, scenes=_keys(words), number=words["number"], by=person(request))
        else:
            plotting.wear(character, scenes=_keys(words), change=None, by=person(request))
        return plot_words.worn_words(character, words["scenes"], words["number"])

    return _of_a_row(request, slug, character_id, WearForm, said)


@require_POST
def leave(request: HttpRequest, slug: str, character_id: uuid.UUID) -> HttpResponse:
    def said(character: Character, words: Words) -> str:
        plotting.leave_to_inherit(character, scenes=_keys(words), by=person(request))
        return plot_words.left_words(character, words["scenes"])

    return _of_a_row(request, slug, character_id, ScenesForm, said)


@require_POST
def insert(request: HttpRequest, slug: str, character_id: uuid.UUID) -> HttpResponse:
    def said(character: Character, words: Words) -> str:
        number = words["number"] or number_for(character, *words["scenes"])
        plotting.insert_change(character, number=number, scenes=_keys(words), by=person(request))
        return plot_words.inserted_words(character, number)

    return _of_a_row(request, slug, character_id, InsertForm, said)


@require_POST
def undo(request: HttpRequest, slug: str, character_id: uuid.UUID) -> HttpResponse:
    """Take back what this user said last of a character; `step` in the address says what that was."""

    def said(character: Character, words: Words) -> None:
        by = person(request)
        undoing.take_back(character, step=undoing.step_of(request.GET.get("step", ""), character, by), by=by)

    answer = _of_a_row(request, slug, character_id, PlotForm, said)
    if answer.status_code == 200:
        # The toast that asks swaps nothing by itself.
        answer["HX-Retarget"] = f"#character-{character_id}-plotrow"
        answer["HX-Reswap"] = "outerHTML"
        answer["HX-Trigger"] = json.dumps({"toast": {"text": "Taken back."}})
    return answer


@require_POST
def presence(request: HttpRequest, slug: str, character_id: uuid.UUID) -> HttpResponse:
    def said(character: Character, words: Words) -> None:
        for scene in words["scenes"]:
            plotting.set_presence(character, scene, plays=words["plays"], by=person(request))

    return _of_a_row(request, slug, character_id, PresenceForm, said)


@require_POST
def remove(request: HttpRequest, slug: str, character_id: uuid.UUID) -> HttpResponse:
    def said(character: Character, words: Words) -> None:
        removing.remove_number(character, number=words["number"], by=person(request))

    return _of_a_row(request, slug, character_id, NumberForm, said)


@require_POST
def story_day(request: HttpRequest, slug: str) -> HttpResponse:
    def said(project: Project, words: Words) -> None:
        for scene in words["scenes"]:
            plotting.set_story_day(scene, label=words["label"], words=words["words"], by=person(request))

    return _of_all(request, slug, StoryDayForm, said)


@require_POST
def shooting_order(request: HttpRequest, slug: str) -> HttpResponse:
    def said(project: Project, words: Words) -> None:
        plotting.set_shooting_order(project, numbers=words["numbers"], by=person(request))

    return _of_all(request, slug, ShootingForm, said)


def _of_a_row(
    request: HttpRequest,
    slug: str,
    character_id: uuid.UUID,
    form_class: type[PlotForm],
    said: Callable[[Character, Words], str | None],
) -> HttpResponse:
    """Say something of one character, and answer with their row as it is now. said: returns what was done in words,
    where that can be taken back."""
    project = project_for(request.user, slug, edit=True)
    character = _character(project, character_id)
    news: dict[str, str] = {}

    def noted(character: Character, words: Words) -> None:
        plotting.alone(character)
        before = undoing.row_of(character)
        text = said(character, words)
        step = undoing.step_since(before, character) if text else None
        if text and step:
            query = urlencode({"step": step.signed(character, person(request)), "order": _order(request)})
            address = reverse("undo_on_plot", args=[slug, character_id])
            news.update(text=text, undo=f"{address}?{query}")

    refused = _say(form_class(request.POST, project=project), character, noted)
    answer = refused or _answer(request, project, lambda: _row(request, character))
    if news and not refused:
        answer["HX-Trigger"] = json.dumps({"toast": news})
    return answer


def _of_all(
    request: HttpRequest,
    slug: str,
    form_class: type[PlotForm],
    said: Callable[[Project, Words], None],
) -> HttpResponse:
    """Say something of the whole production, and answer with the plot as it is now."""
    project = project_for(request.user, slug, edit=True)
    refused = _say(form_class(request.POST, project=project), project, said)
    return refused or _answer(request, project, lambda: _table(request, project))


def _say(form: PlotForm, of: Of, said: Callable[[Of, Words], None]) -> HttpResponse | None:
    """What is said on the plot, whole or not at all. An answer only when it was refused."""
    if not form.is_valid():
        return _refused(form.fault)
    try:
        with transaction.atomic():
            said(of, form.cleaned_data)
    except PlotError as fault:
        return _refused(str(fault))
    return None


def _answer(request: HttpRequest, project: Project, fragment: Callable[[], HttpResponse]) -> HttpResponse:
    """The fragment as it is now; the whole page for a browser without scripts."""
    return fragment() if "HX-Request" in request.headers else redirect("costumes", project.slug)


def _row(request: HttpRequest, character: Character) -> HttpResponse:
    plot = plot_of(character.project, order=_order(request), characters=[character])
    return render(request, "costumes/_plot_row.html", {"row": plot.rows[0]})


def _table(request: HttpRequest, project: Project) -> HttpResponse:
    plot = plot_of(project, order=_order(request))
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


def _keys(words: Words) -> list[Any]:
    return [scene.pk for scene in words["scenes"]]
