"""The one WebSocket consumer, and how each event looks to the person who watches.

An event says that something changed; the fragment is rendered from the rows as they are now, with the same
templates that the pages use, after asking again whether this person may still see the project.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import path
from django.utils.html import format_html

import costumes.cards
import previs.storyboard.beats
import previs.storyboard.cards
import previs.storyboard.moves
import sets.cards
from costumes.cards import plot_news
from previs import events
from previs.accounts.models import User
from previs.consent.roles import casting_html
from previs.generation import cards
from previs.generation.history import seconds_per_frame
from previs.generation.models import Frame, Job, JobState, Sheet
from previs.projects.models import Project
from previs.review.cards import frame_fragments, standing_fragments
from previs.storyboard.behind import left_behind
from previs.storyboard.cards import grid_html, strip_html
from previs.storyboard.pages import troubled_html

NOT_SIGNED_IN, NOT_ALLOWED = 4401, 4403
SECONDS_BETWEEN_CHECKS = 1.0
logger = logging.getLogger(__name__)

# Who draws the card of a sheet's subject, by the sheet's kind.
SUBJECT_CARDS: dict[str, Callable[[Sheet, User], str]] = {
    "panel": previs.storyboard.cards.card_html,
    "beat": previs.storyboard.beats.beat_card_html,
    "move": previs.storyboard.moves.move_card_html,
    "set": sets.cards.card_html,
    "variant": sets.cards.variant_html,
    "change": costumes.cards.card_html,
}


def _sheets(pks: Iterable[str]) -> dict[str, Sheet]:
    found = Sheet.objects.select_related("project", "pick").filter(pk__in=set(pks))
    return {str(sheet.pk): sheet for sheet in found}


def _estimate_again(sheet: Sheet, open_count: int) -> list[str]:
    """Once nothing of a sheet waits any more, its composer says what a take costs instead of what was queued."""
    last = None if open_count else sheet.jobs.order_by("-created_at").only("batch_key").first()
    if last is None:
        return []
    context = {"sheet": sheet, "eta": seconds_per_frame(last.batch_key)}
    return [render_to_string("generation/_eta.html", context)]


def jobs_changed(heard: Sequence[events.JobChanged], user: User) -> list[str]:
    jobs = Job.objects.with_card().filter(pk__in=[event.job_id for event in heard])
    pieces: list[str] = [
        render_to_string("generation/_job_card.html", {"card": card}) for card in cards.job_cards(jobs, user)
    ]
    # What was cancelled or failed may have been the last that waited.
    given_up = (str(job.sheet_id) for job in jobs if job.state in (JobState.CANCELLED, JobState.FAILED))
    for sheet in _sheets(given_up).values():
        pieces += _estimate_again(sheet, sheet.jobs.open().count())
    return pieces


def jobs_progressed(heard: Sequence[events.JobProgressed], user: User) -> list[str]:
    pieces: list[str] = []
    # Of the takes that run for one subject, its card shows the one that was heard of last.
    shown = {event.sheet_id: event.job_id for event in heard}
    for event in heard:
        places = [f"job-{event.job_id}-live"]
        if shown[event.sheet_id] == event.job_id:
            places.append(f"sheet-{event.sheet_id}-live")
        context = {
            "ratio": event.ratio,
            "preview": event.preview,
            "step": event.step,
            "steps": event.steps,
            "percent": round(100 * event.step / event.steps),
            "seconds_left": event.seconds_left,
        }
        pieces += [
            render_to_string("generation/_live.html", {**context, "live_id": live_id}) for live_id in places
        ]
        step = '<span class="ac" id="job-{}-step">step {} of {}</span>'
        pieces.append(format_html(step, event.job_id, event.step, event.steps))
    return pieces


def sheets_changed(heard: Sequence[events.SheetChanged], user: User) -> list[str]:
    pieces = []
    for sheet in _sheets(event.sheet_id for event in heard).values():
        frames = list(sheet.frames.with_card().order_by("-number")[: cards.TRAY_SIZE])
        tray = cards.tray_context(sheet, user)
        pieces += [
            render_to_string("generation/_takes.html", tray),
            render_to_string("generation/_versions.html", cards.versions_context(sheet)),
            *_estimate_again(sheet, tray["open_count"]),
            *standing_fragments(frames, user),
        ]
    return pieces


def frames_made(heard: Sequence[events.FrameMade], user: User) -> list[str]:
    pieces: list[str] = []
    for sheet in _sheets(event.sheet_id for event in heard).values():
        head = cards.tray_head(sheet, user)
        pieces += [
            render_to_string("generation/_takes_head.html", head),
            render_to_string("generation/_versions.html", cards.versions_context(sheet)),
            *_estimate_again(sheet, head["open_count"]),
        ]
    return pieces


def frames_changed(heard: Sequence[events.FrameChanged], user: User) -> list[str]:
    frames = Frame.objects.visible_to(user).with_card().filter(pk__in=[event.frame_id for event in heard])
    return [piece for frame in frames for piece in frame_fragments(frame, user)]


def scenes_changed(heard: Sequence[events.SceneChanged], user: User) -> list[str]:
    return [
        piece
        for event in heard
        for piece in (*grid_html(event.scene_id, user), *troubled_html(event.scene_id))
    ]


def script_changed(heard: Sequence[events.ScriptChanged], user: User) -> list[str]:
    return strip_html(heard[0].project_id, user)


def plots_changed(heard: Sequence[events.PlotChanged], user: User) -> list[str]:
    return [piece for event in heard for piece in plot_news(event.project_id, event.character_id)]


def castings_changed(heard: Sequence[events.CastingChanged], user: User) -> list[str]:
    return [piece for event in heard for piece in casting_html(event.character_id, user)]


FRAGMENTS: dict[type[events.Event], Callable[[Any, User], list[str]]] = {
    events.JobChanged: jobs_changed,
    events.JobClaimed: jobs_changed,
    events.JobProgressed: jobs_progressed,
    events.SheetChanged: sheets_changed,
    events.FrameMade: frames_made,
    events.FrameChanged: frames_changed,
    events.SceneChanged: scenes_changed,
    events.ScriptChanged: script_changed,
    events.PlotChanged: plots_changed,
    events.CastingChanged: castings_changed,
}


def fragments(heard: Sequence[events.Event], user: User) -> list[str]:
    """The HTML that events of one project change for this person; each piece has one root element with an id.

    Events of a kind are drawn together, and the card of a sheet's subject once, whatever happened to it.
    """
    alike: dict[Callable[[Any, User], list[str]], list[events.Event]] = defaultdict(list)
    for event in heard:
        alike[FRAGMENTS[type(event)]].append(event)
    pieces = [piece for draw, told in alike.items() for piece in draw(told, user)]
    touched = {
        event.sheet_id
        for event in heard
        if not isinstance(event, events.JobProgressed) and hasattr(event, "sheet_id")
    }
    shown = _sheets(touched) if touched else {}
    changed = {event.sheet_id for event in heard if isinstance(event, events.SheetChanged)}
    behind = left_behind([sheet for pk, sheet in shown.items() if pk in changed])
    for sheet in ((_sheets(behind) if behind else {}) | shown).values():
        draw = SUBJECT_CARDS.get(sheet.kind)
        pieces += [draw(sheet, user)] if draw else []
    if any(isinstance(event, events.JobChanged | events.SheetChanged) for event in heard):
        pieces.append(render_to_string("_engine.html", {"engine_meter": cards.engine_meter(user)}))
    return pieces


def gathered(heard: Iterable[events.Event]) -> list[events.Event]:
    """What is worth telling of events in their order: the last of each kind about each thing, and no preview of a
    job whose card is drawn anew anyway."""
    last = {event.about: event for event in heard}
    drawn = {event.job_id for event in last.values() if isinstance(event, events.JobChanged)}
    return [
        event
        for event in last.values()
        if not (isinstance(event, events.JobProgressed) and event.job_id in drawn)
    ]


class ProjectConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Everybody who has one project open. Sends fragments; listens to nothing."""

    group: str | None = None
    telling: asyncio.Task[None] | None = None
    asked = 0.0
    due = 0.0

    async def connect(self) -> None:
        self.heard: list[events.Event] = []
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
        if self.telling is not None:
            self.telling.cancel()
        if self.group:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def project_event(self, message: dict[str, Any]) -> None:
        event = events.from_message(message)
        if event is None:
            return
        due = time.monotonic() + event.patience
        self.due = min(self.due, due) if self.heard else due
        self.heard.append(event)
        if self.telling is None or self.telling.done():
            self.telling = asyncio.create_task(self._tell())

    async def _tell(self) -> None:
        """Send what was heard, together with what follows within a moment, until nothing is left.

        What arrives while fragments are drawn is drawn next: a busy page gets fewer, larger messages instead of
        falling behind.
        """
        try:
            while self.heard:
                # What is heard meanwhile may be due before.
                while (wait := self.due - time.monotonic()) > 0:
                    await asyncio.sleep(min(wait, events.Event.patience))
                heard, self.heard = gathered(self.heard), []
                pieces = await database_sync_to_async(self._drawn, thread_sensitive=False)(heard)
                if pieces is None:
                    # Signed out, switched off or taken off the crew while the page was open.
                    await self.close(code=NOT_ALLOWED)
                    return
                if pieces:
                    try:
                        await self.send(text_data="\n".join(pieces))
                    except OSError:  # the page left while they were drawn
                        return
        except Exception:
            # The page notices a closed line, comes back and reads everything anew.
            logger.exception("Fragments could not be drawn; the socket is closed.")
            await self.close()

    def _drawn(self, heard: Sequence[events.Event]) -> list[str] | None:
        """The fragments of what was heard; None for a person who may no longer see them.

        Asked again for everything but a preview that follows another within a second.
        """
        now = time.monotonic()
        only_previews = all(isinstance(event, events.JobProgressed) for event in heard)
        if not only_previews or now - self.asked >= SECONDS_BETWEEN_CHECKS:
            self.asked = now
            if not self._is_on_the_crew():
                return None
        return fragments(heard, self.scope["user"])

    @database_sync_to_async  # type: ignore[untyped-decorator]
    def _may_see(self) -> bool:
        return self._is_on_the_crew()

    def _is_on_the_crew(self) -> bool:
        """Whether a page of the same browser would still be answered: signed in, not switched off, on the crew."""
        asking = HttpRequest()
        # Read anew: the session in the scope is as it was when the line was opened.
        store = import_module(settings.SESSION_ENGINE).SessionStore
        asking.session = store(self.scope["session"].session_key)
        return Project.objects.visible_to(get_user(asking)).filter(pk=self.project_id).exists()


websocket_urlpatterns = [path("ws/project/<uuid:project_id>/", ProjectConsumer.as_asgi())]
