"""The costume changes of a production, and one change."""

from __future__ import annotations

import uuid
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from costumes import plotting, services
from costumes.desk import stage_asked
from costumes.forms import DressForm, saved_form
from costumes.models import Change, GarmentLayer, Slot, Wear
from costumes.recipe import compile_change
from previs.consent.roles import casting_context
from previs.generation.subjects import generate_fragment, subject_cards, subject_context
from previs.projects.access import project_for
from previs.projects.models import EDITING_ROLES


@require_GET
def change_list(request: HttpRequest, slug: str) -> HttpResponse:
    project = project_for(request.user, slug)
    changes = (
        Change.objects.filter(character__project=project)
        .select_related("character__project", "sheet__pick", "sheet__project")
        .prefetch_related("scenes")
    )
    cards = subject_cards(list(changes), _person(request))
    rows = [
        (character, list(group))
        for character, group in groupby(cards, key=lambda card: card.subject.character)  # type: ignore[attr-defined]
    ]
    return render(
        request,
        "costumes/list.html",
        {"rows": rows, "can_edit": project.role_of(_person(request)) in EDITING_ROLES},
    )


@require_GET
def change_page(request: HttpRequest, slug: str, change_id: uuid.UUID) -> HttpResponse:
    return _page(request, _change(request, slug, change_id))


@require_POST
def add_change(request: HttpRequest, slug: str, character_id: uuid.UUID) -> HttpResponse:
    project = project_for(request.user, slug, edit=True)
    character = get_object_or_404(project.characters.select_related("project"), pk=character_id)
    return redirect(plotting.add_change(character, by=_person(request)))


@require_POST
def dress(request: HttpRequest, slug: str, change_id: uuid.UUID) -> HttpResponse:
    change = _change(request, slug, change_id, edit=True)
    form = DressForm(request.POST, change=change)
    if not form.is_valid():
        return _page(request, change, form=form, status=422)
    words = form.cleaned_data
    try:
        services.dress(
            change,
            garments=words["garments"].strip(),
            title=words["title"],
            wear_note=words["wear_note"],
            scenes=words["scenes"],
            seen=words["seen"],
            by=_person(request),
        )
    except services.Overtaken as overtaken:
        return _page(request, change, form=form, overtaken=overtaken, status=409)
    return redirect(change)


@require_POST
def generate(request: HttpRequest, slug: str, change_id: uuid.UUID) -> HttpResponse:
    change = _change(request, slug, change_id, edit=True)
    return generate_fragment(
        request,
        change.sheet,
        compile_change(change, stage_asked(request.GET)),
        by=_person(request),
        action=_action(change, stage_asked(request.GET)),
        heading=str(change),
    )


def _page(
    request: HttpRequest,
    change: Change,
    *,
    form: DressForm | None = None,
    overtaken: services.Overtaken | None = None,
    status: int = 200,
) -> HttpResponse:
    user, stage = _person(request), stage_asked(request.GET)
    context = subject_context(
        change, compile_change(change, stage), user, action=_action(change, stage), heading=str(change)
    )
    context |= {
        "change": change,
        "form": form or saved_form(change),
        # Whoever is shown what somebody else saved may then replace it.
        "seen": form["seen"].value() if form and not overtaken else services.wardrobe_digest(change),
        "overtaken": overtaken,
        "layers": _layers(change),
        "closet": change.character.project.garments.all(),
        "slots": Slot.choices,
        "stages": change.stages.select_related("from_scene"),
        "stage_kinds": Wear.choices,
        "stage_scenes": change.character.scenes.filter(omitted=False).order_by("ordinal"),
        "asked_stage": stage,
        "casting": casting_context(change.character, user),
        "siblings": change.character.changes.all(),
        "can_edit": change.character.project.role_of(user) in EDITING_ROLES,
    }
    return render(request, "costumes/change.html", context, status=status)


def _action(change: Change, stage: str = "") -> str:
    address = reverse("generate_change", args=[change.character.project.slug, change.pk])
    return f"{address}?stage={stage}" if stage else address


def _layers(change: Change) -> list[GarmentLayer]:
    """From the outside in, as they are listed."""
    return list(change.layers.select_related("garment__photo", "garment__project").order_by("-order"))


def _change(request: HttpRequest, slug: str, change_id: uuid.UUID, *, edit: bool = False) -> Change:
    project = project_for(request.user, slug, edit=edit)
    changes = Change.objects.filter(character__project=project)
    return get_object_or_404(
        changes.select_related("character__project", "sheet__project", "sheet__pick"), pk=change_id
    )


def _person(request: HttpRequest) -> Any:
    return request.user
