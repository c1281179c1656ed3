import json

import pytest

from host.fks_deploy.watch import peaks
from host.fks_deploy.watch.used import Used
from tests.host.watch.server import NOON, WatchedServer

DAY = 86400.0


def record(watched: WatchedServer, monkeypatch: pytest.MonkeyPatch, now: float, one: Used) -> None:
    monkeypatch.setattr(peaks, "used", lambda _: one)
    assert list(peaks.record(watched.context(now))) == []


def used(cpu: float | None, memory: int, **containers: int) -> Used:
    return Used(cpu=cpu, memory=memory, swap=None, disk=7, containers=containers)


def test_a_day_has_the_largest_value_of_each(
    watched: WatchedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(watched, monkeypatch, NOON, used(None, 5, api=3))
    record(watched, monkeypatch, NOON + 60, used(0.5, 4, api=2, edge=1))
    assert peaks.load(watched.paths.peaks) == {
        "2027-01-15": {
            **{"cpu": 0.5, "memory": 5, "swap": None, "disk": 7},
            **{"containers": {"api": 3, "edge": 1}, "samples": 2},
        }
    }


def test_thirty_days_are_kept(watched: WatchedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in range(peaks.DAYS + 2):
        record(watched, monkeypatch, NOON + day * DAY, used(0.1, day))
    days = peaks.load(watched.paths.peaks)
    assert [found["memory"] for found in days.values()] == list(range(2, peaks.DAYS + 2))


@pytest.mark.parametrize("text", ["", "[]", '{"days": 1}', json.dumps({"days": {"x": 1}})])
def test_a_damaged_file_has_no_days(watched: WatchedServer, text: str) -> None:
    watched.paths.peaks.write_text(text)
    assert peaks.load(watched.paths.peaks) == {}
