"""The clock of this machine."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from fks_infra.doctor.check_context import Case
from fks_infra.doctor.checks.clock import clock
from fks_infra.doctor.findings import Verdict
from tests.fks_infra.doctor.conftest import World, one


@pytest.mark.parametrize(("ahead", "text"), [(95.0, "s ahead of Linode's"), (-95.0, "s behind")])
def test_a_clock_that_is_off_is_a_problem(
    case: Callable[..., Case], ahead: float, text: str
) -> None:
    seen = one(clock, replace(case(), now=lambda: time.time() + ahead))
    assert seen.verdict is Verdict.PROBLEM
    assert text in seen.detail
    assert seen.remedy == "sudo timedatectl set-ntp true"


def test_a_clock_that_is_right_is_fine_by_any_cloud(case: Callable[..., Case]) -> None:
    assert one(clock, case()).detail == "within 30 s of Linode's"
    elsewhere = case(environ={"LINODE_URL": "http://127.0.0.1:1"})
    assert one(clock, elsewhere).detail == "within 30 s of Cloudflare's"


def test_no_credential_is_sent_to_ask_the_time(case: Callable[..., Case], world: World) -> None:
    one(clock, case(environ={"LINODE_URL": "http://127.0.0.1:1"}))
    (asked,) = world.clouds.journal.select()
    assert (asked["cloud"], asked["status"]) == ("cloudflare", 401)


def test_without_a_cloud_the_time_is_unknown(case: Callable[..., Case]) -> None:
    nowhere = "http://127.0.0.1:1"
    seen = one(clock, case(environ={"LINODE_URL": nowhere, "CLOUDFLARE_BASE_URL": nowhere}))
    assert seen.verdict is Verdict.UNKNOWN
    assert "Connection refused" in seen.detail
