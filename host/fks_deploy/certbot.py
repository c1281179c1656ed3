"""Runs certbot once."""

from pathlib import Path

from .acme import Authority, Certificate
from .acme_errors import remedy
from .certbot_output import reason
from .errors import DeployError
from .paths import Paths
from .shell import CommandFailedError, Shell

# Seconds beside the wait for the DNS; certbot has no time limit of its own.
ISSUE_TIMEOUT = 240.0


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
    """The certbot command; it names the files of the secrets, not the secrets."""
    account, email = account_file(paths), authority.email
    seconds = str(authority.dns_propagation_seconds)
    return [
        *("certbot", "certonly", "--non-interactive", "--agree-tos", "--no-directory-hooks"),
        *("--config-dir", str(paths.letsencrypt)),
        *(("--config", str(account)) if account.exists() else ()),
        *(("--email", email) if email else ("--register-unsafely-without-email",)),
        *("--server", authority.server, "--key-type", "ecdsa"),
        *("--dns-cloudflare", "--dns-cloudflare-credentials", str(paths.acme_dns_token)),
        *("--dns-cloudflare-propagation-seconds", seconds),
        *("--cert-name", certificate.name, "--renew-with-new-domains", "--force-renewal"),
        *(argument for domain in certificate.domains for argument in ("--domain", domain)),
    ]


def account_file(paths: Paths) -> Path:
    """certbot's options for the external account; the file is missing without one."""
    return paths.acme_dns_token.with_name("account.ini")


def not_issued(authority: Authority, certificate: Certificate, why: str) -> NotIssuedError:
    """The error for the operator."""
    return NotIssuedError(
        f"no certificate for {', '.join(certificate.domains)} from {authority.server}: {why}. "
        f"{remedy(authority, certificate, why)} The running release stays in service. certbot's "
        f"full log is /var/log/letsencrypt/letsencrypt.log."
    )
