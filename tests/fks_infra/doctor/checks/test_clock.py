"""The clock of this machine."""

import time
from dataclasses import replace

import pytest

from fks_infra.doctor.checks.clock import clock
from fks_infra.doctor.findings import Verdict
from tests.fks_infra.doctor.conftest import MakeContext, StandIns, result


@pytest.mark.parametrize(("ahead", "text"), [(95.0, "s ahead of Linode's"), (-95.0, "s behind")])
def test_a_wrong_clock_is_a_problem(context: MakeContext, ahead: float, text: str) -> None:
    found = result(clock, replace(context(), now=lambda: time.time() + ahead))
    assert found.verdict is Verdict.PROBLEM
    assert text in found.detail
    assert found.remedy == "sudo timedatectl set-ntp true"


def test_a_right_clock_is_ok_by_any_cloud(context: MakeContext) -> None:
    assert result(clock, context()).detail == "within 30 s of Linode's"
    elsewhere = context(environ={"LINODE_URL": "http://127.0.0.1:1"})
    assert result(clock, elsewhere).detail == "within 30 s of Cloudflare's"


def test_no_credential_is_sent(context: MakeContext, stand_ins: StandIns) -> None:
    result(clock, context(environ={"LINODE_URL": "http://127.0.0.1:1"}))
    (entry,) = stand_ins.clouds.journal.select()
    assert (entry["cloud"], entry["status"]) == ("cloudflare", 401)


def test_without_a_cloud_the_time_is_unknown(context: MakeContext) -> None:
    nowhere = "http://127.0.0.1:1"
    found = result(clock, context(environ={"LINODE_URL": nowhere, "CLOUDFLARE_BASE_URL": nowhere}))
    assert found.verdict is Verdict.UNKNOWN
    assert "Connection refused" in found.detail
