"""The whole app in real processes: it starts, survives the death of any part, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from previs.studio.paths import valkey_socket

from .conftest import RunningStudio, wait_for

pytestmark = pytest.mark.processes
Start = Callable[..., RunningStudio]


def test_a_new_state_folder_leads_to_a_first_page_and_a_second_start_keeps_everything(
    start: Start, tmp_path: Path
) -> None:
    home = tmp_path / "new" / "home with a space & 50% more"
    first = start(home=home).wait_until_ready()
    assert first.page() == 200
    key, database = (home / "secret.key").read_bytes(), (home / "db.sqlite3").stat().st_ino
    first.process.send_signal(signal.SIGTERM)
    assert first.process.wait(20) == 0

    second = start(home=home).wait_until_ready()
    assert second.page() == 200
    assert "Preparing the database" in first.printed
    assert "Preparing the database" not in second.printed
    assert (home / "secret.key").read_bytes() == key
    assert (home / "db.sqlite3").stat().st_ino == database


def test_every_part_that_is_killed_comes_back_and_the_page_with_it(start: Start) -> None:
    studio = start().wait_until_ready()
    for name in ("gpu", "default", "web", "valkey", "warden"):
        old = studio.kill(name)
        wait_for(
            lambda name=name, old=old: (new := studio.child(name)) is not None and new.pid != old,  # type: ignore[misc]
            seconds=60,
            what=f"{name} comes back",
        )
        assert studio.page() == 200
        if name != "warden":
            assert f"{name} was killed (signal 9" in studio.printed
    assert studio.process.poll() is None


def test_a_request_made_while_web_is_down_waits_instead_of_failing(start: Start) -> None:
    studio = start().wait_until_ready()
    studio.kill("web")
    assert studio.page() == 200


def test_ctrl_c_ends_everything_in_order(start: Start) -> None:
    studio = start().wait_until_ready()
    studio.look()
    os.killpg(studio.process.pid, signal.SIGINT)
    assert studio.process.wait(60) == 0
    assert studio.living() == []
    assert "Stopped." in studio.printed
    assert "Traceback" not in studio.printed


def test_kill_9_of_the_supervisor_leaves_no_process(start: Start) -> None:
    studio = start().wait_until_ready()
    assert len(studio.look()) >= 5
    studio.process.kill()
    wait_for(lambda: not studio.living(), seconds=45, what="every child ends")


def test_kill_9_of_supervisor_and_warden_together_leaves_no_process(start: Start) -> None:
    studio = start().wait_until_ready()
    warden = studio.pid_of("warden")
    os.kill(warden, signal.SIGSTOP)  # it must not get to act in between
    studio.process.kill()
    os.kill(warden, signal.SIGKILL)
    wait_for(lambda: not studio.living(), seconds=45, what="every child ends")


def test_a_new_start_right_after_a_kill_9_waits_for_the_old_processes_and_works(
    start: Start, tmp_path: Path
) -> None:
    first = start().wait_until_ready()
    first.look()
    first.process.kill()
    second = start().wait_until_ready()
    assert first.living() == []
    assert second.page() == 200


def test_a_second_instance_on_the_same_folder_is_refused_in_words(start: Start) -> None:
    first = start().wait_until_ready()
    second = start()
    assert second.process.wait(30) == 1
    assert "Previs already runs from" in second.printed
    assert str(first.process.pid) in second.printed
    assert first.url in second.printed
    assert "Traceback" not in second.printed
    assert first.page() == 200


def test_a_taken_port_is_said_in_words_and_nothing_is_left(start: Start, taken_port: int) -> None:
    studio = start("--port", str(taken_port))
    assert studio.process.wait(30) == 1
    assert f"Port {taken_port} on 127.0.0.1 is taken" in studio.printed
    assert "--port" in studio.printed
    assert "Traceback" not in studio.printed


def test_a_state_folder_with_a_very_long_path_works(start: Start, tmp_path: Path) -> None:
    home = tmp_path / ("a film with a rather long working title " * 3).strip() / "state"
    studio = start(home=home).wait_until_ready()
    assert studio.page() == 200
    place = valkey_socket(home.resolve())
    assert place.exists()
    assert not (home / "valkey" / "v.sock").exists()
    studio.process.send_signal(signal.SIGTERM)
    assert studio.process.wait(30) == 0
    assert not place.parent.exists()


def test_the_web_and_default_processes_never_load_torch(start: Start) -> None:
    studio = start().wait_until_ready()
    assert studio.page() == 200
    for name in ("web", "default"):
        process = studio.child(name)
        assert process is not None
        libraries = {Path(entry.path).name for entry in process.memory_maps()}
        assert "libtorch_cpu.so" not in libraries
        assert process.memory_info().rss < 160_000_000
