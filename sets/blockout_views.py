"""The blockout editor of one set: its page, its beginnings, saving, pictures, and what leaves and comes in."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_response_headers
from django.views.decorators.http import require_GET, require_POST

from previs.projects.access import person, project_for
from previs.script.headings import lacks_place
from sets import blockout_files, blockouts, plan_versions
from sets.blockout_passes import NoSuchView, pass_png
from sets.blockouts import BlockoutRefused, PlanConflict
from sets.models import Plan, Set
from sets.services import latest_plan

WORDS_SHOWN = 6
MOST_BYTES = 600_000  # of a posted plan; the plan itself refuses more than 500 KB in words
KEPT = 24 * 3600  # seconds a browser keeps the picture of a numbered plan


class WordsForm(forms.Form):
    words = forms.CharField(
        max_length=2000,
        label="Words",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The heading, and what stands there: INT. CANNERY - NIGHT, belt, vats.",
        error_messages={"required": "Write at least the heading: INT. CANNERY - NIGHT."},
    )

    def clean_words(self) -> str:
        words = str(self.cleaned_data["words"])
        if lacks_place(words):
            raise forms.ValidationError(
                "The heading names no place. Write it after INT. or EXT., for instance INT. CANNERY - NIGHT."
            )
        return words


def _metres(name: str, *, least: float, most: float, usual: float) -> forms.FloatField:
    words = f"{name}: use {least:g} to {most:g} m."
    return forms.FloatField(
        min_value=least,
        max_value=most,
        initial=usual,
        label=f"{name}, m",
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), words),
    )


class RoomForm(forms.Form):
    """Inner metres of an empty room."""

    width = _metres("Width", least=1, most=200, usual=6)
    depth = _metres("Depth", least=1, most=200, usual=5)
    height = _metres("Height", least=1.5, most=60, usual=2.8)


@require_GET
def editor(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    place = _set(request, slug, set_id)
    plan = latest_plan(place)
    if plan is None or "start" in request.GET:
        return _beginning(request, place, plan)
    context = blockouts.editor_context(place, plan, person(request), camera=request.GET.get("camera", ""))
    return render(request, "sets/blockout.html", context)


@require_POST
def start(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    place, by = _set(request, slug, set_id, edit=True), person(request)
    words, room = WordsForm(request.POST), RoomForm(request.POST)
    by_words = request.POST.get("from") != "room"
    try:
        if by_words and words.is_valid():
            _, reading = blockouts.begin_from_words(place, words=words.cleaned_data["words"], by=by)
            if reading.mapped:
                taken = [f"{said.lower()} as {drawn}" for said, drawn in reading.mapped.items()]
                messages.info(request, f"Taken as: {_listed(taken)}.")
            if reading.ignored:
                messages.info(request, f"Not understood, so not in the plan: {_listed(reading.ignored)}.")
        elif not by_words and room.is_valid():
            blockouts.begin_empty(place, **room.cleaned_data, by=by)
        else:
            return _beginning(
                request, place, latest_plan(place), words if by_words else None, room, status=422
            )
    except (BlockoutRefused, PlanConflict) as error:
        words.add_error(None, str(error))
        return _beginning(request, place, latest_plan(place), words, status=422)
    return redirect("blockout", slug, set_id)


@require_POST
def save(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    place = _set(request, slug, set_id, edit=True)
    try:
        sent = _posted(request)
        plan = blockouts.save_plan(
            place, document=sent.get("document"), number=_number(sent), by=person(request)
        )
    except BlockoutRefused as error:
        return JsonResponse({"error": str(error)}, status=422)
    except PlanConflict as error:
        theirs = blockouts.document_json(error.latest)
        return JsonResponse({"error": str(error), "latest": theirs}, status=409)
    return JsonResponse({"number": plan.number, "digest": plan.digest})


@require_GET
def document(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    return JsonResponse(blockouts.document_json(_plan(_set(request, slug, set_id), request)))


@require_GET
def versions(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    """Every saved revision, a page at a time, newest first; the editor takes one of them up as an unsaved step."""
    place, before = _set(request, slug, set_id), request.GET.get("before", "")
    context = plan_versions.versions_context(
        place, before=int(before) if before.isdecimal() and len(before) < 10 else None
    )
    return render(request, "sets/_plan_versions.html", {**context, "project": place.project})


@require_GET
def pass_picture(request: HttpRequest, slug: str, set_id: uuid.UUID, kind: str) -> HttpResponse:
    place = _set(request, slug, set_id)
    plan = _plan(place, request)
    camera = request.GET.get("camera") or (plan.document["cameras"] or [{"id": "above"}])[0]["id"]
    try:
        png = pass_png(plan, kind=kind, camera=camera, ratio=float(place.project.aspect_ratio))
    except NoSuchView as error:
        raise Http404(str(error)) from error
    answer = HttpResponse(png, content_type="image/png")
    answer["Cache-Control"] = f"private, max-age={KEPT}" if "plan" in request.GET else "private, no-cache"
    return answer


@require_GET
def export(request: HttpRequest, slug: str, set_id: uuid.UUID, form: str) -> HttpResponse:
    place = _set(request, slug, set_id)
    try:
        file = blockout_files.export(place, _plan(place, request), form=form)
    except blockout_files.NoSuchExport as error:
        raise Http404(str(error)) from error
    answer = HttpResponse(file.content, content_type=file.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return answer


@require_POST
def import_mesh(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    place = _set(request, slug, set_id, edit=True)
    try:
        model = blockout_files.import_model(place, request.FILES.get("file"), by=person(request))
    except blockout_files.ModelRefused as error:
        return JsonResponse({"error": str(error)}, status=422)
    return JsonResponse(model)


@require_GET
def models(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    plan = latest_plan(_set(request, slug, set_id))
    return JsonResponse(blockout_files.model_shapes(plan) if plan else {})


@require_GET
def library(request: HttpRequest) -> HttpResponse:
    answer = JsonResponse(blockouts.editor_library())
    patch_response_headers(answer, 600)
    return answer


def _beginning(
    request: HttpRequest,
    place: Set,
    plan: Plan | None,
    words: WordsForm | None = None,
    room: RoomForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "place": place,
        "plan": plan,
        "words": words or WordsForm(initial={"words": blockouts.first_words(place)}),
        "room": room if room is not None and words is None else RoomForm(),
        "can_edit": blockouts.may_edit(place, person(request)),
    }
    return render(request, "sets/blockout_start.html", context, status=status)


def _listed(words: list[str]) -> str:
    """The first of the words, and how many more there are."""
    more = len(words) - WORDS_SHOWN
    return ", ".join(words[:WORDS_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _posted(request: HttpRequest) -> dict[str, Any]:
    if len(request.body) > MOST_BYTES:
        raise BlockoutRefused(
            f"The plan has {len(request.body) // 1000} KB; {MOST_BYTES // 1000} KB are the most. Remove pieces."
        )
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise BlockoutRefused("What was sent is no JSON. Reload the page; your draft is kept.") from error
    if not isinstance(sent, dict):
        raise BlockoutRefused("What was sent is no plan.")
    return sent


def _number(sent: dict[str, Any]) -> int:
    number = sent.get("number")
    if isinstance(number, bool) or not isinstance(number, int) or number < 0:
        raise BlockoutRefused("The number of the plan that yours builds on is missing. Reload the page.")
    return number


def _plan(place: Set, request: HttpRequest) -> Plan:
    """The newest plan, or the one whose number is asked for."""
    plans = place.plans.select_related("saved_by").order_by("-number")
    number = request.GET.get("plan", "")
    if number.isdecimal() and len(number) < 10:
        return get_object_or_404(plans, number=int(number))
    plan = plans.first()
    if plan is None:
        raise Http404("This set has no blockout yet.")
    return plan


def _set(request: HttpRequest, slug: str, set_id: uuid.UUID, *, edit: bool = False) -> Set:
    project = project_for(request.user, slug, edit=edit)
    return get_object_or_404(project.sets.select_related("project", "sheet__project"), pk=set_id)
