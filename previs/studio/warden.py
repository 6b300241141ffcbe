"""The warden: a small process that ends the supervisor's children when the supervisor cannot.

It reads process groups from its standard input (`+123` to watch, `-123` to forget). The write end of
that pipe lives only in the supervisor, so its end, even by kill -9, is an end of file here: then every
group that is left gets SIGTERM, and SIGKILL after `GRACE` seconds. Groups hold grandchildren too.
It also keeps the lock of the state folder open, so no new instance starts while old processes still write.

Standard library only; runs without site-packages.
"""

import os
import signal
import sys
import time

GRACE = 4.0


def alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # macOS answers so for a group whose members are all zombies
        return False
    return True


def send(groups: set[int], number: signal.Signals) -> None:
    for group in groups:
        try:
            os.killpg(group, number)
        except (ProcessLookupError, PermissionError):
            continue


def end(groups: set[int], *, grace: float = GRACE) -> None:
    """End every process of these groups: politely, then after `grace` seconds by force."""
    send(groups, signal.SIGTERM)
    deadline = time.monotonic() + grace
    while groups and time.monotonic() < deadline:
        groups = {group for group in groups if alive(group)}
        time.sleep(0.05)
    send(groups, signal.SIGKILL)


def main() -> None:
    # A Ctrl-C or a closed terminal is the supervisor's to handle; the warden only watches the pipe.
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    watched: set[int] = set()
    for line in sys.stdin:
        sign, group = line[0], int(line[1:])
        (watched.add if sign == "+" else watched.discard)(group)
    end(watched)


if __name__ == "__main__":
    main()
