"""A server's own certificates: issued once for a set of names, renewed by certbot's timer.

Let's Encrypt gives five certificates a week for the same names, so one is only asked for when there
is none for them, or none from the chosen server.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from . import certbot
from .authority import Authority, Certificate
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

    def ensure(self, wanted: Iterable[Certificate], token: str) -> str:
        """Issue what is missing; returns what was done. Error: NotIssuedError, unless it was but a
        renewal and the old one still serves."""
        self._write_token(token)
        notes = [note for one in wanted for note in (self._ensure(one), self._wait(one)) if note]
        return "; ".join(notes) or "kept"

    def _wait(self, certificate: Certificate) -> str:
        seconds = self.authority.dns_wait
        changed = self._lineage(certificate).wait(seconds)
        return f"{certificate.name} waits {seconds} s for the DNS when renewed" if changed else ""

    def _ensure(self, certificate: Certificate) -> str:
        if self._is_right(certificate):
            return ""
        lineage = self._lineage(certificate)
        if lineage.current is None:
            lineage.set_aside()
        try:
            certbot.issue(self.shell, self.paths, self.authority, certificate)
        except NotIssuedError as error:
            return self._kept(certificate, error)
        if not self._is_right(certificate):
            raise NotIssuedError(
                f"certbot says it has a certificate for {', '.join(certificate.domains)}, but "
                f"{self.paths.letsencrypt}/live/{certificate.name} does not hold one. See "
                f"/var/log/letsencrypt/letsencrypt.log; each further try counts against the limits "
                f"of {self.authority.server}."
            )
        return f"issued: {certificate.name}"

    def _is_right(self, certificate: Certificate) -> bool:
        """Is there one for exactly these names, from this authority, that lasts?"""
        lineage = self._lineage(certificate)
        held = lineage.current
        return (
            held is not None
            and lineage.server == self.authority.server
            and held.names == set(certificate.domains)
            and held.lasts
        )

    def _kept(self, certificate: Certificate, error: NotIssuedError) -> str:
        """The failed renewal as a remark, or as the error where the old one is not enough."""
        lineage = self._lineage(certificate)
        held = lineage.current
        if held is None or lineage.server != self.authority.server:
            raise error
        if not held.covers(certificate.domains):
            raise error
        until = time.strftime("%Y-%m-%d", time.gmtime(held.ends))
        return f"{certificate.name} NOT RENEWED, good until {until}: {error}"

    def _lineage(self, certificate: Certificate) -> Lineage:
        return Lineage(self.shell, self.paths.letsencrypt, certificate.name)

    def _write_token(self, token: str) -> None:
        text, file = f"dns_cloudflare_api_token = {token}\n", self.paths.dns_token
        if file.exists() and file.read_text(encoding="utf-8") == text:
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        file.parent.chmod(0o700)
        scratch = file.with_name(f".{file.name}.new")
        scratch.touch(mode=0o600)
        scratch.write_text(text, encoding="utf-8")
        scratch.replace(file)
