"""Runs certbot once, and reads the reason from its output when it issues no certificate."""

import re

from .acme import Authority, Certificate
from .acme_errors import remedy
from .errors import DeployError
from .paths import Paths
from .shell import CommandFailedError, Shell

# Seconds beside the wait for the DNS; certbot has no time limit of its own.
ISSUE_TIMEOUT = 240.0
_REASON_LENGTH = 600
_PROBLEM = re.compile(r"^ *Domain: (.+)\n *Type: +(.+)\n *Detail: (.+)$", re.MULTILINE)
# Lines that certbot prints around the reason.
_NOISE = (
    "Saving debug log",
    "Ask for help",
    "An unexpected error occurred:",
    "Failure in setting up challenges",
    "Some challenges have failed",
)


class NotIssuedError(DeployError):
    """No new certificate; the message has the authority's reason and the remedy."""


def issue(shell: Shell, paths: Paths, authority: Authority, certificate: Certificate) -> None:
    """Get a new certificate into certbot's directory. Error: NotIssuedError."""
    try:
        done = shell.attempt(
            command_line(paths, authority, certificate),
            name="certbot",
            timeout=ISSUE_TIMEOUT + authority.dns_propagation_seconds,
        )
    except CommandFailedError as error:
        raise not_issued(authority, certificate, str(error)) from error
    if not done.ok:
        raise not_issued(authority, certificate, reason(done.out, done.err))


def command_line(paths: Paths, authority: Authority, certificate: Certificate) -> list[str]:
    """The certbot command; it names the token's file, not the token."""
    email = authority.email
    seconds = str(authority.dns_propagation_seconds)
    return [
        *("certbot", "certonly", "--non-interactive", "--agree-tos", "--no-directory-hooks"),
        *("--config-dir", str(paths.letsencrypt)),
        *(("--email", email) if email else ("--register-unsafely-without-email",)),
        *("--server", authority.server, "--key-type", "ecdsa"),
        *("--dns-cloudflare", "--dns-cloudflare-credentials", str(paths.acme_dns_token)),
        *("--dns-cloudflare-propagation-seconds", seconds),
        *("--cert-name", certificate.name, "--renew-with-new-domains", "--force-renewal"),
        *(argument for domain in certificate.domains for argument in ("--domain", domain)),
    ]


def reason(out: str, err: str) -> str:
    """The reason in certbot's output. Failed names are on standard output, every other error is on
    standard error."""
    problems = [f"{domain}: {detail} ({kind})" for domain, kind, detail in _PROBLEM.findall(out)]
    lines = [line.strip() for line in err.splitlines()]
    reasons = problems or [line for line in lines if line and not line.startswith(_NOISE)]
    unique = dict.fromkeys(text.rstrip(".") for text in reasons)
    return "; ".join(unique)[:_REASON_LENGTH] or "certbot printed no reason"


def not_issued(authority: Authority, certificate: Certificate, why: str) -> NotIssuedError:
    """The error for the operator."""
    return NotIssuedError(
        f"no certificate for {', '.join(certificate.domains)} from {authority.server}: {why}. "
        f"{remedy(authority, why)} The running release stays in service. certbot's full log is "
        f"/var/log/letsencrypt/letsencrypt.log."
    )
