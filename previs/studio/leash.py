"""What ties a child to its supervisor, so that none outlives it.

Run as a program it puts the leash on and becomes the child:

    python leash.py PARENT_PID exec PROGRAM ARGUMENT...     replaces itself by any program
    python -m previs.studio.leash PARENT_PID run MODULE ARGUMENT...     runs a Python module in this process

Standard library only, and `exec` works without site-packages: it starts in milliseconds. The second
half of the leash, for other systems and for grandchildren, is the warden.
"""

import os
import runpy
import signal
import sys

PR_SET_PDEATHSIG = 1


def hold(parent: int) -> None:
    """Ask the kernel (Linux) to send this process SIGTERM when its parent dies, whatever kills it.

    parent: the process id that started us; exits when it is gone already.
    """
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    # The parent may have died between starting us and the request above.
    if os.getppid() != parent:
        sys.exit(f"The supervisor (process {parent}) is gone; nothing to work for.")


def main(arguments: list[str]) -> None:
    parent, way, target, *rest = arguments
    hold(int(parent))
    if way == "exec":
        os.execv(target, [target, *rest])  # noqa: S606 - the supervisor gives an absolute path
    sys.argv = [target, *rest]
    runpy.run_module(target, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
