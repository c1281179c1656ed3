"""The remedy for each reason why no certificate was issued."""

import re

from .acme import Authority

STAGING = "https://acme-staging-v02.api.letsencrypt.org/directory"
_RATE_LIMITED = re.compile(r"rate.?limit|too many", re.IGNORECASE)
_RETRY_AFTER = re.compile(r"retry after ([0-9][0-9T:. -]*[0-9]Z?(?: UTC)?)", re.IGNORECASE)
# Pattern of the reason and remedy; the first match counts. `{wait}` is the value of
# fks:dnsPropagationSeconds.
_REMEDIES = (
    (
        r"another instance of certbot",
        "certbot's timer is renewing: run pulumi up again in five minutes.",
    ),
    (
        r"break-my-certs",
        "fks:acmeServer is a staging server, and certbot does not replace a certificate that "
        "clients trust with one they do not: set fks:acmeServer back.",
    ),
    (
        r"error from cloudflare was: 0 ",
        "This server cannot connect to Cloudflare's API: run pulumi up again later.",
    ),
    (
        r"cloudflare|zone_id",
        "fks:acmeDnsToken needs Zone:Read and DNS:Edit on the zone of these names and, if it is "
        "limited to client addresses, this server's public address. Store a valid token (pulumi "
        "config set --secret fks:acmeDnsToken) and run pulumi up again.",
    ),
    (
        r"caa record|\(caa\)",
        "A CAA record forbids fks:acmeServer to issue. Set fks:caaIssuer to the authority's name "
        "in CAA records; fks doctor lists the conflicting records. Then run pulumi up again. For "
        "no CAA record at all, set fks:caaIssuer to an empty string, delete the record in "
        "Cloudflare and run pulumi up --refresh.",
    ),
    (
        r"txt record|dns problem|dnssec|challenge",
        "The authority did not find the TXT records that prove control of the names. If the DNS is "
        "slow, raise fks:dnsPropagationSeconds ({wait} now); fks doctor checks the zone. Then run "
        "pulumi up again.",
    ),
    (
        r"requesting |connection|timed? ?out|longer than|<response|internal|busy|ssl",
        "fks:acmeServer does not answer correctly: check its URL and its operator's status page, "
        "and run pulumi up again.",
    ),
    (r"", "Correct the cause and run pulumi up again."),
)


def remedy(authority: Authority, why: str) -> str:
    """What the operator has to do about the reason `why`."""
    if _RATE_LIMITED.search(why):
        return _rate_limited(authority, why)
    chosen = next(text for pattern, text in _REMEDIES if re.search(pattern, why, re.IGNORECASE))
    return chosen.format(wait=f"{authority.dns_propagation_seconds} s")


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
