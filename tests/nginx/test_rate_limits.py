"""The rate limits of the edge."""

from collections import Counter

import pytest

from tests.nginx.conftest import Edge
from tests.nginx.rendered import API, AUTH, WEB

pytestmark = pytest.mark.world


@pytest.mark.parametrize("domain", [WEB, API])
def test_a_burst_of_pages_is_allowed(edge: Edge, domain: str) -> None:
    statuses = Counter(
        edge.request(domain, f"/assets/app-new.js?{number}").status for number in range(150)
    )
    assert statuses == {200: 150}


@pytest.mark.parametrize(
    ("domain", "path"),
    [(AUTH, "/application/o/token/"), (AUTH, "/api/v3/flows/executor/login/"), (API, "/api/login")],
)
def test_logins_above_the_limit_get_429(edge: Edge, domain: str, path: str) -> None:
    statuses = Counter(edge.request(domain, path, "POST").status for _ in range(60))
    # 200 only within the burst, which an earlier test may have used.
    assert set(statuses) <= {200, 429}
    assert statuses[429] > 0


def test_a_429_has_the_security_headers(edge: Edge) -> None:
    answers = [edge.request(AUTH, "/application/o/token/", "POST") for _ in range(60)]
    limited = next(answer for answer in answers if answer.status == 429)
    assert limited.headers["X-Content-Type-Options"] == "nosniff"
    assert limited.headers["Content-Security-Policy"]


def test_health_checks_have_no_limit(edge: Edge) -> None:
    assert {edge.request(WEB, "/health").status for _ in range(400)} == {200}
