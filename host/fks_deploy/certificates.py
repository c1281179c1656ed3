"""A server's own certificates: issued once for a set of names, renewed by certbot's timer.

Let's Encrypt gives five certificates a week for the same names, so one is only asked for when there
is none for them, or none from the chosen server.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import DeployError
from .paths import Paths
from .shell import CommandFailedError, Shell

# Issuing takes the wait for the DNS and a few requests; certbot itself knows no limit.
ISSUE = 300.0
QUICK = 30.0
# A certificate that certbot has not renewed until then is not going to be.
SOON = str(2 * 86400)
_NAME = re.compile(r"DNS:([^,\s]+)")
_SERVER = re.compile(r"^server\s*=\s*(\S+)", re.MULTILINE)
_REASON = re.compile(r"^(?:Detail:|Error |The ACME server|urn:|.*:: )", re.IGNORECASE)
# What certbot says around its reasons, to people at a terminal.
_NOISE = ("Saving debug log", "Ask for help", "See the logfile", "Hint:", "Some challenges have")


@dataclass(frozen=True)
class Authority:
    """Whom to ask, as whom, and how long a new record may take to be seen everywhere (seconds)."""

    server: str
    email: str
    dns_wait: int

    @classmethod
    def parse(cls, entry: Mapping[str, Any]) -> "Authority":
        """From release.json. Error: KeyError for a missing key."""
        return cls(server=entry["server"], email=entry["email"], dns_wait=int(entry["dns_wait"]))


@dataclass(frozen=True)
class Certificate:
    """One certificate: what it is called on this server, and all its names."""

    name: str
    domains: tuple[str, ...]

    @classmethod
    def parse(cls, entry: Mapping[str, Any]) -> "Certificate":
        """From release.json. Error: KeyError for a missing key."""
        return cls(name=entry["name"], domains=tuple(entry["domains"]))


@dataclass(frozen=True)
class Store:
    """The certificates on this server."""

    shell: Shell
    paths: Paths
    authority: Authority

    def ensure(self, wanted: Iterable[Certificate], token: str) -> str:
        """Issue what is missing. Error: DeployError with the authority's reason."""
        self._write_token(token)
        issued = [one.name for one in wanted if self._ensure(one)]
        return f"issued: {', '.join(issued)}" if issued else "kept"

    def _ensure(self, certificate: Certificate) -> bool:
        missing = not self.holds(certificate)
        if missing:
            self._issue(certificate)
        if missing or not (self.paths.tls / f"{certificate.name}.pem").exists():
            self._hand_over(certificate)
        return missing

    def holds(self, certificate: Certificate) -> bool:
        """Is there one for exactly these names, from this authority, that lasts?"""
        file = self._live(certificate) / "cert.pem"
        renewal = self.paths.letsencrypt / "renewal" / f"{certificate.name}.conf"
        if not (file.exists() and renewal.exists()):
            return False
        server = _SERVER.search(renewal.read_text(encoding="utf-8"))
        if server is None or server[1] != self.authority.server:
            return False
        words = ["openssl", "x509", "-in", str(file), "-noout"]
        if not self.shell.attempt([*words, "-checkend", SOON], timeout=QUICK).ok:
            return False
        text = self.shell.run([*words, "-ext", "subjectAltName"], timeout=QUICK)
        return set(_NAME.findall(text)) == set(certificate.domains)

    def _issue(self, certificate: Certificate) -> None:
        try:
            self.shell.run(self.words(certificate), name="certbot", timeout=ISSUE)
        except CommandFailedError as error:
            raise DeployError(
                f"no certificate for {', '.join(certificate.domains)} from "
                f"{self.authority.server}: {reason(error)}. What serves goes on serving; when the "
                f"cause is mended, run pulumi up again. All of it is in "
                f"/var/log/letsencrypt/letsencrypt.log."
            ) from error

    def words(self, certificate: Certificate) -> list[str]:
        """The whole command line; the token is in a file."""
        email = self.authority.email
        return [
            *("certbot", "certonly", "--non-interactive", "--agree-tos"),
            *("--config-dir", str(self.paths.letsencrypt)),
            *(("--email", email) if email else ("--register-unsafely-without-email",)),
            *("--server", self.authority.server, "--key-type", "ecdsa"),
            *("--dns-cloudflare", "--dns-cloudflare-credentials", str(self.paths.dns_token)),
            *("--dns-cloudflare-propagation-seconds", str(self.authority.dns_wait)),
            *("--cert-name", certificate.name, "--renew-with-new-domains", "--force-renewal"),
            *(word for domain in certificate.domains for word in ("--domain", domain)),
        ]

    def _hand_over(self, certificate: Certificate) -> None:
        """As after a renewal: where the edge reads it, and loaded if the edge runs."""
        hook = self.paths.host_bundles / "current/bin/certificate-renewed"
        env = {"RENEWED_LINEAGE": str(self._live(certificate)), "FKS_TLS": str(self.paths.tls)}
        self.shell.run([str(hook)], timeout=QUICK, env=env)

    def _live(self, certificate: Certificate) -> Path:
        return self.paths.letsencrypt / "live" / certificate.name

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


def reason(error: CommandFailedError) -> str:
    """What the authority or the DNS said, out of all that certbot said."""
    lines = [line.strip() for line in error.lines]
    told = [line for line in lines if line and not line.startswith(_NOISE)]
    reasons = [line for line in told if _REASON.match(line)]
    chosen = reasons or told[-1:] or [str(error)]
    return " ".join(dict.fromkeys(chosen))[:600].rstrip(".")
