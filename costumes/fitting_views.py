"""The fitting room of a change: choose, start, watch, look, run again, send on and decide."""

from __future__ import annotations

import io
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe
from PIL import Image, UnidentifiedImageError

from costumes import fitting_page, fittings
from costumes.fitting_facts import PictureGone, fitting_view, picture_of
from costumes.fitting_forms import OutfitForm, first_other, signed_brush
from costumes.models import Change, Fitting
from previs.consent.opening import serve_asset
from previs.generation import sheets, store
from previs.generation.files import ASKED_EACH_TIME, serve_picture
from previs.generation.models import Frame
from previs.generation.refusal import GenerationRefused
from previs.projects.access import person, project_for
from previs.review import services as review
from previs.review.forms import DecisionForm
from previs.rights.services import note_opening

LARGEST_BRUSH = 8 * 1024 * 1024


@require_http_methods(["GET", "POST"])
def fitting_room(request: HttpRequest, slug: str, change_id: uuid.UUID) -> HttpResponse:
    change = _change(request, slug, change_id, edit=request.method == "POST")
    if request.method != "POST":
        return _room(request, change, afresh="new" in request.GET)
    form = OutfitForm(request.POST, change=change)
    if not form.is_valid():
        return _room(request, change, form=form, afresh=True, status=422)
    try:
        fitting = fittings.start_fitting(
            change, form.cleaned_data["photo"], form.plans(), by=person(request), wish=form.wish()
        )
    except GenerationRefused as refused:
        return _room(request, change, form=form, afresh=True, refused=refused, status=422)
    return redirect("fitting", slug, change.pk, fitting.pk)


@require_GET
def fitting_page_of(
    request: HttpRequest, slug: str, change_id: uuid.UUID, fitting_id: uuid.UUID
) -> HttpResponse:
    fitting = _fitting(request, slug, change_id, fitting_id)
    return _room(request, fitting.change, fitting=fitting)


@require_GET
def fitting_shown(
    request: HttpRequest, slug: str, change_id: uuid.UUID, fitting_id: uuid.UUID
) -> HttpResponse:
    """The result and what was measured on it, as they are now; 204 while that is what the page shows already."""
    fitting = _fitting(request, slug, change_id, fitting_id)
    context = fitting_page.shown_context(fitting_view(fitting, person(request)), person(request))
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    context |= {
        "number": request.GET.get("number", ""),
        "stages": fitting_page.stages_of(fitting.change),
        "oob": True,
    }
    return render(request, "costumes/fitting_shown.html", context)


@require_POST
def rerun_fitting(
    request: HttpRequest, slug: str, change_id: uuid.UUID, fitting_id: uuid.UUID
) -> HttpResponse:
    """Run again from the first layer that differs, or with another seed from the layer `again` on."""
    fitting = _fitting(request, slug, change_id, fitting_id, edit=True)
    layers = list(fitting.layers.select_related("garment__photo", "photo"))
    form = OutfitForm(request.POST, change=fitting.change, base=fitting, layers=layers)
    if not form.is_valid():
        return _room(request, fitting.change, fitting=fitting, form=form, status=422)
    again = request.POST.get("again", "")
    try:
        made = _again(fitting, form, layers, afresh=int(again) if again.isdecimal() else 0, request=request)
    except GenerationRefused as refused:
        return _room(request, fitting.change, fitting=fitting, form=form, refused=refused, status=422)
    return redirect("fitting", slug, change_id, made.pk)


@require_POST
def remove_fitted(
    request: HttpRequest, slug: str, change_id: uuid.UUID, fitting_id: uuid.UUID
) -> HttpResponse:
    fitting = _fitting(request, slug, change_id, fitting_id, edit=True)
    number = request.POST.get("layer", "")
    try:
        made = fittings.remove_layer(fitting, int(number) if number.isdecimal() else 0, by=person(request))
    except GenerationRefused as refused:
        return _room(request, fitting.change, fitting=fitting, refused=refused, status=422)
    return redirect("fitting", slug, change_id, made.pk)


@require_POST
def cancel_fitting(
    request: HttpRequest, slug: str, change_id: uuid.UUID, fitting_id: uuid.UUID
) -> HttpResponse:
    fitting = _fitting(request, slug, change_id, fitting_id, edit=True)
    count = fittings.cancel_fitting(fitting, by=person(request))
    messages.info(
        request, "The fitting stops at its next step." if count else "The fitting had ended already."
    )
    return redirect("fitting", slug, change_id, fitting.pk)


@require_POST
def send_fitting(
    request: HttpRequest, slug: str, change_id: uuid.UUID, fitting_id: uuid.UUID
) -> HttpResponse:
    """Make a candidate the pick of its change, which puts it before those who decide."""
    fitting = _fitting(request, slug, change_id, fitting_id, edit=True)
    frame = _chosen(request, fitting)
    if frame is None:
        return redirect("fitting", slug, change_id, fitting.pk)
    try:
        sheets.pick(fitting.change.sheet, frame, by=person(request))
        messages.success(request, f"v{frame.number} of {fitting.change} is in review now.")
    except ValueError:
        messages.error(
            request, "This result is held back or was withdrawn, so it cannot be sent. Run it again."
        )
    return redirect("fitting", slug, change_id, fitting.pk)


