"""A server in a temporary directory with the stand-in certbot."""

import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from host.fks_deploy import tls
from host.fks_deploy.acme import Authority, Certificate, ExternalAccount
from host.fks_deploy.certificates import Store
from host.fks_deploy.output import Output
from host.fks_deploy.paths import Paths
from host.fks_deploy.redact import Redactor
from host.fks_deploy.shell import Shell

HERE = Path(__file__).parent
TOKEN = "canary-dns-token"
AUTHORITY = Authority("https://acme.example/directory", "ops@shop.example", 30)
OTHER_AUTHORITY = replace(AUTHORITY, server="https://other.example/directory")
WEB = Certificate("web", ("shop.example", "www.shop.example"))
ONE_NAME_MORE = replace(WEB, domains=(*WEB.domains, "old.shop.example"))
OTHER_NAMES = replace(WEB, domains=("shop.other", "www.shop.other"))
DAY = 86400.0


class CertificateServer:
    """`bin` has the stand-in certbot, which is on PATH."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.paths, self.bin, self._monkeypatch = Paths(root), root / "bin", monkeypatch
        self.bin.mkdir()
        certbot = self.bin / "certbot"
        text = (HERE / "certbot").read_text()
        certbot.write_text(text.replace("/usr/bin/env python3", f"{sys.executable} -S", 1))
        certbot.chmod(0o755)
        self.shell = Shell(Output(self.paths.log, Redactor((TOKEN,))))
        monkeypatch.setenv("PATH", str(self.bin), prepend=os.pathsep)

    def ensure(
        self,
        *certificates: Certificate,
        authority: Authority = AUTHORITY,
        account: ExternalAccount | None = None,
    ) -> str:
        """Run the step `certificates` of a deploy."""
        return Store(self.shell, self.paths, authority).ensure(certificates, TOKEN, account)

    def install(self, *certificates: Certificate) -> list[str]:
        """Copy certificates to the edge's directory."""
        return tls.install(self.shell, self.paths, certificates)

    def make_certbot_fail(self, err: str, out: str = "") -> None:
        """From now on certbot prints this and fails."""
        (self.bin / "stderr").write_text(err)
        (self.bin / "stdout").write_text(out)

    def make_certbot_succeed(self) -> None:
        """End `make_certbot_fail`."""
        (self.bin / "stderr").unlink()

    def issue_for_one_day(self) -> None:
        """Issue a certificate with a lifetime of one day."""
        (self.bin / "days").write_text("1")
        self.ensure(WEB)
        (self.bin / "days").unlink()

    def advance_days(self, days: float) -> None:
        """Move this process's clock forward."""
        later = time.time() + days * DAY
        self._monkeypatch.setattr(time, "time", lambda: later)

    def calls(self) -> list[list[str]]:
        """The arguments of each call of certbot."""
        file = self.bin / "certbot.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def live(self, kind: str) -> Path:
        """A file of the current certificate of the lineage `web`."""
        return self.paths.letsencrypt / "live/web" / f"{kind}.pem"

    @property
    def renewal(self) -> Path:
        """The renewal configuration of the lineage `web`."""
        return self.paths.letsencrypt / "renewal/web.conf"

    def edge_pem(self) -> str:
        """The edge's file of the certificate `web`."""
        return (self.paths.tls / "web.pem").read_text()
