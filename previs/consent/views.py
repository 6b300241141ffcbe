"""The register of people and releases. Open to those who work with them; releases are moved by managers."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from previs.consent import pages, uploads
from previs.consent.forms import (
    ClearanceForm,
    NobodyForm,
    PersonForm,
    PhotoForm,
    ReleaseForm,
    RevokeForm,
    WatchForm,
)
from previs.consent.opening import serve_asset
from previs.generation import withdrawal
from previs.generation.imaging import text_sha256
from previs.generation.relinking import carry_on
from previs.generation.store import StoreError
from previs.projects.access import person as who
from previs.projects.access import project_for
from previs.projects.models import Project
from previs.rights import services
from previs.rights.models import AssetKind, Person, ReferenceAsset, Release
from previs.rights.pictures import PictureError, too_large
from previs.rights.services import RightsError
from previs.uploads import refused_bytes


@require_GET
def register(request: HttpRequest, slug: str) -> HttpResponse:
    return _register(request, project_for(request.user, slug, edit=True))


@require_POST
def add_performer(request: HttpRequest, slug: str) -> HttpResponse:
    project = project_for(request.user, slug, edit=True)
    form = PersonForm(request.POST)
    if form.is_valid():
        try:
            return redirect(services.add_person(project, by=who(request), **form.cleaned_data))
        except RightsError as error:
            form.add_error("alias", str(error))
    return _register(request, project, person_form=form)


@require_GET
def performer(request: HttpRequest, slug: str, person_id: uuid.UUID) -> HttpResponse:
    return _performer(request, _person(request, slug, person_id))


@require_POST
def edit_performer(request: HttpRequest, slug: str, person_id: uuid.UUID) -> HttpResponse:
    person = _person(request, slug, person_id)
    form = PersonForm(request.POST)
    if form.is_valid():
        try:
            return redirect(services.edit_person(person, by=who(request), **form.cleaned_data))
        except RightsError as error:
            form.add_error("alias", str(error))
            person.refresh_from_db()
    return _performer(request, person, edit_form=form)


@require_http_methods(["GET", "POST"])
def add_photo(request: HttpRequest, slug: str, person_id: uuid.UUID) -> HttpResponse:
    person = _person(request, slug, person_id)
    if size := refused_bytes(request):
        # What is far too large arrives as a GET without a body, with its size.
        return _performer(request, person, status=413, photo_refusal=too_large(size))
    form = PhotoForm(request.POST, request.FILES) if request.method == "POST" else PhotoForm()
    if form.is_valid():
        values = dict(form.cleaned_data)
        data = values.pop("file").read()
        try:
            uploads.take_in(
                person.project, data, by=who(request), kind=AssetKind.PERSON, persons=[person], **values
            )
            return redirect(person)
        except (PictureError, RightsError, StoreError) as error:
            form.add_error("file", str(error))
    return _performer(request, person, photo_form=form)


@require_POST
def add_picture(request: HttpRequest, slug: str) -> HttpResponse:
    """Take in a picture that shows nobody real, with who attests that."""
    project = project_for(request.user, slug, edit=True)
    form = NobodyForm(request.POST, request.FILES, auto_id="id_nobody_%s")
    if form.is_valid():
        values = dict(form.cleaned_data)
        data = values.pop("file").read()
        try:
            asset = uploads.take_in(project, data, by=who(request), **values)
            messages.success(request, f"{asset} may be used now.")
            return redirect("rights", slug)
        except (PictureError, RightsError, StoreError) as error:
            form.add_error("file", str(error))
    return _register(request, project, nobody_form=form)


@require_POST
def link_photo(request: HttpRequest, slug: str, asset_id: uuid.UUID) -> HttpResponse:
    asset = _asset(request, slug, asset_id)
    form = pages.link_form(asset, request.POST)
    first = asset.persons.first()
    try:
        if not form.is_valid():
            raise RightsError(" ".join(str(error) for errors in form.errors.values() for error in errors))
        with transaction.atomic():
            services.link_faces(asset, by=who(request), **form.cleaned_data)
            carry_on(asset)
        messages.success(request, f"{asset}: {asset.get_state_display().lower()}.")
    except RightsError as error:
        messages.error(request, str(error))
    here = asset.persons.first() or first
    return redirect(here) if here else redirect("rights", slug)


@require_safe
def photo_file(request: HttpRequest, slug: str, asset_id: uuid.UUID, which: str) -> HttpResponse:
    """The bytes of a person's picture, each opening on record (R33). which: master or thumb."""
    return serve_asset(request, _asset(request, slug, asset_id), which)


@require_POST
def add_release(request: HttpRequest, slug: str, person_id: uuid.UUID) -> HttpResponse:
    person = _person(request, slug, person_id, manage=True)
    form = ReleaseForm(request.POST, request.FILES)
    if form.is_valid():
        release = services.keep_release(person, by=who(request), **form.values())
        return redirect("release", slug, release.pk)
    return _performer(request, person, release_form=form)


