"""Which servers there are, by the mode."""

from collections.abc import Callable

from fks_infra.config.settings import Settings
from fks_infra.topology.planning import plan_topology
from fks_infra.topology.servers import Topology

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


def test_only_servers_with_data_are_protected(settings: Make) -> None:
    protect = {server.name: server.protect for server in plan_topology(settings()).servers}
    assert protect == {"auth": True, "api": True, "web": False}
    assert plan_topology(settings(mode="single")).servers[0].protect is True
    assert plan_topology(settings(mode="single", protect=False)).servers[0].protect is False


def test_a_generation_belongs_to_its_server(settings: Make) -> None:
    topology = plan_topology(settings(generation={"api": 3}))
    assert [server.generation for server in topology.servers] == [0, 3, 0]
