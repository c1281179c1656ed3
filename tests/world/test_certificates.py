"""Issuing fails: `up` names the cause, and no self-signed certificate is served."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from fks_infra.limits import EDGE_PORT
from fks_infra.paths import PROJECT_ROOT
from rehearsal.world.checks.tls import ISSUER, read_certificate
from rehearsal.world.names import ACME_NAME
from rehearsal.world.scenario import Scenario

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

ROLES = 3
# A valid token for other zones.
ELSEWHERE = "rehearsal-elsewhere-01234567890123456789"
# The external account of which the ACME server has the key.
ACCOUNT = "rehearsal"
LIMIT = (
    "too many certificates (5) already issued for this exact set of identifiers in the last "
    "168h0m0s, retry after 2027-01-02 03:04:05 UTC"
)


def valid_token(scenario: Scenario) -> str:
    """Return the token of the operator's environment."""
    return scenario.operator.output(["printenv", "FKS_ACME_DNS_TOKEN"]).strip()


def external_account_key() -> str:
    """Return the key of the external account that the ACME server knows."""
    config = json.loads((PROJECT_ROOT / "rehearsal/images/acme/config.json").read_text())
    return str(config["pebble"]["externalAccountMACKeys"][ACCOUNT])


def orders(scenario: Scenario) -> int:
    """Return the number of successful certificate orders in the ACME server's journal."""
    rows = [row for row in scenario.control.journal("acme") if row["path"].startswith("/finalize")]
    return len([row for row in rows if row["status"] == 200])


@pytest.fixture(scope="module")
def issued(single: Scenario) -> Callable[[], int]:
    """A function that returns the number of orders since these tests began."""
    before = orders(single)
    return lambda: orders(single) - before


def serves_nothing(scenario: Scenario) -> bool:
    """Return whether nothing listens on 443, where nginx would serve a self-signed certificate."""
    sockets = scenario.on_server("single", "ss", "--listening", "--tcp", "--numeric", "--no-header")
    return f":{EDGE_PORT} " not in sockets


def test_an_operators_token_without_the_zone_is_named_before_anything_is_created(
    single: Scenario,
) -> None:
    foreign = ["env", f"CLOUDFLARE_API_TOKEN={ELSEWHERE}"]
    output = single.operator.stdout([*foreign, "pulumi", "preview", "--non-interactive"])
    assert "fks:zone" in output
    assert "CLOUDFLARE_API_TOKEN" in output
    assert "Traceback" not in output


def test_a_wrong_key_of_an_external_account_is_named(single: Scenario) -> None:
    single.unprotect()
    single.set("fks:acmeEabKeyId", ACCOUNT)
    single.set_secret("fks:acmeEabHmacKey", "d3Jvbmc")
    outcome = single.up()
    single.set_secret("fks:acmeEabHmacKey", external_account_key())
    assert outcome.code != 0
    assert "external account binding" in outcome.display
    assert "fks:acmeEabHmacKey" in outcome.display
    assert "d3Jvbmc" not in outcome.display
    assert serves_nothing(single)


def test_a_token_without_the_zone_is_named(single: Scenario) -> None:
    single.set_secret("fks:acmeDnsToken", ELSEWHERE)
    outcome = single.up()
    assert outcome.code != 0
    assert "fks:acmeDnsToken" in outcome.display
    assert "Traceback" not in outcome.display
    assert serves_nothing(single)


def test_a_record_in_the_way_of_a_challenge_is_named(
    single: Scenario, issued: Callable[[], int]
) -> None:
    single.set_secret("fks:acmeDnsToken", valid_token(single))
    (zone,) = single.control.state("cloudflare")["zones"]
    domain = single.operator.output(["pulumi", "config", "get", "fks:domain"]).strip()
    challenge = f"_acme-challenge.auth.{domain}"
    records = f"zones/{zone['id']}/dns_records"
    alias = {"type": "CNAME", "name": challenge, "content": "dcv.example.net", "ttl": 1}
    record = single.control.cloudflare("POST", records, alias)["result"]
    outcome = single.up()
    single.control.cloudflare("DELETE", f"{records}/{record['id']}")
    assert outcome.code != 0
    assert "81054 A CNAME record with that host already exists" in outcome.display
    assert f"delete {challenge}" in outcome.display
    assert "Warning" not in outcome.display
    assert serves_nothing(single)
    assert issued() == 0


def test_a_record_that_becomes_visible_too_late_is_named(
    single: Scenario, issued: Callable[[], int]
) -> None:
    single.control.slow_dns(15)
    outcome = single.up()
    assert outcome.code != 0
    assert "fks:dnsPropagationSeconds" in outcome.display
    assert serves_nothing(single)
    assert issued() == 0


def test_a_rate_limit_is_shown_with_the_authoritys_message(single: Scenario) -> None:
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
        certificate = read_certificate(single.operator.container, url.split("/")[2])
        assert certificate["issuer"].startswith(ISSUER), certificate


def test_a_valid_certificate_is_not_issued_again(
    single: Scenario, issued: Callable[[], int]
) -> None:
    """Not even by a changed release, or while the ACME server answers with errors."""
    single.control.fault("acme", status=503, count=500)
    single.set("fks:timezone", "America/Toronto")
    outcome = single.up()
    single.control.clear_faults()
    assert outcome.code == 0, outcome.display
    assert issued() == ROLES
    assert single.unhealthy() is None


def test_another_name_issues_one_certificate_for_its_role_only(
    single: Scenario, issued: Callable[[], int]
) -> None:
    single.set("fks:extraNames[0]", "www")
    single.set("fks:extraNames[1]", "app")
    outcome = single.up()
    assert outcome.code == 0, outcome.display
    assert issued() == ROLES + 1
    domain = single.operator.servers()[0]["urls"][-1].split("//")[1]
    certificate = read_certificate(single.operator.container, f"app.{domain}")
    assert certificate["issuer"].startswith(ISSUER), certificate
    assert ACME_NAME in single.on_server("single", "cat", "/etc/letsencrypt/renewal/web.conf")
