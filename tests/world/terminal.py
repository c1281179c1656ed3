"""A program of the operator with a terminal, and what a person types there."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rehearsal.world.operator import RUN

_DOCKER, _EXEC, *_REST = RUN
_DEADLINE = 60.0
# Rows and columns
_SIZE = (24, 80)


class Terminal:
    """A running program; `shown` is what it has written so far."""

    def __init__(self, process: subprocess.Popen[bytes], descriptor: int) -> None:
        self._process, self._descriptor = process, descriptor
        self.shown = ""

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self._descriptor, text.encode())

    def wait_for(self, pattern: str, seconds: float = _DEADLINE) -> str:
        """Wait until what was written since the last call matches; return the text."""
        deadline = time.monotonic() + seconds
        start = len(self.shown)
        while not re.search(pattern, self.shown[start:]):
            assert time.monotonic() < deadline, f"{pattern!r} is not in {self.shown!r}"
            self._read()
        return self.shown[start:]

    def end(self) -> int:
        """Wait for the end; the exit code."""
        deadline = time.monotonic() + _DEADLINE
        while self._process.poll() is None:
            assert time.monotonic() < deadline, f"it did not end: {self.shown!r}"
            self._read()
        return self._process.returncode

    def _read(self) -> None:
        if select.select([self._descriptor], [], [], 0.2)[0]:
            try:
                self.shown += os.read(self._descriptor, 4096).decode(errors="replace")
            except OSError:
                # The program has closed the terminal.
                time.sleep(0.2)


@contextmanager
def terminal(*command: str) -> Iterator[Terminal]:
    """Run a command in the operator's container; it is killed at the end if it still runs."""
    parent, child = pty.openpty()
    termios.tcsetwinsize(child, _SIZE)
    arguments = [_DOCKER, _EXEC, "--interactive", "--tty", *_REST, *command]
    process = subprocess.Popen(arguments, stdin=child, stdout=child, stderr=child)
    os.close(child)
    try:
        yield Terminal(process, parent)
    finally:
        process.kill()
        process.wait()
        os.close(parent)
