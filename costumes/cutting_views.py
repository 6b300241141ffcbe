"""Cutting a garment out of its photo, and setting its anchors."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from costumes import cutting
from costumes.cutting import CuttingError
from costumes.cutting_forms import AnchorsForm
from costumes.models import Garment
from previs.generation.files import ASKED_EACH_TIME, serve_picture
from previs.generation.store import StoreError
from previs.projects.access import person, project_for
from previs.rights.models import AssetState

SHOWN_SIDE = 720  # px of the screen, about, until the script measures it


@require_GET
def garment_cut(request: HttpRequest, slug: str, garment_id: uuid.UUID) -> HttpResponse:
    return _page(request, _garment(request, slug, garment_id))


@require_POST
def cut_garment(request: HttpRequest, slug: str, garment_id: uuid.UUID) -> HttpResponse:
    garment = _garment(request, slug, garment_id)
    try:
        cutting.cut_garment(garment, shape=request.POST.get("shape", ""), by=person(request))
    except (CuttingError, StoreError) as fault:
        return _page(request, garment, fault=str(fault), status=422)
    messages.success(request, f"{garment.name} is cut out. Look at its anchors.")
    return redirect("garment_cut", slug, garment.pk)


@require_POST
def set_anchors(request: HttpRequest, slug: str, garment_id: uuid.UUID) -> HttpResponse:
    garment = _garment(request, slug, garment_id)
    if not garment.is_cut or not garment.shown:
        return _page(request, garment, fault="Cut the garment out first.", status=422)
    form = AnchorsForm(request.POST, garment=garment)
    if not form.is_valid():
        return _page(request, garment, form=form, status=422)
    try:
        cutting.set_anchors(
            garment, anchors=form.places(), seen=request.POST.get("seen", ""), by=person(request)
        )
    except cutting.Overtaken as fault:
        return _page(request, garment, form=form, fault=str(fault), status=409)
    messages.success(request, f"The anchors of {garment.name} are saved.")
    return redirect("garment_cut", slug, garment.pk)


@require_POST
def guess_anchors(request: HttpRequest, slug: str, garment_id: uuid.UUID) -> HttpResponse:
    garment = _garment(request, slug, garment_id)
    try:
        cutting.guess_again(garment, by=person(request))
    except CuttingError as fault:
        return _page(request, garment, fault=str(fault), status=422)
    messages.success(request, "All anchors are where the outline says.")
    return redirect("garment_cut", slug, garment.pk)


@require_safe
def cut_file(request: HttpRequest, slug: str, garment_id: uuid.UUID) -> HttpResponse:
    """The garment without its ground. 410 once its photo was withdrawn, 404 while that is held back."""
    project = project_for(request.user, slug)
    garment = get_object_or_404(project.garments.select_related("photo", "project"), pk=garment_id)
    if garment.photo is not None and garment.photo.state == AssetState.WITHDRAWN:
        return HttpResponse("This photo was withdrawn.", status=410, content_type="text/plain")
    cut = garment.cut_sha256 if garment.shown else ""
    return serve_picture(request, cut, f"{garment.name} cut out", of=garment, kept=ASKED_EACH_TIME)


def _garment(request: HttpRequest, slug: str, garment_id: uuid.UUID) -> Garment:
    project = project_for(request.user, slug, edit=True)
    return get_object_or_404(project.garments.select_related("photo", "project"), pk=garment_id)


def _page(
    request: HttpRequest,
    garment: Garment,
    *,
    form: AnchorsForm | None = None,
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    if form is None and garment.is_cut and garment.shown:
        form = AnchorsForm(garment=garment)
    context: dict[str, Any] = {
        "garment": garment,
        "form": form,
        "handles": form.handles() if form else [],
        "unit": max(garment.photo.width, garment.photo.height) / SHOWN_SIDE if garment.photo else 1,
        "shapes": cutting.shapes_of(garment),
        "seen": cutting.digest_of(garment),
        "fault": fault,
    }
    return render(request, "costumes/garment_cut.html", context, status=status)
