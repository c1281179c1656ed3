"""The remedy for each reason why no certificate was issued."""

import re

from .acme import Authority, Certificate

STAGING = "https://acme-staging-v02.api.letsencrypt.org/directory"
_RETRY_AFTER = re.compile(r"retry after ([0-9][0-9T:. -]*[0-9]Z?(?: UTC)?)", re.IGNORECASE)


def _cloudflare(*codes: int) -> str:
    """The pattern of an error of Cloudflare's API with one of these codes, as certbot's plugin
    python3-certbot-dns-cloudflare reports it."""
    alternatives = "|".join(map(str, codes))
    return rf"(?:adding txt record|error from cloudflare was|zone_id): (?:{alternatives})\b"


_TOKEN = (
    "fks:acmeDnsToken needs Zone:Read and DNS:Edit on the zone of these names. Store a valid token "
    "(pulumi config set --secret fks:acmeDnsToken) and run pulumi up again."
)
_AGAIN = "run pulumi up again"
# Pattern of the reason and remedy; the first match counts. The authority's rate limits come after
# Cloudflare's, whose texts are similar. Codes of Cloudflare:
# https://developers.cloudflare.com/fundamentals/api/troubleshooting/ and
# https://developers.cloudflare.com/dns/manage-dns-records/troubleshooting/
_REMEDIES = (
    (
        r"another instance of certbot",
        f"certbot's timer is renewing: {_AGAIN} in five minutes.",
    ),
    (
        r"break-my-certs",
        "fks:acmeServer is a staging server, and certbot does not replace a certificate that "
        "clients trust with one they do not: set fks:acmeServer back.",
    ),
    (
        r"external.?account|field 'kid'",
        "fks:acmeServer has accounts only for its customers: store the key id and the HMAC key "
        "that its operator gives you in fks:acmeEabKeyId and, with pulumi config set --secret, in "
        f"fks:acmeEabHmacKey; both belong together and may be valid once only. Then {_AGAIN}.",
    ),
    (
        r"register an account.*(?:contact|e-?mail)",
        "fks:acmeServer rejects fks:acmeEmail: correct it, or set it to an empty string, and "
        f"{_AGAIN}.",
    ),
    (
        _cloudflare(81053, 81054, 81055, 81056, 81057, 81058),
        "Cloudflare has a record of the challenge's name already: delete {challenges} (another "
        f"service may have created it for its own certificates) and {_AGAIN}.",
    ),
    (
        _cloudflare(81045),
        "The zone has as many records as its plan at Cloudflare allows: delete records that are "
        f"not in use and {_AGAIN}.",
    ),
    (
        _cloudflare(429, 971, 10429),
        "Cloudflare limits the requests of a user, for all of the user's tokens together: "
        f"{_AGAIN} in five minutes.",
    ),
    (
        r"token from location",
        "fks:acmeDnsToken is limited to client addresses and lacks this server's: add its IPv4 and "
        f"its IPv6 address (pulumi stack output inventory) to the token and {_AGAIN}.",
    ),
    (
        _cloudflare(1000, 6003, 6103, 6111, 9103, 9106, 9107, 9109, 10000, 10001),
        _TOKEN,
    ),
    (
        _cloudflare(0),
        f"This server cannot connect to Cloudflare's API: {_AGAIN} later.",
    ),
    (
        r"server error.*api\.cloudflare\.com",
        f"Cloudflare's API has a failure (https://www.cloudflarestatus.com): {_AGAIN} later.",
    ),
    (
        r"confirm that the domain name",
        "fks:acmeDnsToken sees no zone of these names. Check fks:zone and that the zone is in the "
        f"token's account. {_TOKEN}",
    ),
    (
        r"cloudflare ?api|error from cloudflare|zone_id",
        "Cloudflare rejected the request for the challenge's TXT record, see the code; certbot's "
        f"log has Cloudflare's whole answer. Correct the cause and {_AGAIN}.",
    ),
    (
        r"caa record|\(caa\)",
        "A CAA record forbids fks:acmeServer to issue. Set fks:caaIssuer to the authority's name "
        f"in CAA records; fks doctor lists the conflicting records. Then {_AGAIN}. For no CAA "
        "record at all, set fks:caaIssuer to an empty string, delete the record in Cloudflare and "
        "run pulumi up --refresh.",
    ),
    (r"rate.?limit|too many", "{rate_limited}"),
    (
        r"txt record|dns problem|dnssec|challenge",
        "The authority did not find the TXT records that prove control of the names. If the DNS is "
        "slow, raise fks:dnsPropagationSeconds ({wait} now); fks doctor checks the zone. Then "
        f"{_AGAIN}.",
    ),
    (
        r"requesting |connection|timed? ?out|longer than|<response|internal|busy|ssl",
        "fks:acmeServer does not answer correctly: check its URL and its operator's status page, "
        f"and {_AGAIN}.",
    ),
    (r"", f"Correct the cause and {_AGAIN}."),
)


def remedy(authority: Authority, certificate: Certificate, why: str) -> str:
    """What the operator has to do about the reason `why`."""
    chosen = next(text for pattern, text in _REMEDIES if re.search(pattern, why, re.IGNORECASE))
    return chosen.format(
        challenges=" or ".join(f"_acme-challenge.{domain}" for domain in certificate.domains),
        rate_limited=_rate_limited(authority, why),
        wait=f"{authority.dns_propagation_seconds} s",
    )


def _rate_limited(authority: Authority, why: str) -> str:
    retry = _RETRY_AFTER.search(why)
    when = f"after {retry[1]}" if retry else "in a week at the latest"
    staging = (
        f" To test everything else meanwhile, set fks:acmeServer to {STAGING}: clients do not "
        f"trust its certificates, so the deploy fails at its probes."
    )
    return (
        f"Run pulumi up again {when}: each earlier attempt counts against the rate limit."
        f"{'' if 'staging' in authority.server else staging}"
    )
