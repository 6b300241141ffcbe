"""Who plays whom: on the page of a person, and wherever a character is dressed."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from previs.consent.standing import nearest, standing_of
from previs.projects.access import person as who
from previs.projects.access import project_for
from previs.projects.models import EDITING_ROLES, Project
from previs.rights.casting import cast_role
from previs.rights.models import Casting, Person

if TYPE_CHECKING:
    from previs.accounts.models import User
    from previs.script.models import Character


@require_POST
def change_casting(request: HttpRequest, slug: str, character_id: uuid.UUID) -> HttpResponse:
    """Give a role to the person whose key is posted; an empty one leaves it open."""
    project = project_for(request.user, slug, edit=True)
    character = get_object_or_404(project.characters, pk=character_id)
    chosen = _person(project, request.POST.get("person", ""))
    before = Casting.objects.filter(character=character).select_related("person__project").first()
    cast_role(character, person=chosen, by=who(request))
    if "HX-Request" in request.headers:
        return render(request, "rights/_casting.html", casting_context(character, who(request)))
    shown = chosen or (before.person if before else None)
    return redirect(shown) if shown else redirect("rights", slug)


@require_POST
def add_role(request: HttpRequest, slug: str, person_id: uuid.UUID) -> HttpResponse:
    """Give a person the role whose character is posted."""
    project = project_for(request.user, slug, edit=True)
    person = get_object_or_404(project.persons.select_related("project"), pk=person_id)
    chosen = request.POST.get("character", "")
    if not chosen:
        messages.error(request, f"Choose the role that {person} plays first.")
        return redirect(person)
    character = get_object_or_404(project.characters, pk=_uuid(chosen))
    cast_role(character, person=person, by=who(request))
    return redirect(person)


def casting_context(character: Character, user: User) -> dict[str, Any]:
    """What `rights/_casting.html` and `rights/_casting_section.html` show. Four queries."""
    project = character.project
    casting = (
        Casting.objects.filter(character=character)
        .select_related("person__project")
        .prefetch_related("person__releases")
        .first()
    )
    person = casting.person if casting else None
    role = project.role_of(user)
    return {
        "character": character,
        "project": project,
        "player": person,
        "player_standing": standing_of(person, nearest(list(person.releases.all()))) if person else None,
        "people": list(project.persons.all()),
        "can_edit": role in EDITING_ROLES,
    }


def casting_html(character_id: str, user: User) -> list[str]:
    """Who plays a character and what somebody plays, for pages that show either."""
    casting = Casting.objects.filter(character_id=character_id).select_related("character__project").first()
    character = casting.character if casting else _character(character_id)
    if character is None:
        return []
    return [render_to_string("rights/_casting.html", casting_context(character, user))]


def _character(character_id: str) -> Character | None:
    # Reached through the casting's own field: the script lies above this app.
    field: Any = Casting._meta.get_field("character")
    found: Character | None = (
        field.related_model._default_manager.select_related("project").filter(pk=character_id).first()
    )
    return found


def _person(project: Project, key: str) -> Person | None:
    return get_object_or_404(project.persons.select_related("project"), pk=_uuid(key)) if key else None


def _uuid(key: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(key)
    except ValueError:
        return None
