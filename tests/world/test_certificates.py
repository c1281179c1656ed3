"""Certificates are hard to come by: what fails says why, nothing is made up, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rehearsal.world.checks.tls import ISSUER, look
from rehearsal.world.names import ACME_NAME
from rehearsal.world.scenario import Scenario

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

ROLES = 3
# Good, and for zones of somebody else.
ELSEWHERE = "rehearsal-elsewhere-01234567890123456789"
LIMIT = (
    "too many certificates (5) already issued for this exact set of identifiers in the last "
    "168h0m0s, retry after 2027-01-02 03:04:05 UTC"
)


def good_token(scenario: Scenario) -> str:
    """The token the stack was made with."""
    return scenario.operator.output(["printenv", "FKS_ACME_DNS_TOKEN"]).strip()


def orders(scenario: Scenario) -> int:
    """How many certificates the world's authority was asked for so far, by its own journal."""
    rows = [row for row in scenario.control.journal("acme") if row["path"].startswith("/finalize")]
    return len([row for row in rows if row["status"] == 200])


@pytest.fixture(scope="module")
def issued(single: Scenario) -> Callable[[], int]:
    """How many it was asked for since these tests began."""
    before = orders(single)
    return lambda: orders(single) - before


def serves_nothing(scenario: Scenario) -> bool:
    """Whether nothing answers on 443, where a self-signed certificate would."""
    sockets = scenario.on_server("single", "ss", "--listening", "--tcp", "--numeric", "--no-header")
    return ":443 " not in sockets


def test_an_operators_token_without_the_zone_is_named_before_anything_is_made(
    single: Scenario,
) -> None:
    foreign = ["env", f"CLOUDFLARE_API_TOKEN={ELSEWHERE}"]
    said = single.operator.stdout([*foreign, "pulumi", "preview", "--non-interactive"])
    assert "fks:zone" in said
    assert "CLOUDFLARE_API_TOKEN" in said
    assert "Traceback" not in said


def test_a_token_without_the_zone_is_named(single: Scenario) -> None:
    single.set("fks:protect", "false")
    single.set_secret("fks:acmeDnsToken", ELSEWHERE)
    outcome = single.up()
    assert outcome.code != 0
    assert "fks:acmeDnsToken" in outcome.display
    assert "Traceback" not in outcome.display
    assert serves_nothing(single)


def test_a_record_that_is_seen_too_late_is_named(
    single: Scenario, issued: Callable[[], int]
) -> None:
    single.set_secret("fks:acmeDnsToken", good_token(single))
    single.control.slow_dns(15)
    outcome = single.up()
    assert outcome.code != 0
    assert "fks:dnsPropagationSeconds" in outcome.display
    assert serves_nothing(single)
    assert issued() == 0


def test_a_rate_limit_is_told_in_the_authoritys_words(single: Scenario) -> None:
    single.control.slow_dns(0)
    kind = "urn:ietf:params:acme:error:rateLimited"
    body = {"type": kind, "detail": LIMIT, "status": 429}
    single.control.fault("acme", path="order", method="POST", status=429, body=body, count=50)
    outcome = single.up()
    single.control.clear_faults()
    assert outcome.code != 0
    assert "2027-01-02 03:04:05" in outcome.display
    assert "fks:acmeServer" in outcome.display
    assert serves_nothing(single)


def test_a_slow_dns_is_waited_for_as_long_as_the_settings_say(
    single: Scenario, issued: Callable[[], int]
) -> None:
    single.control.slow_dns(6)
    single.set("fks:dnsPropagationSeconds", "10")
    outcome = single.up()
    single.control.slow_dns(0)
    assert outcome.code == 0, outcome.display
    assert issued() == ROLES
    for url in single.health():
        seen = look(single.operator.container, url.split("/")[2])
        assert seen["issuer"].startswith(ISSUER), seen


def test_a_certificate_is_kept_for_as_long_as_it_is_good(
    single: Scenario, issued: Callable[[], int]
) -> None:
    """Also by a release that changes, and while the authority answers nobody."""
    single.control.fault("acme", status=503, count=500)
    single.set("fks:timezone", "America/Toronto")
    outcome = single.up()
    single.control.clear_faults()
    assert outcome.code == 0, outcome.display
    assert issued() == ROLES
    assert all('"healthy"' in answer for answer in single.health().values())


def test_another_name_asks_once_more_and_for_that_role_alone(
    single: Scenario, issued: Callable[[], int]
) -> None:
    single.set("fks:extraNames[0]", "www")
    single.set("fks:extraNames[1]", "app")
    outcome = single.up()
    assert outcome.code == 0, outcome.display
    assert issued() == ROLES + 1
    domain = single.operator.servers()[0]["urls"][-1].split("//")[1]
    assert look(single.operator.container, f"app.{domain}")["issuer"].startswith(ISSUER)
    assert ACME_NAME in single.on_server("single", "cat", "/etc/letsencrypt/renewal/web.conf")
