"""Certificates: one for each set of names, asked for once, and what a refusal leaves behind."""

import json
import os
import shutil
import stat
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from host.fks_deploy import tls
from host.fks_deploy.authority import Authority, Certificate
from host.fks_deploy.certbot import NotIssuedError
from host.fks_deploy.certificates import Store
from host.fks_deploy.output import Output
from host.fks_deploy.paths import Paths
from host.fks_deploy.redact import Redactor
from host.fks_deploy.shell import Shell

HERE = Path(__file__).parent
TOKEN = "canary-dns-token"
WEB = Certificate("web", ("shop.example", "www.shop.example"))
LARGER = replace(WEB, domains=(*WEB.domains, "old.shop.example"))
ELSEWHERE = replace(WEB, domains=("shop.other", "www.shop.other"))
LIVE = Authority("https://acme.example/directory", "ops@shop.example", 30)
OTHER = replace(LIVE, server="https://other.example/directory")
DAY = 86400.0


class Machine:
    """A server in a directory, with the stand-in certbot."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.paths, self.bin, self._patch = Paths(root), root / "bin", monkeypatch
        self.bin.mkdir()
        certbot = self.bin / "certbot"
        text = (HERE / "certbot").read_text()
        certbot.write_text(text.replace("/usr/bin/env python3", f"{sys.executable} -S", 1))
        certbot.chmod(0o755)
        self.shell = Shell(Output(self.paths.log, Redactor((TOKEN,))))
        monkeypatch.setenv("PATH", str(self.bin), prepend=os.pathsep)

    def ensure(self, *wanted: Certificate, authority: Authority = LIVE) -> str:
        return Store(self.shell, self.paths, authority).ensure(wanted, TOKEN)

    def refuse(self, err: str, out: str = "") -> None:
        """From now on certbot says this, and fails."""
        (self.bin / "stderr").write_text(err)
        (self.bin / "stdout").write_text(out)

    def short_lived(self) -> None:
        """Issue a certificate for one day."""
        (self.bin / "days").write_text("1")
        self.ensure(WEB)
        (self.bin / "days").unlink()

    def pass_days(self, days: float) -> None:
        """Let it be so many days later, for whoever asks Python."""
        later = time.time() + days * DAY
        self._patch.setattr(time, "time", lambda: later)

    def calls(self) -> list[list[str]]:
        """How certbot was called."""
        file = self.bin / "certbot.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def live(self, kind: str) -> Path:
        return self.paths.letsencrypt / "live/web" / f"{kind}.pem"

    def install(self, *wanted: Certificate) -> list[str]:
        return tls.install(self.shell, self.paths, wanted)

    def served(self) -> str:
        """What the edge has."""
        return (self.paths.tls / "web.pem").read_text()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A server without certificates."""
    return Machine(tmp_path, monkeypatch)


def test_a_missing_certificate_is_issued_once(machine: Machine) -> None:
    assert machine.ensure(WEB) == "issued: web"
    assert machine.ensure(WEB) == "kept"
    assert len(machine.calls()) == 1


def test_without_any_certificate_none_is_made_up(machine: Machine) -> None:
    machine.refuse("Error determining zone_id: 9109 Invalid access token.\n")
    with pytest.raises(NotIssuedError, match="fks:dnsToken must have Zone:Read"):
        machine.ensure(WEB)
    assert machine.install(WEB) == []
    assert not machine.paths.tls.exists()
    (machine.bin / "stderr").unlink()
    assert machine.ensure(WEB) == "issued: web"


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
        "--no-directory-hooks",
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


def test_a_new_token_is_there_for_the_timer_also_when_nothing_is_issued(machine: Machine) -> None:
    machine.ensure(WEB)
    machine.paths.dns_token.write_text("dns_cloudflare_api_token = old\n")
    assert machine.ensure(WEB) == "kept"
    assert TOKEN in machine.paths.dns_token.read_text()


@pytest.mark.parametrize(
    ("certificate", "authority"),
    [(LARGER, LIVE), (WEB, OTHER)],
    ids=["another name", "another authority"],
)
def test_other_names_or_another_authority_need_another_certificate(
    machine: Machine, certificate: Certificate, authority: Authority
) -> None:
    machine.ensure(WEB)
    assert machine.ensure(certificate, authority=authority) == "issued: web"
    assert machine.ensure(certificate, authority=authority) == "kept"
    assert len(machine.calls()) == 2


