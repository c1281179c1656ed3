"""The scanner's row of a host, checked."""

from typing import Any

import pytest

from rehearsal.world.checks.tls_settings import YEAR, problems

GOOD: dict[str, Any] = {"issues": {}, "hsts": YEAR, "chain": 2, "verified": True, "ocsp": False}


def test_a_good_row_has_no_problems() -> None:
    assert problems(GOOD) == ""


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"issues": {"tls_versions": "TLS 1.0 is enabled"}}, "tls_versions: TLS 1.0 is enabled"),
        ({"hsts": YEAR - 1}, "HSTS"),
        ({"chain": 1}, "chain of 1"),
        ({"verified": False}, "not trusted"),
        ({"ocsp": True}, "OCSP"),
        ({"error": "connection refused"}, "connection refused"),
    ],
)
def test_a_problem_is_named(change: dict[str, Any], text: str) -> None:
    assert text in problems(GOOD | change)


def test_a_host_without_a_row_is_a_problem() -> None:
    assert problems(None) != ""
