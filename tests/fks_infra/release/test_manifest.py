"""The manifest of a release."""

from collections.abc import Callable

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
