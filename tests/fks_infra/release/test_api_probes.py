"""What a deploy requests from a role's API with the role's own secret."""

from collections.abc import Callable

from fks_infra.config.settings import Settings
from fks_infra.release.manifest import manifest
from fks_infra.release.probes import api_probes, verify_plan
from fks_infra.roles import ROLES
from fks_infra.roles.auth import ROLE
from fks_infra.topology.planning import plan_topology
from host.fks_deploy.probe import Probe

Make = Callable[..., Settings]


def test_the_gate_of_auth_asks_for_a_live_worker_of_its_own_version() -> None:
    (entry,) = api_probes(ROLE, "auth.example.org")
    probe = Probe.parse(entry)
    assert (probe.host, probe.path) == ("auth.example.org", "/api/v3/tasks/workers/")
    assert probe.any_item == {"version_matching": [True]}
    assert probe.wait_seconds == 300


def test_the_token_is_a_secret_file_of_the_role() -> None:
    for role in ROLES:
        files = {f"{role.name}/{file.name}" for secret in role.secrets for file in secret.files}
        assert {entry["bearer"] for entry in api_probes(role, "example.org")} <= files


def test_the_operator_does_not_make_requests_with_a_servers_secret(settings: Make) -> None:
    found = settings()
    topology = plan_topology(found)
    addresses = {server.name: "100.64.0.1" for server in topology.servers}
    plan = verify_plan(topology, addresses, dict.fromkeys(addresses, "digest"), {})
    assert not any("bearer" in check for check in plan["checks"])
    asking = [
        server.name
        for server in topology.servers
        if any("bearer" in probe for probe in manifest(topology, found, server)["probes"])
    ]
    assert asking == ["auth"]
