"""The tailnet's policy against what the stack needs."""

from collections.abc import Callable
from typing import Any

import pytest

from fks_infra.doctor.check_context import Case
from fks_infra.doctor.checks.tailnet_policy import policy
from fks_infra.doctor.findings import CannotTellError, Seen, Verdict
from fks_infra.doctor.inventory import Inventory, Placed
from fks_infra.topology.tailnet_policy import policy as wanted_policy
from tests.fks_infra.doctor.conftest import World, look, one

OPERATORS = ["autogroup:admin"]
Examine = Callable[..., list[Seen]]


@pytest.fixture
def examine(case: Callable[..., Case], world: World) -> Examine:
    """What is seen in the wanted policy with more grants, or with parts replaced."""

    def build(*more: dict[str, Any], inventory: Inventory | None = None, **parts: Any) -> Any:
        whole = {**wanted_policy("tag:fks", OPERATORS), **parts}
        whole["grants"] = [*whole["grants"], *more]
        world.fail("tailscale", "/acl$", 200, body=whole)
        return look(policy, case(inventory))

    return build


def grant(source: str, target: str, *ip: str) -> dict[str, Any]:
    return {"src": [source], "dst": [target], "ip": list(ip or ["*"])}


def test_the_policy_that_fks_prints_is_right(examine: Examine) -> None:
    (seen,) = examine()
    assert seen.verdict is Verdict.OK, seen


def test_rules_about_other_machines_do_not_matter(examine: Examine) -> None:
    others = (
        grant("autogroup:member", "autogroup:self"),
        grant("group:eng", "tag:db"),
        grant("group:eng", "10.0.0.0/8"),
        grant("autogroup:admin", "*"),
    )
    assert [seen.verdict for seen in examine(*others)] == [Verdict.OK]


def test_a_new_tailnets_policy_has_neither_tags_nor_limits(case: Callable[..., Case]) -> None:
    seen = look(policy, case())
    assert {item.verdict for item in seen} == {Verdict.PROBLEM}
    absent, wide = seen
    tags = "tag:fks, tag:fks-auth, tag:fks-api, tag:fks-web"
    assert absent.detail == f"tagOwners of the tailnet's policy has no {tags}"
    assert wide.detail.startswith("grants[0] of the tailnet's policy lets * reach the servers")
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
def test_who_else_reaches_the_servers_is_a_problem(
    examine: Examine, source: str, target: str, ip: str
) -> None:
    (seen,) = examine(grant(source, target, ip))
    assert seen.verdict is Verdict.PROBLEM
    assert f"lets {source} reach the servers" in seen.detail
    assert "grants[3]" in seen.remedy


def test_an_old_rule_that_lets_all_in_is_found_and_told_once(examine: Examine) -> None:
    acl = {"action": "accept", "src": ["*", "group:eng"], "dst": ["*:*"]}
    (seen,) = examine(acls=[acl])
    assert seen.detail.startswith("acls[0] of the tailnet's policy lets * reach")


def test_a_servers_address_is_found_through_its_alias(examine: Examine) -> None:
    placed = Placed(name="api", roles=("api",), instance_id="7", address="100.64.0.7")
    inventory = Inventory(servers=(placed,))
    hosts = {"box": "100.64.0.7", "other": "100.64.0.8"}
    (seen,) = examine(
        grant("group:eng", "box"), grant("group:eng", "other"), inventory=inventory, hosts=hosts
    )
    assert seen.detail.startswith("grants[3]")


def test_missing_grants_are_named_by_their_ends(examine: Examine) -> None:
    grants = wanted_policy("tag:fks", OPERATORS)["grants"][:-1]
    (seen,) = examine(grants=grants)
    assert seen.verdict is Verdict.PROBLEM
    ends = "tag:fks-web to tag:fks-api:443, tag:fks-web to tag:fks-auth:443"
    assert seen.detail == f"no rule of the tailnet's policy lets {ends}"
    assert seen.remedy.endswith("fks tailnet policy --stack prod")


def test_the_same_in_the_older_form_is_enough(examine: Examine) -> None:
    tags = "tag:fks-auth", "tag:fks-api", "tag:fks-web"
    acls = [
        {"action": "accept", "src": OPERATORS, "dst": [f"{tag}:22,443" for tag in tags]},
        {"action": "accept", "src": ["tag:fks-web"], "dst": [f"{tag}:443" for tag in tags[:2]]},
        {"action": "accept", "src": ["tag:fks-api"], "dst": ["tag:fks-auth:443"]},
    ]
    assert [seen.verdict for seen in examine(grants=[], acls=acls)] == [Verdict.OK]


def test_a_tag_the_client_may_not_give_is_a_problem(examine: Examine) -> None:
    owners = {**wanted_policy("tag:fks", OPERATORS)["tagOwners"], "tag:fks-api": ["group:eng"]}
    (seen,) = examine(tagOwners=owners)
    assert seen.detail.endswith("does not let tag:fks give tag:fks-api")


@pytest.mark.parametrize("status", [403, 404])
def test_a_policy_that_may_not_be_read_is_unknown(
    case: Callable[..., Case], world: World, status: int
) -> None:
    world.fail("tailscale", "/acl$", status)
    seen = one(policy, case())
    assert seen.verdict is Verdict.UNKNOWN
    assert "Policy File, Read" in seen.remedy


def test_a_policy_that_is_no_json_is_unknown(case: Callable[..., Case], world: World) -> None:
    world.fail("tailscale", "/acl$", 200, body="// HuJSON\n{}")
    with pytest.raises(CannotTellError, match="policy cannot be read"):
        look(policy, case())
