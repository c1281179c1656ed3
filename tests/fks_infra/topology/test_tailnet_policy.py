"""The policy lets operators in, the servers flow as the topology says, and nothing else."""

from typing import Any

from fks_infra.roles.services import ROLES
from fks_infra.topology.planning import EDGE_PORT, FLOWS
from fks_infra.topology.tailnet_policy import policy, server_tags

POLICY = policy("tag:fks", ["group:ops", "tag:ci"])


def allowed(source: str, target: str) -> set[str]:
    """The ports the grants open."""
    return {
        ip
        for grant in POLICY["grants"]
        if source in grant["src"] and target in grant["dst"]
        for ip in grant["ip"]
    }


def test_operators_reach_ssh_and_the_edge_of_every_server() -> None:
    for role in ROLES:
        for operator in ("group:ops", "tag:ci"):
            assert allowed(operator, f"tag:fks-{role}") == {"tcp:22", f"tcp:{EDGE_PORT}"}


def test_servers_reach_the_edge_of_those_they_talk_to_and_nothing_else() -> None:
    flows = {(flow.source, flow.target) for flow in FLOWS}
    for source in ROLES:
        for target in ROLES:
            wanted = {f"tcp:{EDGE_PORT}"} if (source, target) in flows else set()
            assert allowed(f"tag:fks-{source}", f"tag:fks-{target}") == wanted


def test_nobody_else_is_named() -> None:
    named = {name for grant in POLICY["grants"] for name in (*grant["src"], *grant["dst"])}
    assert named == {"group:ops", "tag:ci", *server_tags("tag:fks", ROLES)}


def test_the_oauth_clients_tag_owns_the_servers_tags_and_admins_own_the_rest() -> None:
    assert POLICY["tagOwners"] == {
        "tag:fks": ["autogroup:admin"],
        "tag:fks-auth": ["tag:fks"],
        "tag:fks-api": ["tag:fks"],
        "tag:fks-web": ["tag:fks"],
        "tag:ci": ["autogroup:admin"],
    }


def test_its_own_tests_deny_ssh_between_servers_and_accept_what_is_granted() -> None:
    tests: dict[str, dict[str, Any]] = {test["src"]: test for test in POLICY["tests"]}
    web = tests["tag:fks-web"]
    assert sorted(web["accept"]) == [f"tag:fks-api:{EDGE_PORT}", f"tag:fks-auth:{EDGE_PORT}"]
    assert sorted(web["deny"]) == ["tag:fks-api:22", "tag:fks-auth:22"]
    auth = tests["tag:fks-auth"]
    assert auth["accept"] == []
    assert f"tag:fks-api:{EDGE_PORT}" in auth["deny"]
