"""Fetching with permission: a stranger gets 404, a viewer who edits gets 403."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from previs.projects.models import Project

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from previs.accounts.models import User

Row = TypeVar("Row", bound=models.Model)


def person(request: HttpRequest) -> User:
    """Who asks. Pages are private (`LoginRequiredMiddleware`), so somebody is always signed in.

    Raises PermissionDenied on a page that was opened to everybody and asks nevertheless.
    """
    user = request.user
    if not user.is_authenticated:
        raise PermissionDenied("Sign in first.")
    return user


def project_for(
    user: User | AnonymousUser, slug: str, *, edit: bool = False, manage: bool = False
) -> Project:
    """The project behind a slug, if the user may do with it what is asked.

    Raises Http404 for strangers, PermissionDenied for members whose role does not reach.
    """
    project = get_object_or_404(Project.objects.visible_to(user), slug=slug)
    if edit and not Project.objects.editable_by(user).filter(pk=project.pk).exists():
        raise PermissionDenied(
            "Your role on this production is to watch. Ask its producer for an editing role."
        )
    if manage and not Project.objects.managed_by(user).filter(pk=project.pk).exists():
        raise PermissionDenied("Only the owner or a producer may change who is on the crew.")
    return project


def row_for(
    user: User | AnonymousUser, rows: models.QuerySet[Row], *, edit: bool = False, through: str = "project"
) -> Row:
    """The one row of `rows`, through its project's membership.

    rows: already narrowed to one row.  through: lookup path from the row to its project.
    Raises Http404 for strangers, PermissionDenied for viewers when `edit`.
    """
    row = get_object_or_404(rows.filter(**{f"{through}__in": Project.objects.visible_to(user)}))
    if edit and not rows.filter(pk=row.pk, **{f"{through}__in": Project.objects.editable_by(user)}).exists():
        raise PermissionDenied(
            "Your role on this production is to watch. Ask its producer for an editing role."
        )
    return row
