"""How long tasks have waited.

Celery's messages have no time, so the watch records each minute which task of a queue is the
newest: while that one waits, the oldest one has waited longer.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import atomic_file
from ..shell import CommandFailedError
from ..watch.context import Context
from ..watch.problem import Problem
from . import broker
from .broker import Waiting

# Of one queue; beyond this every second one is dropped.
_LIMIT = 1440
# Seconds: without a newer sample the watch does not run.
_VALID = 180.0
Sample = tuple[float, str]


@dataclass
class Samples:
    """`time` is that of the last one, in seconds since 1970; `queues` has those of each queue that
    was not empty, the oldest first: a time, and the id of the task that was the newest then."""

    time: float = 0.0
    queues: dict[str, list[Sample]] = field(default_factory=dict)

    def add(self, found: Mapping[str, Waiting], now: float) -> None:
        """The queues as they are now."""
        self.time = now
        self.queues = {name: self._updated(name, one, now) for name, one in found.items()}

    def waited(self, name: str, found: Waiting, now: float) -> float | None:
        """Seconds that the oldest task of a queue has waited at least; None if it is not known."""
        if now - self.time > _VALID:
            return None
        if (first := self._first(name, found)) is not None:
            return now - self.queues[name][first][0]
        return 0.0 if found.complete else None

    def _updated(self, name: str, found: Waiting, now: float) -> list[Sample]:
        first = self._first(name, found)
        known = self.queues.get(name, [])
        samples = known[first:] if first is not None else [] if found.complete else [*known]
        if not samples or samples[-1][1] != found.newest:
            samples.append((now, found.newest))
        return samples if len(samples) <= _LIMIT else samples[::2]

    def _first(self, name: str, found: Waiting) -> int | None:
        """The index of the first sample whose task is one of the ids that were read."""
        samples = self.queues.get(name, [])
        return next((i for i, one in enumerate(samples) if one[1] in found.oldest), None)


def load(file: Path) -> Samples:
    """What the last run wrote; no samples if there is no such file, or it is damaged."""
    try:
        document: Mapping[str, Any] = json.loads(file.read_text())
        queues = {
            name: [(one[0], one[1]) for one in each] for name, each in document["queues"].items()
        }
        return Samples(document["time"], queues)
    except (FileNotFoundError, ValueError, LookupError, TypeError, AttributeError):
        return Samples()


def record(context: Context) -> Iterator[Problem]:
    """A check of the watch that finds no problem: it adds a sample while the queue's Redis answers.
    One that does not is a problem of other checks."""
    running = (one for one in context.containers if one.serves and one.service == broker.SERVICE)
    for container in running:
        with suppress(CommandFailedError):
            _add(context, broker.waiting(context.shell, container.id))
    yield from ()


def _add(context: Context, found: Mapping[str, Waiting]) -> None:
    samples = load(context.paths.queue_samples)
    samples.add(found, context.now)
    document = {"time": samples.time, "queues": samples.queues}
    atomic_file.write(context.paths.queue_samples, json.dumps(document).encode())
