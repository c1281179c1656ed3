"""Runs a command and passes its lines on while it runs."""

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from threading import Timer


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a command ended: its exit code, and the last line that it wrote to standard error."""

    code: int
    error: str = ""


def stream(command: Sequence[str], report: Callable[[str], None], seconds: float) -> Ended:
    """Call `report` with each line of standard output; the command is killed after `seconds`."""
    # A file: before OpenSSH 8.5 the connection that stays open keeps a pipe open.
    with (
        TemporaryFile("w+", errors="replace") as errors,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            errors="replace",
        ) as process,
    ):
        limit = Timer(seconds, process.kill)
        limit.start()
        try:
            for line in process.stdout or ():
                report(line.rstrip())
            code = process.wait()
        finally:
            expired = not limit.is_alive()
            limit.cancel()
            process.kill()
        errors.seek(0)
        lines = errors.read().strip().splitlines()
    return Ended(code=code, error=_error(lines, code, seconds if expired else None))


def _error(lines: Sequence[str], code: int, expired: float | None) -> str:
    if expired is not None:
        return f"no answer within {expired:g} s"
    if code == 0:
        return ""
    return lines[-1] if lines else f"exit code {code}"