@require_POST
def decide_fitting(
    request: HttpRequest, slug: str, change_id: uuid.UUID, fitting_id: uuid.UUID
) -> HttpResponse:
    """Approve a candidate or ask for changes: the same decision as on the frame's own page."""
    fitting = _fitting(request, slug, change_id, fitting_id, edit=True)
    frame = _chosen(request, fitting)
    if frame is None:
        return redirect("fitting", slug, change_id, fitting.pk)
    form = DecisionForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            review.decide(frame, by=person(request), **form.cleaned_data)
            return redirect("fitting", slug, change_id, fitting.pk)
        except review.ReviewError as refusal:
            status = 403 if isinstance(refusal, review.Refused) else 422
            form.add_error("note" if status == 422 else None, str(refusal))
    return _room(request, fitting.change, fitting=fitting, decision_form=form, status=status)


@require_POST
def keep_brush(request: HttpRequest, slug: str, change_id: uuid.UUID) -> JsonResponse:
    """Keep what was painted over the photo; answers with the token that the form carries."""
    change = _change(request, slug, change_id, edit=True)
    file = request.FILES.get("mask")
    if file is None or not file.size or file.size > LARGEST_BRUSH:
        return JsonResponse({"error": "Nothing that was painted came along. Try again."}, status=422)
    try:
        painted = Image.open(io.BytesIO(file.read()), formats=["PNG"]).convert("L")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return JsonResponse({"error": "What was painted cannot be read. Paint it again."}, status=422)
    out = io.BytesIO()
    painted.save(out, "PNG")
    share = sum(level * count for level, count in enumerate(painted.histogram())) / 255
    percent = round(100 * share / (painted.width * painted.height))
    return JsonResponse({"token": signed_brush(change, store.put(out.getvalue())), "percent": percent})


@require_safe
def fitting_picture(
    request: HttpRequest, slug: str, change_id: uuid.UUID, fitting_id: uuid.UUID, which: str
) -> HttpResponse:
    """photo, person, protected, composite-mask, repainted-mask, layer-2, layer-2-mask. 410 once it is gone."""
    fitting = _fitting(request, slug, change_id, fitting_id)
    try:
        address = picture_of(fitting, which)
    except PictureGone as gone:
        return HttpResponse(str(gone), status=410, content_type="text/plain; charset=utf-8")
    if which == "photo":
        return serve_asset(request, fitting.photo, "master")
    if which.startswith("layer-") and not which.endswith("-mask"):
        # The person is seen on it, as on their photo (R33).
        project_for(request.user, slug, edit=True)
        note_opening(fitting.photo, by=person(request), how="fitting")
    return serve_picture(request, address, f"{fitting} {which}", of=fitting, kept=ASKED_EACH_TIME)


def _again(
    fitting: Fitting, form: OutfitForm, layers: list[Any], *, afresh: int, request: HttpRequest
) -> Fitting:
    """Raises GenerationRefused, also when nothing would come out otherwise."""
    plans, wish, by = form.plans(afresh=afresh), form.wish(), person(request)
    if form.cleaned_data["photo"] != fitting.photo:
        return fittings.start_fitting(fitting.change, form.cleaned_data["photo"], plans, by=by, wish=wish)
    number = first_other(layers, plans)
    repainted = set(form.changed_data) & {"protect", "release", "inside", "realism"}
    if number > len(layers) and number > len(plans) and not repainted:
        raise GenerationRefused(
            [
                "Nothing differs from this fitting. Change a layer, or press Run again beside one for another seed."
            ]
        )
    return fittings.rerun_from_layer(fitting, number, plans[number - 1 :], by=by, wish=wish)


def _room(
    request: HttpRequest,
    change: Change,
    *,
    fitting: Fitting | None = None,
    form: OutfitForm | None = None,
    afresh: bool = False,
    refused: GenerationRefused | None = None,
    decision_form: DecisionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = fitting_page.room_context(change, person(request), fitting=fitting, form=form, afresh=afresh)
    context |= {"refused": refused, "decision_form": decision_form}
    return render(request, "costumes/fitting.html", context, status=status)


def _change(request: HttpRequest, slug: str, change_id: uuid.UUID, *, edit: bool = False) -> Change:
    project = project_for(request.user, slug, edit=edit)
    changes = Change.objects.filter(character__project=project)
    return get_object_or_404(
        changes.select_related("character__project", "sheet__project", "sheet__pick"), pk=change_id
    )


def _fitting(
    request: HttpRequest, slug: str, change_id: uuid.UUID, fitting_id: uuid.UUID, *, edit: bool = False
) -> Fitting:
    change = _change(request, slug, change_id, edit=edit)
    rows = change.fittings.select_related("photo__project", "requested_by", "based_on")
    fitting = get_object_or_404(rows, pk=fitting_id)
    fitting.change = change
    return fitting


def _chosen(request: HttpRequest, fitting: Fitting) -> Frame | None:
    """The candidate that a form names; without one it says so, and another fitting's is not found."""
    key = request.POST.get("frame", "")
    if not key:
        messages.error(request, "Choose one of the two results first.")
        return None
    frames = Frame.objects.filter(job__brief=fitting.pk, sheet=fitting.change.sheet_id)
    return get_object_or_404(frames.select_related("sheet"), pk=_uuid(key))


def _uuid(key: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(key)
    except ValueError:
        return None
