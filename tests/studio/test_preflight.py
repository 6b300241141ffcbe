"""What is missing before the start is said in words that tell what to do."""

from __future__ import annotations

import collections
import errno
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from previs.studio import preflight, valkey
from previs.studio.frontdoor import FrontDoor, accepted_name
from previs.studio.services import reach_redis

Usage = collections.namedtuple("Usage", "total used free")


def test_a_full_disk_is_refused_and_a_nearly_full_one_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda place: Usage(10**12, 10**12, 1_000_000))
    with pytest.raises(preflight.StartError, match=r"is full \(1 MB free\).*PREVIS_HOME"):
        preflight.usable_home(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda place: Usage(10**12, 10**12, 500_000_000))
    assert "Only 500 MB are free" in preflight.usable_home(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda place: Usage(10**12, 0, 10**12))
    assert preflight.usable_home(tmp_path) == ""


def test_a_disk_that_takes_no_more_bytes_counts_as_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(preflight.StartError, match="is full"):
        preflight.usable_home(tmp_path)


def test_a_state_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("not a folder")
    with pytest.raises(preflight.StartError, match=r"cannot write there.*PREVIS_HOME"):
        preflight.usable_home(home)


def test_a_taken_port_is_refused_with_a_free_one_to_try(taken_port: int) -> None:
    with pytest.raises(preflight.StartError, match=f"Port {taken_port} .* taken") as refusal:
        preflight.open_listener("127.0.0.1", taken_port)
    suggested = int(str(refusal.value).rpartition("--port ")[2].rstrip("`."))
    preflight.open_listener("127.0.0.1", suggested).close()


@pytest.mark.parametrize(
    ("host", "port"), [("no such host", 8000), ("203.0.113.7", 8000), ("127.0.0.1", 70_000)]
)
def test_an_address_that_is_not_this_machine_is_refused(host: str, port: int) -> None:
    with pytest.raises(preflight.StartError, match=r"--host|--port"):
        preflight.open_listener(host, port)


def test_connections_wait_in_the_listener_until_somebody_answers() -> None:
    with (
        preflight.open_listener("127.0.0.1", 0) as listener,
        socket.create_connection(listener.getsockname(), timeout=5) as early,
    ):
        early.sendall(b"hello")
        late, _ = listener.accept()
        with late:
            assert late.recv(5) == b"hello"


def test_the_lock_names_its_holder_and_is_free_again_afterwards(tmp_path: Path) -> None:
    with preflight.only_instance(tmp_path) as lock:
        preflight.write_holder(lock, url="http://127.0.0.1:8123/")
        words = rf"process {os.getpid()}\).*8123"
        with pytest.raises(preflight.StartError, match=words), preflight.only_instance(tmp_path):
            raise AssertionError("two holders of one lock")
    with preflight.only_instance(tmp_path):
        pass


def test_without_any_server_the_words_name_three_ways_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(valkey, "bundled_program", lambda: None)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(valkey.NoServerError, match=r"make install.*redis-server.*PREVIS_REDIS_URL"):
        valkey.server_program()


def test_a_server_too_old_for_the_queue_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = tmp_path / "valkey-server", tmp_path / "redis-server"
    old.write_text("#!/bin/sh\necho 'Redis server v=5.0.7 sha=0'\n")
    new.write_text("#!/bin/sh\necho 'Redis server v=7.0.15 sha=0'\n")
    for program in (old, new):
        program.chmod(0o755)
    monkeypatch.setattr(valkey, "bundled_program", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path) + os.pathsep + "/bin")
    assert valkey.server_program() == str(new)
    new.unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(valkey.NoServerError, match=r"older than 6\.2"):
        valkey.server_program()


def test_a_socket_folder_that_belongs_to_somebody_else_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "shared"
    place.mkdir()
    uid = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: uid + 1)
    with pytest.raises(PermissionError, match="belongs to somebody else"):
        valkey.prepare_folders(socket_path=place / "v.sock", folder=tmp_path / "data")


def test_a_link_in_place_of_the_socket_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionError):
        valkey.prepare_folders(socket_path=tmp_path / "link" / "v.sock", folder=tmp_path / "data")


def test_a_redis_that_does_not_answer_is_said_without_its_password(taken_port: int) -> None:
    free = preflight.free_port_after("127.0.0.1", taken_port)
    with pytest.raises(preflight.StartError, match="does not answer") as refusal:
        reach_redis(f"redis://:hush@127.0.0.1:{free}/0")
    assert "hush" not in str(refusal.value)
    assert f"127.0.0.1:{free}" in str(refusal.value)


def test_the_first_page_is_asked_for_under_a_name_the_app_accepts() -> None:
    assert accepted_name(["previs.example", "localhost"], "0.0.0.0") == "previs.example"
    assert accepted_name(["localhost", "127.0.0.1"], "127.0.0.1") == "127.0.0.1"
    assert accepted_name(["*"], "127.0.0.1") == "127.0.0.1"


def test_the_printed_address_can_be_opened_on_this_machine() -> None:
    assert FrontDoor("0.0.0.0", 8000, "x").url == "http://127.0.0.1:8000/"
    assert FrontDoor("::1", 8000, "x").url == "http://[::1]:8000/"


def test_a_killed_process_that_nobody_has_collected_does_not_live():
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert preflight.process_lives(child.pid)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not preflight.process_lives(child.pid)
    child.wait()
