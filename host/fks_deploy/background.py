"""Runs one function beside the steps of a deploy, in a process of its own.

A process and not a thread: a signal can end it, and with it the command that it runs.
"""

from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess

from .errors import DeployError, InterruptedDeployError

_FORK = get_context("fork")

Outcome = tuple[str, DeployError | OSError | None]


class Background:
    """`function` in a process that inherits the deploy lock and the reaction to signals."""

    def __init__(self, name: str, function: Callable[[], str]) -> None:
        self._name = name
        self._function = function
        self._process: ForkProcess | None = None

    def start(self) -> None:
        """Run the function from now on."""
        self._receiver, sender = _FORK.Pipe(duplex=False)
        self._process = _FORK.Process(target=_run, args=(self._function, sender))
        self._process.start()
        sender.close()

    def result(self) -> str:
        """Wait for the started function and return its value. Error: that of the function."""
        try:
            value, error = self._receiver.recv()
        except EOFError:
            raise DeployError(f"the process of {self._name} ended without a result") from None
        if error:
            raise error
        return str(value)

    def close(self, error: BaseException) -> None:
        """After `error` in another step: wait for the function, or end it if the deploy was
        stopped."""
        if self._process is None:
            return
        if isinstance(error, InterruptedDeployError):
            self._process.terminate()
        self._process.join()


def _run(function: Callable[[], str], sender: "Connection[Outcome, None]") -> None:
    outcome: Outcome
    try:
        outcome = function(), None
    except (DeployError, OSError) as error:
        outcome = "", error
    sender.send(outcome)
