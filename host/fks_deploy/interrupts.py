"""Signals during a deploy: the first one ends the current step, none ends a rollback."""

import signal
from types import FrameType

from .errors import InterruptedDeployError
from .timeouts import Timeouts

_ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGALRM)


def catch() -> None:
    """From now on the first signal raises InterruptedDeployError. A closed terminal (SIGHUP) ends
    nothing."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    for number in _ENDING:
        signal.signal(number, _interrupt)


def ignore() -> None:
    """From now on no signal has an effect, except SIGKILL."""
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    ignore()
    if number == signal.SIGALRM:
        raise InterruptedDeployError(f"took longer than {Timeouts.deploy // 60} minutes")
    raise InterruptedDeployError(f"stopped by {signal.Signals(number).name}")
