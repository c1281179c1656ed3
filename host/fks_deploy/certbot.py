"""One call of certbot, and what it said when it got no certificate."""

import re

from .authority import Authority, Certificate
from .errors import DeployError
from .paths import Paths
from .refusal import remedy
from .shell import CommandFailedError, Shell

# A few requests, beside the wait for the DNS; certbot itself knows no limit.
ISSUE = 240.0
_LENGTH = 600
_PROBLEM = re.compile(r"^ *Domain: (.+)\n *Type: +(.+)\n *Detail: (.+)$", re.MULTILINE)
# What certbot says around its reasons, to people at a terminal.
_NOISE = (
    "Saving debug log",
    "Ask for help",
    "An unexpected error occurred:",
    "Failure in setting up challenges",
    "Some challenges have failed",
)


class NotIssuedError(DeployError):
    """There is no new certificate; the message has the authority's reason and the remedy."""


def issue(shell: Shell, paths: Paths, authority: Authority, certificate: Certificate) -> None:
    """Get a new certificate into certbot's directory. Error: NotIssuedError."""
    try:
        done = shell.attempt(
            words(paths, authority, certificate),
            name="certbot",
            timeout=ISSUE + authority.dns_wait,
        )
    except CommandFailedError as error:
        raise not_issued(authority, certificate, str(error)) from error
    if not done.ok:
        raise not_issued(authority, certificate, reason(done.out, done.err))


def words(paths: Paths, authority: Authority, certificate: Certificate) -> list[str]:
    """The whole command line; the token is in a file."""
    email = authority.email
    return [
        *("certbot", "certonly", "--non-interactive", "--agree-tos", "--no-directory-hooks"),
        *("--config-dir", str(paths.letsencrypt)),
        *(("--email", email) if email else ("--register-unsafely-without-email",)),
        *("--server", authority.server, "--key-type", "ecdsa"),
        *("--dns-cloudflare", "--dns-cloudflare-credentials", str(paths.dns_token)),
        *("--dns-cloudflare-propagation-seconds", str(authority.dns_wait)),
        *("--cert-name", certificate.name, "--renew-with-new-domains", "--force-renewal"),
        *(word for domain in certificate.domains for word in ("--domain", domain)),
    ]


def reason(out: str, err: str) -> str:
    """What the authority or the DNS said, out of all that certbot said. It tells of each name that
    failed on standard output, of everything else on standard error."""
    problems = [f"{domain}: {detail} ({kind})" for domain, kind, detail in _PROBLEM.findall(out)]
    lines = [line.strip() for line in err.splitlines()]
    told = problems or [line for line in lines if line and not line.startswith(_NOISE)]
    parts = dict.fromkeys(part.rstrip(".") for part in told)
    return "; ".join(parts)[:_LENGTH] or "certbot did not say why"


def not_issued(authority: Authority, certificate: Certificate, why: str) -> NotIssuedError:
    """What the operator is told."""
    return NotIssuedError(
        f"no certificate for {', '.join(certificate.domains)} from {authority.server}: {why}. "
        f"{remedy(authority, why)} What serves goes on serving. All that certbot said is in "
        f"/var/log/letsencrypt/letsencrypt.log."
    )
