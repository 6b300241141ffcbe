"""Keeps the crew alive: starts children, reads what they write, restarts the dead, ends them all.

One thread does everything here, in a loop over descriptors: PR_SET_PDEATHSIG ties a child to the thread
that started it, so a restart from a passing thread would kill the child with that thread. Other threads
hand work in through `call()`.
"""

import contextlib
import os
import queue
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from previs.studio import warden
from previs.studio.crew import Role
from previs.studio.logbook import Logbook, cause_of_death

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 15.0
# A child that lived this long was all right: its next restart is quick again.
SETTLED = 30.0
# After this many early deaths in a row the end of its log is worth showing.
HOPELESS = 4
IDLE = 5.0


@dataclass
class Child:
    role: Role
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    early_deaths: int = 0
    # When to start it again; read only while there is no process.
    due: float = 0.0


class Supervisor:
    """Runs roles until somebody asks it to stop.

    environment, folder: of every child. keep_open: a descriptor that the warden holds until the last
    child is gone (the lock on the state folder).
    """

    def __init__(
        self, logbook: Logbook, *, environment: dict[str, str], folder: Path, keep_open: int | None = None
    ) -> None:
        self.logbook = logbook
        self.environment = environment
        self.folder = folder
        self.keep_open = keep_open
        self.children: dict[str, Child] = {}
        self.stop_requests = 0
        self._interruptible = False
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._selector = selectors.DefaultSelector()
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)
        self._selector.register(self._wake_read, selectors.EVENT_READ)
        self._warden: subprocess.Popen[bytes] | None = None

    @contextlib.contextmanager
    def signals(self) -> Iterator[None]:
        """Take Ctrl-C, SIGTERM and a closed terminal as requests to stop, and wake on a child's death."""
        handlers: dict[signal.Signals, Callable[[int, FrameType | None], None]] = {
            signal.SIGINT: self._on_stop_signal,
            signal.SIGTERM: self._on_stop_signal,
            signal.SIGHUP: self._on_stop_signal,
            signal.SIGCHLD: lambda number, frame: None,
        }
        before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        wakeup_before = signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(wakeup_before)
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextlib.contextmanager
    def interruptible(self) -> Iterator[None]:
        """Work that does not look at `stop_requests`, such as a migration: a request to stop breaks it off."""
        if self.stop_requests:
            raise KeyboardInterrupt
        self._interruptible = True
        try:
            yield
        finally:
            self._interruptible = False

    @contextlib.contextmanager
    def _shielded(self) -> Iterator[None]:
        """Nothing breaks this off: a child half started would be nobody's, and the loop looks at the counter."""
        before, self._interruptible = self._interruptible, False
        try:
            yield
        finally:
            self._interruptible = before

    def add(self, *roles: Role) -> None:
        """Start these roles now and keep them alive from here on."""
        with self._shielded():
            for role in roles:
                child = self.children[role.name] = Child(role)
                self._start(child)

    def call(self, work: Callable[[], None]) -> None:
        """Have the loop run `work` soon; safe from any thread."""
        self._calls.put(work)
        with contextlib.suppress(BlockingIOError):  # a full pipe wakes the loop just as well
            os.write(self._wake_write, b"c")

    def run_until(self, done: Callable[[], bool], *, timeout: float = float("inf")) -> bool:
        """Tend the crew until `done()`, until somebody asks to stop, or for `timeout` seconds.

        Returns whether it is done.
        """
        deadline = time.monotonic() + timeout
        finished = False
        # With a deadline somebody waits for a change that no descriptor announces (Valkey answering).
        longest = IDLE if timeout == float("inf") else 0.02
        with self._shielded():
            while not self.stop_requests and not (finished := done()):
                now = time.monotonic()
                if now >= deadline:
                    break
                waiting = [child.due - now for child in self.children.values() if child.process is None]
                self._tend(max(0.0, min([longest, *waiting])))
                self._revive()
        return finished

    def stop(self) -> None:
        """End every child, those that others talk to last; a second request to stop ends them by force."""
        for last in (False, True):
            self._end([child for child in self.children.values() if child.role.last is last])
        if self._warden is not None and self._warden.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._warden.stdin.close()
            self._warden.wait()
            self._warden = None

    def _on_stop_signal(self, number: int, frame: FrameType | None) -> None:
        self.stop_requests += 1
        if self._interruptible:
            raise KeyboardInterrupt

    def _tend(self, seconds: float) -> None:
        """Wait at most `seconds` for something to happen, and take note of it."""
        for key, _ in self._selector.select(seconds):
            if key.data is None:
                with contextlib.suppress(BlockingIOError):
                    os.read(self._wake_read, 4096)
            else:
                self._read(key.data)
        while not self._calls.empty():
            self._calls.get()()

    def _read(self, child: Child) -> bool:
        """Pass on what a child wrote; says whether there may be more."""
        if child.process is None or child.process.stdout is None:
            return False
        try:
            data = os.read(child.process.stdout.fileno(), 65536)
        except BlockingIOError:
            return False
        if data:
            self.logbook.feed(child.role.name, data)
        else:
            with contextlib.suppress(KeyError):
                self._selector.unregister(child.process.stdout)
        return bool(data)

    def _revive(self) -> None:
        self._keep_warden()
        for child in self.children.values():
            if child.process is not None:
                code = self._reap(child)
                if code is not None:
                    self._plan_restart(child, code)
            elif time.monotonic() >= child.due:
                self._start(child)

    def _start(self, child: Child) -> None:
        self._keep_warden()
        child.started = time.monotonic()
        try:
            process = subprocess.Popen(  # noqa: S603 - the command lines are ours
                child.role.leashed(),
                env=self.environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                bufsize=0,
                pass_fds=tuple(child.role.inherit),
                # Its own group: Ctrl-C reaches the supervisor alone, which ends children in order,
                # and the group's number ends grandchildren too.
                start_new_session=True,
            )
        except OSError as error:
            self.logbook.say(f"{child.role.name} cannot be started: {error.strerror}.", always=True)
            self._plan_restart(child, None)
            return
        child.process = process
        self._tell_warden(f"+{process.pid}")
        if process.stdout is not None:
            os.set_blocking(process.stdout.fileno(), False)
            self._selector.register(process.stdout, selectors.EVENT_READ, child)

    def _reap(self, child: Child) -> int | None:
        """The exit code of a child that is gone, after clearing up what it left; None while it runs."""
        process = child.process
        if process is None or process.poll() is None:
            return None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # what it started itself would outlive it
        self._tell_warden(f"-{process.pid}")
        while self._read(child):
            pass
        self.logbook.finish(child.role.name)
        if process.stdout is not None:
            with contextlib.suppress(KeyError):
                self._selector.unregister(process.stdout)
            process.stdout.close()
        child.process = None
        return process.returncode

    def _plan_restart(self, child: Child, code: int | None) -> None:
        now = time.monotonic()
        child.early_deaths = 0 if now - child.started > SETTLED else child.early_deaths + 1
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** max(0, child.early_deaths - 1))
        child.due = now + pause
        name = child.role.name
        if code is not None:
            when = "at once" if pause < 1 else f"in {pause:.0f} s"
            self.logbook.say(f"{name} {cause_of_death(code)}. It is started again {when}.", always=True)
        if child.early_deaths >= HOPELESS and (child.early_deaths - HOPELESS) % 8 == 0:
            self.logbook.say(
                f"{name} died {child.early_deaths} times in a row. Its last words:\n"
                f"{self.logbook.last_words(name)}\n"
                f"The whole log is {self.logbook.folder / name}.log",
                always=True,
            )

    def _end(self, children: list[Child]) -> None:
        asked = self.stop_requests
        begun = time.monotonic()
        left = [child for child in children if child.process is not None]
        for child in left:
            self._signal(child, signal.SIGTERM)
        forced: set[str] = set()
        while left:
            self._tend(0.05)
            left = [child for child in left if self._reap(child) is None]
            for child in left:
                late = time.monotonic() - begun > child.role.grace
                if (late or self.stop_requests > asked) and child.role.name not in forced:
                    forced.add(child.role.name)
                    self._signal(child, signal.SIGKILL)
                    self.logbook.say(
                        f"{child.role.name} was still at work and was ended by force. "
                        "Nothing is lost: its work is done again at the next start."
                    )

    def _signal(self, child: Child, number: signal.Signals) -> None:
        if child.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.process.pid, number)

    # --- the warden ------------------------------------------------------------------------------

    def _keep_warden(self) -> None:
        """Have a warden, and one that knows every child: without it a kill -9 of us would leave some behind."""
        if self._warden is not None and self._warden.poll() is None:
            return
        self._warden = subprocess.Popen(  # noqa: S603 - our own file
            [sys.executable, "-I", "-S", str(Path(warden.__file__).resolve())],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            pass_fds=() if self.keep_open is None else (self.keep_open,),
            start_new_session=True,
        )
        for child in self.children.values():
            if child.process is not None:
                self._tell_warden(f"+{child.process.pid}")

    def _tell_warden(self, words: str) -> None:
        if self._warden is not None and self._warden.stdin is not None:
            # A dead warden is replaced in the next round of the loop, and told everything anew.
            with contextlib.suppress(BrokenPipeError):
                self._warden.stdin.write(f"{words}\n".encode())
