"""What a person sees while the world works: one line per step, with its seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console

# A log has no width of its own, and a table folded to 80 columns cannot be read.
console = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else 150)


@dataclass
class Step:
    """One timed step of a run; ``detail`` may be filled while it runs."""

    name: str
    seconds: float = 0.0
    ok: bool = False
    detail: str = ""
    changes: dict[str, int] = field(default_factory=dict)


@contextmanager
def step(name: str) -> Iterator[Step]:
    """Announce ``name``, time the block, and print how it ended."""
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
    """A condition did not come true in time; the message holds the last state seen."""


def wait_until(
    what: str, probe: Callable[[], str | None], timeout: float, pause: float = 0.3
) -> None:
    """Call ``probe`` until it returns ``None``; it returns the state seen while not ready yet."""
    deadline = time.monotonic() + timeout
    while (state := probe()) is not None:
        if time.monotonic() > deadline:
            raise WaitTimeoutError(f"{what}: not after {timeout:.0f} s; last seen: {state}")
        time.sleep(pause)
