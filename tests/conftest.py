"""The cast, and a studio of their own: a temporary home, a real Valkey, a content store, quick passwords.

The environment is set while this file is imported, before anything reads the settings; pyproject.toml
therefore names no settings module. PREVIS_DATABASE_URL is honoured, so the same tests run on PostgreSQL.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from previs.media import storage_from_url
from previs.studio import leash, valkey

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Browser, Playwright

    from previs.accounts.models import User
    from previs.projects.models import Project
    from previs.script.models import Scene

if "django.conf" in sys.modules and sys.modules["django.conf"].settings.configured:
    raise pytest.UsageError(
        "The settings were loaded before tests/conftest.py could give them a temporary home. "
        "Unset DJANGO_SETTINGS_MODULE and run again."
    )

HOME = Path(tempfile.mkdtemp(prefix="previs-tests-"))
VALKEY_SOCKET = HOME / "valkey" / "v.sock"
SECONDS_TO_START = 20.0

os.environ.update(
    PREVIS_HOME=str(HOME),
    PREVIS_REDIS_URL=f"unix://{VALKEY_SOCKET}",
    PREVIS_MEDIA_URL=str(HOME / "media"),
    PREVIS_SECRET_KEY="a key that signs nothing outside this test run",
    PREVIS_MODEL="scripted",
    PREVIS_ALLOW_SCRIPTED="1",
    DJANGO_SETTINGS_MODULE="previs.settings",
)


# WhiteNoise complains about a folder that collectstatic has never made.
(HOME / "static").mkdir()


def start_valkey() -> subprocess.Popen[bytes]:
    """A server on a unix socket in the temporary home, which the kernel ends should this process be killed."""
    folder = VALKEY_SOCKET.parent
    valkey.prepare_folders(socket_path=VALKEY_SOCKET, folder=folder)
    command = valkey.command(valkey.server_program(), socket_path=VALKEY_SOCKET, folder=folder)
    log = (HOME / "valkey.log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "-S", leash.__file__, str(os.getpid()), "exec", *command], stdout=log, stderr=log
    )
    deadline = time.monotonic() + SECONDS_TO_START
    while not valkey.answers(VALKEY_SOCKET):
        if server.poll() is not None or time.monotonic() > deadline:
            server.kill()
            raise pytest.UsageError(f"The test broker did not start:\n{(HOME / 'valkey.log').read_text()}")
        time.sleep(0.01)
    return server


def end_valkey(server: subprocess.Popen[bytes], starter: int) -> None:
    # A forked worker inherits the exit hooks; only the process that started the server may end it.
    if os.getpid() != starter:
        return
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
    shutil.rmtree(HOME, ignore_errors=True)


atexit.register(end_valkey, start_valkey(), os.getpid())


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Before pytest-xdist starts its processes: each of them gives itself a home of its own, as this one did."""
    del os.environ["DJANGO_SETTINGS_MODULE"]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """`--dist loadgroup`: one process holds the studio that all of tests/browser shares, the other kills workers.

    pytest-xdist 3.8 reads its groups from an attribute that pytest 9 no longer has, so that every test would be a
    group of its own.
    """
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class BySharedStudio(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return "studio" if nodeid.startswith("tests/browser/") else "rest"

    return BySharedStudio(config, log)


def pytest_configure() -> None:
    from django.conf import settings

    # Hashing slowly on purpose protects real passwords and only delays tests.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # The manifest storage knows only files that collectstatic has gathered.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests with a browser come last: Playwright keeps an event loop running in the thread it was started from.

    A run on another database than the usual one is about the database: what touches none is left out.
    """
    if "PREVIS_DATABASE_URL" in os.environ:
        left_out = [item for item in items if not _touches_a_database(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if _touches_a_database(item)]
    items.sort(key=lambda item: "driver" in getattr(item, "fixturenames", ()))


def _touches_a_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool({"db", "transactional_db"} & fixtures or item.get_closest_marker("django_db"))


@pytest.fixture(autouse=True)
def _no_memory_of_other_tests(request: pytest.FixtureRequest) -> None:
    """Sign-in throttles live in the cache; what one test did must not lock the next one out."""
    if _touches_a_database(request.node) or "live_server" in request.fixturenames:
        from django.core.cache import cache

        cache.clear()


# --- Chromium ---------------------------------------------------------------------------------------

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# WebGL without a graphics card: the browser draws on the processor, and puts pages together without WebGL,
# which there would take it ten times as long.
QUIET = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-compositing",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """One Playwright for all tests: a second one cannot be started while the loop of the first runs."""
    from playwright.sync_api import sync_playwright

    # Django would take the thread of that loop for an async view.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as running:
        yield running
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def chromium(driver: Playwright) -> Iterator[Browser]:
    from playwright.sync_api import expect

    expect.set_options(
        timeout=20_000
    )  # what is expected comes at once, but not on a machine that runs the suite
    browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    yield browser
    browser.close()


@pytest.fixture
def own_store(tmp_path: Path, settings: Any) -> Path:
    """A content store of this test's own, in the folder that is returned."""
    media = tmp_path / "media"
    settings.STORAGES = settings.STORAGES | {"default": storage_from_url(str(media))}
    return media


# --- The cast --------------------------------------------------------------------------------------

PASSWORD = "grey-box-and-gaffer-tape"


def person(username: str, name: str) -> User:
    from previs.accounts.models import User

    return User.objects.create_user(username, f"{username}@studio.example", PASSWORD, name=name)


@pytest.fixture
def owner(db: None) -> User:
    return person("owner", "Olga Owens")


@pytest.fixture
def production(owner: User) -> Project:
    """A production whose owner is `owner`; each member of the cast joins it when a test asks for them."""
    from decimal import Decimal

    from previs.projects.services import start_project

    return start_project(
        title="The Salt Road", by=owner, aspect_ratio=Decimal("2.39"), logline="Two ride north."
    )


def member(production: Project, username: str, name: str, role: str) -> User:
    from previs.projects.services import cast

    user = person(username, name)
    cast(production, user=user, role=role, by=production.memberships.get(role="owner").user)
    return user


@pytest.fixture
def producer(production: Project) -> User:
    return member(production, "producer", "Petra Pohl", "producer")


@pytest.fixture
def director(production: Project) -> User:
    return member(production, "director", "Dario Duran", "director")


@pytest.fixture
def costume_designer(production: Project) -> User:
    return member(production, "costume", "Cleo Carver", "costume")


@pytest.fixture
def production_designer(production: Project) -> User:
    return member(production, "art", "Ada Arden", "art")


@pytest.fixture
def viewer(production: Project) -> User:
    return member(production, "viewer", "Vic Vogel", "viewer")


@pytest.fixture
def stranger(db: None) -> User:
    """Somebody with an account here who is on no crew."""
    return person("stranger", "Stan Strange")


@pytest.fixture
def client_for() -> Callable[[User | None], Client]:
    """A browser signed in as a person; `client_for(None)` is nobody's."""
    from django.test import Client

    def sign_in(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def scene(production: Project, owner: User) -> Scene:
    """Scene 12 of a confirmed screenplay, with one character, Mara; its set key is "cannery"."""
    from django.utils import timezone

    from previs.generation.store import put
    from previs.script.models import Character, Revision, Scene

    text = "INT. CANNERY - NIGHT #12#\n\nMara walks the line. Jars come out of the dark.\n\nMARA\nStop the belt.\n"
    revision = Revision.objects.create(
        project=production,
        number=1,
        file_name="salt-road.fountain",
        sha256=put(text.encode()),
        title="The Salt Road",
        uploaded_by=owner,
        confirmed_at=timezone.now(),
    )
    scene = Scene.objects.create(
        project=production,
        revision=revision,
        ordinal=1,
        number="12",
        heading="INT. CANNERY - NIGHT",
        kind="INT",
        setting="CANNERY",
        set_key="cannery",
        time_of_day="NIGHT",
        text=text,
        start=0,
        end=len(text),
        start_line=1,
        eighths=3,
    )
    scene.cast.add(Character.objects.create(project=production, name="MARA", number=1))
    return scene
