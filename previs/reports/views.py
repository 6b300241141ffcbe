"""The first page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from previs.projects.access import person
from previs.reports.home import engine_now, films_of, next_step
from previs.reports.waiting import waiting_for


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    user = person(request)
    films, at_work = films_of(user), engine_now(user)
    return render(
        request,
        "projects/home.html",
        {
            "film": films[0] if films else None,
            "others": films[1:],
            "step": next_step(films[0], user) if films else None,
            "waiting": waiting_for(user),
            "now": at_work,
            "engine_meter": at_work.meter,
        },
    )


@require_GET
def now(request: HttpRequest) -> HttpResponse:
    """The engine part of the first page and the meter; the page has no socket, so it asks again by itself."""
    at_work = engine_now(person(request))
    return render(request, "projects/_now_and_meter.html", {"now": at_work, "engine_meter": at_work.meter})
