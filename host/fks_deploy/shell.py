"""Runs other programs: bounded in time, logged, and never with a secret in their words."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .errors import DeployError
from .output import Output

_GRACE = 5.0
_POLL = 0.05


class CommandFailedError(DeployError):
    """A command ended badly or not in time; `lines` are the last ones it wrote."""

    def __init__(self, message: str, lines: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.lines = tuple(lines)


@dataclass(frozen=True)
class Result:
    """How a command ended. `out` is what it wrote, unredacted: for reading, not for showing."""

    code: int
    out: str
    err: str

    @property
    def ok(self) -> bool:
        return self.code == 0


@dataclass(frozen=True)
class Shell:
    """Runs commands. `inherit` are file descriptors they share: the lock outlives a killed deploy
    as long as a command that it started still runs."""

    output: Output
    inherit: tuple[int, ...] = ()

    def run(
        self,
        words: Sequence[str],
        *,
        name: str = "",
        timeout: float,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
    ) -> str:
        """Run and return stdout. Error: CommandFailedError with the last lines, which calls the
        command by its `name`, or else by its first two words."""
        result = self.attempt(words, name=name, timeout=timeout, stdin=stdin, env=env)
        if not result.ok:
            lines = [line for line in (result.err or result.out).splitlines() if line.strip()]
            last = lines[-1].strip() if lines else "it wrote nothing"
            called = name or " ".join(words[:2])
            raise CommandFailedError(f"{called} ended with {result.code}: {last}", lines)
        return result.out

    def attempt(
        self,
        words: Sequence[str],
        *,
        name: str = "",
        timeout: float,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
    ) -> Result:
        """Run and return how it ended. Error: CommandFailedError when the time is over."""
        self.output.log(f"$ {' '.join(words)}")
        process = subprocess.Popen(
            list(words),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            env=_environment(env or {}),
            pass_fds=self.inherit,
            # A group of its own, so that the plugins it starts end with it.
            start_new_session=True,
        )
        try:
            out, err = process.communicate(stdin, timeout=timeout)
        except subprocess.TimeoutExpired as error:
            called = name or " ".join(words[:2])
            raise CommandFailedError(f"{called} ran longer than {timeout:.0f} s") from error
        finally:
            _end_group(process)
        self.output.log(f"{err}exit {process.returncode}")
        return Result(process.returncode, out, err)


def _environment(extra: Mapping[str, str]) -> dict[str, str]:
    """Only what is meant for the command: Compose reads its variables from here."""
    own = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**own, **extra}


def _end_group(process: subprocess.Popen[str]) -> None:
    """Leave nothing running when a command is given up: a child may outlive the command itself."""
    if process.returncode is not None:
        return
    try:
        _signal(process, signal.SIGTERM)
        _wait_for_group(process)
    finally:
        # Also when the wait is interrupted.
        _signal(process, signal.SIGKILL)
        process.wait()


def _wait_for_group(process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + _GRACE
    while _signal(process, 0) and time.monotonic() < deadline:
        time.sleep(_POLL)
        # One that has ended counts as running until its end was looked at.
        process.poll()


def _signal(process: subprocess.Popen[str], number: int) -> bool:
    """Send it to the whole group; whether there still is one."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return False
    return True
