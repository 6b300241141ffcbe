"""A whole Previs with the demo production and the scripted engine, a person's browser, and a look into its rows."""

from __future__ import annotations

import http.cookiejar
import re
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.studio.conftest import ROOT, RunningStudio, environment_without_tests, wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

# On an idle machine everything here takes a tenth of this.
RENDERED = 240.0
BOARD = "/p/what-the-tide-owes/scene/1/"


class Person:
    """Somebody's browser without a screen: cookies, forms, no scripts."""

    def __init__(self, url: str, username: str) -> None:
        self.url = url.rstrip("/")
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.get("/accounts/login/")
        self.post("/accounts/login/", {"login": username, "password": "storyboard-demo"})
        assert "sessionid" in self.cookies, "the demo account could not sign in"

    @property
    def cookies(self) -> dict[str, str]:
        return {cookie.name: cookie.value or "" for cookie in self.jar}

    def get(self, path: str) -> str:
        with self.opener.open(self.url + path, timeout=60) as answer:
            return str(answer.read().decode())

    def post(self, path: str, fields: dict[str, Any], **headers: str) -> str:
        data = urllib.parse.urlencode(fields).encode()
        own = {"X-CSRFToken": self.cookies.get("csrftoken", ""), "Referer": self.url + "/", **headers}
        with self.opener.open(urllib.request.Request(self.url + path, data, own), timeout=60) as answer:
            return str(answer.read().decode())

    @cached_property
    def composer(self) -> str:
        """Where the board's form is sent; read from the page once, as in a browser."""
        found = re.search(r"/p/[\w-]+/panel/[0-9a-f-]+/generate/", self.get(BOARD))
        assert found, "the board has no composer"
        return found[0]

    def generate(
        self,
        prompt: str,
        *,
        takes: int = 1,
        steps: int | str = 8,
        seed: int = 1,
        model: str = "scripted",
        live: bool = False,
    ) -> float:
        """Press Generate on the first scene's first panel; the seconds until the answer was there.

        steps: "" leaves them to the model.  live: as a page says whose socket is open.
        """
        fields = {"prompt": prompt, "model": model, "takes": takes, "steps": steps, "seed": seed}
        began = time.perf_counter()
        self.post(self.composer, fields, **{"HX-Request": "true", **({"X-Live": "1"} if live else {})})
        return time.perf_counter() - began


class Studio(RunningStudio):
    """A running studio whose rows and files a test can look at, from outside.

    since: when the newest job of the demo production was asked for; what is younger belongs to the test.
    """

    since = ""

    def person(self, username: str = "director") -> Person:
        return Person(self.url, username)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(f"file:{self.home / 'db.sqlite3'}?mode=ro", uri=True, timeout=20)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def jobs(self) -> list[tuple[str, int, int, str, str]]:
        """(state, attempt, step, worker, error) of every job of this test, in the order they were asked for."""
        return self.rows(  # type: ignore[return-value]
            "select state, attempt, step, worker, error from generation_job "
            f"where created_at > '{self.since}' order by created_at, take"
        )

    def states(self) -> list[str]:
        return [job[0] for job in self.jobs()]

    def manage(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Run manage.py beside the studio, over the same state; it is not waited for."""
        environment = environment_without_tests() | {
            "PREVIS_HOME": str(self.home),
            "PREVIS_MODEL": "scripted",
            "PREVIS_ALLOW_SCRIPTED": "1",
        }
        return subprocess.Popen([sys.executable, "manage.py", *arguments], env=environment, cwd=ROOT)

    def wait_for_jobs(self, state: str, *, count: int = 1, seconds: float = RENDERED) -> None:
        wait_for(
            lambda: self.states().count(state) >= count, seconds=seconds, what=f"{count} jobs are {state}"
        )

    def wait_for_step(self, step: int = 2) -> None:
        wait_for(
            lambda: any(job[0] == "running" and job[2] >= step for job in self.jobs()),
            seconds=RENDERED,
            what=f"a render reaches step {step}",
        )

    def frames(self) -> list[tuple[str, str]]:
        """(job, sha256) of every frame of this test."""
        return self.rows(  # type: ignore[return-value]
            "select job_id, sha256 from generation_frame join generation_job on generation_job.id = job_id "
            f"where generation_job.created_at > '{self.since}'"
        )

    def file_of(self, sha256: str) -> Path:
        return self.home / "media" / sha256[:2] / sha256[2:4] / sha256


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with the demo production, stopped; tests take copies."""
    folder = tmp_path_factory.mktemp("demo")
    with Studio(folder / "home", "--demo", "--port", "0", output=folder / "studio.txt") as studio:
        studio.wait_until_ready()
        wait_for(
            lambda: not {"queued", "running"} & set(studio.states()),
            seconds=RENDERED,
            what="the demo's frames",
        )
    return folder / "home"


@pytest.fixture
def home(tmp_path: Path, demo_home: Path) -> Path:
    shutil.copytree(demo_home, tmp_path / "home", ignore=shutil.ignore_patterns("v.sock", "studio.lock"))
    return tmp_path / "home"


@pytest.fixture
def start(tmp_path: Path, home: Path) -> Iterator[Callable[..., Studio]]:
    """start(*arguments) -> Studio that is ready; gone when the test ends."""
    running: list[Studio] = []

    def start_one(*arguments: str) -> Studio:
        studio = Studio(home, "--port", "0", *arguments, output=tmp_path / f"studio-{len(running)}.txt")
        running.append(studio)
        studio.wait_until_ready()
        studio.since = studio.rows("select coalesce(max(created_at), '') from generation_job")[0][0]
        return studio

    yield start_one
    for studio in running:
        studio.__exit__(None, None, None)


@pytest.fixture
def window(chromium: Browser) -> Iterator[Callable[[Studio, Person], BrowserContext]]:
    """window(studio, person) -> a browser context that is signed in as that person."""
    contexts: list[BrowserContext] = []

    def window(studio: Studio, person: Person) -> BrowserContext:
        context = chromium.new_context(base_url=studio.url, reduced_motion="reduce")
        context.add_cookies(
            [{"name": name, "value": value, "url": studio.url} for name, value in person.cookies.items()]
        )
        contexts.append(context)
        return context

    yield window
    for context in contexts:
        context.close()
