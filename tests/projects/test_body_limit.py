"""A body that is too large fills neither memory nor disk, and its page comes back with words."""

from __future__ import annotations

import asyncio
import tracemalloc

import pytest
from asgiref.sync import async_to_sync
from django.core.handlers.asgi import ASGIHandler
from django.urls import reverse

from previs.uploads import LARGEST_BODY, MARK, BodyLimit

CHUNK = b"x" * 65536


class Line:
    """The other end of a connection: sends `chunks` of 64 KiB and keeps what comes back."""

    def __init__(self, chunks):
        self.left = chunks
        self.sent = []

    async def receive(self):
        if self.left == 0:
            await asyncio.Event().wait()  # nothing more ever comes, as on an open connection
        self.left -= 1
        return {"type": "http.request", "body": CHUNK, "more_body": self.left > 0}

    async def send(self, message):
        self.sent.append(message)

    @property
    def status(self):
        return self.sent[0]["status"]

    @property
    def body(self):
        return b"".join(message.get("body", b"") for message in self.sent)


def scope(path="/", length=None, **headers):
    found = [(b"host", b"localhost"), (b"content-type", b"multipart/form-data; boundary=b")]
    if length is None:
        found.append((b"transfer-encoding", b"chunked"))
    else:
        found.append((b"content-length", str(length).encode()))
    found += [(name.encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "headers": found, "server": ("localhost", 80),
    }  # fmt: skip


async def echo(scope, receive, send):
    """An application that tells what it was given."""
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "told", "method": scope["method"], "size": size, "refused": scope.get(MARK, 0)})


def told(line, scope, **options):
    async_to_sync(BodyLimit(echo, **options))(scope, line.receive, line.send)
    return {key: line.sent[0][key] for key in ("method", "size", "refused")}


@pytest.mark.parametrize("announce", [True, False], ids=["announced", "chunked"])
def test_a_body_within_the_limit_arrives_whole(announce):
    length = 10 * len(CHUNK)
    answer = told(Line(10), scope(length=length if announce else None))
    assert answer == {"method": "POST", "size": length, "refused": 0}


@pytest.mark.parametrize("announce", [True, False], ids=["announced", "chunked"])
def test_a_body_beyond_the_limit_is_drained_and_becomes_a_get(announce):
    line, length = Line(20), 20 * len(CHUNK)
    answer = told(line, scope(length=length if announce else None), largest=10 * len(CHUNK))
    assert answer == {"method": "GET", "size": 0, "refused": length}
    assert line.left == 0


def test_what_nobody_would_wait_for_is_answered_without_reading_it():
    line = Line(10)
    assert told(line, scope(length=2**40))["refused"] == 2**40
    assert line.left == 10


@pytest.mark.django_db(transaction=True)
def test_200_megabytes_for_the_import_are_refused_on_its_form_without_filling_memory(
    production, owner, client_for
):
    client = client_for(owner)
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    path = reverse("script_import", args=[production.slug])
    length = 200 * 1024 * 1024
    line = Line(length // len(CHUNK))
    handler = BodyLimit(ASGIHandler())
    tracemalloc.start()
    async_to_sync(handler)(scope(path, length, cookie=cookie), line.receive, line.send)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert line.status == 413
    assert b"This file has 200 MB; a screenplay may have at most 10 MB" in line.body
    assert b'type="file"' in line.body
    assert peak < LARGEST_BODY / 2
    assert not production.revisions.exists()
