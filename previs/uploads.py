"""How much of a request is taken in: beyond the limit nothing is kept, in memory or on disk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.http import HttpRequest

# The largest file anybody uploads here is a drawing of 40 MB; the rest of a form is small.
LARGEST_BODY = 42 * 1024 * 1024
# Above this even throwing the bytes away is a waste of the line: the connection is simply answered.
LARGEST_DRAINED = 1024 * 1024 * 1024
MARK = "previs.refused_bytes"

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
# Loose on purpose: frameworks annotate scope and messages each in their own way.
Application = Callable[[Any, Any, Any], Awaitable[None]]


class BodyLimit:
    """ASGI middleware around Django, which would otherwise spool a body of any size to disk before any view runs.

    A body that is too large is read and thrown away, because a browser shows an answer only when it could send
    everything. The request then goes on as a GET without a body, so the page that was posted to comes back, and
    `refused_bytes` tells its view how much there was. No view can change anything through a GET.
    """

    def __init__(self, application: Application, *, largest: int = LARGEST_BODY) -> None:
        self.application = application
        self.largest = largest

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        kept, size = await self._take_in(scope, receive)
        if kept is None:
            scope = {**scope, "method": "GET", "headers": _without_body(scope["headers"]), MARK: size}
            kept = [{"type": "http.request", "body": b"", "more_body": False}]
        messages = iter(kept)

        async def replay() -> Message:
            return next(messages, None) or await receive()

        await self.application(scope, replay, send)

    async def _take_in(
        self, scope: MutableMapping[str, Any], receive: Receive
    ) -> tuple[list[Message] | None, int]:
        """The messages to pass on at once and their size; None for a body that is too large."""
        announced = _announced(scope)
        if announced is not None and announced <= self.largest:
            return [], announced  # the server enforces the announced length
        if announced is not None and announced > LARGEST_DRAINED:
            return None, announced
        kept: list[Message] | None = []
        size = 0
        while True:
            message = await receive()
            size += len(message.get("body", b""))
            if announced is not None or size > self.largest:
                kept = None
            if kept is not None:
                kept.append(message)
            if message["type"] != "http.request" or not message.get("more_body") or size > LARGEST_DRAINED:
                return kept, max(size, announced or 0)


def refused_bytes(request: HttpRequest) -> int:
    """The size of the body that was thrown away, 0 when nothing was."""
    size: int = getattr(request, "scope", {}).get(MARK, 0)
    return size


def _announced(scope: MutableMapping[str, Any]) -> int | None:
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"")
    if length.isdigit():
        return int(length)
    return None if b"transfer-encoding" in headers or scope.get("http_version") == "2" else 0


def _without_body(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    about_body = (b"content-length", b"content-type", b"transfer-encoding")
    return [(name, value) for name, value in headers if name.lower() not in about_body]
