"""What the Control section of the composer asks for: maps, masks, references, and values of an earlier frame."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from previs.generation import control_maps, controls, desks, references, remix
from previs.generation.composer import composer_context, first_values
from previs.generation.forms import BriefForm
from previs.generation.models import Frame, Sheet
from previs.projects.access import person, row_for
from previs.rights.pictures import LARGEST_FILE, too_large


@require_POST
def use_frame(request: HttpRequest, frame_id: uuid.UUID, how: str) -> HttpResponse:
    """The composer of the frame's sheet, with what was taken over from the frame."""
    frame = _frame(request, frame_id)
    desk = _desk(request, frame.sheet)
    if how not in remix.WAYS_TO_USE:
        raise Http404("A frame cannot be used in this way.")
    typed = remix.typed_values(request.POST, first_values(desk.compiled))
    try:
        form = BriefForm(initial=remix.values_from(frame, how, typed))
    except controls.ControlRefused as refused:
        return trigger_client_event(HttpResponse(status=409), "toast", {"text": str(refused), "level": "bad"})
    context = composer_context(
        frame.sheet, desk.compiled, person(request), action=desk.action, heading=desk.heading, form=form
    )
    return render(request, "generation/_brief.html", context)


@require_GET
def compile_brief(request: HttpRequest, sheet_id: uuid.UUID) -> HttpResponse:
    """The composer with the prompt compiled afresh from the records."""
    sheet = row_for(request.user, Sheet.objects.filter(pk=sheet_id).select_related("project"))
    desk = _desk(request, sheet)
    context = composer_context(
        sheet, desk.compiled, person(request), action=desk.action, heading=desk.heading, afresh=True
    )
    return render(request, "generation/_brief.html", context)


@require_POST
def maps(request: HttpRequest, sheet_id: uuid.UUID) -> HttpResponse:
    """The depth, line and unlit maps of what the open composer would follow, small; nothing is queued."""
    sheet = row_for(request.user, Sheet.objects.filter(pk=sheet_id).select_related("project"), edit=True)
    desk = _desk(request, sheet)
    try:
        found = control_maps.maps_for(sheet, desk.compiled, request.POST)
    except controls.ControlRefused as refused:
        return render(request, "generation/_maps.html", {"sheet": sheet, "refused": str(refused)}, status=422)
    return render(request, "generation/_maps.html", {"sheet": sheet, "maps": found})


@require_POST
def keep_mask(request: HttpRequest, frame_id: uuid.UUID) -> JsonResponse:
    """Store the mask that was painted over a frame; answers with the token that the form carries."""
    frame = _frame(request, frame_id)
    try:
        token = controls.keep_mask(frame, _uploaded(request, "mask"))
    except controls.ControlRefused as refused:
        return JsonResponse({"error": str(refused)}, status=422)
    return JsonResponse({"token": token.signed(frame.sheet), "percent": round(100 * token.share)})


@require_POST
def keep_reference(request: HttpRequest, sheet_id: uuid.UUID) -> HttpResponse:
    """Store a reference picture; answers with the part of the composer that shows it."""
    sheet = row_for(request.user, Sheet.objects.filter(pk=sheet_id).select_related("project"), edit=True)
    context: dict[str, Any] = {"sheet": sheet}
    try:
        token = references.keep_reference(
            sheet,
            _uploaded(request, "picture"),
            _name(request),
            by=person(request),
            rights=request.POST.get("reference_rights", ""),
            statement=request.POST.get("reference_statement", ""),
        )
    except controls.ControlRefused as refused:
        typed = {"refused": str(refused), "statement": request.POST.get("reference_statement", "")}
        return render(request, "generation/_reference.html", context | typed, status=422)
    context |= {"token": token.signed(sheet), "picture": controls.thumbnail_of(token), "name": token.name}
    return render(request, "generation/_reference.html", context)


def _frame(request: HttpRequest, frame_id: uuid.UUID) -> Frame:
    rows = Frame.objects.with_card().select_related("sheet__pick", "sheet__project", "provenance", "job")
    return row_for(request.user, rows.filter(pk=frame_id), edit=True, through="sheet__project")


def _desk(request: HttpRequest, sheet: Sheet) -> desks.Desk:
    desk = desks.desk_of(sheet, request.GET.dict())
    if desk is None:
        raise Http404("Nobody writes briefs for this sheet.")
    return desk


def _uploaded(request: HttpRequest, name: str) -> bytes:
    """Raises ControlRefused when no file came along, or one that is too large to be read."""
    file = request.FILES.get(name)
    if not isinstance(file, UploadedFile) or not file.size:
        raise controls.ControlRefused("No picture came along. Choose a file and try again.")
    if file.size > LARGEST_FILE:
        raise controls.ControlRefused(too_large(file.size))
    data: bytes = file.read()
    return data


def _name(request: HttpRequest) -> str:
    file = request.FILES.get("picture")
    return (getattr(file, "name", "") or "picture") if file else "picture"
