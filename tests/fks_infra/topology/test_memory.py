"""Services that do not fit their plan are an error before anything is bought."""

from collections.abc import Callable

import pytest

from fks_infra.config.settings import Settings
from fks_infra.errors import OperatorError
from fks_infra.topology.planning import plan_topology

Make = Callable[..., Settings]


@pytest.mark.parametrize("mode", ["multi", "single"])
def test_the_limits_fit_the_default_plans(settings: Make, mode: str) -> None:
    for server in plan_topology(settings(mode=mode)).servers:
        limits = sum(service.memory for service in server.services)
        assert limits + 384 <= server.plan.memory + server.zram


def test_low_memory_fits_one_server_of_4_gib(settings: Make) -> None:
    plan = {"single": "g6-standard-2"}
    topology = plan_topology(settings(mode="single", lowMemory=True, plan=plan))
    assert topology.servers[0].memory_limit <= 4096 - 384


def test_an_error_names_a_plan_that_fits(settings: Make) -> None:
    with pytest.raises(OperatorError) as raised:
        plan_topology(settings(mode="single", plan={"single": "g6-standard-2"}))
    text = str(raised.value)
    assert text.startswith("fks:plan.single is 'g6-standard-2'")
    assert "Write fks:plan.single: g6-standard-4, or set fks:lowMemory: true." in text


def test_low_memory_is_not_offered_where_it_would_not_help(settings: Make) -> None:
    with pytest.raises(OperatorError) as raised:
        plan_topology(settings(plan={"api": "g6-nanode-1"}))
    assert "lowMemory" not in str(raised.value)


def test_a_raised_memory_limit_counts(settings: Make) -> None:
    with pytest.raises(OperatorError, match=r"fks:plan\.web"):
        plan_topology(settings(services={"edge": {"memory": 900}}))


def test_authentik_on_the_smallest_plan_is_the_one_declared_exception(settings: Make) -> None:
    topology = plan_topology(settings())
    zram = {server.name: server.zram for server in topology.servers}
    assert zram == {"auth": 1024, "api": 0, "web": 0}
    notice, *others = topology.notices
    assert all("is left out" in other for other in others)
    assert "Recommended: fks:plan.auth: g6-standard-1." in notice


def test_the_recommended_plan_needs_no_exception(settings: Make) -> None:
    topology = plan_topology(settings(plan={"auth": "g6-standard-1"}))
    assert all("is left out" in notice for notice in topology.notices)
    assert [server.zram for server in topology.servers] == [0, 0, 0]
