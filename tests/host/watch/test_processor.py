import os

import pytest

from host.fks_deploy.watch import processor
from host.fks_deploy.watch.processor import Sample
from tests.host.watch.server import NOON, WatchedServer


def test_steal_and_waiting_for_disks_are_not_use(watched: WatchedServer) -> None:
    # user nice system idle iowait irq softirq steal guest guest_nice
    watched.file("proc/stat", "cpu  40 1 9 100 20 3 7 20 5 1\ncpu0 1 1 1 1\n")
    assert processor.sample(watched.root, NOON) == Sample(busy=60, total=200)


def test_a_limited_root_group_counts_instead_of_the_machine(watched: WatchedServer) -> None:
    watched.file("proc/stat", "cpu  1 1 1 1 1 1 1 1 1 1\n")
    watched.file("sys/fs/cgroup/cpu.max", "200000 100000\n")
    watched.file("sys/fs/cgroup/cpu.stat", "usage_usec 3000000\n")
    assert processor.sample(watched.root, 10.0) == Sample(busy=3.0, total=20.0)


@pytest.mark.parametrize(
    ("after", "percent"),
    [
        (Sample(130, 300), 30.0),
        # The counters start again with the machine.
        (Sample(5, 10), None),
        (Sample(100, 200), None),
    ],
)
def test_the_percentage_between_two_samples(after: Sample, percent: float | None) -> None:
    assert after.percent_since(Sample(100, 200)) == percent


def test_cores_of_a_limit_or_of_the_machine(
    watched: WatchedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    assert processor.cores(watched.root) == 3
    watched.file("sys/fs/cgroup/cpu.max", "150000 100000\n")
    assert processor.cores(watched.root) == 1.5
