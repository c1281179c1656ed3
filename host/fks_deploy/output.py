"""Short lines for the operator, every detail for the log; both without secrets."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from .redact import Redactor


def now() -> str:
    """The current time in UTC, as in the log and the journal: 2026-11-24T10:00:00Z."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


class Output:
    """Standard output and the log file of a deploy, behind one redactor."""

    def __init__(self, log: Path, redact: Redactor) -> None:
        self._log = log
        self.redact = redact
        log.parent.mkdir(parents=True, exist_ok=True)

    def show(self, text: str) -> None:
        """Print `text` and log it."""
        self.log(text)
        try:
            print(self.redact(text), flush=True)
        except BrokenPipeError:
            # The operator's connection is closed. Finish all the same: half a deploy is worse.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def log(self, text: str) -> None:
        """Append `text` to the log, each line with a timestamp."""
        timestamp = now()
        lines = "".join(f"{timestamp} {line}\n" for line in self.redact(text).splitlines())
        descriptor = os.open(self._log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        with os.fdopen(descriptor, "a", encoding="utf-8") as stream:
            stream.write(lines)
