"""What counts as a failure after a deploy."""

import json
from typing import Any

import pytest

from fks_infra.delivery.verification import SERVER_CHECKS, certificates, doctor_failures, plan_of
from fks_infra.doctor.findings import CheckResult, Finding, ok, problem, unknown, warning
from fks_infra.doctor.registry import CHECKS
from fks_infra.errors import OperatorError


def finding(check: str, result: CheckResult) -> Finding:
    return Finding.of(check, result)


def test_problems_fail_and_warnings_do_not() -> None:
    findings = [
        finding("region", ok("fine")),
        finding("updates", warning("a reboot is pending")),
        finding("zone", problem("not active", "Activate it")),
    ]
    assert list(doctor_failures(findings)) == ["zone: not active. Activate it"]


def test_a_check_of_the_servers_that_could_not_run_fails() -> None:
    findings = [
        finding("certificates", unknown("api.shop.example: no answer")),
        finding("ssh-agent", unknown("no agent")),
    ]
    assert list(doctor_failures(findings)) == ["certificates: api.shop.example: no answer"]


def test_the_checks_of_the_servers_are_checks_of_the_doctor() -> None:
    assert set(CHECKS) >= SERVER_CHECKS


def test_the_certificates_last_day_is_shown() -> None:
    findings = [
        finding("zone", ok("active")),
        finding("certificates", ok("4 of 4 names have one; the first ends on 2027-01-02")),
    ]
    assert certificates(findings) == "4 of 4 names have one; the first ends on 2027-01-02"


def test_the_plan_is_that_of_the_last_up() -> None:
    plan: dict[str, Any] = {"hosts": [], "checks": [], "releases": {}}
    urn = "urn:pulumi:prod::fks::fks:infra:Verify$command:local:Command::verify-step"
    resources = [{"urn": "urn:x::other"}, {"urn": urn, "inputs": {"stdin": json.dumps(plan)}}]
    assert plan_of(json.dumps({"deployment": {"resources": resources}})) == plan


@pytest.mark.parametrize("state", ['{"deployment": {}}', '{"deployment": {"resources": []}}', "{}"])
def test_a_stack_that_was_never_verified_is_an_error(state: str) -> None:
    with pytest.raises(OperatorError, match="Run pulumi up without a target"):
        plan_of(state)
