"""What can happen, as frozen classes; how it looks now is rendered by whoever watches (`live.py`).

An event carries ids. Only `JobProgressed` carries data, because no row holds a preview.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from typing import Any, ClassVar

from channels.layers import get_channel_layer
from django.db import transaction

logger = logging.getLogger(__name__)
SECONDS_TO_SEND = 5.0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in one project. version changes when a field does."""

    version: ClassVar[int] = 1
    subject: ClassVar[str] = "project_id"
    # Seconds it may wait for others to be drawn with it. The least gathers the events of one transaction or of
    # one step of a batch, and is too short to be seen.
    patience: ClassVar[float] = 0.04
    project_id: str

    @property
    def about(self) -> tuple[str, str]:
        """Kind and subject: of several events about the same, only the last matters."""
        return type(self).__name__, getattr(self, self.subject)


@dataclass(frozen=True, slots=True)
class JobChanged(Event):
    subject = "job_id"
    job_id: str
    sheet_id: str


@dataclass(frozen=True, slots=True)
class JobClaimed(JobChanged):
    """A worker has begun with it. The frame before it is stored a moment later and drawn in the same stroke; the
    first preview takes longer than that."""

    patience = 0.2


@dataclass(frozen=True, slots=True)
class JobProgressed(Event):
    """step of steps is done; all that a page shows of it is here, so that drawing it asks no database.

    preview: base64 JPEG at most 512 px wide, "" for none.  ratio: class of the picture's shape.
    seconds_left: None when unknown.
    """

    version = 2
    subject = "job_id"
    job_id: str
    sheet_id: str
    step: int
    steps: int
    preview: str = ""
    ratio: str = ""
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class SheetChanged(Event):
    """The pick, or the frames, of a sheet are others now. Whoever changed them has the answer to that already."""

    subject = "sheet_id"
    patience = 0.15
    sheet_id: str


@dataclass(frozen=True, slots=True)
class FrameMade(Event):
    """A job of the sheet has ended in a new frame; JobChanged tells of the job."""

    subject = "frame_id"
    frame_id: str
    sheet_id: str


@dataclass(frozen=True, slots=True)
class FrameChanged(Event):
    """Notes, decisions or the state of a frame are others now."""

    subject = "frame_id"
    frame_id: str
    sheet_id: str


@dataclass(frozen=True, slots=True)
class SceneChanged(Event):
    """Shots or panels of a scene were added, removed, edited or moved."""

    subject = "scene_id"
    scene_id: str


@dataclass(frozen=True, slots=True)
class ScriptChanged(Event):
    """A screenplay was imported: the scenes are others now."""


@dataclass(frozen=True, slots=True)
class PlotChanged(Event):
    """What a character wears in some scenes is another now. character_id: "" when the story days are others."""

    subject = "character_id"
    character_id: str


@dataclass(frozen=True, slots=True)
class CastingChanged(Event):
    """A character is played by somebody else now, or by nobody."""

    subject = "character_id"
    character_id: str


EVENTS: dict[str, type[Event]] = {
    cls.__name__: cls
    for cls in (
        JobChanged,
        JobClaimed,
        JobProgressed,
        SheetChanged,
        FrameMade,
        FrameChanged,
        SceneChanged,
        ScriptChanged,
        PlotChanged,
        CastingChanged,
    )
}


def to_message(event: Event) -> dict[str, Any]:
    """The channel-layer message of an event; raises TypeError at the author's place if a value is no JSON."""
    body = json.dumps({"kind": type(event).__name__, "version": event.version, **asdict(event)})
    return {"type": "project.event", "body": body}


def from_message(message: dict[str, Any]) -> Event | None:
    """The event of a message; None when it comes from another version of this program."""
    body = json.loads(message["body"])
    cls = EVENTS.get(body.pop("kind"))
    if cls is None or body.pop("version") != cls.version:
        return None
    return cls(**body)


def group_of(project_id: object) -> str:
    """Channel groups refuse colons and names of 100 characters; a UUID is safe."""
    return f"project-{project_id}"


def publish(*events: Event) -> None:
    """Tell everybody who has the project open, after the present transaction commits.

    Serialises at once, so that a bad payload fails here. A layer that is down is logged and never undoes or
    hides what was committed: pages refresh themselves.
    """
    transaction.on_commit(partial(_send, _messages(events)), robust=True)


def publish_now(*events: Event) -> None:
    """The same for what no row holds: at once, and without a connection to the database."""
    _send(_messages(events))


def _messages(events: Sequence[Event]) -> list[tuple[str, dict[str, Any]]]:
    return [(group_of(event.project_id), to_message(event)) for event in events]


def _send(messages: Sequence[tuple[str, dict[str, Any]]]) -> None:
    async def send() -> None:
        layer = get_channel_layer()
        for group, message in messages:
            await layer.group_send(group, message)

    try:
        asyncio.run_coroutine_threadsafe(send(), _loop()).result(SECONDS_TO_SEND)
    except Exception as error:
        logger.warning("An event could not be sent (%r); open pages will refresh themselves.", error)


@cache
def _loop_of(process: int) -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="events", daemon=True).start()
    return loop


def _loop() -> asyncio.AbstractEventLoop:
    """One loop for the whole process, on which the layer keeps its connection: opening one costs more than sending.

    By process, because a fork inherits the loop but not the thread that runs it.
    """
    return _loop_of(os.getpid())
