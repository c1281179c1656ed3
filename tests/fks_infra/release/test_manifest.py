"""The manifest of a release."""

from collections.abc import Callable

import pytest

from fks_infra.config.settings import Settings
from fks_infra.release.manifest import manifest
from fks_infra.topology.planning import plan_topology

Make = Callable[..., Settings]


def test_it_says_what_the_host_needs(settings: Make) -> None:
    found = settings()
    topology = plan_topology(found)
    (api,) = (server for server in topology.servers if server.name == "api")
    release = manifest(topology, found, api)
    assert {key: release[key] for key in ("server", "mode", "roles", "compose_file")} == {
        "server": "api",
        "mode": "multi",
        "roles": ["api"],
        "compose_file": "compose/api.yaml",
    }
    assert release["domains"]["auth"] == "auth.fkstrading.xyz"
    assert [probe["path"] for probe in release["probes"]] == ["/health", "/health/deep"]
    assert {probe["host"] for probe in release["probes"]} == {"api.fkstrading.xyz"}


@pytest.mark.parametrize(
    ("mode", "callers"),
    [
        ("multi", {"auth": {"auth": []}, "api": {"api": ["tag:fks-web"]}, "web": {"web": []}}),
        ("single", {"single": {"auth": [], "api": ["tag:fks-web"], "web": []}}),
    ],
)
def test_callers_are_the_roles_whose_edge_passes_requests_on(
    settings: Make, mode: str, callers: dict[str, dict[str, list[str]]]
) -> None:
    found = settings(mode=mode)
    topology = plan_topology(found)
    servers = {one.name: manifest(topology, found, one)["callers"] for one in topology.servers}
    assert servers == callers


def test_a_static_build_is_an_image_variable_and_a_directory(settings: Make) -> None:
    found = settings(services={"web": {"root": "/srv/app"}})
    topology = plan_topology(found)
    builds = {one.name: manifest(topology, found, one)["builds"] for one in topology.servers}
    assert builds == {
        "auth": [],
        "api": [],
        "web": [{"name": "web", "image": "IMAGE_WEB", "root": "/srv/app"}],
    }


def test_each_server_has_its_thresholds_and_requests_the_roles_that_it_calls(
    settings: Make,
) -> None:
    found = settings()
    topology = plan_topology(found)
    watch = {server.name: manifest(topology, found, server)["watch"] for server in topology.servers}
    limits = {name: (one["cpu"], one["memory"]) for name, one in watch.items()}
    assert limits == {"auth": (50, 80), "api": (70, 90), "web": (40, 60)}
    names = {name: [probe["name"] for probe in one["probes"]] for name, one in watch.items()}
    assert names == {"auth": [], "api": ["auth"], "web": ["auth", "api"]}
    assert {probe["path"] for one in watch.values() for probe in one["probes"]} == {"/health/deep"}


def test_a_server_with_all_roles_has_the_highest_thresholds_and_no_peer(settings: Make) -> None:
    found = settings(mode="single")
    topology = plan_topology(found)
    watch = manifest(topology, found, topology.servers[0])["watch"]
    assert watch == {"cpu": 70, "memory": 90, "probes": []}


def test_each_role_has_its_services(settings: Make) -> None:
    found = settings(mode="single")
    (single,) = plan_topology(found).servers
    services = manifest(plan_topology(found), found, single)["services"]
    assert services["auth"] == ["auth-postgres", "auth-server", "auth-worker"]
    assert services["web"] == []
    assert {"api", "api-2", "api-postgres"} <= set(services["api"])
    assert all("edge" not in names for names in services.values())
