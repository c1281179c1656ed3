"""The usage of the last day, a line for each minute: /var/lib/fks/usage-day, at most 50 KB."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from .. import atomic_file
from .samples import UsageSample

_SECONDS = 86_400
# One each minute; more only after the clock was set back.
MOST = 1500
_NONE = "-"


def record(file: Path, new: UsageSample) -> None:
    """Add a sample and forget those that are older than a day."""
    kept = [one for one in load(file) if new.time - _SECONDS < one.time < new.time]
    lines = "".join(f"{_line(one)}\n" for one in [*kept, new][-MOST:])
    atomic_file.write(file, lines.encode())


def load(file: Path) -> list[UsageSample]:
    """Oldest first; without lines that are damaged."""
    return list(_samples(file.read_text(errors="replace"))) if file.exists() else []


def _samples(text: str) -> Iterator[UsageSample]:
    for line in text.splitlines():
        with suppress(ValueError):
            time, *values = line.split()
            cpu, memory, disk = (None if one == _NONE else float(one) for one in values)
            yield UsageSample(float(time), cpu, memory, disk)


def _line(one: UsageSample) -> str:
    values = (one.cpu, one.memory, one.disk)
    return " ".join([f"{one.time:.0f}", *(_NONE if v is None else f"{v:.1f}" for v in values)])
