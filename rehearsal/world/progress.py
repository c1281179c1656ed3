"""Progress on the terminal: one line per step, with its duration."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console

# Without a terminal rich assumes 80 columns, too few for the tables.
console = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else 150)


@dataclass
class Step:
    """One timed step, with a detail for the terminal and counts by operation."""

    name: str
    seconds: float = 0.0
    ok: bool = False
    detail: str = ""
    changes: dict[str, int] = field(default_factory=dict)


@contextmanager
def step(name: str) -> Iterator[Step]:
    """Print ``name``, time the block, and print whether it succeeded."""
    current = Step(name)
    started = time.monotonic()
    console.print(f"[bold]{name}[/bold] ...")
    try:
        yield current
        current.ok = True
    finally:
        current.seconds = round(time.monotonic() - started, 1)
        mark = "[green]done[/green]" if current.ok else "[red]failed[/red]"
        detail = f"  {current.detail}" if current.detail else ""
        console.print(f"  {mark} {name} ({current.seconds:.1f} s){detail}")


class WaitTimeoutError(TimeoutError):
    """A condition was not met before the timeout; the message holds the last state."""


def wait_until(
    what: str, probe: Callable[[], str | None], timeout: float, pause: float = 0.3
) -> None:
    """Call ``probe`` until it returns ``None``; until then it returns the current state as text.

    ``timeout`` and ``pause`` are seconds. Raises WaitTimeoutError.
    """
    deadline = time.monotonic() + timeout
    while (state := probe()) is not None:
        if time.monotonic() > deadline:
            raise WaitTimeoutError(f"timed out after {timeout:.0f} s: {what}; last state: {state}")
        time.sleep(pause)
