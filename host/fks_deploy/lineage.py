"""The certificates certbot keeps under one name: the one in use, and those it replaced."""

import re
import ssl
import stat
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from .shell import Shell

QUICK = 30.0
# A certificate that certbot has not renewed until then is not going to be.
SOON = 2 * 86400.0
_KINDS = ("cert", "chain", "fullchain", "privkey")
_NAME = re.compile(r"DNS:([^,\s]+)")
_DATES = re.compile(r"^(notBefore|notAfter)=(.+)$", re.MULTILINE)
_SERVER = re.compile(r"^server\s*=\s*(\S+)", re.MULTILINE)
_WAIT = re.compile(rb"^(dns_cloudflare_propagation_seconds[ \t]*=[ \t]*)\d+", re.MULTILINE)
_NUMBER = re.compile(r"fullchain(\d+)\.pem")


@dataclass(frozen=True)
class Version:
    """One certificate with its key; `begins` and `ends` are in seconds of the epoch."""

    chain: Path
    key: Path
    names: frozenset[str]
    begins: float
    ends: float

    def covers(self, domains: Collection[str]) -> bool:
        """Is it good for all of these names, today?"""
        return self.begins <= time.time() < self.ends and self.names >= set(domains)

    @property
    def lasts(self) -> bool:
        """Is it long enough until its end that certbot still has time to renew it?"""
        return self.ends - time.time() > min(SOON, (self.ends - self.begins) / 10)

    @property
    def pem(self) -> bytes:
        """Key and chain, as the edge reads them."""
        return self.key.read_bytes() + self.chain.read_bytes()


@dataclass(frozen=True)
class Lineage:
    """All of one name below certbot's directory."""

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
        """The authority it is renewed by; empty when certbot does not know."""
        file = self._renewal
        found = _SERVER.search(file.read_text(encoding="utf-8")) if file.exists() else None
        return found[1] if found else ""

    @property
    def current(self) -> Version | None:
        """The one in use; None without one, or when its files are not whole."""
        if not self.server or not all((self._live / f"{kind}.pem").exists() for kind in _KINDS):
            return None
        return self._version(self._live / "fullchain.pem", self._live / "privkey.pem")

    def covering(self, domains: Collection[str]) -> Version | None:
        """The one in use if it is good for these names, or else the last one that was."""
        return next((one for one in self._versions() if one.covers(domains)), None)

    def wait(self, seconds: int) -> bool:
        """Let each renewal wait so long for the DNS; returns whether it was another time before.
        certbot goes by what it was told when it issued."""
        file = self._renewal
        before = file.read_bytes() if file.exists() else b""
        after = _WAIT.sub(rb"\g<1>%d" % seconds, before)
        if after == before:
            return False
        # certbot reads every file that ends in .conf.
        scratch = file.with_name(f".{file.name}.new")
        scratch.write_bytes(after)
        scratch.chmod(stat.S_IMODE(file.stat().st_mode))
        scratch.replace(file)
        return True

    def set_aside(self) -> None:
        """Put files that are not whole out of certbot's way: it would issue beside them, under
        another name and each time again."""
        parts = (self._live, self._archive, self._renewal)
        if there := [part for part in parts if part.exists()]:
            aside = self.directory / "unusable" / f"{self.name}-{time.time_ns()}"
            aside.mkdir(parents=True, mode=0o700)
            for part in there:
                part.rename(aside / part.parent.name)

    def _versions(self) -> Iterator[Version]:
        if current := self.current:
            yield current
        found = (_NUMBER.fullmatch(file.name) for file in self._archive.glob("fullchain*.pem"))
        for number in sorted((int(match[1]) for match in found if match), reverse=True):
            key = self._archive / f"privkey{number}.pem"
            version = self._version(self._archive / f"fullchain{number}.pem", key)
            if version and key.exists():
                yield version

    def _version(self, chain: Path, key: Path) -> Version | None:
        words = ["openssl", "x509", "-in", str(chain), "-noout", "-dates", "-ext", "subjectAltName"]
        looked = self.shell.attempt(words, timeout=QUICK)
        dates = {name: ssl.cert_time_to_seconds(text) for name, text in _DATES.findall(looked.out)}
        if not looked.ok or len(dates) < 2:
            return None
        names = frozenset(_NAME.findall(looked.out))
        return Version(chain, key, names, dates["notBefore"], dates["notAfter"])
