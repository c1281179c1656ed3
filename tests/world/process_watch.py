"""Samples the command lines of all processes on this machine, the world's included."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Processes that live for a shorter time may be missed.
_PAUSE_SECONDS = 0.02


@contextmanager
def command_lines() -> Iterator[set[str]]:
    """Yield a set that collects every command line until the block ends."""
    lines: set[str] = set()
    stop = threading.Event()

    def sample() -> None:
        while not stop.wait(_PAUSE_SECONDS):
            lines.update(_running())

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield lines
    finally:
        stop.set()
        thread.join()


def _running() -> Iterator[str]:
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield process.read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except (FileNotFoundError, ProcessLookupError):
            continue  # the process has ended meanwhile
