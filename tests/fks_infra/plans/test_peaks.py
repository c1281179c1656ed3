"""The peaks of a server, from what bin/peaks prints."""

from typing import Any

from fks_infra.plans.peaks import Peaks

MIB = 1 << 20


def day(**values: Any) -> dict[str, Any]:
    """A day of one sample."""
    nothing = {"cpu": None, "memory": None, "swap": None, "disk": None}
    return {**nothing, "containers": {}, "samples": 1, **values}


def test_the_largest_of_all_days_in_mib() -> None:
    days = {
        "2026-11-26": day(cpu=0.5, memory=100 * MIB, swap=50 * MIB, containers={"api": 9 * MIB}),
        "2026-11-27": day(cpu=0.7, memory=120 * MIB, disk=3 * MIB + 1, containers={"edge": MIB}),
    }
    found = Peaks.of({"days": days, "time": "2026-11-27T12:00:00Z"})
    assert found == Peaks(
        days=2,
        samples=2,
        cpu=0.7,
        memory=150,
        disk=4,
        containers={"api": 9, "edge": 1},
    )
    assert found.document()["containers"] == {"api": 9, "edge": 1}


def test_without_days_nothing_was_measured() -> None:
    assert Peaks.of({"days": {}}) == Peaks()
