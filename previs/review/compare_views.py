"""Frames beside each other."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from previs.generation.models import HIDDEN, Frame
from previs.projects.access import project_for
from previs.review.compare import NotComparable, comparison, frames_of
from previs.review.history import chosen_among, uuids

if TYPE_CHECKING:
    from previs.projects.models import Project
    from previs.review.views import CrewRequest


@require_safe
def compare(request: CrewRequest, slug: str) -> HttpResponse:
    project = project_for(request.user, slug)
    try:
        frames = frames_of(project, _ids(request))
    except NotComparable as refused:
        return _refuse(request, project, str(refused))
    except Frame.DoesNotExist:
        raise Http404("One of the frames is not in this production.") from None
    if any(frame.state in HIDDEN for frame in frames):
        return render(request, "410.html", status=410)
    found = comparison(frames, address=request.path)
    context = {"project": project, "comparison": found, "back": _back(request, project), "nav": "frames"}
    return render(request, "review/compare.html", context)


def _ids(request: CrewRequest) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(text) for text in request.GET.getlist("frame")]
    except ValueError:
        raise Http404("A frame of this comparison has no such address.") from None


def _refuse(request: CrewRequest, project: Project, words: str) -> HttpResponse:
    """Say why, with what was chosen so far; an address that names no frame asks for nothing and is no error."""
    chosen = request.GET.getlist("frame")
    context = {
        "project": project,
        "words": words,
        "chosen": chosen_among(project, uuids(chosen)),
        "back": _back(request, project),
        "nav": "frames",
    }
    return render(request, "review/compare_refused.html", context, status=422 if chosen else 200)


def _back(request: CrewRequest, project: Project) -> str:
    """The list of frames as it was left: its filters and its choice came along in the address."""
    return f"{reverse('history', args=[project.slug])}?{request.GET.urlencode()}"
