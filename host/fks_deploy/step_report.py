"""Runs steps in order, prints one line for each, and keeps their results for the journal."""

import time
from collections.abc import Callable
from typing import Any

from .output import Output


class StepReport:
    """`entries` is [{"name", "seconds", "result": ok or failed, "note" unless empty}]; `width` is
    the length of the longest name."""

    def __init__(self, output: Output, width: int) -> None:
        self._output = output
        self._width = width
        self.entries: list[dict[str, Any]] = []

    def run(self, name: str, call: Callable[[], str]) -> None:
        """Run one step; `call` returns a note. Error: that of the step."""
        started = time.monotonic()
        result, note = "failed", ""
        try:
            note = call()
            result = "ok"
        finally:
            self._report(name, round(time.monotonic() - started, 1), result, note)

    def _report(self, name: str, seconds: float, result: str, note: str) -> None:
        entry = {"name": name, "seconds": seconds, "result": result}
        self.entries.append(entry | ({"note": note} if note else {}))
        shown = result if result == "ok" else "FAILED"
        line = f"{name.ljust(self._width)} {shown:<7}{seconds:6.1f}s  {note}"
        self._output.show(line.rstrip())
