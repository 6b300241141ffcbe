"""The script pages: the sheet, the import with its preview, the source file."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from previs.generation.store import StoreError
from previs.projects.access import person, project_for
from previs.projects.models import Project
from previs.script import services
from previs.script.forms import UploadForm, too_large
from previs.script.models import Scene
from previs.script.reading import NotAScreenplay
from previs.script.sheet import sheet
from previs.uploads import refused_bytes


@require_GET
def script(request: HttpRequest, slug: str) -> HttpResponse:
    project = project_for(request.user, slug)
    revision = services.current_revision(project)
    scenes = list(project.scenes.prefetch_related("cast"))
    context = {
        "project": project,
        "nav": "script",
        "revision": revision,
        "scenes": scenes,
        "chosen": _chosen(scenes, request.GET.get("scene", "")),
        "may_edit": Project.objects.editable_by(request.user).filter(pk=project.pk).exists(),
    }
    if revision is not None:
        try:
            context["lines"] = sheet(services.document_of(revision), scenes, revision_id=revision.pk)
        except services.SourceLost as lost:
            context["lost"] = str(lost)
    return render(request, "script/script.html", context)


@require_GET
def scene_facts(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """The right column alone, for a scene chosen in the list."""
    project = project_for(request.user, slug)
    scene = get_object_or_404(project.scenes.prefetch_related("cast"), number=number)
    return render(request, "script/_scene_facts.html", {"project": project, "chosen": scene})


@require_http_methods(["GET", "POST"])
def script_import(request: HttpRequest, slug: str) -> HttpResponse:
    project = project_for(request.user, slug, edit=True)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    context = {
        "project": project,
        "nav": "script",
        "form": form,
        "revision": services.current_revision(project),
    }
    refused = refused_bytes(request)
    if refused:
        return render(request, "script/import.html", context | {"refusal": too_large(refused)}, status=413)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            draft = services.upload(project, raw=file.read(), name=file.name, by=person(request))
            return redirect("script_preview", slug, draft.pk)
        except (NotAScreenplay, StoreError) as error:
            form.add_error("file", str(error))
    return render(request, "script/import.html", context, status=422 if form.errors else 200)


@require_GET
def script_preview(request: HttpRequest, slug: str, revision_id: UUID) -> HttpResponse:
    project = project_for(request.user, slug, edit=True)
    revision = get_object_or_404(project.revisions, pk=revision_id)
    if revision.confirmed_at is not None:
        return redirect("script", slug)
    try:
        preview = services.preview(revision)
    except services.SourceLost as lost:
        return _source_lost(request, project, lost)
    return render(request, "script/preview.html", {"project": project, "nav": "script", "preview": preview})


@require_POST
def script_confirm(request: HttpRequest, slug: str, revision_id: UUID) -> HttpResponse:
    project = project_for(request.user, slug, edit=True)
    revision = get_object_or_404(project.revisions, pk=revision_id)
    try:
        services.confirm(revision, by=person(request))
    except services.SourceLost as lost:
        return _source_lost(request, project, lost)
    return redirect("script", slug)


@require_GET
def script_source(request: HttpRequest, slug: str, revision_id: UUID) -> HttpResponse:
    """The file as it was uploaded, byte for byte."""
    project = project_for(request.user, slug)
    revision = get_object_or_404(project.revisions, pk=revision_id)
    try:
        data = services.source_of(revision)
    except services.SourceLost as lost:
        return _source_lost(request, project, lost)
    # A download and never a page: a browser must not run what somebody named script.html.
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, revision.file_name) or "attachment"
    response["ETag"] = f'"{revision.sha256}"'
    return response


def _source_lost(request: HttpRequest, project: Project, lost: services.SourceLost) -> HttpResponse:
    return render(
        request, "script/lost.html", {"project": project, "nav": "script", "lost": lost}, status=410
    )


def _chosen(scenes: list[Scene], number: str) -> Scene | None:
    """The scene asked for, else the first one that is in the script."""
    asked = next((scene for scene in scenes if scene.number == number), None)
    return asked or next((scene for scene in scenes if not scene.omitted), None)
