"""The Cloudflare token and the zone."""

from typing import Any

import pytest

from fks_infra.clouds.credentials import CredentialError
from fks_infra.doctor.checks.zone import zone
from fks_infra.doctor.findings import Verdict
from rehearsal.clouds.cloudflare import catalog, routes
from tests.fks_infra.doctor.conftest import ZONE, MakeContext, StandIns, problems, result


def respond(stand_ins: StandIns, **changes: Any) -> None:
    row = {**catalog.zone(ZONE, "2026-01-01T00:00:00Z"), **changes}
    stand_ins.fail("cloudflare", "zones$", 200, body=routes.result([row]))


def test_an_active_zone_with_editable_records_is_ok(context: MakeContext) -> None:
    assert result(zone, context()).detail == f"{ZONE} is active and the token may edit its records"


def test_a_rejected_token_is_a_problem(context: MakeContext) -> None:
    found = result(zone, context(environ={"CLOUDFLARE_API_TOKEN": "canary-wrong"}))
    assert found.verdict is Verdict.PROBLEM
    assert "Cloudflare rejects CLOUDFLARE_API_TOKEN (hidden)" in found.detail
    assert "Zone:Read and DNS:Edit on the zone" in found.remedy


def test_a_zone_the_token_does_not_see_is_a_problem(context: MakeContext) -> None:
    found = result(zone, context(zone="other.example"))
    assert found.verdict is Verdict.PROBLEM
    assert "is 'other.example', and" in found.detail
    assert "sees 0 zones of that name" in found.detail


def test_a_token_that_may_only_read_is_a_problem(context: MakeContext, stand_ins: StandIns) -> None:
    respond(stand_ins, permissions=["#zone:read", "#dns_records:read"])
    found = result(zone, context())
    assert found.verdict is Verdict.PROBLEM
    assert "may not edit the records" in found.detail


def test_permissions_that_are_not_listed_are_unknown(
    context: MakeContext, stand_ins: StandIns
) -> None:
    respond(stand_ins, permissions=None)
    assert result(zone, context()).verdict is Verdict.UNKNOWN


def test_a_pending_zone_is_a_problem(context: MakeContext, stand_ins: StandIns) -> None:
    respond(stand_ins, status="pending")
    (found,) = problems(zone, context())
    assert "which is pending in Cloudflare" in found.detail
    assert "make alice.ns.cloudflare.com and bob.ns.cloudflare.com its name" in found.remedy


def test_without_a_token_it_stops(context: MakeContext) -> None:
    with pytest.raises(CredentialError, match="CLOUDFLARE_API_TOKEN is not set"):
        result(zone, context(environ={"CLOUDFLARE_API_TOKEN": ""}))
