"""Short lines for the operator, everything for the log; neither ever shows a secret."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from .redact import Redactor


def now() -> str:
    """The time as the logs and the journal write it."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


class Output:
    """The operator's screen and the server's log, behind one redactor."""

    def __init__(self, log: Path, redact: Redactor) -> None:
        self._log = log
        self.redact = redact
        log.parent.mkdir(parents=True, exist_ok=True)

    def say(self, text: str) -> None:
        """Show `text` to the operator and log it."""
        self.log(text)
        try:
            print(self.redact(text), flush=True)
        except BrokenPipeError:
            # The operator's connection is gone. A deploy half done is worse than one unwatched.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def log(self, text: str) -> None:
        """Append `text` to the log, a time before each line."""
        stamp = now()
        lines = "".join(f"{stamp} {line}\n" for line in self.redact(text).splitlines())
        descriptor = os.open(self._log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        with os.fdopen(descriptor, "a", encoding="utf-8") as stream:
            stream.write(lines)
