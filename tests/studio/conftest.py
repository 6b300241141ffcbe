"""A whole Previs in processes of its own, as `make run` starts it, in a temporary state folder."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
READY = re.compile(r"Previs is ready: (http://\S+)")
READY_WITHIN = 180.0
"""Seconds; a start takes five on an idle machine, and a machine that runs the whole suite is not idle."""
# The browser's driver needs this in the tests' own process; a program under test must do without it.
TESTS_ONLY = "DJANGO_ALLOW_ASYNC_UNSAFE"


def environment_without_tests() -> dict[str, str]:
    """What a program finds that was not started by a test."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PREVIS_") and name != TESTS_ONLY
    }


def wait_for(condition: Callable[[], object], *, seconds: float, what: str) -> None:
    """Wait for something in another process; fails with `what` when it does not come in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)


class RunningStudio:
    """One `manage.py studio`; a context that leaves nothing behind, whatever the test did to it."""

    def __init__(
        self, home: Path, *arguments: str, output: Path, model: str = "scripted", **settings: str
    ) -> None:
        self.home = home
        self.output = output
        # The studio under test has services of its own; the suite's must not leak into it.
        environment = environment_without_tests() | {
            "PREVIS_HOME": str(home),
            "PREVIS_MODEL": model,
            "PREVIS_ALLOW_SCRIPTED": "1",
            "DJANGO_SETTINGS_MODULE": "previs.settings",
            **settings,
        }
        with output.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "studio", "--no-browser", *arguments],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                # Ctrl-C in a terminal reaches a whole group; so does the tests' own.
                start_new_session=True,
            )
        self.seen: dict[int, psutil.Process] = {}

    def __enter__(self) -> RunningStudio:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.look()
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
        for left in self.living():
            left.kill()
        self.process.wait(30)

    @property
    def printed(self) -> str:
        return self.output.read_text(errors="replace")

    @property
    def url(self) -> str:
        found = READY.search(self.printed)
        assert found, f"Previs never said that it is ready:\n{self.printed}"
        return found[1]

    def wait_until_ready(self) -> RunningStudio:
        wait_for(
            lambda: READY.search(self.printed) or self.process.poll() is not None,
            seconds=READY_WITHIN,
            what=f"Previs says that it is ready (it said:\n{self.printed})",
        )
        assert self.url
        wait_for(
            lambda: self.child("gpu") and self.child("default"), seconds=READY_WITHIN, what="workers start"
        )
        return self

    def look(self) -> list[psutil.Process]:
        """Every process that the studio has started, directly or not; remembered even after it lost its parent."""
        try:
            found = psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            found = []
        self.seen |= {process.pid: process for process in found}
        return found

    def living(self) -> list[psutil.Process]:
        return [
            one for one in self.seen.values() if one.is_running() and one.status() != psutil.STATUS_ZOMBIE
        ]

    def child(self, name: str) -> psutil.Process | None:
        """The child of that name: web, valkey, gpu, default or warden."""
        marks = {
            "web": "previs.studio.web",
            "valkey": "--unixsocket",
            "gpu": "gpu@%h",
            "default": "default@%h",
            "warden": "warden.py",
        }
        for process in self.look():
            try:
                command = process.cmdline()
            except psutil.Error:
                continue
            # Behind the leash a server shows its own program; before it, the leash's.
            if any(marks[name] in word for word in command) or (
                name == "valkey" and "unixsocket" in str(command)
            ):
                return process
        return None

    def pid_of(self, name: str) -> int:
        process = self.child(name)
        assert process is not None, f"{name} does not run"
        return process.pid

    def kill(self, name: str) -> int:
        pid = self.pid_of(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def page(self, *, seconds: float = 90) -> int:
        try:
            with urllib.request.urlopen(self.url, timeout=seconds) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code


@pytest.fixture(scope="session")
def used_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder in which Previs ran before: migrated, with collected files; tests take copies."""
    folder = tmp_path_factory.mktemp("used")
    with RunningStudio(folder / "home", "--port", "0", output=folder / "studio.txt") as studio:
        studio.wait_until_ready()
    return folder / "home"


@pytest.fixture
def start(tmp_path: Path, used_home: Path) -> Iterator[Callable[..., RunningStudio]]:
    """start(*arguments, home=...) -> RunningStudio; all of them are gone when the test ends."""
    running: list[RunningStudio] = []
    # A socket is no file to copy; Valkey makes its own.
    shutil.copytree(used_home, tmp_path / "home", ignore=shutil.ignore_patterns("v.sock", "studio.lock"))

    def start_one(*arguments: str, home: Path | None = None) -> RunningStudio:
        output = tmp_path / f"studio-{len(running)}.txt"
        port = () if "--port" in arguments else ("--port", "0")
        running.append(RunningStudio(home or tmp_path / "home", *arguments, *port, output=output))
        return running[-1]

    yield start_one
    for studio in reversed(running):
        studio.__exit__(None, None, None)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])
