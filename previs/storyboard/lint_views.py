"""Waiving findings of the lint, and taking waivers back."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from previs.projects.access import person
from previs.storyboard import continuity
from previs.storyboard.access import panel_for, waiver_for
from previs.storyboard.cards import panels_of
from previs.storyboard.models import Panel
from previs.storyboard.pages import lint_context, recounted
from previs.storyboard.services import BoardError
from previs.storyboard.setting import setting_of


@require_POST
def waive(request: HttpRequest, slug: str, panel_id: uuid.UUID) -> HttpResponse:
    panel = panel_for(request.user, slug, panel_id, edit=True)
    digest, reason = request.POST.get("digest", ""), request.POST.get("reason", "")
    checks = continuity.check(panel, panels_of(panel.shot.scene), setting_of(panel.shot.scene))
    try:
        continuity.waive(panel, checks, digest=digest, reason=reason, by=person(request))
    except BoardError as error:
        return _lint(request, panel, fault=str(error), digest=digest, reason=reason)
    return _lint(request, panel)


@require_POST
def withdraw_waiver(request: HttpRequest, slug: str, waiver_id: uuid.UUID) -> HttpResponse:
    waiver = waiver_for(request.user, slug, waiver_id, edit=True)
    continuity.withdraw(waiver, by=person(request))
    return _lint(request, waiver.panel)


def _lint(request: HttpRequest, panel: Panel, **said: str) -> HttpResponse:
    if "HX-Request" not in request.headers and not said:
        return redirect(panel.sheet.path)
    scene = panel.shot.scene
    panels, setting = panels_of(scene), setting_of(scene)
    context = lint_context(panel, person(request), setting=setting, panels=panels, waiving=said)
    context |= recounted(panels, setting)
    return render(request, "storyboard/_lint.html", context, status=422 if said else 200)
