"""All frames of a production, to search and to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from previs.generation.models import Frame
from previs.projects.access import project_for
from previs.projects.models import EDITING_ROLES
from previs.review.history import Mark, chosen_among, matching, page_of, uuids
from previs.review.history_forms import HistoryForm
from previs.review.views import on_frame

if TYPE_CHECKING:
    from previs.projects.models import Project
    from previs.review.views import CrewRequest


@require_safe
@vary_on_headers("HX-Request")
def history(request: CrewRequest, slug: str) -> HttpResponse:
    project = project_for(request.user, slug)
    form = HistoryForm(project, request.GET)
    context = _context(request, project, form)
    # Show more asks for the tiles behind a mark alone.
    if request.htmx and context["before"]:
        return render(request, "review/_history_tiles.html", context)
    return render(request, "review/history.html", context, status=200 if form.is_valid() else 422)


@require_safe
@on_frame()
def frame_star(request: CrewRequest, frame: Frame) -> HttpResponse:
    """The star of a tile as it is after it was pressed."""
    may_star = frame.sheet.project.role_of(request.user) in EDITING_ROLES
    return render(request, "review/_history_star.html", {"frame": frame, "may_star": may_star})


def _context(request: CrewRequest, project: Project, form: HistoryForm) -> dict[str, Any]:
    before = _mark(request.GET.get("before", ""))
    query = request.GET.copy()
    query.pop("before", None)
    chosen = chosen_among(project, uuids(request.GET.getlist("frame")))
    ids = {tile.frame.pk for tile in chosen}
    context = {
        "project": project,
        "form": form,
        "query": query.urlencode(),
        "before": before,
        "page": None,
        "found": 0,
        "nav": "frames",
        "may_star": project.role_of(request.user) in EDITING_ROLES,
    }
    if form.is_valid():
        frames = matching(project, **form.cleaned_data)
        context["page"] = page = page_of(frames, before=before, chosen=ids)
        context["found"] = frames.count() if not before else 0
        ids -= {tile.frame.pk for tile in page.tiles}
    # What was chosen in another search stays chosen, beside the button.
    return context | {"elsewhere": [tile for tile in chosen if tile.frame.pk in ids]}


def _mark(text: str) -> Mark | None:
    try:
        return Mark.read(text) if text else None
    except ValueError:
        raise Http404("There is no such place in the list.") from None
