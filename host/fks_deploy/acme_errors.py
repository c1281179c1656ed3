"""What the refusal of a certificate means for the operator."""

import re

from .authority import Authority

STAGING = "https://acme-staging-v02.api.letsencrypt.org/directory"
_LIMITED = re.compile(r"rate.?limit|too many", re.IGNORECASE)
_AGAIN = re.compile(r"retry after ([0-9][0-9T:. -]*[0-9]Z?(?: UTC)?)", re.IGNORECASE)
# The first whose pattern is in the reason; `{wait}` is what fks:dnsWait is.
_REMEDIES = (
    (
        r"another instance of certbot",
        "certbot's timer renews just now: run pulumi up again in five minutes.",
    ),
    (
        r"break-my-certs",
        "fks:acmeServer is a staging server, and it would replace a certificate that every client "
        "trusts: set it back.",
    ),
    (
        r"error from cloudflare was: 0 ",
        "This server does not reach Cloudflare's API: run pulumi up again in a while.",
    ),
    (
        r"cloudflare|zone_id",
        "fks:dnsToken must have Zone:Read and DNS:Edit on the zone of these names and, if it "
        "filters client addresses, know this server's public one. Store a good one (pulumi config "
        "set --secret fks:dnsToken) and run pulumi up again.",
    ),
    (
        r"caa record|\(caa\)",
        "A CAA record keeps fks:acmeServer from issuing. Set fks:caaIssuer to the name that "
        "authority goes by in CAA records; fks doctor names the records of others that are in the "
        "way. Then run pulumi up again. For no record at all, set fks:caaIssuer to nothing, delete "
        "the record in Cloudflare and run pulumi up --refresh.",
    ),
    (
        r"txt record|dns problem|dnssec|challenge",
        "The authority did not see the records that prove the names. If they only come late, raise "
        "fks:dnsWait ({wait} now); whether the zone is in order, fks doctor says. Then run pulumi "
        "up again.",
    ),
    (
        r"requesting |connection|timed? ?out|longer than|<response|internal|busy|ssl",
        "fks:acmeServer does not answer as it should: check its address and whether its operator "
        "reports trouble, and run pulumi up again.",
    ),
    (r"", "When the cause is mended, run pulumi up again."),
)


def remedy(authority: Authority, why: str) -> str:
    """What to do about a reason."""
    if _LIMITED.search(why):
        return _limited(authority, why)
    chosen = next(text for pattern, text in _REMEDIES if re.search(pattern, why, re.IGNORECASE))
    return chosen.format(wait=f"{authority.dns_wait} s")


def _limited(authority: Authority, why: str) -> str:
    again = _AGAIN.search(why)
    when = f"after {again[1]}" if again else "in a week at the latest"
    trying = (
        f" To try the rest of the set-up meanwhile, set fks:acmeServer to {STAGING}: nobody trusts "
        f"its certificates, so a deploy ends at its probes."
    )
    return (
        f"Run pulumi up again {when}: each try before only counts against the limit."
        f"{'' if 'staging' in authority.server else trying}"
    )
