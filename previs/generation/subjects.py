"""Cards and pages of subjects that are a sheet with words: sets and costume changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import reswap

from previs.generation.cards import (
    JobCard,
    job_cards,
    newest_takes,
    shape_of,
    sheet_ratio,
    tray_context,
    versions_context,
)
from previs.generation.compiled import Compiled
from previs.generation.composer import composer_context, submit
from previs.generation.forms import BriefForm
from previs.generation.models import Frame, Job, Sheet
from previs.generation.sources import stale_reasons

if TYPE_CHECKING:
    from previs.accounts.models import User


@dataclass(frozen=True, slots=True)
class SubjectCard:
    """A subject with its pick, the job under way, and why the pick is stale ("" when it is not).

    frame: None also when the pick was withdrawn.  take: its newest take, while none is picked.
    """

    subject: models.Model
    sheet: Sheet
    frame: Frame | None
    job: JobCard | None
    stale: str
    take: Frame | None = None

    @property
    def lost(self) -> bool:
        """Its pick was withdrawn, so it needs another."""
        return self.frame is None and self.sheet.pick_id is not None

    @property
    def ratio(self) -> str:
        return sheet_ratio(self.sheet)

    @property
    def shape(self) -> str:
        return shape_of(self.frame, self.sheet)


def subject_cards(subjects: Sequence[Any], user: User) -> list[SubjectCard]:
    """Cards of rows that have `sheet__pick` and `sheet__project` selected; constant queries."""
    picks = [
        subject.sheet.pick for subject in subjects if subject.sheet.pick and not subject.sheet.pick.is_hidden
    ]
    stale = stale_reasons(picks)
    running: dict[Any, Job] = {}
    under_way = Job.objects.filter(sheet__in=[subject.sheet_id for subject in subjects]).open().with_card()
    for job in under_way.order_by("-state", "created_at"):
        running.setdefault(job.sheet_id, job)
    jobs = {card.job.sheet_id: card for card in job_cards(running.values(), user)}
    takes = newest_takes(subject.sheet for subject in subjects)
    cards = []
    for subject in subjects:
        pick = subject.sheet.pick
        if pick is not None and pick.is_hidden:
            pick = None
        if pick is not None:
            pick.sheet = subject.sheet
        reason = "; ".join(stale.get(pick.pk, [])) if pick else ""
        sheet = subject.sheet
        cards.append(SubjectCard(subject, sheet, pick, jobs.get(sheet.pk), reason, takes.get(sheet.pk)))
    return cards


def subject_context(
    subject: Any, compiled: Compiled, user: User, *, action: str, heading: str, form: BriefForm | None = None
) -> dict[str, Any]:
    """What every subject's page shows: hero, composer, tray, versions."""
    sheet = subject.sheet
    return {
        "card": subject_cards([subject], user)[0],
        "brief": composer_context(sheet, compiled, user, action=action, form=form, heading=heading),
        "tray": tray_context(sheet, user),
        "versions": versions_context(sheet)["versions"],
    }


def generate_fragment(
    request: HttpRequest, sheet: Sheet, compiled: Compiled, *, by: User, action: str, heading: str
) -> HttpResponse:
    """Queue what the composer asks for, and answer with the composer and the tray."""
    form, jobs = submit(request.POST, sheet, compiled, by=by)
    if jobs and "HX-Request" not in request.headers:
        return redirect(sheet.path)
    return composer_answer(
        request,
        sheet,
        form,
        jobs,
        by=by,
        context=lambda: composer_context(sheet, compiled, by, action=action, form=form, heading=heading),
    )


def composer_answer(
    request: HttpRequest,
    sheet: Sheet,
    form: BriefForm,
    jobs: list[Job],
    *,
    by: User,
    context: Callable[[], dict[str, Any]],
) -> HttpResponse:
    """After a Generate: the composer with what is wrong, or the tray with the new takes.

    A composer that showed nothing wrong stays on the page as it is, and the tray of a page whose socket is open
    (live.js says so) comes through that. context: of `_brief.html`, when it is drawn anew.
    """
    if not jobs:
        return render(request, "generation/_brief.html", context(), status=422)
    queued: dict[str, Any] = {"sheet": sheet, "queued": len(jobs), "cells": bool(form.cleaned_data["axes"])}
    if request.headers.get("X-Live") != "1":
        queued["tray"] = tray_context(sheet, by)
    if request.POST.get("refused"):
        return render(request, "generation/_brief_and_takes.html", context() | queued)
    return reswap(render(request, "generation/_queued.html", queued), "none")
