"""How the program ends when the engine interrupts it."""

import os
import signal
import sys
from types import FrameType

# What a shell reports for SIGINT.
INTERRUPTED = 128 + signal.SIGINT


def exit_on_interrupt() -> None:
    """From now on end at SIGINT at once, without a traceback.

    The engine interrupts the program of a failed or cancelled update. Python's own handler prints
    two tracebacks and waits for threads whose requests nobody answers, until the engine kills it.
    """
    signal.signal(signal.SIGINT, _exit)


def _exit(_number: int, _frame: FrameType | None) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(INTERRUPTED)
