"""Run a command with PREVIS_DATABASE_URL pointing at a PostgreSQL server of its own, and always stop the server.

    python .ci/postgres.py COMMAND ARGUMENT...

The cluster lives in a temporary folder, listens on a unix socket there and nowhere else, and is gone afterwards.
PostgreSQL refuses to run as root; then the system's `postgres` user runs it. Standard library only.
"""

import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

PLACES = (
    ("/usr/lib/postgresql", "*/bin"),
    ("/opt/homebrew/opt", "postgresql*/bin"),
    ("/usr/local/opt", "postgresql*/bin"),
)


def version_of(folder: Path) -> list[int]:
    """`/usr/lib/postgresql/15/bin` -> [15]"""
    return [int(number) for number in re.findall(r"\d+", folder.parent.name)]


def newest_programs() -> Path:
    """The folder that holds initdb and pg_ctl; the newest version when there are several."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    for root, pattern in PLACES:
        folders += sorted(Path(root).glob(pattern), key=version_of)
    for folder in reversed(folders):
        if (folder / "initdb").exists():
            return folder
    sys.exit(
        "PostgreSQL's server programs (initdb, pg_ctl) were not found. Install PostgreSQL, then try again."
    )


class Cluster:
    def __init__(self, folder: Path) -> None:
        self.programs = newest_programs()
        self.folder = folder
        self.data = folder / "data"
        self.owner = pwd.getpwnam("postgres") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        if os.getuid() == 0:
            os.chown(folder, self.owner.pw_uid, self.owner.pw_gid)

    def program(self, name: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the cluster's owner; exits with its words when it fails."""
        as_owner = {"user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []}
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs
            [str(self.programs / name), *arguments],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            # A file, not a pipe: the server inherits it, and a pipe would never end.
            stdout=(self.folder / f"{name}.log").open("wb"),
            stderr=subprocess.STDOUT,
            **(as_owner if os.getuid() == 0 else {}),
        )
        if done.returncode:
            sys.exit(f"{name} failed:\n{(self.folder / f'{name}.log').read_text(errors='replace')}")

    def start(self) -> None:
        self.program(
            "initdb",
            "--pgdata",
            str(self.data),
            "--username",
            "previs",
            "--auth",
            "trust",
            "--encoding",
            "UTF8",
            "--locale",
            "C.UTF-8" if sys.platform == "linux" else "C",
            "--no-sync",
        )
        # Nothing here has to survive a power cut; without waiting for the disk the tests are much quicker.
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c fsync=off -c full_page_writes=off"
        self.program(
            "pg_ctl",
            "start",
            "--wait",
            "--pgdata",
            str(self.data),
            "--log",
            str(self.folder / "server.log"),
            "--options",
            options + " -c synchronous_commit=off -c max_connections=200",
        )
        self.program("createdb", "--host", str(self.folder), "--username", "previs", "previs")

    def stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self.program("pg_ctl", "stop", "--wait", "--mode", "immediate", "--pgdata", str(self.data))

    @property
    def url(self) -> str:
        # Two slashes after the host: a socket folder, as django-environ reads it.
        return f"postgresql://previs@/{self.folder}/previs"


def main() -> int:
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    # A request to stop becomes an exception, so that the server is stopped on the way out.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))
    # Short and outside TMPDIR: a socket's path may have about 100 characters.
    folder = Path(tempfile.mkdtemp(prefix="previs-pg-", dir="/tmp"))
    cluster = Cluster(folder)
    try:
        cluster.start()
        environment = {**os.environ, "PREVIS_DATABASE_URL": cluster.url}
        return subprocess.run(sys.argv[1:], env=environment).returncode  # noqa: S603 - the caller's command
    except KeyboardInterrupt:
        return 130
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