def test_a_renewal_waits_for_the_dns_as_long_as_the_last_deploy_says(machine: Machine) -> None:
    machine.ensure(WEB)
    file = machine.paths.letsencrypt / "renewal/web.conf"
    file.chmod(0o640)
    before = file.read_text()
    slow = replace(LIVE, dns_wait=120)
    assert machine.ensure(WEB, authority=slow) == "web waits 120 s for the DNS when renewed"
    assert before.count("seconds = 30\n") == 1
    assert file.read_text() == before.replace("seconds = 30\n", "seconds = 120\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [path.name for path in file.parent.iterdir()] == ["web.conf"]
    assert machine.ensure(WEB, authority=slow) == "kept"
    assert len(machine.calls()) == 1


def test_a_renewal_file_without_a_wait_is_left_alone(machine: Machine) -> None:
    machine.ensure(WEB)
    file = machine.paths.letsencrypt / "renewal/web.conf"
    text = f"[renewalparams]\nserver = {LIVE.server}\n# dns_cloudflare_propagation_seconds = 5\n"
    file.write_text(text)
    assert machine.ensure(WEB) == "kept"
    assert file.read_text() == text


@pytest.mark.parametrize("days", [0.95, 1.5], ids=["soon", "already"])
def test_one_that_certbot_did_not_renew_in_time_is_issued_anew(
    machine: Machine, days: float
) -> None:
    machine.short_lived()
    assert machine.ensure(WEB) == "kept"
    machine.pass_days(days)
    assert machine.ensure(WEB) == "issued: web"


def test_a_failed_renewal_is_a_remark_while_the_old_one_serves(machine: Machine) -> None:
    machine.short_lived()
    machine.pass_days(0.95)
    machine.refuse("too many certificates, retry after 2026-12-01 10:11:12 UTC: see x\n")
    said = machine.ensure(WEB)
    assert said.startswith("web NOT RENEWED, good until 20")
    assert "again after 2026-12-01 10:11:12 UTC" in said


def test_names_that_went_are_no_reason_to_fail(machine: Machine) -> None:
    machine.ensure(LARGER)
    machine.refuse("Requesting acme.example/directory: Connection refused\n")
    assert machine.ensure(WEB).startswith("web NOT RENEWED, good until")


@pytest.mark.parametrize(
    ("certificate", "authority", "days"),
    [(LARGER, LIVE, 0.1), (ELSEWHERE, LIVE, 0.1), (WEB, OTHER, 0.1), (WEB, LIVE, 1.5)],
    ids=["a name is new", "all names are", "the authority is", "it is over"],
)
def test_where_the_old_one_is_not_enough_a_refusal_fails_and_loses_nothing(
    machine: Machine, certificate: Certificate, authority: Authority, days: float
) -> None:
    machine.short_lived()
    machine.install(WEB)
    before, served = machine.live("fullchain").read_text(), machine.served()
    machine.pass_days(days)
    machine.refuse("Requesting acme.example/directory: Connection refused\n")
    with pytest.raises(NotIssuedError, match="no certificate for shop"):
        machine.ensure(certificate, authority=authority)
    assert (machine.live("fullchain").read_text(), machine.served()) == (before, served)


@pytest.mark.parametrize("lost", ["renewal/web.conf", "live/web/privkey.pem", "archive/web"])
def test_half_a_lineage_is_put_aside_instead_of_issued_beside(machine: Machine, lost: str) -> None:
    machine.ensure(WEB)
    part = machine.paths.letsencrypt / lost
    shutil.rmtree(part) if part.is_dir() else part.unlink()
    assert machine.ensure(WEB) == "issued: web"
    assert machine.ensure(WEB) == "kept"
    assert len(machine.calls()) == 2
    assert len(list((machine.paths.letsencrypt / "unusable").iterdir())) == 1


def test_an_interrupted_first_issuance_is_put_aside_too(machine: Machine) -> None:
    (machine.paths.letsencrypt / "renewal").mkdir(parents=True)
    (machine.paths.letsencrypt / "renewal/web.conf").touch()
    assert machine.ensure(WEB) == "issued: web"
    assert sorted(path.name for path in machine.live("x").parent.parent.iterdir()) == ["web"]


def test_a_certbot_that_leaves_nothing_behind_is_not_believed(machine: Machine) -> None:
    (machine.bin / "certbot").write_text("#!/bin/sh\n")
    with pytest.raises(NotIssuedError, match=r"but .*/live/web does not hold one"):
        machine.ensure(WEB)


def test_the_edge_gets_key_and_chain_once(machine: Machine) -> None:
    machine.ensure(WEB)
    assert machine.install(WEB) == ["web.pem"]
    key, chain = machine.live("privkey").read_text(), machine.live("fullchain").read_text()
    assert machine.served() == key + chain
    assert machine.install(WEB) == []


@pytest.mark.parametrize("other", ["", "an older one"])
def test_what_a_hook_failed_to_hand_over_the_next_deploy_does(machine: Machine, other: str) -> None:
    machine.ensure(WEB)
    machine.install(WEB)
    served, file = machine.served(), machine.paths.tls / "web.pem"
    file.unlink()
    if other:
        file.write_text(other)
    assert machine.install(WEB) == ["web.pem"]
    assert machine.served() == served


def test_a_release_that_comes_back_gets_the_certificate_of_its_names_again(
    machine: Machine,
) -> None:
    machine.ensure(WEB)
    machine.install(WEB)
    before = machine.served()
    machine.ensure(ELSEWHERE)
    assert machine.install(ELSEWHERE) == ["web.pem"]
    assert machine.served() != before
    assert machine.install(WEB) == ["web.pem"]
    assert machine.served() == before


def test_where_nothing_is_good_the_edge_keeps_what_it_has(machine: Machine) -> None:
    machine.ensure(WEB)
    machine.install(WEB)
    assert machine.install(ELSEWHERE) == []
    assert machine.paths.tls.joinpath("web.pem").exists()
