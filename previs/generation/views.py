"""Cards, trays, picks and the queue page: what every sheet has, whatever it pictures."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from previs.generation import cards, services, sheets
from previs.generation.models import Frame, Job, JobState, Sheet
from previs.generation.refusal import note_refusal
from previs.projects.access import row_for
from previs.projects.models import MANAGING_ROLES


@require_GET
def job_card(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user).with_card(), pk=job_id)
    return render(request, "generation/_job_card.html", {"card": cards.job_cards([job], _person(request))[0]})


@require_POST
def cancel_job(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    job = row_for(request.user, Job.objects.with_card().filter(pk=job_id), edit=True)
    if (
        job.requested_by_id != request.user.pk
        and job.sheet.project.role_of(request.user) not in MANAGING_ROLES
    ):
        raise PermissionDenied(
            "Only the person who asked for a frame, the owner or a producer may cancel it."
        )
    services.cancel(job, by=_person(request))
    return _tray(request, job.sheet)


@require_POST
def retry_job(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    job = row_for(request.user, Job.objects.with_card().filter(pk=job_id), edit=True)
    try:
        services.retry(job, by=_person(request))
    except services.GenerationRefused as refused:
        note_refusal(job.sheet, refused, by=_person(request))
        return render(request, "generation/_refused.html", {"reasons": refused.reasons}, status=409)
    return _tray(request, job.sheet)


@require_GET
def takes(request: HttpRequest, sheet_id: uuid.UUID) -> HttpResponse:
    return _tray(request, row_for(request.user, Sheet.objects.filter(pk=sheet_id)))


@require_POST
def cancel_rest(request: HttpRequest, sheet_id: uuid.UUID) -> HttpResponse:
    sheet = row_for(request.user, Sheet.objects.filter(pk=sheet_id), edit=True)
    services.cancel_open(sheet, by=_person(request))
    return _tray(request, sheet)


@require_POST
def pick_frame(request: HttpRequest, frame_id: uuid.UUID) -> HttpResponse:
    """Make a frame its sheet's pick; pressing it again on the pick leaves the sheet without one."""
    frame = row_for(request.user, Frame.objects.filter(pk=frame_id), edit=True, through="sheet__project")
    before = frame.sheet.pick
    chosen = None if before == frame else frame
    try:
        sheets.pick(frame.sheet, chosen, by=_person(request))
    except ValueError as error:
        return render(request, "generation/_refused.html", {"reasons": [str(error)]}, status=409)
    answer = _tray(request, frame.sheet)
    replaced = before if before is not None and not before.is_hidden else None
    role = frame.sheet.project.role_of(request.user)
    asked = cards.asked_to_decide(role, made_it=frame.made_for_id == _person(request).pk)
    toast = {"text": _picked_words(chosen, replaced, asked)}
    if replaced is not None:
        toast["undo"] = reverse("pick_frame", args=[replaced.pk])
    answer["HX-Trigger"] = json.dumps({"toast": toast})
    return answer


def _picked_words(chosen: Frame | None, replaced: Frame | None, asked: str) -> str:
    if chosen is None:
        return "There is no pick now."
    done = f"took the place of v{replaced.number}" if replaced else "is the pick"
    return f"v{chosen.number} {done}. {asked[:1].upper()}{asked[1:]}."


@require_POST
def star_frame(request: HttpRequest, frame_id: uuid.UUID) -> HttpResponse:
    frame = row_for(request.user, Frame.objects.filter(pk=frame_id), edit=True, through="sheet__project")
    sheets.star(frame, on=not frame.starred, by=_person(request))
    return _tray(request, frame.sheet)


@require_GET
def queue_page(request: HttpRequest) -> HttpResponse:
    rows = cards.queue_rows(_person(request))
    running = [card for card in rows if card and card.job.state == JobState.RUNNING]
    ended = (
        Job.objects.visible_to(request.user)
        .exclude(finished_at=None)
        .with_card()
        .order_by("-finished_at")[:12]
    )
    context = {
        "rows": rows,
        "running_count": len(running),
        "ended": cards.job_cards(ended, _person(request)),
        "nav": "queue",
    }
    fragment = "HX-Request" in request.headers
    return render(request, "generation/_queue.html" if fragment else "generation/queue.html", context)


def _tray(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    fresh = Sheet.objects.select_related("project", "pick").get(pk=sheet.pk)
    return render(request, "generation/_takes.html", cards.tray_context(fresh, _person(request)))


def _person(request: HttpRequest) -> Any:
    """The signed-in user: LoginRequiredMiddleware lets nobody else reach a view."""
    return request.user
