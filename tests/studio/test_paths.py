"""Service addresses are the same in every process and survive any folder name."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import environ
import pytest

from previs.studio.paths import (
    celery_broker_url,
    local_database_url,
    local_redis_url,
    redis_database,
    secret_key,
    valkey_socket,
)


def test_a_plain_state_folder_keeps_its_socket_inside() -> None:
    assert valkey_socket(Path("/srv/previs")) == Path("/srv/previs/valkey/v.sock")


@pytest.mark.parametrize(
    "home", ["/srv/" + "long/" * 30, "/srv/my film", "/srv/50%", "/srv/what?", "/srv/été"]
)
def test_a_long_or_odd_state_folder_gets_a_short_plain_socket_of_its_own(home: str) -> None:
    place = valkey_socket(Path(home))
    assert len(str(place)) < 90
    assert set(str(place)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-/.")
    assert place == valkey_socket(Path(home))
    assert place != valkey_socket(Path(home + "2"))


def test_the_socket_does_not_depend_on_the_shell_that_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    home = Path("/srv/my film")
    before = valkey_socket(home)
    monkeypatch.setenv("TMPDIR", "/var/tmp")
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/1")
    assert valkey_socket(home) == before


@pytest.mark.parametrize("name", ["plain", "my film", "50% a+b #2?", "été"])
def test_the_database_file_lies_in_the_state_folder_whatever_its_name(name: str) -> None:
    url = local_database_url(Path("/srv") / name)
    assert environ.Env.db_url_config(url)["NAME"] == f"/srv/{name}/db.sqlite3"


@pytest.mark.parametrize(
    ("given", "broker", "layer"),
    [
        ("redis://h:6379", "redis://h:6379/0", "redis://h:6379/2"),
        ("redis://h:6379/4", "redis://h:6379/4", "redis://h:6379/6"),
        ("rediss://:p%40ss@h/", "rediss://:p%40ss@h/0", "rediss://:p%40ss@h/2"),
        ("unix:///run/v.sock", "redis+socket:///run/v.sock?virtual_host=0", "unix:///run/v.sock?db=2"),
        (
            "redis+socket:///run/v.sock?virtual_host=1",
            "redis+socket:///run/v.sock?virtual_host=1",
            "unix:///run/v.sock?db=3",
        ),
    ],
)
def test_one_redis_address_gives_three_databases(given: str, broker: str, layer: str) -> None:
    assert celery_broker_url(given) == broker
    assert redis_database(given, 2) == layer


@pytest.mark.parametrize("given", ["amqp://h", "h:6379", "redis://h/films"])
def test_an_address_that_is_no_redis_is_refused_in_words(given: str) -> None:
    with pytest.raises(ValueError, match="PREVIS_REDIS_URL"):
        redis_database(given, 0)


def test_the_socket_address_of_an_odd_folder_needs_no_quoting() -> None:
    assert local_redis_url(Path("/srv/my film #2")).startswith("unix:///tmp/previs-")


def test_processes_starting_together_agree_on_one_secret_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as many:
        keys = set(many.map(lambda _: secret_key(tmp_path / "home"), range(32)))
    assert len(keys) == 1
    assert len(keys.pop()) >= 50
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["secret.key"]
    assert (tmp_path / "home" / "secret.key").stat().st_mode & 0o077 == 0


def test_a_state_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SystemExit, match="PREVIS_HOME"):
        secret_key(tmp_path / "file" / "home")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
