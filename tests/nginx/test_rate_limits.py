"""How often one client may ask."""

from collections import Counter

import pytest

from tests.nginx.conftest import Edge
from tests.nginx.rendered import API, AUTH, WEB

pytestmark = pytest.mark.world


@pytest.mark.parametrize("domain", [WEB, API])
def test_a_code_split_front_end_may_load_at_once(edge: Edge, domain: str) -> None:
    seen = Counter(edge.ask(domain, f"/assets/{number}.js").status for number in range(150))
    assert seen == {200: 150}


@pytest.mark.parametrize(
    ("domain", "path"),
    [(AUTH, "/application/o/token/"), (AUTH, "/api/v3/flows/executor/login/"), (API, "/api/login")],
)
def test_attempts_to_log_in_are_few_and_refused_with_429(
    edge: Edge, domain: str, path: str
) -> None:
    seen = Counter(edge.ask(domain, path, "POST").status for _ in range(60))
    assert set(seen) <= {200, 429}
    assert seen[429] > 0


def test_a_refusal_carries_the_security_headers(edge: Edge) -> None:
    answers = [edge.ask(AUTH, "/application/o/token/", "POST") for _ in range(60)]
    refused = next(answer for answer in answers if answer.status == 429)
    assert refused.headers["X-Content-Type-Options"] == "nosniff"
    assert refused.headers["Content-Security-Policy"]


def test_health_is_asked_as_often_as_one_likes(edge: Edge) -> None:
    assert {edge.ask(WEB, "/health").status for _ in range(400)} == {200}
