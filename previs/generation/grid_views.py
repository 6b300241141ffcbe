"""The contact sheet of a grid."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from previs.generation import grid_sheet
from previs.generation.leaving import let_out
from previs.generation.models import Sheet
from previs.projects.access import person, project_for
from previs.projects.models import EDITING_ROLES


@require_safe
def contact_sheet(request: HttpRequest, slug: str, sheet_id: uuid.UUID, brief: uuid.UUID) -> HttpResponse:
    sheet, contact = _grid(request, slug, sheet_id, brief)
    can_edit = sheet.project.role_of(request.user) in EDITING_ROLES
    context = {"sheet": sheet, "brief": brief, "contact": contact, "can_edit": can_edit}
    fragment = "HX-Request" in request.headers
    return render(
        request, "generation/_contact_sheet.html" if fragment else "generation/contact_sheet.html", context
    )


@require_safe
def contact_sheet_png(request: HttpRequest, slug: str, sheet_id: uuid.UUID, brief: uuid.UUID) -> HttpResponse:
    sheet, contact = _grid(request, slug, sheet_id, brief)
    leaving = let_out(contact.frames, by=person(request), how="contact sheet")
    response = HttpResponse(grid_sheet.png(sheet, contact, leaving), content_type="image/png")
    name = slugify(f"{sheet.title} grid") or "grid"
    response["Content-Disposition"] = f'attachment; filename="{name}.png"'
    response["Cache-Control"] = "private, no-store"
    return response


def _grid(
    request: HttpRequest, slug: str, sheet_id: uuid.UUID, brief: uuid.UUID
) -> tuple[Sheet, grid_sheet.ContactSheet]:
    project = project_for(request.user, slug)
    sheet = get_object_or_404(project.sheets.select_related("project", "pick"), pk=sheet_id)
    contact = grid_sheet.contact_sheet(sheet, brief)
    if contact is None:
        raise Http404("There is no such grid on this sheet.")
    return sheet, contact
