"""A certbot lineage: the current certificate of one name and its earlier versions.

https://eff-certbot.readthedocs.io/en/stable/using.html#where-are-my-certificates
"""

import re
import ssl
import stat
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from . import atomic_file
from .shell import Shell

_OPENSSL_TIMEOUT = 30.0
# certbot renews a month before the end; a certificate this close to it was not renewed.
_EXPIRY_MARGIN = 2 * 86400.0
_KINDS = ("cert", "chain", "fullchain", "privkey")
_NAME = re.compile(r"DNS:([^,\s]+)")
_DATES = re.compile(r"^(notBefore|notAfter)=(.+)$", re.MULTILINE)
_SERVER = re.compile(r"^server\s*=\s*(\S+)", re.MULTILINE)
_PROPAGATION = re.compile(rb"^(dns_cloudflare_propagation_seconds[ \t]*=[ \t]*)\d+", re.MULTILINE)
_NUMBER = re.compile(r"fullchain(\d+)\.pem")


@dataclass(frozen=True)
class Version:
    """One certificate with its key; `not_before` and `not_after` are seconds since the epoch."""

    chain: Path
    key: Path
    names: frozenset[str]
    not_before: float
    not_after: float

    def covers(self, domains: Collection[str]) -> bool:
        """Whether it is valid now for all of these names."""
        return self.not_before <= time.time() < self.not_after and self.names >= set(domains)

    @property
    def expires_soon(self) -> bool:
        """Whether less than two days, or less than a tenth of a short lifetime, are left."""
        margin = min(_EXPIRY_MARGIN, (self.not_after - self.not_before) / 10)
        return self.not_after - time.time() <= margin

    @property
    def pem(self) -> bytes:
        """Key and chain, in the format of the edge's files."""
        return self.key.read_bytes() + self.chain.read_bytes()


@dataclass(frozen=True)
class Lineage:
    """The lineage `name` below certbot's directory."""

    shell: Shell
    directory: Path
    name: str

    @property
    def _live(self) -> Path:
        return self.directory / "live" / self.name

    @property
    def _archive(self) -> Path:
        return self.directory / "archive" / self.name

    @property
    def _renewal(self) -> Path:
        return self.directory / "renewal" / f"{self.name}.conf"

    @property
    def server(self) -> str:
        """The ACME server of its renewal; "" without a renewal configuration."""
        file = self._renewal
        found = _SERVER.search(file.read_text(encoding="utf-8")) if file.exists() else None
        return found[1] if found else ""

    @property
    def current(self) -> Version | None:
        """The current certificate; None when there is none or its files are incomplete."""
        if not self.server or not all((self._live / f"{kind}.pem").exists() for kind in _KINDS):
            return None
        return self._version(self._live / "fullchain.pem", self._live / "privkey.pem")

    def covering(self, domains: Collection[str]) -> Version | None:
        """The newest version that is valid now for all of these names."""
        return next((one for one in self._versions() if one.covers(domains)), None)

    def set_propagation_seconds(self, seconds: int) -> bool:
        """Write the wait for the DNS into the renewal configuration, where certbot saved that of
        the last issuance; returns whether it changed."""
        file = self._renewal
        before = file.read_bytes() if file.exists() else b""
        after = _PROPAGATION.sub(rb"\g<1>%d" % seconds, before)
        if after == before:
            return False
        atomic_file.write(file, after, stat.S_IMODE(file.stat().st_mode))
        return True

    def move_away(self) -> None:
        """Move an incomplete lineage to `unusable`. With it in place certbot would issue each new
        certificate under another name (NAME-0001)."""
        parts = (self._live, self._archive, self._renewal)
        if existing := [part for part in parts if part.exists()]:
            target = self.directory / "unusable" / f"{self.name}-{time.time_ns()}"
            target.mkdir(parents=True, mode=0o700)
            for part in existing:
                part.rename(target / part.parent.name)

    def _versions(self) -> Iterator[Version]:
        """The current certificate, then the archived ones from the newest to the oldest."""
        if current := self.current:
            yield current
        found = (_NUMBER.fullmatch(file.name) for file in self._archive.glob("fullchain*.pem"))
        for number in sorted((int(match[1]) for match in found if match), reverse=True):
            key = self._archive / f"privkey{number}.pem"
            version = self._version(self._archive / f"fullchain{number}.pem", key)
            if version and key.exists():
                yield version

    def _version(self, chain: Path, key: Path) -> Version | None:
        options = ("-noout", "-dates", "-ext", "subjectAltName")
        command = ["openssl", "x509", "-in", str(chain), *options]
        done = self.shell.attempt(command, timeout=_OPENSSL_TIMEOUT)
        dates = {name: ssl.cert_time_to_seconds(text) for name, text in _DATES.findall(done.out)}
        if not done.ok or len(dates) < 2:
            return None
        names = frozenset(_NAME.findall(done.out))
        return Version(chain, key, names, dates["notBefore"], dates["notAfter"])
