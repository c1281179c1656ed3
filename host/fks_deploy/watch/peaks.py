"""The largest values of each day, of the last 30 days: /var/lib/fks/peaks.json.

`fks fit` compares them with plans. A peak between two samples is not seen.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .. import atomic_file
from .context import Context
from .problem import Problem
from .used import Used, used

DAYS = 30
Day = dict[str, Any]


def load(file: Path) -> dict[str, Day]:
    """Day as 2026-11-27 (UTC) to its maxima, as `used.Used`, and the number of `samples`; no
    days if there is no such file, or it is damaged."""
    try:
        days = json.loads(file.read_text())["days"]
        return {str(day): dict(found) for day, found in days.items()}
    except (FileNotFoundError, ValueError, LookupError, TypeError, AttributeError):
        return {}


def record(context: Context) -> Iterator[Problem]:
    """A check of the watch that finds no problem: it adds a sample to the day."""
    days = load(context.paths.peaks)
    day = f"{datetime.fromtimestamp(context.now, UTC):%Y-%m-%d}"
    days[day] = _larger(days.get(day, {}), used(context))
    kept = dict(sorted(days.items())[-DAYS:])
    atomic_file.write(context.paths.peaks, json.dumps({"days": kept}).encode())
    yield from ()


def _larger(day: Mapping[str, Any], new: Used) -> Day:
    document = new.document()
    containers = dict(day.get("containers", {}))
    for service, memory in document.pop("containers").items():
        containers[service] = max(memory, containers.get(service, 0))
    values = {name: _maximum(day.get(name), value) for name, value in document.items()}
    return {**values, "containers": containers, "samples": day.get("samples", 0) + 1}


def _maximum(one: float | None, other: float | None) -> float | None:
    return max((value for value in (one, other) if value is not None), default=None)
