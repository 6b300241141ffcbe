"""The sets of a production, and the page of one set."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from previs.generation.composer import composer_context
from previs.generation.forms import BriefForm
from previs.generation.subjects import generate_fragment, subject_cards
from previs.names import shown
from previs.projects.access import person, project_for
from previs.projects.models import EDITING_ROLES
from sets import merging, services
from sets.forms import RecordForm
from sets.models import Set
from sets.pages import page_context
from sets.places import scenes_by_set, side_of
from sets.recipe import compile_set
from sets.services import SetError

if TYPE_CHECKING:
    from previs.generation.compiled import Compiled
    from previs.generation.models import Sheet


@require_GET
def set_list(request: HttpRequest, slug: str) -> HttpResponse:
    project = project_for(request.user, slug)
    places = list(project.sets.standing().select_related("sheet__pick", "sheet__project", "project"))
    scenes = scenes_by_set(project)
    cards = subject_cards(places, person(request))
    played = [scenes.get(place.pk, []) for place in places]
    sides = [side_of(place, found) for place, found in zip(places, played, strict=True)]
    context = {
        "rows": list(zip(cards, sides, played, strict=True)),
        "suggestions": merging.merge_suggestions(places, scenes),
        "can_edit": project.role_of(request.user) in EDITING_ROLES,
    }
    return render(request, "sets/list.html", context)


@require_GET
def set_page(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    return page(request, set_for(request, slug, set_id), tab=request.GET.get("tab", "concepts"))


@require_POST
def describe(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    place = set_for(request, slug, set_id, edit=True)
    form = RecordForm(request.POST)
    if not form.is_valid():
        return page(request, place, tab="record", forms={"record_form": form}, status=422)
    services.revise(place, **form.values(place), by=person(request))
    messages.success(request, "The record is saved.")
    return redirect(f"{place.get_absolute_url()}?tab=record")


@require_POST
def generate(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    place = set_for(request, slug, set_id, edit=True)
    camera = request.GET.get("camera", "")
    compiled = compile_set(place, camera=camera)
    action = from_camera(reverse("generate_set", args=[slug, place.pk]), camera)
    return takes_from(request, place, place.sheet, compiled, camera=camera, action=action, heading=place.name)


@require_POST
def merge(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    """Make the set that the form names part of this one."""
    place = set_for(request, slug, set_id, edit=True)
    other = _other(request, place)
    try:
        merging.merge(other, into=place, by=person(request))
        messages.success(
            request, f"{shown(other.name)} is part of {shown(place.name)} now. Nothing was lost."
        )
    except SetError as error:
        messages.error(request, str(error))
    return redirect(place)


@require_POST
def split(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    """Undo the merge of this set into another one."""
    place = set_for(request, slug, set_id, edit=True)
    try:
        merging.split_back(place, by=person(request))
        messages.success(request, f"{shown(place.name)} is a set of its own again, with its scenes.")
    except SetError as error:
        messages.error(request, str(error))
    return redirect(place)


@require_POST
def split_sides(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    place = set_for(request, slug, set_id, edit=True)
    try:
        other = merging.split_sides(place, by=person(request))
        messages.success(request, f"The {other.side.lower()} of {shown(other.name)} is a set of its own now.")
        return redirect(other)
    except SetError as error:
        messages.error(request, str(error))
    return redirect(place)


@require_POST
def keep_apart(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    place = set_for(request, slug, set_id, edit=True)
    try:
        merging.keep_apart(place, _other(request, place), by=person(request))
    except SetError as error:
        messages.error(request, str(error))
    return redirect("sets", slug)


def page(
    request: HttpRequest,
    place: Set,
    *,
    tab: str = "concepts",
    forms: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a set, in the state that the address names."""
    asked = request.GET
    context: dict[str, Any] = page_context(
        place,
        person(request),
        tab=tab,
        weather=asked.get("weather", ""),
        camera=asked.get("camera", ""),
        new="new" in asked,
        forms=forms,
    )
    return render(request, "sets/set.html", context, status=status)


def takes_from(
    request: HttpRequest,
    place: Set,
    sheet: Sheet,
    compiled: Compiled,
    *,
    camera: str,
    action: str,
    heading: str,
) -> HttpResponse:
    """Queue what a composer asks for, from a camera of the set; refused in words when the camera is gone."""
    user = person(request)
    if not camera or camera in services.camera_choices(place):
        return generate_fragment(request, sheet, compiled, by=user, action=action, heading=heading)
    form = BriefForm(request.POST)
    form.add_error(
        None, f"The blockout has no camera {camera} any more. Open the page again and choose another one."
    )
    context = composer_context(sheet, compiled, user, action=action, form=form, heading=heading)
    return render(request, "generation/_brief_and_takes.html", context, status=422)


def from_camera(address: str, camera: str) -> str:
    return f"{address}?{urlencode({'camera': camera})}" if camera else address


def set_for(request: HttpRequest, slug: str, set_id: uuid.UUID, *, edit: bool = False) -> Set:
    """The set, if the person may do with it what is asked: 404 for strangers, 403 for viewers who edit."""
    project = project_for(request.user, slug, edit=edit)
    places = project.sets.select_related("project", "merged_into", "sheet__project", "sheet__pick__job")
    return get_object_or_404(places, pk=set_id)


def _other(request: HttpRequest, place: Set) -> Set:
    """The set of the same production that a form names."""
    try:
        pk = uuid.UUID(request.POST.get("other", ""))
    except ValueError:
        # The form always names one; what comes without it meets the refusal for merging a set with itself.
        return place
    return get_object_or_404(place.project.sets, pk=pk)
