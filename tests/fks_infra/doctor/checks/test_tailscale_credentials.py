"""The Tailscale credentials and the tag they may give."""

from typing import Any

import pytest

from fks_infra.clouds.credentials import CredentialError
from fks_infra.clouds.http import RejectedError
from fks_infra.doctor.checks.tailscale_credentials import tailnet_tag, tailscale_credentials
from fks_infra.doctor.findings import Verdict
from tests.fks_infra.doctor.conftest import MakeContext, StandIns, result, results

WITH_KEY = {"TAILSCALE_API_KEY": "rehearsal-canary-key"}
NONE = {"TAILSCALE_OAUTH_CLIENT_ID": "", "TAILSCALE_OAUTH_CLIENT_SECRET": ""}


def client(stand_ins: StandIns, **changes: Any) -> None:
    body = {"id": "x", "keyType": "client", "scopes": ["all"], "tags": ["tag:fks"], **changes}
    stand_ins.fail("tailscale", "keys/", 200, body=body)


def test_an_oauth_client_with_the_tag_is_ok(
    context: MakeContext,
) -> None:
    here = context()
    assert "may list the tailnet's 0 devices" in result(tailscale_credentials, here).detail
    assert result(tailnet_tag, here).detail == "the OAuth client carries tag:fks"


def test_both_log_in_once(context: MakeContext, stand_ins: StandIns) -> None:
    here = context()
    results(tailscale_credentials, here)
    results(tailnet_tag, here)
    paths = [entry["path"] for entry in stand_ins.clouds.journal.select("tailscale")]
    assert paths.count("/api/v2/oauth/token") == 1


def test_an_api_key_is_ok_and_has_no_tags(context: MakeContext) -> None:
    here = context(environ=WITH_KEY)
    assert result(tailscale_credentials, here).detail.startswith(
        "TAILSCALE_API_KEY (hidden) may list"
    )
    assert results(tailnet_tag, here) == []


def test_a_rejected_client_is_one_problem_and_stops_other_checks(
    context: MakeContext,
) -> None:
    here = context(environ={"TAILSCALE_OAUTH_CLIENT_SECRET": "canary-wrong"})
    found = result(tailscale_credentials, here)
    assert found.verdict is Verdict.PROBLEM
    assert "OAUTH_CLIENT_SECRET (hidden): POST " in found.detail
    assert "/settings/oauth" in found.remedy
    assert "auth_keys, devices:core and policy_file:read" in found.remedy
    with pytest.raises(RejectedError):
        results(tailnet_tag, here)


def test_a_rejected_key_is_a_problem(context: MakeContext) -> None:
    found = result(tailscale_credentials, context(environ={"TAILSCALE_API_KEY": "canary-wrong"}))
    assert found.verdict is Verdict.PROBLEM
    assert "/settings/keys" in found.remedy


def test_an_unknown_tailnet_is_a_problem(context: MakeContext, stand_ins: StandIns) -> None:
    stand_ins.fail("tailscale", "devices$", 404)
    found = result(tailscale_credentials, context(environ={"TAILSCALE_TAILNET": "other.example"}))
    assert found.detail == "TAILSCALE_TAILNET is 'other.example', which Tailscale does not know"


def test_missing_credentials_stop_the_check(context: MakeContext) -> None:
    with pytest.raises(CredentialError, match="no Tailscale credentials"):
        results(tailscale_credentials, context(environ=NONE))


def test_a_client_without_the_tag_is_a_problem(context: MakeContext, stand_ins: StandIns) -> None:
    client(stand_ins, tags=["tag:ci"])
    found = result(tailnet_tag, context())
    assert found.verdict is Verdict.PROBLEM
    assert found.detail == "fks:tailnetTag is 'tag:fks', and the OAuth client carries tag:ci"
    assert "Generate OAuth client" in found.remedy
    assert "read on Policy File" in found.remedy


def test_a_client_without_a_scope_is_a_problem(context: MakeContext, stand_ins: StandIns) -> None:
    client(stand_ins, scopes=["devices:core", "auth_keys:read"])
    assert result(tailnet_tag, context()).detail == "the OAuth client lacks the scopes auth_keys"


@pytest.mark.parametrize("status", [403, 404])
def test_a_client_that_may_not_read_itself_is_unknown(
    context: MakeContext, stand_ins: StandIns, status: int
) -> None:
    stand_ins.fail("tailscale", "keys/", status)
    assert result(tailnet_tag, context()).verdict is Verdict.UNKNOWN
