"""Logs: everything in the files, only what matters on the terminal."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from previs.studio.logbook import EVERYTHING, NORMAL, QUIET, Logbook, worth_showing


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('INFO:     127.0.0.1:50404 - "GET / HTTP/1.1" 200 OK', False),
        ("ERROR:    Exception in ASGI application", True),
        ("INFO previs.generation.runner: Frame 7 stored.", True),
        ("[2026-11-21 04:50:34,672: INFO/MainProcess] Task previs.generation.tasks.sweep received", False),
        ("[2026-11-21 04:50:34,672: WARNING/MainProcess] The model is not ready.", True),
        ("13728:M 21 Nov 2026 04:42:46.768 * Ready to accept connections unix", False),
        ("13728:M 21 Nov 2026 04:42:46.768 # Can't open the append-only file", True),
        ("Traceback (most recent call last):", True),
        ('  File "previs/live.py", line 18, in <module>', True),
    ],
)
def test_the_terminal_shows_trouble_and_what_previs_reports(line: str, shown: bool) -> None:
    assert worth_showing(line) is shown


def book(folder: Path, verbosity: int) -> tuple[Logbook, io.StringIO]:
    terminal = io.StringIO()
    return Logbook(folder, verbosity=verbosity, terminal=terminal), terminal


def test_a_line_that_arrives_in_pieces_is_one_line_and_every_line_is_in_the_file(tmp_path: Path) -> None:
    logbook, terminal = book(tmp_path, NORMAL)
    logbook.feed("web", b"INFO: quiet\nWARNING previs.li")
    logbook.feed("web", b"ve: slow page\nlast")
    logbook.finish("web")
    logbook.close()
    assert terminal.getvalue().splitlines() == ["web     │ WARNING previs.live: slow page", "web     │ last"]
    recorded = [line.split(" ", 2)[2] for line in (tmp_path / "web.log").read_text().splitlines()]
    assert recorded == ["INFO: quiet", "WARNING previs.live: slow page", "last"]


def test_quiet_prints_only_what_needs_a_person_and_everything_prints_all(tmp_path: Path) -> None:
    logbook, terminal = book(tmp_path, QUIET)
    logbook.feed("web", b"ERROR: broken\n")
    logbook.say("Preparing the database.")
    logbook.say("web was killed.", always=True)
    assert terminal.getvalue() == "studio  │ web was killed.\n"
    logbook, terminal = book(tmp_path, EVERYTHING)
    logbook.feed("web", b"INFO: quiet\n")
    assert terminal.getvalue() == "web     │ INFO: quiet\n"


def test_a_log_that_grows_is_rotated_and_bytes_that_are_no_text_do_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("previs.studio.logbook.BYTES_PER_FILE", 2000)
    logbook, _ = book(tmp_path, QUIET)
    for _ in range(200):
        logbook.feed("gpu", b"a line \xff of some length that repeats\n")
    logbook.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "gpu.log",
        "gpu.log.1",
        "gpu.log.2",
        "gpu.log.3",
    ]
    assert all(path.stat().st_size <= 2000 for path in tmp_path.iterdir())


def test_a_closed_terminal_does_not_end_the_supervisor(tmp_path: Path) -> None:
    logbook, terminal = book(tmp_path, NORMAL)
    terminal.close()
    logbook.say("Nobody reads this.")
    logbook.close()
    assert "Nobody reads this." in (tmp_path / "studio.log").read_text()
