"""Servers of both modes beside each other."""

from collections.abc import Callable
from typing import Any

import pytest

from fks_infra.release.environment import release_environment
from fks_infra.release.manifest import manifest
from fks_infra.release.probes import verify_plan
from fks_infra.topology.planning import plan_topology
from fks_infra.topology.servers import Topology

Make = Callable[..., Any]
MULTI = ["auth", "api", "web"]


def records(topology: Topology) -> dict[str, str]:
    return {host.fqdn: server.name for server in topology.servers for host in server.records}


def test_kept_servers_are_declared_without_records(settings: Make) -> None:
    topology = plan_topology(settings(mode="multi", keep=["single"]))
    assert [server.name for server in topology.servers] == [*MULTI, "single"]
    assert set(records(topology).values()) == {*MULTI}
    assert records(topology) == records(plan_topology(settings(mode="multi")))


def test_the_records_point_to_the_mode_that_serves(settings: Make) -> None:
    beside = plan_topology(settings(mode="multi", keep=["single"], serve="single"))
    assert set(records(beside).values()) == {"single"}
    assert [server.name for server in beside.serving] == ["single"]
    back = plan_topology(settings(mode="single", keep=MULTI, serve="multi"))
    assert records(back) == records(plan_topology(settings(mode="multi")))


def test_labels_and_host_names_do_not_collide(settings: Make) -> None:
    servers = plan_topology(settings(mode="multi", keep=["single"])).servers
    assert len({server.label for server in servers}) == len(servers)
    assert len({server.host_prefix for server in servers}) == len(servers)


def test_a_kept_server_has_the_release_of_its_own_mode(settings: Make) -> None:
    alone, both = settings(mode="single"), settings(mode="multi", keep=["single"])
    before, after = plan_topology(alone), plan_topology(both)
    (first,), last = before.servers, after.servers[-1]
    assert manifest(after, both, last) == manifest(before, alone, first)
    assert release_environment(after, both, last) == release_environment(before, alone, first)


@pytest.mark.parametrize("serve", ["multi", "single"])
def test_only_servers_with_records_are_verified(settings: Make, serve: str) -> None:
    topology = plan_topology(settings(mode="multi", keep=["single"], serve=serve))
    addresses = {server.name: f"at-{server.name}" for server in topology.servers}
    plan = verify_plan(topology, addresses, {}, {})
    expected = {f"at-{server.name}" for server in topology.serving}
    assert {host["address"] for host in plan["hosts"]} == expected
    assert {check["address"] for check in plan["checks"]} == expected


def test_the_preview_names_what_is_kept_and_what_serves(settings: Make) -> None:
    topology = plan_topology(settings(mode="multi", keep=["single"], serve="single"))
    (notice,) = (one for one in topology.notices if one.startswith("fks:keep"))
    assert "keeps single" in notice
    assert "point to the servers of single; those of fks:mode multi have none" in notice
    assert not any("fks:keep" in one for one in plan_topology(settings()).notices)
