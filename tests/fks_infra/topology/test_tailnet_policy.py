"""The policy opens SSH and the edge to operators, and the edge for the roles' calls."""

from typing import Any

import pytest

from fks_infra.limits import EDGE_PORT
from fks_infra.roles import ROLE_NAMES
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
    for role in ROLE_NAMES:
        for operator in ("group:ops", "tag:ci"):
            assert allowed(operator, f"tag:fks-{role}") == {"tcp:22", f"tcp:{EDGE_PORT}"}


@pytest.mark.parametrize(
    ("source", "targets"), [("auth", ""), ("api", "auth"), ("web", "api auth")]
)
def test_a_server_reaches_the_edge_of_the_roles_it_calls(source: str, targets: str) -> None:
    opened = {role: allowed(f"tag:fks-{source}", f"tag:fks-{role}") for role in ROLE_NAMES}
    assert {role: ports for role, ports in opened.items() if ports} == {
        role: {"tcp:443"} for role in targets.split()
    }


def test_the_grants_name_operators_and_servers_only() -> None:
    named = {name for grant in POLICY["grants"] for name in (*grant["src"], *grant["dst"])}
    assert named == {"group:ops", "tag:ci", *server_tags("tag:fks", ROLE_NAMES)}


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
