"""What must be in order before anything starts, and the words for what is not.

Every function here raises StartError with a message that says what to do, or returns what it checked.
"""

import contextlib
import errno
import fcntl
import json
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

# Below the first nothing can be stored safely; below the second a day's work may not fit.
NO_SPACE, LITTLE_SPACE = 64_000_000, 1_000_000_000
# Longer than the warden takes to end what a killed supervisor left.
WAIT_FOR_WARDEN = 8.0


class StartError(Exception):
    """Previs cannot start like this; the message says why and what to do."""


def usable_home(home: Path) -> str:
    """Check that the state folder exists, takes files and has room; returns a warning or ''."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home) as trial:
            trial.write(b"\0" * 65536)
            trial.flush()
            os.fsync(trial.fileno())
        free = shutil.disk_usage(home).free
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StartError(full_disk(home, 0)) from error
        raise StartError(
            f"Previs keeps its database and pictures in {home}, and cannot write there: {error.strerror}. "
            "Fix the folder's permissions, or set PREVIS_HOME to a folder you may write to."
        ) from error
    if free < NO_SPACE:
        raise StartError(full_disk(home, free))
    if free < LITTLE_SPACE:
        return (
            f"Only {free // 1_000_000} MB are free where Previs keeps its pictures ({home}). Make room soon."
        )
    return ""


def full_disk(home: Path, free: int) -> str:
    return (
        f"The disk of {home} is full ({free // 1_000_000} MB free), so no frame could be stored. "
        "Free some space, or set PREVIS_HOME to a folder on another disk."
    )


@contextlib.contextmanager
def only_instance(home: Path) -> Iterator[int]:
    """Hold the state folder's lock; yields its descriptor, which the warden keeps open too.

    A supervisor that was killed leaves its warden a few seconds' work; that much we wait.
    """
    path = home / "studio.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + WAIT_FOR_WARDEN
        while not _locked(descriptor):
            holder = _read_holder(path)
            if process_lives(holder.get("pid")) or time.monotonic() > deadline:
                raise StartError(_already_running(home, holder))
            time.sleep(0.1)
        write_holder(descriptor, url="")
        yield descriptor
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_holder(descriptor: int, *, url: str) -> None:
    """Note in the lock file who holds it, for the words of whoever comes second."""
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "url": url}).encode(), 0)


def _read_holder(path: Path) -> dict[str, object]:
    try:
        holder = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return holder if isinstance(holder, dict) else {}


def process_lives(pid: object) -> bool:
    if not isinstance(pid, int):
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """Dead, but not yet collected by its parent; known on Linux only, where /proc tells."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False


def _already_running(home: Path, holder: dict[str, object]) -> str:
    place = f" It answers at {holder['url']}." if holder.get("url") else ""
    return (
        f"Previs already runs from {home} (process {holder.get('pid', 'unknown')}).{place} "
        "Use that one, stop it first (Ctrl-C there), or start this one with another PREVIS_HOME."
    )


def open_listener(host: str, port: int) -> socket.socket:
    """Listen on host and port (0: any free port). Connections wait in the socket until the web child is up."""
    no_address = StartError(
        f"{host}:{port} is no address to listen on. Give --host a name or address of this machine "
        "(127.0.0.1, or 0.0.0.0 for every network) and --port a number from 1 to 65535."
    )
    if not 0 <= port <= 65535:  # the resolver would quietly take it modulo 65536
        raise no_address
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError) as error:
        raise no_address from error
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(512)
    except OSError as error:
        listener.close()
        raise StartError(_why_not_listening(host, port, error)) from error
    return listener


def _why_not_listening(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        other = free_port_after(host, port)
        return (
            f"Port {port} on {host} is taken by another program. Stop that program, or choose another port: "
            f"`make run PORT={other}` or `manage.py studio --port {other}`."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} needs administrator rights. Choose one above 1023, for example --port 8000."
    if error.errno == errno.EADDRNOTAVAIL:
        return (
            f"{host} is not an address of this machine. Try --host 127.0.0.1, or 0.0.0.0 for every network."
        )
    return f"Previs cannot listen on {host}:{port}: {error.strerror}. Try another --host or --port."


def free_port_after(host: str, port: int) -> int:
    """A port near the wanted one that is free at this moment; suggested, not promised."""
    for candidate in range(port + 1, min(port + 50, 65535)):
        with socket.socket() as trial:
            try:
                trial.bind((host, candidate))
            except OSError:
                continue
            return candidate
    return port + 1
