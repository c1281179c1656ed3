"""The remedy for each output of certbot without a certificate."""

import pytest

from host.fks_deploy.acme import Authority, Certificate
from host.fks_deploy.certbot import not_issued, reason

WEB = Certificate("web", ("shop.example", "www.shop.example"))
LIVE = Authority("https://acme.example/directory", "", 30)
STAGING = Authority("https://acme-staging-v02.api.letsencrypt.org/directory", "", 30)

# As certbot 4.0 prints them, without the lines it prints around every error.
CHALLENGES = "Some challenges have failed.\n"
LIMITED = """An unexpected error occurred:
too many certificates (5) already issued for this exact set of domains in the last 168h0m0s, \
retry after 2026-12-01 10:11:12 UTC: see https://letsencrypt.org/docs/rate-limits/
"""
FAILED = """
Certbot failed to authenticate some domains (authenticator: dns-cloudflare). The Certificate \
Authority reported these problems:
  Domain: shop.example
  Type:   unauthorized
  Detail: No TXT record found at _acme-challenge.shop.example

  Domain: www.shop.example
  Type:   dns
  Detail: DNS problem: SERVFAIL looking up TXT for _acme-challenge.www.shop.example

Hint: The Certificate Authority failed to verify the DNS TXT records created by --dns-cloudflare. \
Ensure the above domains are hosted by this DNS provider, or try increasing \
--dns-cloudflare-propagation-seconds (currently 30 seconds).
"""
CAA = """
  Domain: shop.example
  Type:   caa
  Detail: CAA record for shop.example prevents issuance
"""
RECHECKED = """An unexpected error occurred:
Certificate Authority Authorization (CAA) records forbid the CA from issuing a certificate :: \
Error finalizing order :: Rechecking CAA for "shop.example" and 1 more identifiers failed
"""
NO_CAA_ANSWER = """
  Domain: shop.example
  Type:   dns
  Detail: DNS problem: SERVFAIL looking up CAA for shop.example
"""
NO_ZONE = """Unable to determine zone_id for shop.example using zone names: ['shop.example', \
'example']. Please confirm that the domain name has been entered correctly and is already \
associated with the supplied Cloudflare account.
"""
NO_CLOUDFLARE = """Unable to determine zone_id for shop.example using zone names: ['shop.example', \
'example']. The error from Cloudflare was: 0 network request connection error: Connection refused.
"""
OTHER_ADDRESS = """Error determining zone_id: 9109 Cannot use the access token from location: \
198.51.100.7. Please confirm that you have supplied valid Cloudflare API credentials. (Did you \
enter a valid Cloudflare Token?)
"""
BAD_TOKEN = """Error determining zone_id: 9109 Invalid access token. Please confirm that you have \
supplied valid Cloudflare API credentials. (Did you enter a valid Cloudflare Token?)
"""
READ_ONLY = """Encountered CloudFlareAPIError adding TXT record: 10000 Authentication error
Error communicating with the Cloudflare API: Authentication error
"""
DOWN = """An unexpected error occurred:
ValueError: Requesting acme.example/directory: Connection refused
"""
SLOW = """An unexpected error occurred:
requests.exceptions.ReadTimeout: HTTPSConnectionPool(host='acme.example', port=443): Read timed out.
"""
BROKEN = "An unexpected error occurred:\nacme.errors.ClientError: <Response [503]>\n"
BUSY = "Another instance of Certbot is already running.\n"
STAGED = """You've asked to renew/replace a seemingly valid certificate with a test certificate \
(domains: shop.example). We will not do that unless you use the --break-my-certs flag!
"""


def message(err: str = "", out: str = "", authority: Authority = LIVE) -> str:
    """The operator's error message for this output of certbot."""
    before = "Saving debug log to /var/log/letsencrypt/letsencrypt.log\n"
    after = "Ask for help or search for solutions at https://community.letsencrypt.org.\n"
    return str(not_issued(authority, WEB, reason(out, before + err + after)))


@pytest.mark.parametrize(
    ("err", "out", "expected"),
    [
        (LIMITED, "", ["already issued for this exact set", "after 2026-12-01 10:11:12 UTC: each"]),
        (LIMITED, "", ["set fks:acmeServer to https://acme-staging-v02.api.letsencrypt.org/"]),
        (CHALLENGES, FAILED, ["shop.example: No TXT record found at"]),
        (CHALLENGES, FAILED, ["SERVFAIL looking up TXT", "(dns)"]),
        (CHALLENGES, FAILED, ["raise fks:dnsPropagationSeconds (30 s now)"]),
        (CHALLENGES, CAA, ["A CAA record forbids fks:acmeServer to issue"]),
        (CHALLENGES, CAA, ["Set fks:caaIssuer to the authority's name", "fks doctor"]),
        (RECHECKED, "", ["(CAA) records forbid", "Set fks:caaIssuer to the authority's name"]),
        (CHALLENGES, NO_CAA_ANSWER, ["SERVFAIL", "fks:dnsPropagationSeconds"]),
        (NO_ZONE, "", ["Unable to determine zone_id", "fks:acmeDnsToken needs Zone:Read"]),
        (NO_CLOUDFLARE, "", ["This server cannot connect to Cloudflare's API"]),
        (OTHER_ADDRESS, "", ["from location: 198.51.100.7", "this server's public address"]),
        (BAD_TOKEN, "", ["9109 Invalid access token", "--secret fks:acmeDnsToken"]),
        (READ_ONLY, "", ["10000 Authentication error; Error communicating", "fks:acmeDnsToken"]),
        (DOWN, "", ["acme.example/directory: Connection refused", "fks:acmeServer does not"]),
        (SLOW, "", ["Read timed out", "fks:acmeServer does not answer"]),
        (BROKEN, "", ["<Response [503]>", "fks:acmeServer does not answer"]),
        (BUSY, "", ["Another instance", "run pulumi up again in five minutes"]),
        (STAGED, "", ["fks:acmeServer is a staging server", "set fks:acmeServer back"]),
        ("unrecognized arguments: --x\n", "", ["unrecognized arguments", "Correct the cause"]),
    ],
)
def test_a_failure_is_reported_with_its_reason_and_remedy(
    err: str, out: str, expected: list[str]
) -> None:
    text = message(err, out)
    for part in expected:
        assert part in text
    for noise in ("community.letsencrypt.org", "Saving debug log", "unexpected error", "\n"):
        assert noise not in text


def test_the_older_form_of_the_rate_limit_is_recognised() -> None:
    text = message("urn:ietf:params:acme:error:rateLimited :: There were too many requests :: x\n")
    assert "again in a week at the latest" in text


def test_the_staging_server_is_not_recommended_to_its_users() -> None:
    text = message(LIMITED, authority=STAGING)
    assert "again after 2026-12-01" in text
    assert "set fks:acmeServer" not in text
