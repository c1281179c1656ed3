"""The Linode token and its scopes."""

import pytest

from fks_infra.clouds.credentials import CredentialError
from fks_infra.doctor.checks.linode_token import linode_token, missing_scopes
from fks_infra.doctor.findings import Verdict
from tests.fks_infra.doctor.conftest import MakeContext, StandIns, result


def test_a_token_for_everything_is_ok(context: MakeContext) -> None:
    assert result(linode_token, context()).detail == "valid, with *"


def test_a_rejected_token_is_a_problem(context: MakeContext) -> None:
    found = result(linode_token, context(environ={"LINODE_TOKEN": "canary-real-looking"}))
    assert found.verdict is Verdict.PROBLEM
    assert found.detail.startswith("Linode rejects LINODE_TOKEN (hidden): GET ")
    assert "https://cloud.linode.com/profile/tokens" in found.remedy


def test_a_token_that_lacks_a_scope_is_a_problem(context: MakeContext, stand_ins: StandIns) -> None:
    headers = {"X-OAuth-Scopes": "linodes:read_write firewall:read_only events:read_only"}
    stand_ins.fail("linode", "profile$", 200, headers=headers, body={"username": "ops"})
    found = result(linode_token, context())
    assert found.verdict is Verdict.PROBLEM
    assert "lacks firewall:read_write" in found.detail


@pytest.mark.parametrize("scopes", ["", "unknown"])
def test_scopes_that_are_not_reported_are_unknown(
    context: MakeContext, stand_ins: StandIns, scopes: str
) -> None:
    headers = {"X-OAuth-Scopes": scopes}
    stand_ins.fail("linode", "profile$", 200, headers=headers, body={"username": "ops"})
    assert result(linode_token, context()).verdict is Verdict.UNKNOWN


def test_without_a_token_no_request_is_made(context: MakeContext, stand_ins: StandIns) -> None:
    with pytest.raises(CredentialError, match="LINODE_TOKEN is not set"):
        result(linode_token, context(environ={"LINODE_TOKEN": ""}))
    assert not list(stand_ins.clouds.journal.select())


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
def test_missing_scopes_are_listed(scopes: str, missing: list[str]) -> None:
    assert missing_scopes(scopes, bucket=False) == missing


def test_a_bucket_needs_a_further_scope(context: MakeContext, stand_ins: StandIns) -> None:
    headers = {"X-OAuth-Scopes": "linodes:read_write firewall:read_write events:read_only"}
    stand_ins.fail("linode", "profile$", 200, headers=headers, body={"username": "ops"}, count=2)
    assert result(linode_token, context()).verdict is Verdict.OK
    found = result(linode_token, context(backup={"bucket": "us-ord/fks-prod-backup"}))
    assert found.detail.endswith("lacks object_storage:read_write")
    assert "with fks:backup.bucket also Object Storage read/write" in found.remedy
