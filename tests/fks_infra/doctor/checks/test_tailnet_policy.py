"""The tailnet's policy against what the stack needs."""

from collections.abc import Callable
from typing import Any

import pytest

from fks_infra.clouds.http import UnavailableError
from fks_infra.doctor.checks.tailnet_policy import tailnet_policy
from fks_infra.doctor.findings import CheckResult, Verdict
from fks_infra.remote.inventory import DeployedServer, Inventory
from fks_infra.topology.tailnet_policy import policy as needed_policy
from tests.fks_infra.doctor.conftest import MakeContext, StandIns, result, results

OPERATORS = ["autogroup:admin"]
Check = Callable[..., list[CheckResult]]


@pytest.fixture
def check(context: MakeContext, stand_ins: StandIns) -> Check:
    """The results for the needed policy with more grants, or with parts replaced."""

    def build(*more: dict[str, Any], inventory: Inventory | None = None, **parts: Any) -> Any:
        whole = {**needed_policy("tag:fks", OPERATORS), **parts}
        whole["grants"] = [*whole["grants"], *more]
        stand_ins.fail("tailscale", "/acl$", 200, body=whole)
        return results(tailnet_policy, context(inventory))

    return build


def grant(source: str, target: str, *ip: str) -> dict[str, Any]:
    return {"src": [source], "dst": [target], "ip": list(ip or ["*"])}


def test_the_policy_that_fks_prints_is_ok(check: Check) -> None:
    (found,) = check()
    assert found.verdict is Verdict.OK, found


def test_rules_about_other_machines_do_not_matter(check: Check) -> None:
    others = (
        grant("autogroup:member", "autogroup:self"),
        grant("group:eng", "tag:db"),
        grant("group:eng", "10.0.0.0/8"),
        grant("autogroup:admin", "*"),
    )
    assert [found.verdict for found in check(*others)] == [Verdict.OK]


def test_a_new_tailnets_policy_has_neither_tags_nor_limits(
    context: MakeContext,
) -> None:
    found = results(tailnet_policy, context())
    assert {item.verdict for item in found} == {Verdict.PROBLEM}
    absent, wide = found
    tags = "tag:fks, tag:fks-auth, tag:fks-api, tag:fks-web"
    assert absent.detail == f"tagOwners of the tailnet's policy has no {tags}"
    assert wide.detail.startswith("grants[0] of the tailnet's policy gives * access to the servers")
    assert "fks tailnet policy --stack prod" in wide.remedy


@pytest.mark.parametrize(
    ("source", "target", "ip"),
    [
        ("*", "*", "*"),
        ("autogroup:member", "*", "tcp:443"),
        ("group:eng", "tag:fks-api", "tcp:443"),
        ("tag:fks-web", "tag:fks-api", "tcp:22"),
        ("tag:fks-web", "*", "*"),
        ("tag:fks-auth", "tag:fks-web", "443"),
        ("tag:fks", "autogroup:tagged", "*"),
        ("*", "100.64.0.0/10", "*"),
    ],
)
def test_a_rule_with_more_access_is_a_problem(
    check: Check, source: str, target: str, ip: str
) -> None:
    (found,) = check(grant(source, target, ip))
    assert found.verdict is Verdict.PROBLEM
    assert f"gives {source} access to the servers" in found.detail
    assert "grants[3]" in found.remedy


def test_an_acl_that_allows_everything_is_reported_once(check: Check) -> None:
    acl = {"action": "accept", "src": ["*", "group:eng"], "dst": ["*:*"]}
    (found,) = check(acls=[acl])
    assert found.detail.startswith("acls[0] of the tailnet's policy gives * access")


def test_a_servers_address_is_found_through_its_alias(check: Check) -> None:
    placed = DeployedServer(name="api", roles=("api",), instance_id="7", address="100.64.0.7")
    inventory = Inventory(servers=(placed,))
    hosts = {"box": "100.64.0.7", "other": "100.64.0.8"}
    (found,) = check(
        grant("group:eng", "box"), grant("group:eng", "other"), inventory=inventory, hosts=hosts
    )
    assert found.detail.startswith("grants[3]")


def test_missing_grants_are_named_by_source_and_target(check: Check) -> None:
    grants = needed_policy("tag:fks", OPERATORS)["grants"][:-1]
    (found,) = check(grants=grants)
    assert found.verdict is Verdict.PROBLEM
    ends = "tag:fks-web to tag:fks-api:443, tag:fks-web to tag:fks-auth:443"
    assert found.detail == f"no rule of the tailnet's policy allows {ends}"
    assert found.remedy.endswith("fks tailnet policy --stack prod")


def test_the_same_rules_as_acls_are_ok(check: Check) -> None:
    tags = "tag:fks-auth", "tag:fks-api", "tag:fks-web"
    acls = [
        {"action": "accept", "src": OPERATORS, "dst": [f"{tag}:22,443" for tag in tags]},
        {"action": "accept", "src": ["tag:fks-web"], "dst": [f"{tag}:443" for tag in tags[:2]]},
        {"action": "accept", "src": ["tag:fks-api"], "dst": ["tag:fks-auth:443"]},
    ]
    assert [found.verdict for found in check(grants=[], acls=acls)] == [Verdict.OK]


def test_a_tag_the_client_does_not_own_is_a_problem(check: Check) -> None:
    owners = {**needed_policy("tag:fks", OPERATORS)["tagOwners"], "tag:fks-api": ["group:eng"]}
    (found,) = check(tagOwners=owners)
    assert found.detail.endswith("does not let tag:fks give tag:fks-api")


@pytest.mark.parametrize("status", [403, 404])
def test_a_policy_that_may_not_be_read_is_unknown(
    context: MakeContext, stand_ins: StandIns, status: int
) -> None:
    stand_ins.fail("tailscale", "/acl$", status)
    found = result(tailnet_policy, context())
    assert found.verdict is Verdict.UNKNOWN
    assert "Policy File, Read" in found.remedy


def test_a_policy_that_is_no_json_stops_the_check(
    context: MakeContext, stand_ins: StandIns
) -> None:
    stand_ins.fail("tailscale", "/acl$", 200, body="// HuJSON\n{}")
    with pytest.raises(UnavailableError, match="something that is no JSON"):
        results(tailnet_policy, context())
