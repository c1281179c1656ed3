"""Every command line on this machine, sampled while something runs; the world's are among them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PAUSE = 0.02


@contextmanager
def command_lines() -> Iterator[set[str]]:
    """Collect into the yielded set until the block ends; shorter lives than 20 ms may be missed."""
    seen: set[str] = set()
    over = threading.Event()

    def look() -> None:
        while not over.wait(_PAUSE):
            seen.update(_present())

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def _present() -> Iterator[str]:
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield process.read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended in between
