"""The closet, its spreadsheet, and what a change is put together from."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from costumes import closet, closet_csv, stages
from costumes.closet import ClosetError
from costumes.closet_forms import GarmentForm, ImportForm, LayerForm, StageForm, garment_form
from costumes.models import Change, Garment
from costumes.plotting import PlotError
from previs.consent.opening import serve_asset
from previs.generation.files import serve_picture
from previs.generation.store import StoreError
from previs.projects.access import person, project_for
from previs.projects.models import EDITING_ROLES, Project
from previs.rights.models import AssetState
from previs.rights.pictures import PictureError, too_large
from previs.rights.services import RightsError
from previs.uploads import refused_bytes

REFUSALS = (ClosetError, PictureError, RightsError, StoreError)


@require_GET
def closet_page(request: HttpRequest, slug: str) -> HttpResponse:
    return _closet(request, project_for(request.user, slug))


@require_http_methods(["GET", "POST"])
def add_garment(request: HttpRequest, slug: str) -> HttpResponse:
    project = project_for(request.user, slug, edit=True)
    return _garment(request, project, None)


@require_http_methods(["GET", "POST"])
def edit_garment(request: HttpRequest, slug: str, garment_id: uuid.UUID) -> HttpResponse:
    project = project_for(request.user, slug, edit=True)
    return _garment(request, project, _kept(project, garment_id))


@require_POST
def remove_garment(request: HttpRequest, slug: str, garment_id: uuid.UUID) -> HttpResponse:
    project = project_for(request.user, slug, edit=True)
    try:
        closet.remove_garment(_kept(project, garment_id), by=person(request))
    except ClosetError as fault:
        return _closet(request, project, fault=str(fault), status=422)
    return redirect("closet", slug)


@require_safe
def garment_file(request: HttpRequest, slug: str, garment_id: uuid.UUID, which: str) -> HttpResponse:
    """The photo of a garment. which: master or thumb. 410 once it was withdrawn, 404 while it is held back."""
    project = project_for(request.user, slug)
    garment = _kept(project, garment_id)
    photo = garment.photo
    if photo is not None and photo.state == AssetState.WITHDRAWN:
        return HttpResponse("This photo was withdrawn.", status=410, content_type="text/plain")
    if photo is not None and garment.shown and photo.persons.exists():
        return serve_asset(request, photo, which)  # worn by somebody: each opening is on record
    addresses = {"master": photo.sha256, "thumb": photo.thumb_sha256} if photo and garment.shown else {}
    return serve_picture(
        request, addresses.get(which, ""), garment.name, of=garment, kept="private, no-cache"
    )


@require_GET
def export_closet(request: HttpRequest, slug: str) -> HttpResponse:
    project = project_for(request.user, slug)
    answer = HttpResponse(closet_csv.to_csv(project), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{project.slug}-closet.csv"'
    return answer


@require_POST
def import_closet(request: HttpRequest, slug: str) -> HttpResponse:
    project = project_for(request.user, slug, edit=True)
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _closet(request, project, import_form=form, status=422)
    try:
        new, changed, unchanged = closet_csv.from_csv(project, form.cleaned_data["file"], by=person(request))
    except closet_csv.BadRows as bad:
        return _closet(request, project, import_form=form, faults=bad.faults, status=422)
    messages.success(request, f"{new} new, {changed} changed, {unchanged} unchanged.")
    return redirect("closet", slug)


@require_POST
def set_era(request: HttpRequest, slug: str) -> HttpResponse:
    project = project_for(request.user, slug, edit=True)
    closet.set_era(project, era=request.POST.get("era", ""), by=person(request))
    return redirect("closet", slug)


@require_POST
def put_on(request: HttpRequest, slug: str, change_id: uuid.UUID) -> HttpResponse:
    project = project_for(request.user, slug, edit=True)
    change = _change(project, change_id)
    form = LayerForm(request.POST, project=project)
    try:
        if not form.is_valid():
            raise ClosetError(str(next(iter(form.errors.values()))[0]))
        closet.put_on(
            change, form.cleaned_data["garment"], slot=form.cleaned_data["slot"], by=person(request)
        )
    except ClosetError as fault:
        messages.error(request, str(fault))
    return redirect(change)


@require_POST
def take_off(request: HttpRequest, slug: str, change_id: uuid.UUID, layer_id: int) -> HttpResponse:
    change = _change(project_for(request.user, slug, edit=True), change_id)
    layer = get_object_or_404(change.layers.select_related("change__character"), pk=layer_id)
    closet.take_off(layer, by=person(request))
    return redirect(change)


@require_POST
def move_layer(request: HttpRequest, slug: str, change_id: uuid.UUID, layer_id: int) -> HttpResponse:
    change = _change(project_for(request.user, slug, edit=True), change_id)
    layer = get_object_or_404(change.layers.select_related("change__character"), pk=layer_id)
    closet.move_layer(layer, outwards=request.POST.get("to") == "out", by=person(request))
    return redirect(change)


@require_POST
def set_stage(request: HttpRequest, slug: str, change_id: uuid.UUID) -> HttpResponse:
    change = _change(project_for(request.user, slug, edit=True), change_id)
    form = StageForm(request.POST)
    try:
        if not form.is_valid():
            raise PlotError(str(next(iter(form.errors.values()))[0]))
        stages.set_stage(change, by=person(request), **form.cleaned_data)
    except PlotError as fault:
        messages.error(request, str(fault))
    return redirect(change)


@require_POST
def end_stage(request: HttpRequest, slug: str, change_id: uuid.UUID, stage_id: int) -> HttpResponse:
    change = _change(project_for(request.user, slug, edit=True), change_id)
    stage = get_object_or_404(change.stages.select_related("change__character", "from_scene"), pk=stage_id)
    stages.end_stage(stage, by=person(request))
    return redirect(change)


def _closet(
    request: HttpRequest,
    project: Project,
    *,
    import_form: ImportForm | None = None,
    faults: list[str] | None = None,
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    garments = list(
        project.garments.select_related("character", "photo", "project")
        .prefetch_related("layers__change__character")
        .order_by("character__number", "name")
    )
    context: dict[str, Any] = {
        "garments": garments,
        "wardrobe": getattr(project, "wardrobe", None),
        "import_form": import_form or ImportForm(),
        "faults": faults,
        "fault": fault,
        "can_edit": project.role_of(person(request)) in EDITING_ROLES,
    }
    return render(request, "costumes/closet.html", context, status=status)


def _garment(request: HttpRequest, project: Project, garment: Garment | None) -> HttpResponse:
    refused = refused_bytes(request)
    if request.method == "POST":
        form = GarmentForm(request.POST, request.FILES, project=project)
    else:
        form = garment_form(garment) if garment else GarmentForm(project=project)
    if form.is_valid():
        words = form.cleaned_data
        file = words.pop("picture")
        try:
            picture = file.read() if file else b""
            closet.keep_garment(project, by=person(request), garment=garment, picture=picture, **words)
            return redirect("closet", project.slug)
        except REFUSALS as fault:
            form.add_error("picture", str(fault))
    # What is far too large arrives as a GET without a body, with its size.
    context = {"form": form, "garment": garment, "refusal": too_large(refused) if refused else ""}
    status = 413 if refused else 422 if form.is_bound else 200
    return render(request, "costumes/garment.html", context, status=status)


def _kept(project: Project, garment_id: uuid.UUID) -> Garment:
    return get_object_or_404(project.garments.select_related("photo__project", "project"), pk=garment_id)


def _change(project: Project, change_id: uuid.UUID) -> Change:
    changes = Change.objects.filter(character__project=project)
    return get_object_or_404(changes.select_related("character__project", "sheet"), pk=change_id)
