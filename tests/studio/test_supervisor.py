"""The supervisor with small programs in place of the crew."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from previs.studio import supervisor as module
from previs.studio.crew import Role
from previs.studio.logbook import Logbook, cause_of_death
from previs.studio.supervisor import Supervisor

PROGRAM = str(Path(sys.executable).absolute())
SLEEPS = "import time; print('up', flush=True); time.sleep(60)"


def python(name: str, code: str, *, grace: float = 5, last: bool = False) -> Role:
    return Role(name, [PROGRAM, "-S", "-c", code], grace=grace, last=last)


@pytest.fixture
def terminal() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def crew(tmp_path: Path, terminal: io.StringIO) -> Iterator[Supervisor]:
    logbook = Logbook(tmp_path / "logs", terminal=terminal)
    supervisor = Supervisor(logbook, environment=dict(os.environ), folder=tmp_path)
    with supervisor.signals():
        yield supervisor
        supervisor.stop()
    logbook.close()


def running(supervisor: Supervisor, name: str) -> int | None:
    process = supervisor.children[name].process
    return process.pid if process is not None else None


def test_a_child_that_ends_is_started_again_and_the_words_say_why(
    crew: Supervisor, terminal: io.StringIO
) -> None:
    crew.add(python("one", "raise SystemExit(3)"))
    assert crew.run_until(lambda: terminal.getvalue().count("ended by itself with code 3") >= 2, timeout=20)


def test_the_pause_before_a_restart_grows_while_a_child_keeps_dying_and_its_last_words_are_shown(
    crew: Supervisor, terminal: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
    crew.add(python("one", "print('INFO: the reason', flush=True); raise SystemExit(1)"))
    assert crew.run_until(lambda: "died 4 times in a row" in terminal.getvalue(), timeout=20)
    assert "    INFO: the reason" in terminal.getvalue()
    child = crew.children["one"]
    assert child.due - time.monotonic() <= 0.08
    assert child.early_deaths == 4


def test_grandchildren_end_with_their_parent(crew: Supervisor, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = (
        "import subprocess, sys, time; "
        f"p = subprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(60)']); "
        f"open({str(note)!r}, 'w').write(str(p.pid)); time.sleep(60)"
    )
    crew.add(python("parent", code))
    assert crew.run_until(lambda: note.exists() and note.read_text(), timeout=10)
    grandchild = psutil.Process(int(note.read_text()))
    first = running(crew, "parent")
    assert first is not None
    os.kill(first, 9)
    assert crew.run_until(lambda: running(crew, "parent") not in (None, first), timeout=10)
    assert not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE


def test_a_child_that_ignores_the_request_to_stop_is_ended_by_force(
    crew: Supervisor, terminal: io.StringIO
) -> None:
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    crew.add(python("deaf", deaf, grace=0.3))
    assert crew.run_until(lambda: "deaf│ deaf" in terminal.getvalue().replace(" ", "", 4), timeout=10)
    begun = time.monotonic()
    crew.stop()
    assert 0.3 <= time.monotonic() - begun < 5
    assert "was still at work and was ended by force" in terminal.getvalue()


def test_what_the_others_need_stops_last(crew: Supervisor, terminal: io.StringIO) -> None:
    tells = "import signal, sys, time; signal.signal(15, lambda *a: sys.exit(print({!r}, flush=True))); print('up', flush=True); time.sleep(60)"
    crew.add(
        python("broker", tells.format("broker ends"), last=True), python("web", tells.format("web ends"))
    )
    assert crew.run_until(lambda: terminal.getvalue().count("up") == 2, timeout=10)
    crew.stop()
    said = terminal.getvalue()
    assert said.index("web ends") < said.index("broker ends")


def test_a_killed_warden_is_replaced_and_knows_every_child(crew: Supervisor, terminal: io.StringIO) -> None:
    crew.add(python("one", SLEEPS))
    warden = crew._warden
    assert warden is not None
    os.kill(warden.pid, 9)
    assert crew.run_until(lambda: crew._warden is not None and crew._warden.pid != warden.pid, timeout=10)
    child = running(crew, "one")
    assert child is not None
    replaced = crew._warden
    assert replaced is not None and replaced.stdin is not None
    replaced.stdin.close()  # as if the supervisor were gone
    replaced.wait(10)
    assert crew.run_until(lambda: "one was ended by signal 15" in terminal.getvalue(), timeout=10)


def test_work_from_another_thread_runs_in_the_loop(crew: Supervisor) -> None:
    done: list[int] = []
    crew.call(lambda: done.append(1))
    assert crew.run_until(lambda: bool(done), timeout=5)


def test_a_request_to_stop_between_two_rounds_of_the_loop_is_an_orderly_end(crew: Supervisor) -> None:
    crew.add(python("one", SLEEPS))
    os.kill(os.getpid(), signal.SIGTERM)
    assert not crew.run_until(lambda: False)
    crew.stop()
    assert running(crew, "one") is None


def test_a_request_to_stop_breaks_off_work_that_does_not_look_for_it(crew: Supervisor) -> None:
    with pytest.raises(KeyboardInterrupt), crew.interruptible():
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(30)
    with pytest.raises(KeyboardInterrupt), crew.interruptible():
        pytest.fail("Nothing more begins after a request to stop.")


def test_a_child_is_started_whole_even_when_the_request_to_stop_comes_meanwhile(
    crew: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = subprocess.Popen

    def interrupted(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        process: subprocess.Popen[bytes] = start(*arguments, **options)
        os.kill(os.getpid(), signal.SIGTERM)
        return process

    monkeypatch.setattr("previs.studio.supervisor.subprocess.Popen", interrupted)
    with crew.interruptible():
        crew.add(python("one", SLEEPS))
        assert not crew.run_until(lambda: True)
    started = running(crew, "one")
    assert started is not None
    crew.stop()
    assert not psutil.pid_exists(started)


def test_causes_of_death_are_in_words() -> None:
    assert cause_of_death(-9).startswith("was killed (signal 9")
    assert cause_of_death(-11) == "was ended by signal 11 (SIGSEGV)"
    assert cause_of_death(2) == "ended by itself with code 2"
