import os
import signal

import pytest

from host.fks_deploy import interrupts
from host.fks_deploy.errors import InterruptedDeployError

ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGALRM)


@pytest.mark.parametrize("number", ENDING)
def test_only_the_first_signal_ends_the_current_step(number: signal.Signals) -> None:
    interrupts.catch()
    with pytest.raises(InterruptedDeployError):
        os.kill(os.getpid(), number)
    for later in ENDING:
        os.kill(os.getpid(), later)


def test_a_closed_terminal_ends_nothing() -> None:
    interrupts.catch()
    os.kill(os.getpid(), signal.SIGHUP)


def test_no_signal_ends_a_rollback() -> None:
    interrupts.catch()
    interrupts.ignore()
    for number in (*ENDING, signal.SIGHUP):
        os.kill(os.getpid(), number)
