"""What the children write: all of it to rotating files, the lines worth a glance to the terminal."""

import logging
import re
import signal
import sys
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

QUIET, NORMAL, EVERYTHING = 0, 1, 2

BYTES_PER_FILE = 5_000_000
OLD_FILES = 3
# A line without an end must not grow in memory for ever.
LONGEST_LINE = 64_000

LEVEL = r"(?P<{}>DEBUG|INFO|WARNING|ERROR|CRITICAL)"
# `WARNING previs.engine: ...`, `INFO:     127.0.0.1 - ...`, `[2026-01-01 ...: ERROR/MainProcess] ...`
PLAIN_HEAD = re.compile(rf"{LEVEL.format('level')}(?P<rest>[ :].*)")
CELERY_HEAD = re.compile(rf"\[[^\]]*{LEVEL.format('level')}/[^\]]*\](?P<rest>.*)")
# `123:M 21 Nov 2026 04:00:00.000 # ...`; the sign is the level, # being a warning.
VALKEY_HEAD = re.compile(r"\d+:(?:[A-Z] \d\d \w{3} \d{4} [\d:.]+ (?P<sign>[.*#-]) |signal-handler)")

# Advice for busy servers and farewells; here they would only worry people. The file has them.
NOISE = ("Memory overcommit must be enabled", "ready to exit", "worker: Warm shutdown")

COLOURS = {"studio": "1", "web": "36", "default": "33", "valkey": "35"}


@dataclass
class Log:
    """One child's log: its file, the line it has not finished yet, and its last lines."""

    name: str
    file: RotatingFileHandler
    rest: bytes = b""
    tail: list[str] = field(default_factory=list)


class Logbook:
    """Files of all children under one folder, and one terminal."""

    def __init__(self, folder: Path, *, verbosity: int = NORMAL, terminal: TextIO | None = None) -> None:
        self.folder = folder
        self.verbosity = verbosity
        self.terminal = terminal or sys.stdout
        self.coloured = self.terminal.isatty()
        self.logs: dict[str, Log] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def say(self, words: str, *, always: bool = False) -> None:
        """A line of the supervisor itself, on the terminal and in studio.log."""
        for line in words.splitlines():
            self._record(self.log("studio"), line)
        if always or self.verbosity > QUIET:
            self._print("studio", words)

    def log(self, name: str) -> Log:
        if name not in self.logs:
            file = RotatingFileHandler(
                self.folder / f"{name}.log",
                maxBytes=BYTES_PER_FILE,
                backupCount=OLD_FILES,
                encoding="utf-8",
                errors="replace",
                delay=True,
            )
            file.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
            # A full disk must not turn each line into a traceback on the terminal.
            file.handleError = lambda record: None  # type: ignore[method-assign]
            self.logs[name] = Log(name, file)
        return self.logs[name]

    def feed(self, name: str, data: bytes) -> None:
        """Take what a child wrote; data may end in the middle of a line."""
        log = self.log(name)
        *lines, log.rest = (log.rest + data).split(b"\n")
        if len(log.rest) > LONGEST_LINE:
            lines, log.rest = [*lines, log.rest], b""
        for raw in lines:
            self._take(log, raw.decode("utf-8", "replace").rstrip())

    def finish(self, name: str) -> None:
        """The child is gone: what it left unfinished is a line too."""
        log = self.log(name)
        if log.rest:
            self._take(log, log.rest.decode("utf-8", "replace").rstrip())
            log.rest = b""

    def last_words(self, name: str, count: int = 6) -> str:
        """The end of what a child wrote, for the case that it cannot be started."""
        return "\n".join(f"    {line}" for line in self.log(name).tail[-count:])

    def close(self) -> None:
        for log in self.logs.values():
            log.file.close()

    def _take(self, log: Log, line: str) -> None:
        self._record(log, line)
        log.tail = [*log.tail[-19:], line] if line else log.tail
        if line and self.verbosity > QUIET and (self.verbosity >= EVERYTHING or worth_showing(line)):
            self._print(log.name, line)

    def _record(self, log: Log, line: str) -> None:
        log.file.emit(logging.LogRecord(log.name, logging.INFO, "", 0, line, None, None))

    def _print(self, name: str, words: str) -> None:
        label = f"{name:<8}│"
        if self.coloured:
            label = f"\x1b[{COLOURS.get(name, '32')}m{label}\x1b[0m"
        try:
            for line in words.splitlines() or [""]:
                self.terminal.write(f"{label} {line}\n")
            self.terminal.flush()
        except (OSError, ValueError):
            # The terminal was closed; the files still tell everything.
            self.verbosity = QUIET


def worth_showing(line: str) -> bool:
    """Whether a line belongs on the terminal.

    Shown: warnings and worse of every program, what Previs itself reports, and lines without a head: a
    traceback, a mail printed instead of sent.
    """
    if any(words in line for words in NOISE):
        return False
    valkey = VALKEY_HEAD.match(line)
    if valkey:
        return valkey["sign"] == "#"
    head = PLAIN_HEAD.match(line) or CELERY_HEAD.match(line)
    return head is None or head["level"] not in ("DEBUG", "INFO") or head["rest"].startswith(" previs.")


def cause_of_death(code: int) -> str:
    """A child's exit code in words."""
    if code == -signal.SIGKILL:
        return "was killed (signal 9: by hand, or by the system when memory ran out)"
    if code < 0:
        return f"was ended by signal {-code} ({signal.Signals(-code).name})"
    return f"ended by itself with code {code}"
