"""Reads logs: what is there in the order of time, then what comes."""

import heapq
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Event, Lock, Thread

from ..redact import Redactor
from .entry import Entry, timestamp
from .sources import Source

# Entries of one source among which the order of time is restored.
_UNORDERED = 100
# Seconds between two searches for containers that started meanwhile.
_PAUSE = 2.0


@dataclass(frozen=True)
class Filter:
    """Masks secrets, then drops entries without a match: a pattern cannot guess a secret."""

    redact: Redactor
    pattern: re.Pattern[str]

    def __call__(self, entry: Entry) -> Entry | None:
        masked = replace(entry, text=self.redact(entry.text))
        return masked if self.pattern.search(masked.text) else None


def past(sources: Sequence[Source], keep: Filter, since: float, until: float) -> Iterator[Entry]:
    """The entries of all sources between two times, in the order of time."""
    return heapq.merge(*(_entries(source, keep, since, until) for source in sources))


def _entries(source: Source, keep: Filter, since: float, until: float) -> Iterator[Entry]:
    first, last = timestamp(since), timestamp(until)
    with _start(source.command(since, until)) as process:
        for entry in _in_order(_parsed(source, process)):
            if first <= entry.time <= last and (kept := keep(entry)):
                yield kept


def _in_order(entries: Iterator[Entry]) -> Iterator[Entry]:
    """Docker records lines of both outputs of a program that come together in any order."""
    waiting: list[Entry] = []
    for entry in entries:
        if len(waiting) < _UNORDERED:
            heapq.heappush(waiting, entry)
        else:
            yield heapq.heappushpop(waiting, entry)
    yield from sorted(waiting)


class Following:
    """Reads several logs at the same time, each by a process and a thread of its own."""

    def __init__(self, keep: Filter, emit: Callable[[Entry], None], since: float) -> None:
        self._keep, self._emit, self._since = keep, emit, since
        self._lock = Lock()
        self._running: dict[str, subprocess.Popen[str]] = {}
        # By source: the time of its last entry.
        self._last: dict[str, str] = {}

    def run(self, search: Callable[[], Sequence[Source]], ended: Event) -> None:
        """Emit what the sources log after `since`, until `ended` is set.

        `search` finds the sources again and again, so that a container that starts or restarts
        meanwhile is followed too.
        """
        try:
            while not ended.is_set():
                for source in search():
                    self._follow(source)
                ended.wait(_PAUSE)
        finally:
            self._stop()

    def _follow(self, source: Source) -> None:
        process = self._running.get(source.key)
        if process is None or process.poll() is not None:
            process = self._running[source.key] = _start(source.command(self._since, None))
            Thread(target=self._read, args=(source, process), daemon=True).start()

    def _read(self, source: Source, process: "subprocess.Popen[str]") -> None:
        last = self._last.get(source.key, timestamp(self._since))
        for entry in _parsed(source, process):
            if entry.time > last:
                self._last[source.key] = entry.time
                if kept := self._keep(entry):
                    with self._lock:
                        self._emit(kept)

    def _stop(self) -> None:
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            process.wait()


def _parsed(source: Source, process: "subprocess.Popen[str]") -> Iterator[Entry]:
    for line in process.stdout or ():
        if entry := source.parse(line):
            yield entry


def _start(command: Sequence[str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
