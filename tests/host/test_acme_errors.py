"""The remedy for each output of certbot without a certificate."""

import pytest

from host.fks_deploy.acme import Authority, Certificate
from host.fks_deploy.certbot import not_issued
from host.fks_deploy.certbot_output import reason
from tests.host.certbot_messages import printed

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
FOREIGN_ZONE = """Unable to determine zone_id for shop.example using zone names: ['shop.example', \
'example']. Please confirm that the domain name has been entered correctly and your Cloudflare \
Token has access to the domain.
"""
CLOUDFLARE_DOWN = """Encountered exception during recovery: requests.exceptions.HTTPError: x
An unexpected error occurred:
requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: \
https://api.cloudflare.com/client/v4/zones?name=shop.example&per_page=1
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


def account(text: str) -> str:
    """The error of the creation of an account."""
    return f"Unable to register an account with ACME server. {text}\n"


def zones(code: int, text: str) -> str:
    """The error of a request for the zone."""
    return (
        "Unable to determine zone_id for shop.example using zone names: ['shop.example', "
        f"'example']. The error from Cloudflare was: {code} {text}.\n"
    )


def token(code: int, text: str, hint: str) -> str:
    """The error of a request for the zone, where certbot knows the code."""
    return (
        f"Error determining zone_id: {code} {text}. Please confirm that you have supplied valid "
        f"Cloudflare API credentials. ({hint})\n"
    )


def record(code: int, text: str) -> str:
    """The error of a request for the TXT record."""
    return (
        f"Encountered CloudFlareAPIError adding TXT record: {code} {text}.\n"
        f"Error communicating with the Cloudflare API: {text}.\n"
    )


def message(err: str = "", out: str = "", authority: Authority = LIVE) -> str:
    """The operator's error message for this output of certbot."""
    return str(not_issued(authority, WEB, reason(out, printed(err))))


IN_THE_WAY = "delete _acme-challenge.shop.example or _acme-challenge.www.shop.example"
TOKEN = "fks:acmeDnsToken needs Zone:Read and DNS:Edit"
NO_HINT = "Did you enter a valid Cloudflare Token?"


@pytest.mark.parametrize(
    ("err", "why", "what"),
    [
        (record(81053, "An A, AAAA, or CNAME record with that host exists"), "81053", IN_THE_WAY),
        (record(81054, "A CNAME record with that host exists"), "81054 A CNAME", IN_THE_WAY),
        (record(81055, "Non-NS records with that host exist"), "81055 Non-NS", IN_THE_WAY),
        (record(81056, "NS records with that host exist"), "81056 NS records", IN_THE_WAY),
        (record(81057, "The record already exists"), "81057 The record", IN_THE_WAY),
        (record(81058, "An identical record already exists"), "81058 An identical", IN_THE_WAY),
        (record(81045, "Record quota exceeded"), "81045 Record quota", "delete records that are"),
        (record(10429, "Too many requests"), "10429 Too many", "Cloudflare limits the requests"),
        (zones(971, "Please wait and throttle"), "971 Please wait", "again in five minutes"),
        (zones(429, "HTTP response code 429"), "was: 429 HTTP", "again in five minutes"),
        (record(10000, "Authentication error"), "10000 Authentication error", TOKEN),
        (zones(10000, "Authentication error"), "10000 Authentication error", TOKEN),
        (zones(1000, "Invalid API Token"), "1000 Invalid API Token", TOKEN),
        (token(6003, "Invalid request headers", "Did you copy"), "6003 Invalid", TOKEN),
        (token(9109, "Invalid access token", NO_HINT), "9109 Invalid access", TOKEN),
        (
            token(9109, "Cannot use the access token from location: 198.51.100.7", NO_HINT),
            "from location: 198.51.100.7",
            "its IPv4 and its IPv6 address (pulumi stack output inventory)",
        ),
        (NO_ZONE, "is already associated with", "sees no zone of these names. Check fks:zone"),
        (FOREIGN_ZONE, "has access to the domain", "sees no zone of these names"),
        (
            zones(0, "connection error: Connection refused"),
            "was: 0",
            "cannot connect to Cloudflare",
        ),
        (CLOUDFLARE_DOWN, "503 Server Error", "Cloudflare's API has a failure"),
        (record(1004, "DNS Validation Error"), "1004 DNS Validation", "Cloudflare rejected the"),
        (zones(403, "HTTP response code 403"), "was: 403", "Cloudflare rejected the request"),
    ],
)
def test_an_error_of_cloudflare_is_reported_with_its_code_and_remedy(
    err: str, why: str, what: str
) -> None:
    text = message(err)
    assert why in text
    assert what in text
    assert "!!" not in text


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
        (DOWN, "", ["acme.example/directory: Connection refused", "fks:acmeServer does not"]),
        (SLOW, "", ["Read timed out", "fks:acmeServer does not answer"]),
        (BROKEN, "", ["<Response [503]>", "fks:acmeServer does not answer"]),
        (BUSY, "", ["Another instance", "run pulumi up again in five minutes"]),
        (account("Server requires external account binding."), "", ["fks:acmeEabKeyId and"]),
        (
            account("the field 'kid' references a key that is not known"),
            "",
            ["fks:acmeEabHmacKey;"],
        ),
        (account("external account binding JWS verification error"), "", ["fks:acmeEabHmacKey;"]),
        (account("contact email has invalid domain"), "", ["rejects fks:acmeEmail: correct it"]),
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
