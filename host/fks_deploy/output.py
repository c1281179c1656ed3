"""Short lines for the operator, every detail for the log; both without secrets."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from .redact import Redactor
from .terminal import print_line


def now() -> str:
    """The current time in UTC, as in the log and the journal: 2026-11-24T10:00:00Z."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


class Output:
    """Standard output and the log file of a deploy, behind one redactor. Both only report, so no
    method raises OSError."""

    def __init__(self, log: Path, redact: Redactor) -> None:
        self._log = log
        self._log_failed = False
        self.redact = redact

    def show(self, text: str) -> None:
        """Print `text` and log it."""
        self.log(text)
        print_line(self.redact(text), sys.stdout)

    def log(self, text: str) -> None:
        """Append `text` to the log, each line with a timestamp. The first failure is printed."""
        try:
            self._append(text)
        except OSError as error:
            if not self._log_failed:
                print_line(f"{self._log} cannot be written: {error.strerror}", sys.stdout)
            self._log_failed = True

    def _append(self, text: str) -> None:
        timestamp = now()
        lines = "".join(f"{timestamp} {line}\n" for line in self.redact(text).splitlines())
        self._log.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        with os.fdopen(descriptor, "ab") as stream:
            stream.write(lines.encode(errors="backslashreplace"))
