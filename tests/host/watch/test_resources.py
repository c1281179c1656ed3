import os
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from host.fks_deploy.watch import resources
from host.fks_deploy.watch.context import Context
from host.fks_deploy.watch.problem import Problem
from host.fks_deploy.watch.usage import Usage
from tests.host.watch.server import NOON, WatchedServer

Measure = Callable[[Context], Iterator[Usage]]


def problems(measure: Measure, context: Context) -> list[Problem]:
    return list(resources.check(measure)(context))


def cpu_time(watched: WatchedServer, busy: int, idle: int) -> None:
    watched.file("proc/stat", f"cpu {busy} 0 0 {idle} 0 0 0 0 0 0\n")


def test_the_cpu_is_compared_with_the_threshold_between_two_runs(watched: WatchedServer) -> None:
    cpu_time(watched, 1000, 0)
    assert problems(resources.measure_cpu, watched.context()) == []
    cpu_time(watched, 1063, 37)
    (found,) = problems(resources.measure_cpu, watched.context(NOON + 60))
    assert (found.key, found.text) == ("cpu", "CPU is at 63 %, limit 50 %")
    assert found.command == "sudo docker stats --no-stream; top"
    cpu_time(watched, 1113, 87)
    assert problems(resources.measure_cpu, watched.context(NOON + 120)) == []


def test_the_last_cpu_is_what_the_last_run_measured(watched: WatchedServer) -> None:
    assert list(resources.last_cpu(watched.context())) == []
    for busy in (1000, 1063):
        cpu_time(watched, busy, 0)
        problems(resources.measure_cpu, watched.context())
    assert [round(one.value) for one in resources.last_cpu(watched.context())] == [100]


def test_memory(watched: WatchedServer) -> None:
    watched.file("proc/meminfo", "MemTotal: 100 kB\nMemAvailable: 15 kB\n")
    (found,) = problems(resources.used_memory, watched.context())
    assert found.text == "memory is at 85 %, limit 80 %"
    watched.file("proc/meminfo", "MemTotal: 100 kB\nMemAvailable: 20 kB\n")
    assert problems(resources.used_memory, watched.context()) == []


def test_swap(watched: WatchedServer) -> None:
    watched.file("proc/meminfo", "SwapTotal: 100 kB\nSwapFree: 10 kB\n")
    (found,) = problems(resources.swap, watched.context())
    assert found.text == "swap is at 90 %, limit 80 %"


def test_the_load_is_compared_with_the_number_of_cores(
    watched: WatchedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    watched.file("proc/loadavg", "30.00 20.00 8.10 1/200 4242\n")
    (found,) = problems(resources.load, watched.context())
    assert found.text == "load is at 8.1, limit 8.0"
    watched.file("proc/loadavg", "30.00 20.00 8.00 1/200 4242\n")
    assert problems(resources.load, watched.context()) == []


def test_a_container_does_not_report_the_swap_and_load_of_its_machine(
    watched: WatchedServer,
) -> None:
    watched.file("run/systemd/container", "docker")
    assert problems(resources.swap, watched.context()) == []
    assert problems(resources.load, watched.context()) == []


@pytest.mark.parametrize(
    ("available", "limits"), [(21, []), (15, ["80"]), (5, ["80", "90"]), (0, ["80", "90"])]
)
def test_each_limit_of_a_disk_is_a_problem_of_its_own(
    watched: WatchedServer, monkeypatch: pytest.MonkeyPatch, available: int, limits: list[str]
) -> None:
    size = SimpleNamespace(f_blocks=100, f_bavail=available)
    monkeypatch.setattr(os, "statvfs", lambda _: size)
    found = problems(resources.disk, watched.context())
    assert [one.key.rpartition(" ")[2] for one in found] == limits
    assert all(f"is at {100 - available} %, limit" in one.text for one in found)
