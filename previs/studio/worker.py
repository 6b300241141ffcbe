"""A worker child: Celery's own command line, with the log lines that Previs wants."""

import logging
import sys
import warnings

from celery.bin.celery import main
from celery.platforms import SecurityWarning
from celery.signals import after_setup_logger


def report_once(**_: object) -> None:
    """Our loggers have a handler of their own; Celery's on the root would print each line again."""
    logging.getLogger("previs").propagate = False


# Seconds. The engine holds the interpreter's lock for a moment between two operations; at the usual 5 ms it would wait
# that long for it each time another thread encodes a preview or stores a frame.
SWITCH_INTERVAL = 0.0005

if __name__ == "__main__":
    sys.setswitchinterval(SWITCH_INTERVAL)
    after_setup_logger.connect(report_once)
    # Celery warns of root because it can be told to unpickle messages; ours are JSON and nothing else.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    main()
