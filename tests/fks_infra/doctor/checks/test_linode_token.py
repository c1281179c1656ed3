"""The Linode token and its scopes."""

from collections.abc import Callable

import pytest

from fks_infra.doctor.check_context import Case
from fks_infra.doctor.checks.linode_token import lacking, linode_token
from fks_infra.doctor.findings import CannotTellError, Verdict
from tests.fks_infra.doctor.conftest import World, one


def test_a_token_for_everything_is_good(case: Callable[..., Case]) -> None:
    assert one(linode_token, case()).detail == "good, with *"


def test_a_refused_token_is_a_problem(case: Callable[..., Case]) -> None:
    seen = one(linode_token, case(environ={"LINODE_TOKEN": "canary-real-looking"}))
    assert seen.verdict is Verdict.PROBLEM
    assert seen.detail == "Linode refuses LINODE_TOKEN (hidden): 401"
    assert "https://cloud.linode.com/profile/tokens" in seen.remedy


def test_a_token_that_lacks_a_scope_is_a_problem(case: Callable[..., Case], world: World) -> None:
    headers = {"X-OAuth-Scopes": "linodes:read_write firewall:read_only events:read_only"}
    world.fail("linode", "profile$", 200, headers=headers, body={"username": "ops"})
    seen = one(linode_token, case())
    assert seen.verdict is Verdict.PROBLEM
    assert "lacks firewall:read_write" in seen.detail


@pytest.mark.parametrize("scopes", ["", "unknown"])
def test_scopes_that_are_not_told_are_unknown(
    case: Callable[..., Case], world: World, scopes: str
) -> None:
    headers = {"X-OAuth-Scopes": scopes}
    world.fail("linode", "profile$", 200, headers=headers, body={"username": "ops"})
    assert one(linode_token, case()).verdict is Verdict.UNKNOWN


def test_without_a_token_nothing_is_asked(case: Callable[..., Case], world: World) -> None:
    with pytest.raises(CannotTellError, match="LINODE_TOKEN is not set"):
        one(linode_token, case(environ={"LINODE_TOKEN": ""}))
    assert not list(world.clouds.journal.select())


@pytest.mark.parametrize(
    ("scopes", "missing"),
    [
        ("*", []),
        ("linodes:read_write firewall:read_write events:read_only", []),
        ("events:read_write, linodes:*, firewall:read_write", []),
        ("linodes:read_write firewall:read_write", ["events:read_only"]),
        ("linodes:read_only events:*", ["linodes:read_write", "firewall:read_write"]),
    ],
)
def test_scopes_are_compared_as_words(scopes: str, missing: list[str]) -> None:
    assert lacking(scopes) == missing
