"""Progress on the terminal: a line per step, with its duration, and lines while a long one runs."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console

# Without a terminal rich assumes 80 columns, too few for the tables.
console = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else 150)


REMINDER_SECONDS = 30


@dataclass
class Step:
    """One timed step, with a detail for the terminal and counts by operation.

    ``started`` is in seconds of the monotonic clock.
    """

    name: str
    started: float = field(default_factory=time.monotonic)
    seconds: float = 0.0
    ok: bool = False
    detail: str = ""
    changes: dict[str, int] = field(default_factory=dict)


# All steps of this process that have ended, for the timeline.
finished: list[Step] = []


@contextmanager
def step(name: str, expected: int | None = None) -> Iterator[Step]:
    """Print ``name``, time the block, and print whether it succeeded.

    Every half a minute a line has the time so far, and ``expected``: about how many seconds the
    step takes on two processors.
    """
    current = Step(name)
    about = f", takes about {expected} s" if expected else ""
    console.print(f"[bold]{name}[/bold]{about} ...")
    ended = threading.Event()
    reminder = threading.Thread(target=_remind, args=(current, about, ended), daemon=True)
    reminder.start()
    try:
        yield current
        current.ok = True
    finally:
        ended.set()
        current.seconds = round(time.monotonic() - current.started, 1)
        finished.append(current)
        mark = "[green]done[/green]" if current.ok else "[red]failed[/red]"
        detail = f"  {current.detail}" if current.detail else ""
        console.print(f"  {mark} {name} ({current.seconds:.1f} s){detail}")


def _remind(current: Step, about: str, ended: threading.Event) -> None:
    while not ended.wait(REMINDER_SECONDS):
        seconds = time.monotonic() - current.started
        console.print(f"  ... {current.name}: {seconds:.0f} s so far{about}")


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
