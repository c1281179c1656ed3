"""The largest values that a server's watch has measured, as `bin/peaks` prints them."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

KEYS = ("days", "time")


@dataclass(frozen=True, kw_only=True)
class Peaks:
    """Of `days` days with `samples` in all. cpu: cores. memory (with swap), disk and containers:
    MiB. None where it was not measured.
    """

    days: int = 0
    samples: int = 0
    cpu: float | None = None
    memory: int | None = None
    disk: int | None = None
    containers: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Peaks":
        """From the document that host/bin/peaks describes."""
        days = list(document["days"].values())
        names = dict.fromkeys(name for day in days for name in day["containers"])
        return cls(
            days=len(days),
            samples=sum(day["samples"] for day in days),
            cpu=_largest(day["cpu"] for day in days),
            memory=_mebibytes(_with_swap(day) for day in days),
            disk=_mebibytes(day["disk"] for day in days),
            containers={
                name: _mebibytes(day["containers"].get(name) for day in days) or 0 for name in names
            },
        )

    def document(self) -> dict[str, Any]:
        """As JSON types."""
        return asdict(self)


def _with_swap(day: Mapping[str, Any]) -> int | None:
    return None if day["memory"] is None else day["memory"] + (day["swap"] or 0)


def _largest(values: Iterable[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)


def _mebibytes(values: Iterable[int | None]) -> int | None:
    """Rounded up."""
    largest = _largest(values)
    return None if largest is None else -(-int(largest) >> 20)
