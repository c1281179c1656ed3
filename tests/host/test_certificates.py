"""Certificates: one for each set of names, asked for once, handed to the edge whole."""

import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from host.fks_deploy.certificates import Authority, Certificate, Store
from host.fks_deploy.errors import DeployError
from host.fks_deploy.output import Output
from host.fks_deploy.paths import Paths
from host.fks_deploy.redact import Redactor
from host.fks_deploy.shell import Shell

HERE = Path(__file__).parent
HOOK = HERE.parents[1] / "host/bin/certificate-renewed"
TOKEN = "canary-dns-token"
WEB = Certificate("web", ("shop.example", "www.shop.example"))
LIVE = Authority("https://acme.example/directory", "ops@shop.example", 30)

LIMITED = """Saving debug log to /var/log/letsencrypt/letsencrypt.log
An unexpected error occurred:
urn:ietf:params:acme:error:rateLimited :: too many certificates already issued for this name set
Ask for help or search for solutions at https://community.letsencrypt.org.
"""
CHALLENGE = """Saving debug log to /var/log/letsencrypt/letsencrypt.log
  Domain: shop.example
  Type:   unauthorized
  Detail: No TXT record found at _acme-challenge.shop.example
Hint: The Certificate Authority failed to verify the DNS TXT records.
Some challenges have failed.
Ask for help or search for solutions at https://community.letsencrypt.org.
"""


class Machine:
    """A server in a directory, with the stand-in certbot and a hook that notes its calls."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.paths = root, Paths(root)
        self.bin = root / "bin"
        self._put(self.bin / "certbot", (HERE / "certbot").read_text())
        note = 'mkdir -p "$FKS_TLS"\necho "$RENEWED_LINEAGE" >>"$FKS_TLS/calls"\n'
        note += 'touch "$FKS_TLS/$(basename "$RENEWED_LINEAGE").pem"\n'
        hook = self.paths.host_bundles / "current/bin/certificate-renewed"
        self._put(hook, f"#!/bin/sh\n{note}")
        self.paths.log.parent.mkdir(parents=True)
        monkeypatch.setenv("PATH", str(self.bin), prepend=os.pathsep)

    def _put(self, file: Path, text: str) -> None:
        file.parent.mkdir(parents=True)
        file.write_text(text.replace("/usr/bin/env python3", sys.executable, 1))
        file.chmod(0o755)

    def ensure(self, *wanted: Certificate, authority: Authority = LIVE) -> str:
        shell = Shell(Output(self.paths.log, Redactor((TOKEN,))))
        return Store(shell, self.paths, authority).ensure(wanted, TOKEN)

    def calls(self) -> list[list[str]]:
        """How certbot was called."""
        file = self.bin / "certbot.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def handed_over(self) -> list[str]:
        """Which certificates the hook was called for."""
        return [Path(line).name for line in (self.paths.tls / "calls").read_text().splitlines()]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A server without certificates."""
    return Machine(tmp_path, monkeypatch)


def test_a_missing_certificate_is_issued_once_and_handed_over(machine: Machine) -> None:
    assert machine.ensure(WEB) == "issued: web"
    assert machine.ensure(WEB) == "kept"
    assert len(machine.calls()) == 1
    assert machine.handed_over() == ["web"]


def test_certbot_is_told_names_authority_and_account_and_no_secret(machine: Machine) -> None:
    machine.ensure(WEB)
    words = machine.calls()[0]
    said = " ".join(words)
    for part in (
        "--server https://acme.example/directory",
        "--key-type ecdsa",
        "--email ops@shop.example",
        "--dns-cloudflare-propagation-seconds 30",
        "--domain shop.example --domain www.shop.example",
    ):
        assert part in said
    assert TOKEN not in said
    assert TOKEN not in machine.paths.log.read_text()


def test_without_an_email_the_account_has_none(machine: Machine) -> None:
    machine.ensure(WEB, authority=replace(LIVE, email=""))
    assert "--register-unsafely-without-email" in machine.calls()[0]


def test_the_token_is_in_a_file_of_roots_alone(machine: Machine) -> None:
    machine.ensure(WEB)
    file = machine.paths.dns_token
    assert file.read_text() == f"dns_cloudflare_api_token = {TOKEN}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("certificate", "authority"),
    [
        (replace(WEB, domains=(*WEB.domains, "old.shop.example")), LIVE),
        (WEB, replace(LIVE, server="https://staging.example/directory")),
    ],
    ids=["another name", "another authority"],
)
def test_other_names_or_another_authority_need_another_certificate(
    machine: Machine, certificate: Certificate, authority: Authority
) -> None:
    machine.ensure(WEB)
    assert machine.ensure(certificate, authority=authority) == "issued: web"
    assert len(machine.calls()) == 2


def test_an_expired_certificate_is_issued_anew(machine: Machine) -> None:
    (machine.bin / "days").write_text("1")
    machine.ensure(WEB)
    (machine.bin / "days").unlink()
    assert machine.ensure(WEB) == "issued: web"


def test_a_certificate_that_the_edge_has_lost_is_handed_over_again(machine: Machine) -> None:
    machine.ensure(WEB)
    (machine.paths.tls / "web.pem").unlink()
    assert machine.ensure(WEB) == "kept"
    assert machine.handed_over() == ["web", "web"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (LIMITED, "too many certificates already issued for this name set"),
        (CHALLENGE, "No TXT record found at _acme-challenge.shop.example"),
        ("certbot: error: unrecognized arguments\n", "unrecognized arguments"),
    ],
    ids=["429", "challenge", "other"],
)
def test_a_refusal_names_domains_authority_reason_and_remedy(
    machine: Machine, said: str, expected: str
) -> None:
    (machine.bin / "refusal").write_text(said)
    with pytest.raises(DeployError) as caught:
        machine.ensure(WEB)
    text = str(caught.value)
    for part in ("shop.example, www.shop.example", LIVE.server, expected, "pulumi up again"):
        assert part in text
    assert "community.letsencrypt.org" not in text
    assert "\n" not in text


@pytest.mark.skipif(os.geteuid() != 0, reason="gives a file to the edge's user, which root may")
def test_the_edge_gets_key_and_chain_in_one_file_and_is_reloaded(tmp_path: Path) -> None:
    lineage, tls, log = tmp_path / "live/web", tmp_path / "tls", tmp_path / "log"
    lineage.mkdir(parents=True)
    (lineage / "privkey.pem").write_text("KEY\n")
    (lineage / "fullchain.pem").write_text("CHAIN\n")
    docker = tmp_path / "bin/docker"
    docker.parent.mkdir()
    docker.write_text(f'#!/bin/sh\necho "$*" >>{log}\n[ "$1" != ps ] || echo edge-1\n')
    docker.chmod(0o755)
    env = {
        "PATH": f"{docker.parent}:{os.environ['PATH']}",
        "RENEWED_LINEAGE": str(lineage),
        "FKS_TLS": str(tls),
    }
    subprocess.run([HOOK], env=env, check=True)
    made = tls / "web.pem"
    assert made.read_text() == "KEY\nCHAIN\n"
    assert (stat.S_IMODE(made.stat().st_mode), made.stat().st_uid) == (0o400, 101)
    assert log.read_text().splitlines()[1:] == [
        "exec edge-1 nginx -t",
        "exec edge-1 nginx -s reload",
    ]
    assert [file.name for file in tls.iterdir()] == ["web.pem"]
