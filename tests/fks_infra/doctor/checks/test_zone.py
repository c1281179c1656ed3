"""The Cloudflare token and the zone."""

from collections.abc import Callable
from typing import Any

import pytest

from fks_infra.doctor.check_context import Case
from fks_infra.doctor.checks.zone import zone
from fks_infra.doctor.findings import CannotTellError, Verdict
from rehearsal.clouds.cloudflare import catalog
from rehearsal.clouds.cloudflare.routes import result
from tests.fks_infra.doctor.conftest import ZONE, World, look, one, problems


def shows(world: World, **changes: Any) -> None:
    row = {**catalog.zone(ZONE, "2026-01-01T00:00:00Z"), **changes}
    world.fail("cloudflare", "zones$", 200, body=result([row]))


def test_a_zone_whose_records_may_be_edited_is_right(case: Callable[..., Case]) -> None:
    assert one(zone, case()).detail == f"{ZONE} is active and its records may be edited"


def test_a_refused_token_is_a_problem(case: Callable[..., Case]) -> None:
    seen = one(zone, case(environ={"CLOUDFLARE_API_TOKEN": "canary-wrong"}))
    assert seen.verdict is Verdict.PROBLEM
    assert "Cloudflare refuses CLOUDFLARE_API_TOKEN (hidden)" in seen.detail
    assert f"Zone:Read and DNS:Edit on {ZONE}" in seen.remedy


def test_a_zone_the_token_does_not_see_is_a_problem(case: Callable[..., Case]) -> None:
    seen = one(zone, case(zone="other.example"))
    assert seen.verdict is Verdict.PROBLEM
    assert "fks:zone is 'other.example', and" in seen.detail
    assert "sees 0 such zones" in seen.detail


def test_a_token_that_may_only_read_is_a_problem(case: Callable[..., Case], world: World) -> None:
    shows(world, permissions=["#zone:read", "#dns_records:read"])
    seen = one(zone, case())
    assert seen.verdict is Verdict.PROBLEM
    assert "may not edit the records" in seen.detail


def test_permissions_that_are_not_told_are_unknown(case: Callable[..., Case], world: World) -> None:
    shows(world, permissions=None)
    assert one(zone, case()).verdict is Verdict.UNKNOWN


def test_a_zone_nobody_leads_to_is_a_problem(case: Callable[..., Case], world: World) -> None:
    shows(world, status="pending")
    (seen,) = problems(look(zone, case()))
    assert "which is pending in Cloudflare" in seen.detail
    assert "make alice.ns.cloudflare.com and bob.ns.cloudflare.com its name" in seen.remedy


def test_without_a_token_it_cannot_be_told(case: Callable[..., Case]) -> None:
    with pytest.raises(CannotTellError, match="CLOUDFLARE_API_TOKEN is not set"):
        one(zone, case(environ={"CLOUDFLARE_API_TOKEN": ""}))
