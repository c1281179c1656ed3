"""What `fks doctor` makes of the reports of the watch."""

from typing import Any

import pytest

from fks_infra.doctor.checks import watch
from fks_infra.doctor.findings import Verdict

GOOD: dict[str, Any] = {
    "webhook": True,
    "age": 42,
    "up": 86400,
    "problems": [],
    "delivery_error": "",
}


def test_a_server_that_is_watched_and_has_no_problem_is_ok() -> None:
    (found,) = watch.evaluate("web", GOOD)
    assert found.verdict is Verdict.OK
    assert found.detail == "web: checked 42 s ago, no problem, alerts are sent"


@pytest.mark.parametrize(
    ("age", "detail"),
    [(None, "web: up for 90 s, not checked yet"), (7200, "web: checked 7200 s ago")],
)
def test_the_first_check_after_a_boot_is_not_late(age: int | None, detail: str) -> None:
    (found,) = watch.evaluate("web", {**GOOD, "age": age, "up": 90})
    assert found.verdict is Verdict.OK
    assert found.detail.startswith(detail)


@pytest.mark.parametrize(
    ("change", "verdict", "detail", "remedy"),
    [
        ({"age": None}, Verdict.PROBLEM, "was never checked", "systemctl status fks-watch.timer"),
        ({"age": 601}, Verdict.PROBLEM, "was last checked 601 s ago", "journalctl -u fks-watch"),
        (
            {"webhook": False},
            Verdict.WARNING,
            "fks:alertWebhook is not set: nobody is alerted",
            "pulumi config set --secret fks:alertWebhook",
        ),
        (
            {"delivery_error": "status 404"},
            Verdict.PROBLEM,
            "the last alert was not sent: status 404",
            "bin/alert --test",
        ),
        (
            {"problems": ["CPU is at 63 %, limit 50 %"]},
            Verdict.PROBLEM,
            "CPU is at 63 %, limit 50 %",
            "docs/operations.md",
        ),
    ],
)
def test_what_is_wrong_is_reported_with_the_remedy(
    change: dict[str, Any], verdict: Verdict, detail: str, remedy: str
) -> None:
    (found,) = watch.evaluate("web", {**GOOD, **change})
    assert found.verdict is verdict
    assert found.detail.startswith(f"web: {detail}")
    assert remedy in found.remedy
