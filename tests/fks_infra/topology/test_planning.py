"""The topology: who is where, and what does not fit is refused before anything is bought."""

from collections.abc import Callable

import pytest

from fks_infra.config.settings import Settings
from fks_infra.errors import OperatorError
from fks_infra.topology.planning import (
    HEADROOM,
    Topology,
    available_memory,
    host_names,
    plan_topology,
)
from fks_infra.topology.plans import PLANS, smallest_standard

Make = Callable[..., Settings]


def servers(topology: Topology) -> dict[str, tuple[str, ...]]:
    return {server.name: server.roles for server in topology.servers}


def test_multi_is_one_server_a_role(settings: Make) -> None:
    topology = plan_topology(settings(mode="multi"))
    assert servers(topology) == {"auth": ("auth",), "api": ("api",), "web": ("web",)}


def test_single_is_one_server_for_all_roles(settings: Make) -> None:
    topology = plan_topology(settings(mode="single"))
    assert servers(topology) == {"single": ("auth", "api", "web")}
    assert topology.servers[0].plan.id == "g6-standard-4"


def test_names_need_a_domain_and_the_extra_labels_and_nothing_else() -> None:
    hosts = host_names("shop.example", ["docs"])
    assert [(host.key, host.role, host.fqdn) for host in hosts] == [
        ("auth", "auth", "auth.shop.example"),
        ("api", "api", "api.shop.example"),
        ("web", "web", "shop.example"),
        ("extra-docs", "web", "docs.shop.example"),
    ]


def test_both_modes_answer_to_the_same_names(settings: Make) -> None:
    names = {
        mode: {
            host for server in plan_topology(settings(mode=mode)).servers for host in server.names
        }
        for mode in ("multi", "single")
    }
    assert names["multi"] == names["single"]
    assert {host.fqdn for host in names["multi"]} == {
        "auth.fkstrading.xyz",
        "api.fkstrading.xyz",
        "fkstrading.xyz",
        "www.fkstrading.xyz",
    }


def test_an_extra_name_may_be_called_like_a_role_or_a_record(settings: Make) -> None:
    topology = plan_topology(settings(extraNames=["web", "caa"]))
    names = [host for server in topology.servers for host in server.names]
    assert len({host.key for host in names} | {"caa"}) == len(names) + 1
    assert "web.fkstrading.xyz" in {host.fqdn for host in names}


def test_names_of_a_domain_below_the_zone_are_fully_qualified(settings: Make) -> None:
    topology = plan_topology(settings(domain="dev.fkstrading.xyz", zone="fkstrading.xyz"))
    assert topology.domains == {
        "auth": "auth.dev.fkstrading.xyz",
        "api": "api.dev.fkstrading.xyz",
        "web": "dev.fkstrading.xyz",
    }


@pytest.mark.parametrize("mode", ["multi", "single"])
def test_the_limits_fit_the_default_plans(settings: Make, mode: str) -> None:
    for server in plan_topology(settings(mode=mode)).servers:
        assert server.memory_limit <= available_memory(server)
        assert available_memory(server) <= server.plan.memory + server.zram - HEADROOM


def test_low_memory_fits_one_server_of_4_gib(settings: Make) -> None:
    plan = {"single": "g6-standard-2"}
    topology = plan_topology(settings(mode="single", lowMemory=True, plan=plan))
    assert topology.servers[0].memory_limit <= 4096 - HEADROOM


def test_what_does_not_fit_is_refused_with_a_plan_that_does(settings: Make) -> None:
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
        plan_topology(settings(services={"web": {"memory": 900}}))


def test_authentik_on_the_smallest_plan_is_the_one_declared_exception(settings: Make) -> None:
    topology = plan_topology(settings())
    zram = {server.name: server.zram for server in topology.servers}
    assert zram == {"auth": 1024, "api": 0, "web": 0}
    (notice,) = topology.notices
    assert "Recommended: fks:plan.auth: g6-standard-1." in notice


def test_the_recommended_plan_needs_no_exception(settings: Make) -> None:
    topology = plan_topology(settings(plan={"auth": "g6-standard-1"}))
    assert topology.notices == ()
    assert [server.zram for server in topology.servers] == [0, 0, 0]


def test_only_servers_with_data_are_protected(settings: Make) -> None:
    protect = {server.name: server.protect for server in plan_topology(settings()).servers}
    assert protect == {"auth": True, "api": True, "web": False}
    assert plan_topology(settings(mode="single")).servers[0].protect is True
    assert plan_topology(settings(mode="single", protect=False)).servers[0].protect is False


def test_web_calls_api_and_auth_and_api_calls_auth(settings: Make) -> None:
    flows = {(flow.source, flow.target) for flow in plan_topology(settings()).flows}
    assert flows == {("web", "api"), ("web", "auth"), ("api", "auth")}


def test_a_generation_belongs_to_its_server(settings: Make) -> None:
    topology = plan_topology(settings(generation={"api": 3}))
    assert [server.generation for server in topology.servers] == [0, 3, 0]


def test_a_digest_pins_the_image(settings: Make) -> None:
    digest = "sha256:" + "a" * 64
    topology = plan_topology(settings(services={"api": {"digest": digest}}))
    images = {s.name: s.image for server in topology.servers for s in server.services}
    assert images["api"] == f"docker.io/nuniesmith/fks:api-latest@{digest}"
    assert images["api-worker"] == "docker.io/nuniesmith/fks:worker-latest"


def test_smallest_standard_walks_up_the_shared_plans() -> None:
    assert smallest_standard(1025) == PLANS["g6-standard-1"]
    assert smallest_standard(10**6) is None