@require_GET
def release(request: HttpRequest, slug: str, release_id: uuid.UUID) -> HttpResponse:
    return _release_page(request, _release(request, slug, release_id))


@require_POST
def edit_release(request: HttpRequest, slug: str, release_id: uuid.UUID) -> HttpResponse:
    signed = _release(request, slug, release_id, manage=True)
    form = ReleaseForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.keep_release(signed.person, by=who(request), release=signed, **form.values())
            return redirect("release", slug, signed.pk)
        except RightsError as error:
            return _release_page(request, signed, fault=str(error))
    return _release_page(request, signed, release_form=form)


@require_POST
def move_release(request: HttpRequest, slug: str, release_id: uuid.UUID) -> HttpResponse:
    """Put in force, or suspend. What an expiry had hidden comes back with a renewal."""
    signed = _release(request, slug, release_id, manage=True)
    try:
        services.move_release(signed, to=request.POST.get("to", ""), by=who(request))
    except RightsError as error:
        return _release_page(request, signed, fault=str(error))
    back = withdrawal.restore(signed.person, by=who(request))
    words = f" {back} frames are back." if back else ""
    messages.success(request, f"{signed.person}: {signed.get_status_display().lower()}.{words}")
    return redirect("release", slug, signed.pk)


@require_POST
def revoke_release(request: HttpRequest, slug: str, release_id: uuid.UUID) -> HttpResponse:
    signed = _release(request, slug, release_id, manage=True)
    form = RevokeForm(request.POST)
    if form.is_valid():
        try:
            report = withdrawal.revoke(signed, by=who(request), reason=form.cleaned_data["reason"])
            messages.success(request, f"{signed.person}: {report.words}")
            return redirect("release", slug, signed.pk)
        except RightsError as error:
            form.add_error(None, str(error))
    return _release_page(request, signed, revoke_form=form)


@require_POST
def watch_name(request: HttpRequest, slug: str) -> HttpResponse:
    project = project_for(request.user, slug, manage=True)
    form = WatchForm(request.POST)
    if not form.is_valid():
        return _register(request, project, watch_form=form)
    services.watch_name(project, by=who(request), **form.cleaned_data)
    return redirect("rights", slug)


@require_POST
def clear_prompt(request: HttpRequest, slug: str) -> HttpResponse:
    project = project_for(request.user, slug, manage=True)
    form = ClearanceForm(request.POST)
    if not form.is_valid():
        return _register(request, project, clearance_form=form)
    prompt, reason = form.cleaned_data["prompt"].strip(), form.cleaned_data["reason"]
    services.clear_prompt(project, prompt_sha256=text_sha256(prompt), reason=reason, by=who(request))
    messages.success(request, "This prompt may pass, word for word.")
    return redirect("rights", slug)


@require_POST
def close_incident(request: HttpRequest, slug: str, incident_id: int) -> HttpResponse:
    project = project_for(request.user, slug, manage=True)
    incident = get_object_or_404(project.incidents, pk=incident_id)
    try:
        services.close_incident(incident, finding=request.POST.get("finding", ""), by=who(request))
    except RightsError as error:
        return _register(request, project, fault=str(error))
    messages.success(request, f"{incident.about} may ask for frames again.")
    return redirect("rights", slug)


def _person(request: HttpRequest, slug: str, person_id: uuid.UUID, *, manage: bool = False) -> Person:
    project = project_for(request.user, slug, edit=not manage, manage=manage)
    return get_object_or_404(project.persons.select_related("project"), pk=person_id)


def _asset(request: HttpRequest, slug: str, asset_id: uuid.UUID) -> ReferenceAsset:
    project = project_for(request.user, slug, edit=True)
    return get_object_or_404(project.assets.select_related("project"), pk=asset_id)


def _release(request: HttpRequest, slug: str, release_id: uuid.UUID, *, manage: bool = False) -> Release:
    project = project_for(request.user, slug, edit=not manage, manage=manage)
    releases = Release.objects.filter(person__project=project).select_related("person__project")
    return get_object_or_404(releases, pk=release_id)


def _register(request: HttpRequest, project: Project, **refused: Any) -> HttpResponse:
    context = {
        "unlinked": pages.unlinked(project),
        "nobody_form": NobodyForm(auto_id="id_nobody_%s"),
        "watch_form": WatchForm(auto_id="id_watch_%s"),
        "clearance_form": ClearanceForm(auto_id="id_clear_%s"),
    }
    context = pages.register_context(project, who(request)) | context | refused
    return render(request, "rights/register.html", context, status=422 if refused else 200)


def _performer(request: HttpRequest, person: Person, *, status: int = 0, **refused: Any) -> HttpResponse:
    context = pages.person_context(person, who(request)) | refused
    bound = any(getattr(form, "is_bound", False) for form in refused.values())
    return render(request, "rights/performer.html", context, status=status or (422 if bound else 200))


def _release_page(request: HttpRequest, signed: Release, **refused: Any) -> HttpResponse:
    context = pages.release_context(signed, who(request)) | refused
    return render(request, "rights/release.html", context, status=422 if refused else 200)
