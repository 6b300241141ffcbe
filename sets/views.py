"""The sets of a production, and one set."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from previs.generation.subjects import generate_fragment, subject_cards, subject_context
from previs.projects.access import project_for
from previs.projects.models import EDITING_ROLES
from previs.script.models import Scene
from sets import services
from sets.models import Set
from sets.places import scenes_of
from sets.recipe import compile_set


class DescriptionForm(forms.Form):
    description = forms.CharField(
        required=False,
        max_length=1000,
        label="Design",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Materials, light, furniture, palette. These words go into every frame that plays here.",
        error_messages={
            "max_length": "The design has %(show_value)d characters; the limit is %(limit_value)d. Shorten it."
        },
    )


@require_GET
def set_list(request: HttpRequest, slug: str) -> HttpResponse:
    project = project_for(request.user, slug)
    places = list(project.sets.select_related("sheet__pick", "sheet__project", "project"))
    scenes: dict[str, list[Scene]] = defaultdict(list)
    for scene in project.scenes.filter(omitted=False):
        scene.project = project
        scenes[scene.set_key].append(scene)
    cards = subject_cards(places, _person(request))
    rows = [(card, scenes[place.key]) for card, place in zip(cards, places, strict=True)]
    return render(request, "sets/list.html", {"rows": rows})


@require_GET
def set_page(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    return _page(request, _set(request, slug, set_id))


@require_POST
def describe(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    place = _set(request, slug, set_id, edit=True)
    form = DescriptionForm(request.POST)
    if not form.is_valid():
        return _page(request, place, form=form, status=422)
    services.describe(place, description=form.cleaned_data["description"].strip(), by=_person(request))
    return redirect(place)


@require_POST
def generate(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    place = _set(request, slug, set_id, edit=True)
    return generate_fragment(
        request,
        place.sheet,
        compile_set(place),
        by=_person(request),
        action=_action(place),
        heading=place.name,
    )


def _page(
    request: HttpRequest, place: Set, *, form: DescriptionForm | None = None, status: int = 200
) -> HttpResponse:
    user = _person(request)
    scenes = scenes_of(place)
    for scene in scenes:
        scene.project = place.project
    context = subject_context(
        place, compile_set(place, scenes), user, action=_action(place), heading=place.name
    )
    context |= {
        "place": place,
        "scenes": scenes,
        "form": form or DescriptionForm(initial={"description": place.description}),
        "can_edit": place.project.role_of(user) in EDITING_ROLES,
    }
    return render(request, "sets/set.html", context, status=status)


def _action(place: Set) -> str:
    return reverse("generate_set", args=[place.project.slug, place.pk])


def _set(request: HttpRequest, slug: str, set_id: uuid.UUID, *, edit: bool = False) -> Set:
    project = project_for(request.user, slug, edit=edit)
    return get_object_or_404(
        project.sets.select_related("project", "sheet__project", "sheet__pick"), pk=set_id
    )


def _person(request: HttpRequest) -> Any:
    return request.user
