"""The one WebSocket consumer, and how each event looks to the person who watches.

An event says that something changed; the fragment is rendered from the rows as they are now, with the same
templates that the pages use, after asking again whether this person may still see the project.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import path

import costumes.cards
import previs.storyboard.cards
import sets.cards
from previs import events
from previs.accounts.models import User
from previs.generation import cards
from previs.generation.models import Frame, Job, Sheet
from previs.projects.models import Project
from previs.review.cards import frame_fragments, standing_fragments
from previs.storyboard.cards import grid_html, strip_html

NOT_SIGNED_IN, NOT_ALLOWED = 4401, 4403
E = TypeVar("E", bound=events.Event)

# Who draws the card of a sheet's subject, by the sheet's kind.
SUBJECT_CARDS: dict[str, Callable[[Sheet, User], str]] = {
    "panel": previs.storyboard.cards.card_html,
    "set": sets.cards.card_html,
    "change": costumes.cards.card_html,
}


def _sheet(pk: str) -> Sheet | None:
    return Sheet.objects.select_related("project", "pick").filter(pk=pk).first()


def _subject(sheet: Sheet | None, user: User) -> list[str]:
    draw = SUBJECT_CARDS.get(sheet.kind) if sheet else None
    return [draw(sheet, user)] if draw and sheet else []


def job_changed(event: events.JobChanged, user: User) -> list[str]:
    job = Job.objects.with_card().filter(pk=event.job_id).first()
    if job is None:
        return []
    card = render_to_string("generation/_job_card.html", {"card": cards.job_cards([job], user)[0]})
    meter = render_to_string("_engine.html", {"engine_meter": cards.engine_meter(user)})
    return [card, meter, *_subject(_sheet(event.sheet_id), user)]


def job_progressed(event: events.JobProgressed, user: User) -> list[str]:
    sheet = _sheet(event.sheet_id)
    if sheet is None:
        return []
    context = {
        "ratio": cards.sheet_ratio(sheet),
        "preview": event.preview,
        "step": event.step,
        "steps": event.steps,
        "percent": round(100 * event.step / event.steps),
        "seconds_left": event.seconds_left,
    }
    return [
        render_to_string("generation/_live.html", {**context, "live_id": live_id})
        for live_id in (f"job-{event.job_id}-live", f"sheet-{event.sheet_id}-live")
    ]


def sheet_changed(event: events.SheetChanged, user: User) -> list[str]:
    sheet = _sheet(event.sheet_id)
    if sheet is None:
        return []
    return [
        render_to_string("generation/_takes.html", cards.tray_context(sheet, user)),
        render_to_string("generation/_versions.html", cards.versions_context(sheet)),
        *standing_fragments(list(sheet.frames.with_card().order_by("-number")[: cards.TRAY_SIZE]), user),
        *_subject(sheet, user),
    ]


def frame_changed(event: events.FrameChanged, user: User) -> list[str]:
    frame = Frame.objects.visible_to(user).with_card().filter(pk=event.frame_id).first()
    if frame is None:
        return []
    return [*frame_fragments(frame, user), *_subject(_sheet(event.sheet_id), user)]


def scene_changed(event: events.SceneChanged, user: User) -> list[str]:
    return grid_html(event.scene_id, user)


def script_changed(event: events.ScriptChanged, user: User) -> list[str]:
    return strip_html(event.project_id, user)


FRAGMENTS: dict[type[events.Event], Callable[[Any, User], list[str]]] = {
    events.JobChanged: job_changed,
    events.JobProgressed: job_progressed,
    events.SheetChanged: sheet_changed,
    events.FrameChanged: frame_changed,
    events.SceneChanged: scene_changed,
    events.ScriptChanged: script_changed,
}


def fragments(event: events.Event, user: User) -> list[str]:
    """The HTML that an event changes for this person; each piece has one root element with an id."""
    return FRAGMENTS[type(event)](event, user)


class ProjectConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Everybody who has one project open. Sends fragments; listens to nothing."""

    group: str | None = None

    async def connect(self) -> None:
        self.project_id: uuid.UUID = self.scope["url_route"]["kwargs"]["project_id"]
        user = self.scope["user"]
        refused = NOT_SIGNED_IN if not user.is_authenticated else 0
        if not refused and not await self._may_see():
            refused = NOT_ALLOWED
        if not refused:
            # Joined before the handshake is answered, so that no event falls between page and subscription.
            self.group = events.group_of(self.project_id)
            await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()
        if refused:
            # Refusing the handshake would look like a broken line, and the browser would try again for ever.
            await self.close(code=refused)

    async def disconnect(self, code: int) -> None:
        if self.group:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def project_event(self, message: dict[str, Any]) -> None:
        event = events.from_message(message)
        if event is None:
            return
        if not await self._may_see():
            # Signed out, switched off or taken off the crew while the page was open.
            await self.close(code=NOT_ALLOWED)
            return
        pieces = await database_sync_to_async(fragments, thread_sensitive=False)(event, self.scope["user"])
        if pieces:
            await self.send(text_data="\n".join(pieces))

    @database_sync_to_async  # type: ignore[untyped-decorator]
    def _may_see(self) -> bool:
        """Whether a page of the same browser would still be answered: signed in, not switched off, on the crew."""
        asking = HttpRequest()
        # Read anew: the session in the scope is as it was when the line was opened.
        store = import_module(settings.SESSION_ENGINE).SessionStore
        asking.session = store(self.scope["session"].session_key)
        return Project.objects.visible_to(get_user(asking)).filter(pk=self.project_id).exists()


websocket_urlpatterns = [path("ws/project/<uuid:project_id>/", ProjectConsumer.as_asgi())]
