"""A real web server over the test database, and browsers' sockets on it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

if TYPE_CHECKING:
    from previs.accounts.models import User
    from previs.generation.models import Job, Sheet
    from previs.projects.models import Project

# Long for a busy machine; nothing waits for it unless the behaviour is broken.
PATIENCE = 10.0


@dataclass(frozen=True)
class Server:
    host: str

    @property
    def origin(self) -> str:
        return f"http://{self.host}"


@pytest.fixture
def server(transactional_db: None) -> Iterator[Server]:
    """uvicorn in a thread, as the studio runs it, on a free port over the test database."""
    import uvicorn
    from django.db import connections

    import previs.asgi

    config = uvicorn.Config(
        previs.asgi.application,
        lifespan="off",
        ws="websockets-sansio",
        log_config=None,
        timeout_graceful_shutdown=1,
    )
    running = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, name="uvicorn")
        thread.start()
        try:
            # The listening socket is open already: whoever connects before the loop runs waits in its line.
            yield Server(f"127.0.0.1:{listening.getsockname()[1]}")
        finally:
            running.should_exit = True
            thread.join(PATIENCE)
    assert not thread.is_alive(), "the server did not stop"
    connections.close_all()


class Line:
    """One page's socket."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def next(self) -> str:
        """The next message: fragments of HTML."""
        message = self.connection.recv(timeout=PATIENCE)
        assert isinstance(message, str)
        return message

    def until(self, words: str) -> list[str]:
        """Every message up to the first that holds `words`, that one included."""
        messages = [self.next()]
        while words not in messages[-1]:
            messages.append(self.next())
        return messages

    def closed_with(self) -> tuple[int, list[str]]:
        """The code with which the server ends this line, and whatever it still said before."""
        said: list[str] = []
        while True:
            try:
                said.append(self.next())
            except ConnectionClosed as closed:
                assert closed.rcvd is not None, "the line broke instead of being closed"
                return closed.rcvd.code, said


OpenLine = Callable[..., Line]


@pytest.fixture
def open_line(server: Server, client_for: Callable[[User | None], object]) -> Iterator[OpenLine]:
    """open_line(production, user or None, origin=..., client=...) -> Line; joined to the group when it returns."""
    lines = ExitStack()

    def open_line(
        production: Project, user: User | None, *, origin: str | None = None, client: object = None
    ) -> Line:
        browser = client or client_for(user)
        session = browser.cookies.get("sessionid")  # type: ignore[attr-defined]
        connection = connect(
            f"ws://{server.host}/ws/project/{production.pk}/",
            origin=origin or server.origin,  # type: ignore[arg-type]
            additional_headers={"Cookie": f"sessionid={session.value}"} if session else {},
            open_timeout=PATIENCE,
        )
        return Line(lines.enter_context(connection))

    with lines:
        yield open_line


@pytest.fixture
def sheet(production: Project) -> Sheet:
    from previs.generation.sheets import open_sheet

    return open_sheet(production, kind="panel", title="12A.1", path="/somewhere/")


@pytest.fixture
def ask(sheet: Sheet) -> Callable[..., list[Job]]:
    """ask(by, takes=1, prompt=...) -> queued jobs."""
    from previs.generation.services import Brief, generate

    def ask(
        by: User, *, takes: int = 1, prompt: str = "INT. CANNERY - NIGHT", on: Sheet | None = None
    ) -> list[Job]:
        return generate(on or sheet, Brief(prompt=prompt, takes=takes, seed=7), by=by)

    return ask


@pytest.fixture
def other_production(stranger: User) -> Project:
    """Somebody else's production, on which nobody of the cast is."""
    from decimal import Decimal

    from previs.projects.services import start_project

    return start_project(title="Elsewhere", by=stranger, aspect_ratio=Decimal("1.85"))
