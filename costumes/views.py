"""The costume changes of a production, and one change."""

from __future__ import annotations

import uuid
from itertools import groupby
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from costumes import services
from costumes.models import Change
from costumes.recipe import compile_change
from previs.generation.subjects import generate_fragment, subject_cards, subject_context
from previs.projects.access import project_for
from previs.projects.models import EDITING_ROLES
from previs.script.models import Character


class DressForm(forms.Form):
    """What is worn, and in which of the character's scenes."""

    garments = forms.CharField(
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For instance: rust wool coat, yellow scarf, brown boots. These words go into every frame of its scenes.",
        error_messages={
            "max_length": "The garments have %(show_value)d characters; the limit is %(limit_value)d. Shorten them."
        },
    )
    scenes = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, character: Character, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["scenes"]
        assert isinstance(choice, forms.MultipleChoiceField)
        choice.choices = [
            (str(scene.pk), f"{scene.number} {scene.heading}")
            for scene in character.scenes.filter(omitted=False)
        ]


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
    return redirect(services.add_change(character, by=_person(request)))


@require_POST
def dress(request: HttpRequest, slug: str, change_id: uuid.UUID) -> HttpResponse:
    change = _change(request, slug, change_id, edit=True)
    form = DressForm(request.POST, character=change.character)
    if not form.is_valid():
        return _page(request, change, form=form, status=422)
    services.dress(
        change,
        garments=form.cleaned_data["garments"].strip(),
        scenes=form.cleaned_data["scenes"],
        by=_person(request),
    )
    return redirect(change)


@require_POST
def generate(request: HttpRequest, slug: str, change_id: uuid.UUID) -> HttpResponse:
    change = _change(request, slug, change_id, edit=True)
    return generate_fragment(
        request,
        change.sheet,
        compile_change(change),
        by=_person(request),
        action=_action(change),
        heading=str(change),
    )


def _page(
    request: HttpRequest, change: Change, *, form: DressForm | None = None, status: int = 200
) -> HttpResponse:
    user = _person(request)
    worn_in = [str(pk) for pk in change.scenes.values_list("pk", flat=True)]
    context = subject_context(
        change, compile_change(change), user, action=_action(change), heading=str(change)
    )
    context |= {
        "change": change,
        "form": form
        or DressForm(initial={"garments": change.garments, "scenes": worn_in}, character=change.character),
        "siblings": change.character.changes.all(),
        "can_edit": change.character.project.role_of(user) in EDITING_ROLES,
    }
    return render(request, "costumes/change.html", context, status=status)


def _action(change: Change) -> str:
    return reverse("generate_change", args=[change.character.project.slug, change.pk])


def _change(request: HttpRequest, slug: str, change_id: uuid.UUID, *, edit: bool = False) -> Change:
    project = project_for(request.user, slug, edit=edit)
    changes = Change.objects.filter(character__project=project)
    return get_object_or_404(
        changes.select_related("character__project", "sheet__project", "sheet__pick"), pk=change_id
    )


def _person(request: HttpRequest) -> Any:
    return request.user
