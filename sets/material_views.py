"""References and the dressing list of a set."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from previs.consent.opening import serve_asset
from previs.generation.files import serve_picture
from previs.generation.store import StoreError
from previs.projects.access import person
from previs.rights.pictures import too_large
from previs.uploads import refused_bytes
from sets import dressing, references
from sets.forms import ReferenceForm
from sets.services import SetError
from sets.views import page, set_for


@require_http_methods(["GET", "POST"])
def add_reference(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    place = set_for(request, slug, set_id, edit=True)
    form = ReferenceForm(request.POST, request.FILES) if request.method == "POST" else ReferenceForm()
    refused = refused_bytes(request)
    if refused:
        # What is far too large arrives as a GET without a body, with its size.
        forms = {"reference_form": form, "refusal": too_large(refused)}
        return page(request, place, tab="references", forms=forms, status=413)
    if form.is_valid():
        values = form.cleaned_data
        data = values.pop("file").read()
        try:
            references.add_reference(place, data=data, by=person(request), **values)
            return redirect(f"{place.get_absolute_url()}?tab=references")
        except (SetError, StoreError) as error:
            form.add_error("file", str(error))
    status = 422 if form.is_bound else 200
    return page(request, place, tab="references", forms={"reference_form": form}, status=status)


@require_POST
def remove_reference(
    request: HttpRequest, slug: str, set_id: uuid.UUID, reference_id: uuid.UUID
) -> HttpResponse:
    place = set_for(request, slug, set_id, edit=True)
    reference = get_object_or_404(place.references.select_related("set"), pk=reference_id)
    references.remove_reference(reference, by=person(request))
    return redirect(f"{place.get_absolute_url()}?tab=references")


@require_safe
def reference_file(
    request: HttpRequest, slug: str, set_id: uuid.UUID, reference_id: uuid.UUID, which: str
) -> HttpResponse:
    """The bytes of a reference. which: master or thumb."""
    place = set_for(request, slug, set_id)
    reference = get_object_or_404(place.references.select_related("set"), pk=reference_id)
    asset = references.assets_of([reference]).get(reference.sha256)
    if asset is not None:
        return serve_asset(request, asset, which)
    sha256 = {"master": reference.sha256, "thumb": reference.thumb_sha256}.get(which, "")
    return serve_picture(request, sha256, f"{reference} {which}", of=reference)


@require_POST
def add_dressing(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    place = set_for(request, slug, set_id, edit=True)
    try:
        dressing.add_thing(place, name=request.POST.get("name", ""), by=person(request))
    except SetError as error:
        return page(request, place, tab="dressing", forms={"dressing_error": str(error)}, status=422)
    return redirect(f"{place.get_absolute_url()}?tab=dressing")


@require_POST
def keep_dressing(request: HttpRequest, slug: str, set_id: uuid.UUID) -> HttpResponse:
    place = set_for(request, slug, set_id, edit=True)
    kept = request.POST.get("kept") == "1"
    try:
        dressing.keep_thing(place, name=request.POST.get("name", ""), kept=kept, by=person(request))
    except SetError as error:
        messages.error(request, str(error))
    return redirect(f"{place.get_absolute_url()}?tab=dressing")
