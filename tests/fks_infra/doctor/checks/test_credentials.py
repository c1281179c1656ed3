"""The credentials in the environment."""

from fks_infra.doctor.checks.credentials import credentials
from fks_infra.doctor.findings import Verdict
from tests.fks_infra.doctor.conftest import MakeContext, result, results


def test_complete_credentials_are_ok(context: MakeContext) -> None:
    assert result(credentials, context()).verdict is Verdict.OK


def test_each_missing_one_is_a_problem_with_the_command(
    context: MakeContext,
) -> None:
    without = {"LINODE_TOKEN": "", "TAILSCALE_OAUTH_CLIENT_SECRET": ""}
    linode, tailscale = results(credentials, context(environ=without))
    assert linode.verdict is tailscale.verdict is Verdict.PROBLEM
    assert linode.detail.startswith("LINODE_TOKEN is not in the environment")
    assert linode.remedy == "export LINODE_TOKEN=..."
    assert tailscale.remedy == "export TAILSCALE_OAUTH_CLIENT_SECRET=..."


def test_a_line_break_is_a_problem_without_the_value(
    context: MakeContext,
) -> None:
    found = result(credentials, context(environ={"CLOUDFLARE_API_TOKEN": "canary-token\n"}))
    assert found.verdict is Verdict.PROBLEM
    assert "CLOUDFLARE_API_TOKEN (hidden) has a blank, a line break" in found.detail
    assert "tr -cd" in found.remedy
    assert "canary" not in str(found)
