"""The Docker engine, which may be restarting."""

import time

from .errors import DeployError
from .shell import CommandFailedError, Shell

_POLL_SECONDS = 1.0
_ANSWER_TIMEOUT = 10.0


def wait(shell: Shell, seconds: float) -> None:
    """Return once the engine answers. Error: DeployError after `seconds`."""
    deadline = time.monotonic() + seconds
    while not _answers(shell):
        if time.monotonic() >= deadline:
            raise DeployError(
                f"the Docker engine did not answer for {seconds:.0f} s: see `journalctl -u docker`"
            )
        time.sleep(_POLL_SECONDS)


def _answers(shell: Shell) -> bool:
    try:
        version = ["docker", "version", "--format", "{{.Server.Version}}"]
        return shell.attempt(version, timeout=_ANSWER_TIMEOUT).ok
    except CommandFailedError:
        return False
