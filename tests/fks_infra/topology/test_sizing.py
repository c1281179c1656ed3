"""Memory limits, numbers of processes and CPU time, from a plan's memory and cores."""

import pytest

from fks_infra.config.plans import PLANS
from fks_infra.roles.role import Processes
from fks_infra.topology.sizing import headroom, memory_limits, process_count

WORKERS = Processes(variable="WORKERS", base=100, memory=200)


def test_the_rest_is_divided_by_the_shares_in_steps() -> None:
    limits = memory_limits({"a": 100, "b": 50, "c": 10}, {"a": 3, "b": 1, "c": 0}, 290)
    assert limits == {"a": 100 + 96, "b": 50 + 32, "c": 10}


@pytest.mark.parametrize("available", [0, 159, 160])
def test_without_a_rest_each_limit_is_the_smallest(available: int) -> None:
    smallest = {"a": 100, "b": 60}
    assert memory_limits(smallest, {"a": 1, "b": 1}, available) == smallest


def test_a_service_without_a_share_does_not_grow() -> None:
    assert memory_limits({"a": 100, "b": 60}, {}, 10_000) == {"a": 100, "b": 60}


@pytest.mark.parametrize("available", range(200, 2000, 37))
def test_the_sum_never_exceeds_what_is_available(available: int) -> None:
    limits = memory_limits({"a": 100, "b": 60, "c": 40}, {"a": 5, "b": 3, "c": 1}, available)
    assert available - 3 * 16 <= sum(limits.values()) <= available


def test_the_headroom_grows_with_the_plan() -> None:
    plans = ("g6-nanode-1", "g6-standard-2", "g6-standard-4", "g6-standard-6")
    assert [headroom(PLANS[plan]) for plan in plans] == [384, 384, 512, 1024]


@pytest.mark.parametrize(
    ("memory", "cores", "replicas", "count"),
    [
        (500, 8, 1, 2),
        (499, 8, 1, 1),
        (100, 8, 1, 1),
        (50, 1, 1, 1),
        (5000, 4, 1, 4),
        (5000, 4, 2, 2),
        (5000, 1, 2, 1),
    ],
)
def test_processes_fit_memory_and_cores_and_are_at_least_one(
    memory: int, cores: int, replicas: int, count: int
) -> None:
    assert process_count(WORKERS, memory, cores, replicas) == count


def test_a_core_may_serve_several_processes() -> None:
    threads = Processes(variable="THREADS", base=0, memory=10, per_core=2)
    assert process_count(threads, 1000, 3) == 6
