"""Runs other programs: with a time limit, logged, and without secrets on the command line."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import DeployError
from .output import Output
from .redact import Redactor

# Seconds between SIGTERM and SIGKILL.
_KILL_DELAY = 5.0
_POLL_SECONDS = 0.05


class CommandFailedError(DeployError):
    """A command failed or exceeded its time limit; `lines` are the lines of its output."""

    def __init__(self, message: str, lines: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.lines = tuple(lines)


@dataclass(frozen=True)
class Result:
    """Exit code and output of a command. The output is not redacted: parse it, do not show it."""

    code: int
    out: str
    err: str

    @property
    def ok(self) -> bool:
        return self.code == 0


@dataclass(frozen=True)
class Shell:
    """Runs commands. They inherit the file descriptors `inherit`, among them the deploy lock: after
    a deploy was killed, the lock is held until its last command has ended."""

    output: Output
    inherit: tuple[int, ...] = ()

    @classmethod
    def without_log(cls) -> "Shell":
        """For programs that get no secrets and whose output systemd or the caller keeps."""
        return cls(Output(Path(os.devnull), Redactor(())))

    def run(
        self,
        command: Sequence[str],
        *,
        name: str = "",
        timeout: float,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
    ) -> str:
        """Run and return stdout. Error: CommandFailedError, which calls the command by `name`, by
        default its first two arguments."""
        result = self.attempt(command, name=name, timeout=timeout, stdin=stdin, env=env)
        if not result.ok:
            lines = [line for line in (result.err or result.out).splitlines() if line.strip()]
            last = lines[-1].strip() if lines else "no output"
            called = name or " ".join(command[:2])
            raise CommandFailedError(f"{called} exited with {result.code}: {last}", lines)
        return result.out

    def attempt(
        self,
        command: Sequence[str],
        *,
        name: str = "",
        timeout: float,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
    ) -> Result:
        """Run and return the result. Error: CommandFailedError after `timeout` seconds."""
        self.output.log(f"$ {' '.join(command)}")
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            env=_environment(env or {}),
            pass_fds=self.inherit,
            # A process group of its own, so that its child processes can be killed with it.
            start_new_session=True,
        )
        try:
            out, err = process.communicate(stdin, timeout=timeout)
        except subprocess.TimeoutExpired as error:
            called = name or " ".join(command[:2])
            raise CommandFailedError(f"{called} ran longer than {timeout:.0f} s") from error
        finally:
            _end_group(process)
        self.output.log(f"{err}exit {process.returncode}")
        return Result(process.returncode, out, err)


def _environment(extra: Mapping[str, str]) -> dict[str, str]:
    """PATH, HOME and `extra`: Compose would read any other variable of this process, too."""
    own = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**own, **extra}


def _end_group(process: subprocess.Popen[str]) -> None:
    """End the process group of a command that has not ended; children may outlive the command."""
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
    deadline = time.monotonic() + _KILL_DELAY
    while _signal(process, 0) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
        # Reap the command: as a zombie it would count as running.
        process.poll()


def _signal(process: subprocess.Popen[str], number: int) -> bool:
    """Send a signal to the process group; returns whether the group still exists."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return False
    return True
