"""Serving the pictures of a frame to the people on its production."""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from previs.generation import store
from previs.generation.leaving import let_out
from previs.generation.models import HIDDEN, Frame, FrameState
from previs.projects.access import person

if TYPE_CHECKING:
    from django.db.models import Model
    from django.http import HttpRequest

logger = logging.getLogger(__name__)

# A content address never changes its bytes, but a browser that kept a withdrawn picture should lose it in a day.
KEPT_SECONDS = 24 * 3600
KEPT = f"private, immutable, max-age={KEPT_SECONDS}"
# Somebody on it may take their consent back at any moment: the browser asks each time, which costs no bytes.
ASKED_EACH_TIME = "private, no-cache"
SIGNATURES = [
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"RIFF", "image/webp", "webp"),
]


@require_safe
def frame_file(request: HttpRequest, frame_id: uuid.UUID, which: str) -> HttpResponse:
    """The bytes of a frame. which: master, thumb or blockout. 410 in words once the frame is hidden."""
    frame = get_object_or_404(Frame.objects.visible_to(request.user).select_related("sheet"), pk=frame_id)
    if frame.state in HIDDEN:
        gone = frame.state == FrameState.WITHDRAWN
        why = "was withdrawn from the production" if gone else "is held back"
        return _words(f"This frame {why}. Its picture is no longer shown.", 410)
    addresses = {"master": frame.sha256, "thumb": frame.thumb_sha256, "blockout": frame.blockout_sha256}
    name = "-".join(
        filter(None, [slugify(frame.sheet.title) or "frame", f"v{frame.number}", which * (which != "master")])
    )
    kept = ASKED_EACH_TIME if frame.persons.exists() else KEPT
    return serve_picture(request, addresses.get(which, ""), name, of=frame, kept=kept)


@require_safe
def frame_download(request: HttpRequest, frame_id: uuid.UUID) -> HttpResponse:
    """The master of a frame as a file to take away, put on record; 403 in words while its people do not agree."""
    frame = get_object_or_404(Frame.objects.visible_to(request.user).select_related("sheet"), pk=frame_id)
    if frame.state in HIDDEN:
        return _words("This frame was withdrawn or is held back, so it cannot be taken away as a file.", 410)
    leaving = let_out([frame], by=person(request), how="picture")
    if frame.pk not in leaving.allowed:
        return _words(" ".join(leaving.refused.values()), 403)
    name = f"{slugify(frame.sheet.title) or 'frame'}-v{frame.number}"
    response = serve_picture(request, frame.sha256, name, of=frame, kept="no-store")
    disposition = response.headers.get("Content-Disposition", "")
    if disposition:
        response["Content-Disposition"] = disposition.replace("inline", "attachment", 1)
    return response


def serve_picture(
    request: HttpRequest, sha256: str, name: str, *, of: Model, kept: str = KEPT
) -> HttpResponse:
    """The picture at an address, for whoever may see the row it belongs to: the caller has asked that already.

    sha256: "" answers 404 in words.  name: what a saved file is called, without its suffix.
    kept: how long a browser may show it without asking again.
    """
    if not sha256:
        return _words("There is no such picture.", 404)
    response = HttpResponse(headers={"Cache-Control": kept})
    response["ETag"] = etag = f'"{sha256}"'
    answered = get_conditional_response(request, etag=etag, response=response)
    if answered is not response:
        # The browser has these bytes already, so they need not even be read.
        return answered or response
    try:
        response.content = store.read(sha256)
    except KeyError:
        logger.error(
            "%s %s has lost its file %s; see `manage.py verify_frames`.", of._meta.label, of.pk, sha256
        )
        return _words(
            "The file of this picture is missing from the store. Ask whoever runs this server to verify the frames.",
            404,
        )
    kind, suffix = _kind_of(response.content)
    response["Content-Type"] = kind
    response["Content-Disposition"] = f'inline; filename="{slugify(name) or "picture"}.{suffix}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _kind_of(data: bytes) -> tuple[str, str]:
    """Media type and suffix by the first bytes; what is no known picture is never shown as a page."""
    for signature, kind, suffix in SIGNATURES:
        if data.startswith(signature):
            return kind, suffix
    return "application/octet-stream", "bin"


def _words(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(
        sentence,
        status=status,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )
