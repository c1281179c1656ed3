"""Issues a server's certificates; certbot's timer renews them.

Let's Encrypt issues five certificates a week for the same set of names
(https://letsencrypt.org/docs/rate-limits/), so a deploy requests one only when none for exactly
these names from the configured ACME server is valid for long enough.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from . import atomic_file, certbot
from .acme import Authority, Certificate, ExternalAccount
from .certbot import NotIssuedError
from .lineage import Lineage
from .paths import Paths
from .shell import Shell


@dataclass(frozen=True)
class Store:
    """The certificates on this server."""

    shell: Shell
    paths: Paths
    authority: Authority

    def ensure(
        self,
        certificates: Iterable[Certificate],
        token: str,
        account: ExternalAccount | None = None,
    ) -> str:
        """Issue what is missing; returns a note. Error: NotIssuedError, except for a failed renewal
        of a certificate that is still valid."""
        _write_secret(self.paths.acme_dns_token, f"dns_cloudflare_api_token = {token}\n")
        self._write_account(account)
        notes = [
            note
            for certificate in certificates
            for note in (self._ensure(certificate), self._update_renewal(certificate))
            if note
        ]
        return "; ".join(notes) or "unchanged"

    def _update_renewal(self, certificate: Certificate) -> str:
        seconds = self.authority.dns_propagation_seconds
        changed = self._lineage(certificate).set_propagation_seconds(seconds)
        return f"{certificate.name}: renewals wait {seconds} s for the DNS" if changed else ""

    def _ensure(self, certificate: Certificate) -> str:
        if self._is_current(certificate):
            return ""
        lineage = self._lineage(certificate)
        if lineage.current is None:
            lineage.move_away()
        try:
            certbot.issue(self.shell, self.paths, self.authority, certificate)
        except NotIssuedError as error:
            return self._still_valid(certificate, error)
        if not self._is_current(certificate):
            raise NotIssuedError(
                f"certbot reported success for {', '.join(certificate.domains)}, but "
                f"{self.paths.letsencrypt}/live/{certificate.name} has no such certificate. See "
                f"/var/log/letsencrypt/letsencrypt.log; each further attempt counts against the "
                f"rate limits of {self.authority.server}."
            )
        return f"issued: {certificate.name}"

    def _is_current(self, certificate: Certificate) -> bool:
        """Whether one for exactly these names, from this ACME server, does not expire soon."""
        lineage = self._lineage(certificate)
        version = lineage.current
        return (
            version is not None
            and lineage.server == self.authority.server
            and version.names == set(certificate.domains)
            and not version.expires_soon
        )

    def _still_valid(self, certificate: Certificate, error: NotIssuedError) -> str:
        """The failed renewal as a note. Error: `error`, when the existing certificate is from
        another ACME server or not valid for all names."""
        lineage = self._lineage(certificate)
        version = lineage.current
        if version is None or lineage.server != self.authority.server:
            raise error
        if not version.covers(certificate.domains):
            raise error
        until = time.strftime("%Y-%m-%d", time.gmtime(version.not_after))
        return f"{certificate.name} NOT RENEWED, valid until {until}: {error}"

    def _lineage(self, certificate: Certificate) -> Lineage:
        return Lineage(self.shell, self.paths.letsencrypt, certificate.name)

    def _write_account(self, account: ExternalAccount | None) -> None:
        file = certbot.account_file(self.paths)
        if account is None:
            file.unlink(missing_ok=True)
        else:
            text = f"eab-kid = {account.key_id}\neab-hmac-key = {account.hmac_key}\n"
            _write_secret(file, text)


def _write_secret(file: Path, text: str) -> None:
    """Write a file that only root can read, unless it has this text already."""
    if file.exists() and file.read_text(encoding="utf-8") == text:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.parent.chmod(0o700)
    atomic_file.write(file, text.encode(), 0o600)
