"""The credentials in the environment."""

from collections.abc import Callable

from fks_infra.doctor.check_context import Case
from fks_infra.doctor.checks.credentials import tokens
from fks_infra.doctor.findings import Verdict
from tests.fks_infra.doctor.conftest import look, one


def test_all_that_are_needed_are_there(case: Callable[..., Case]) -> None:
    assert one(tokens, case()).verdict is Verdict.OK


def test_each_missing_one_is_a_problem_with_the_command(case: Callable[..., Case]) -> None:
    without = {"LINODE_TOKEN": "", "TAILSCALE_OAUTH_CLIENT_SECRET": ""}
    linode, tailscale = look(tokens, case(environ=without))
    assert linode.verdict is tailscale.verdict is Verdict.PROBLEM
    assert linode.detail.startswith("LINODE_TOKEN is not in the environment")
    assert linode.remedy == "export LINODE_TOKEN=..."
    assert tailscale.remedy == "export TAILSCALE_OAUTH_CLIENT_SECRET=..."


def test_a_line_break_in_a_token_is_told_without_the_token(case: Callable[..., Case]) -> None:
    seen = one(tokens, case(environ={"CLOUDFLARE_API_TOKEN": "canary-token\n"}))
    assert seen.verdict is Verdict.PROBLEM
    assert "CLOUDFLARE_API_TOKEN (hidden) has a blank, a line break" in seen.detail
    assert "tr -cd" in seen.remedy
    assert "canary" not in str(seen)
