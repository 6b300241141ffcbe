"""The beats of VFX shots and the camera moves of panels."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from previs.generation.services import GenerationRefused
from previs.projects.access import person
from previs.storyboard import beats, moves
from previs.storyboard.access import beat_for, panel_for, shot_for
from previs.storyboard.forms import BeatForm, MoveForm, SeedForm
from previs.storyboard.models import Shot
from previs.storyboard.pages import beats_context, move_context
from previs.storyboard.services import BoardError
from previs.storyboard.setting import setting_of


@require_POST
def add_beat(request: HttpRequest, slug: str, shot_id: uuid.UUID) -> HttpResponse:
    shot = shot_for(request.user, slug, shot_id, edit=True)
    try:
        beats.add_beat(shot, by=person(request))
    except BoardError as error:
        return _beats(request, shot, faults=[str(error)])
    return _beats(request, shot)


@require_POST
def edit_beat(request: HttpRequest, slug: str, beat_id: uuid.UUID) -> HttpResponse:
    beat = beat_for(request.user, slug, beat_id, edit=True)
    form = BeatForm(beat, request.POST)
    if not form.is_valid():
        faults = [str(error) for errors in form.errors.values() for error in errors]
        return _beats(request, beat.shot, faults=faults, changed=form)
    beats.edit_beat(beat, by=person(request), **form.cleaned_data)
    return _beats(request, beat.shot)


@require_POST
def move_beat(request: HttpRequest, slug: str, beat_id: uuid.UUID) -> HttpResponse:
    """Change places with the beat before, or with `to=later` with the one behind."""
    beat = beat_for(request.user, slug, beat_id, edit=True)
    beats.move_beat(beat, later=request.POST.get("to") == "later", by=person(request))
    return _beats(request, beat.shot)


@require_POST
def remove_beat(request: HttpRequest, slug: str, beat_id: uuid.UUID) -> HttpResponse:
    beat = beat_for(request.user, slug, beat_id, edit=True)
    beats.remove_beat(beat, by=person(request))
    return _beats(request, beat.shot)


@require_POST
def queue_beats(request: HttpRequest, slug: str, shot_id: uuid.UUID) -> HttpResponse:
    """All beats of a shot with one seed."""
    shot = shot_for(request.user, slug, shot_id, edit=True)
    form = SeedForm(request.POST, auto_id=f"shot-{shot.pk}-%s")
    if not form.is_valid():
        return _beats(request, shot, faults=form.errors.get("seed", []), form=form)
    try:
        jobs = beats.queue_beats(shot, by=person(request), seed=form.cleaned_data["seed"])
    except (BoardError, GenerationRefused) as refused:
        return _beats(request, shot, faults=_reasons(refused), form=form)
    return _beats(request, shot, queued=len(jobs))


@require_POST
def queue_beat(request: HttpRequest, slug: str, beat_id: uuid.UUID) -> HttpResponse:
    """One beat again, with the seed that the others have."""
    beat = beat_for(request.user, slug, beat_id, edit=True)
    try:
        jobs = beats.queue_beats(beat.shot, by=person(request), only=beat)
    except (BoardError, GenerationRefused) as refused:
        return _beats(request, beat.shot, faults=_reasons(refused))
    return _beats(request, beat.shot, queued=len(jobs))


@require_POST
def queue_move(request: HttpRequest, slug: str, panel_id: uuid.UUID) -> HttpResponse:
    """All pictures of a panel's camera move with one seed."""
    panel = panel_for(request.user, slug, panel_id, edit=True)
    setting = setting_of(panel.shot.scene)
    form = MoveForm(request.POST, setting=setting)
    jobs, faults = [], []
    if form.is_valid():
        try:
            jobs = moves.queue_move(panel, by=person(request), **form.cleaned_data)
        except (BoardError, GenerationRefused) as refused:
            faults = _reasons(refused)
    if jobs and "HX-Request" not in request.headers:
        return redirect(panel.sheet.path)
    fresh = panel_for(request.user, slug, panel_id)
    context = move_context(
        fresh, person(request), setting=setting, form=None if jobs else form, faults=faults, queued=len(jobs)
    )
    return render(request, "storyboard/_move.html", context, status=200 if jobs else 422)


def _beats(request: HttpRequest, shot: Shot, *, faults: Any = (), **context: Any) -> HttpResponse:
    """The beat list as it is now. Without a script in the browser, the whole board."""
    if "HX-Request" not in request.headers and not faults:
        return redirect(shot.scene)
    context = beats_context(shot, person(request), faults=list(faults), **context)
    return render(request, "storyboard/_beats.html", context, status=422 if faults else 200)


def _reasons(refused: BoardError | GenerationRefused) -> list[str]:
    return refused.reasons if isinstance(refused, GenerationRefused) else [str(refused)]
