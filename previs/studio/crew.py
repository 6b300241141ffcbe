"""The crew: which processes make up a running Previs, how each is started and how long it may take to stop."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from previs.studio import leash, valkey

LEASH_PROGRAM = str(Path(leash.__file__).resolve())


@dataclass(frozen=True)
class Role:
    """One process to keep alive.

    grace: seconds between the polite request to stop and the end by force.
    last: stopped only after the others, because they still talk to it.
    inherit: descriptors passed on to it.
    """

    name: str
    command: Sequence[str]
    grace: float
    last: bool = False
    inherit: Sequence[int] = ()
    extra: Mapping[str, str] = field(default_factory=dict)

    def leashed(self) -> list[str]:
        """The command line behind the leash that ends it with its supervisor, this process."""
        if Path(self.command[0]).is_absolute():
            return [sys.executable, "-I", "-S", LEASH_PROGRAM, str(os.getpid()), "exec", *self.command]
        return [sys.executable, "-m", "previs.studio.leash", str(os.getpid()), "run", *self.command]


def valkey_role(*, program: str, socket_path: Path, folder: Path) -> Role:
    return Role("valkey", valkey.command(program, socket_path=socket_path, folder=folder), grace=5, last=True)


def web_role(*, listening: int) -> Role:
    """listening: descriptor of the socket that the supervisor opened."""
    return Role("web", ["previs.studio.web", str(listening)], grace=5, inherit=(listening,))


def worker_role(name: str, *, queue: str, threads: int, grace: float) -> Role:
    """A Celery worker on one queue.

    Threads, never forks: CUDA does not survive a fork, and a forked pool would copy the model.
    """
    # fmt: off
    command = [
        "previs.studio.worker", "-q", "-A", "previs.celery:app", "worker",
        "-n", f"{name}@%h", "-Q", queue,
        "--pool=threads", "-c", str(threads), "--prefetch-multiplier=1",
        # Workers here do not talk among themselves; mingling alone costs a second at every start.
        "--without-gossip", "--without-mingle", "--without-heartbeat",
        "--loglevel=INFO",
    ]
    # fmt: on
    return Role(name, command, grace=grace)


def gpu_role(number: int = 1) -> Role:
    """Renders, one batch at a time. A frame in the making may end within the grace; its job outlives it anyway."""
    name = "gpu" if number == 1 else f"gpu{number}"
    return worker_role(name, queue="gpu", threads=1, grace=8)


def default_role() -> Role:
    """Everything that is no render: sweeps, imports, exports. Never imports torch."""
    return worker_role("default", queue="default", threads=2, grace=8)


def environment(home: Path) -> dict[str, str]:
    """What every child inherits: our environment, the state folder spelled out, and no downloads."""
    return {
        **os.environ,
        "PREVIS_HOME": str(home),
        "PYTHONUNBUFFERED": "1",
        # A model is installed by hand and checked; no library may fetch another one while a job waits.
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        # Bars of loading models are of no use in a log.
        "TQDM_DISABLE": "1",
        # Threads of a render that wait for each other sleep: spinning, they would keep the web process off the cores
        # and then be scheduled onto the same one.
        "OMP_WAIT_POLICY": os.environ.get("OMP_WAIT_POLICY", "PASSIVE"),
    }
