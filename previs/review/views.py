"""The frame viewer, its notes and decisions, and the review list."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from previs.generation.models import HIDDEN, Frame
from previs.projects.access import project_for
from previs.review import cards, lineage, services
from previs.review.dailies import dailies
from previs.review.forms import DecisionForm, NoteForm
from previs.review.models import Comment, Verdict
from previs.review.order import neighbours_of
from previs.review.services import Refused, ReviewError
from previs.review.state import states_of

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from previs.accounts.models import User

    class CrewRequest(HttpRequest):
        """A request behind the sign-in."""

        user: User
        htmx: HtmxDetails


TABS = ("notes", "brief", "lineage")
LISTS = ("waiting", "changes", "approved", "mine")
ON_OVERVIEW, ON_LIST = 12, 48
Rest = ParamSpec("Rest")
FrameView = Callable[Concatenate["CrewRequest", Frame, Rest], HttpResponse]


def on_frame(*, edit: bool = False) -> Callable[[FrameView[Rest]], Callable[..., HttpResponse]]:
    """The one way to a frame: 404 for strangers, 403 for viewers who edit, 410 in words when it was withdrawn."""

    def decorate(view: FrameView[Rest]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(
            request: CrewRequest, slug: str, frame_id: uuid.UUID, *args: Rest.args, **kwargs: Rest.kwargs
        ) -> HttpResponse:
            project = project_for(request.user, slug, edit=edit)
            frame = get_object_or_404(Frame.objects.filter(sheet__project=project).with_card(), pk=frame_id)
            if frame.state in HIDDEN:
                return render(request, "410.html", status=410)
            return view(request, frame, *args, **kwargs)

        return guarded

    return decorate


@require_safe
@on_frame()
def frame_page(request: CrewRequest, frame: Frame) -> HttpResponse:
    tab = request.GET.get("tab", "notes")
    return _page(request, frame, tab=tab if tab in TABS else "notes")


@require_safe
@on_frame()
def frame_panel(request: CrewRequest, frame: Frame, tab: str) -> HttpResponse:
    if tab not in TABS:
        raise Http404("There is no such part of the page.")
    context = _context(request, frame) | {"tab": tab, "facts": lineage.facts_of(frame)}
    return render(request, "review/_panel.html", context)


@require_safe
@on_frame()
def versions(request: CrewRequest, frame: Frame) -> HttpResponse:
    return render(request, "review/_versions.html", {"frame": frame} | _versions(frame))


@require_safe
@on_frame()
def actions(request: CrewRequest, frame: Frame) -> HttpResponse:
    """The buttons of the frame as they are after one was pressed, and where the frame stands since."""
    context = _context(request, frame) | {"versions": _versions(frame)["versions"]}
    return render(request, "review/_acted.html", context)


@require_safe
@on_frame()
def frame_record(request: CrewRequest, frame: Frame) -> HttpResponse:
    response = JsonResponse(lineage.record_of(frame), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="{file_stem(frame)}.json"'
    return response


@require_safe
@on_frame(edit=True)
def composer(request: CrewRequest, frame: Frame) -> HttpResponse:
    return render(request, "review/_composer.html", _context(request, frame))


@require_safe
@on_frame(edit=True)
def reply_composer(request: CrewRequest, frame: Frame, note_id: uuid.UUID) -> HttpResponse:
    parent = _thread(frame, note_id)
    if not request.htmx:
        return _page(request, frame, parent=parent)
    return render(
        request, "review/_composer.html", _context(request, frame) | {"parent": parent, "focus": True}
    )


@require_POST
@on_frame(edit=True)
def note(request: CrewRequest, frame: Frame) -> HttpResponse:
    return _add(request, frame, parent=None)


@require_POST
@on_frame(edit=True)
def reply(request: CrewRequest, frame: Frame, note_id: uuid.UUID) -> HttpResponse:
    return _add(request, frame, parent=_thread(frame, note_id))


@require_POST
@on_frame(edit=True)
def resolve_note(request: CrewRequest, frame: Frame, note_id: uuid.UUID) -> HttpResponse:
    services.resolve(_thread(frame, note_id), by=request.user)
    return _answer(request, frame, "review/_noted.html")


@require_POST
@on_frame(edit=True)
def reopen_note(request: CrewRequest, frame: Frame, note_id: uuid.UUID) -> HttpResponse:
    services.reopen(_thread(frame, note_id), by=request.user)
    return _answer(request, frame, "review/_noted.html")


@require_POST
@on_frame(edit=True)
def decide(request: CrewRequest, frame: Frame) -> HttpResponse:
    form = DecisionForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            decision = services.decide(frame, by=request.user, **form.cleaned_data)
        except ReviewError as refusal:
            status = 403 if isinstance(refusal, Refused) else 422
            form.add_error("note" if status == 422 else None, str(refusal))
        else:
            done = "approved" if decision.verdict == Verdict.APPROVED else "goes back with your note"
            return _answer(request, frame, "review/_decided.html", said=f"v{frame.number} {done}.")
    if not request.htmx:
        return _page(request, frame, status=status, decision_form=form)
    return render(
        request,
        "review/_decision.html",
        _context(request, frame) | {"decision_form": form, "oob": True},
        status=status,
    )


@require_safe
def review(request: CrewRequest, slug: str) -> HttpResponse:
    project = project_for(request.user, slug)
    found, shown = dailies(project, request.user), request.GET.get("list", "")
    context: dict[str, Any] = {"project": project, "dailies": found, "shown": shown if shown in LISTS else ""}
    if context["shown"]:
        pages = Paginator(getattr(found, shown), ON_LIST)
        context["page_obj"] = pages.get_page(request.GET.get("page"))
    context |= {"nav": "review", "on_overview": ON_OVERVIEW}
    return render(request, "review/review.html", context)


def file_stem(frame: Frame) -> str:
    return f"{slugify(frame.sheet.title) or 'frame'}-v{frame.number}"


def _thread(frame: Frame, note_id: uuid.UUID) -> Comment:
    return get_object_or_404(frame.comments.threads().select_related("author", "frame__sheet"), pk=note_id)


def _add(request: CrewRequest, frame: Frame, *, parent: Comment | None) -> HttpResponse:
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            services.add_note(
                frame,
                by=request.user,
                text=form.cleaned_data["text"],
                pin=form.cleaned_data["pin"],
                parent=parent,
            )
            return _answer(request, frame, "review/_noted.html", composer=True)
        except ReviewError as refusal:
            form.add_error(None, str(refusal))
    if not request.htmx:
        return _page(request, frame, status=422, note_form=form, parent=parent)
    context = _context(request, frame) | {"note_form": form, "parent": parent, "focus": True}
    return render(request, "review/_composer.html", context, status=422)


def _answer(
    request: CrewRequest, frame: Frame, template: str, *, said: str = "", composer: bool = False
) -> HttpResponse:
    """What changed, as fragments; the page again for a browser without scripts."""
    if not request.htmx:
        return redirect(frame)
    response = render(request, template, _context(request, frame) | {"oob": True, "composer": composer})
    if not said:
        return response
    # After settling htmx asks whether the button is still in the page, and speaks from the body when it is not.
    return trigger_client_event(response, "toast", {"text": said, "level": "ok"}, after="settle")


def _context(request: CrewRequest, frame: Frame) -> dict[str, Any]:
    return cards.frame_context(frame, request.user) | {"keep_typing": False}


def _versions(frame: Frame) -> dict[str, Any]:
    shown = list(frame.sheet.frames.select_related("sheet__project"))
    states = states_of(shown)
    before, after = neighbours_of(frame)
    numbers = [version.number for version in shown if version.state not in HIDDEN]
    by_number = {version.number: version for version in shown}
    return {
        "versions": [(version, states[version.pk], cards.box_of(version)) for version in shown],
        "older": by_number.get(max((n for n in numbers if n < frame.number), default=0)),
        "newer": by_number.get(min((n for n in numbers if n > frame.number), default=0)),
        "before": before,
        "after": after,
        "beside": [
            (near, where, cards.box_of(near))
            for near, where in ((before, "before"), (after, "after"))
            if near
        ],
    }


def _page(
    request: CrewRequest, frame: Frame, *, tab: str = "notes", status: int = 200, **extra: Any
) -> HttpResponse:
    context = _context(request, frame) | _versions(frame) | extra
    context |= {"nav": "review", "tab": tab, "facts": lineage.facts_of(frame), "file_stem": file_stem(frame)}
    return render(request, "review/frame.html", context, status=status)
