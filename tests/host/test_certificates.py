"""Issuing: once for each set of names, and what a failed request leaves in place."""

import shutil
import stat
from dataclasses import replace

import pytest

from host.fks_deploy.acme import Authority, Certificate, ExternalAccount
from host.fks_deploy.certbot import NotIssuedError
from tests.host.certificate_server import (
    AUTHORITY,
    ONE_NAME_MORE,
    OTHER_AUTHORITY,
    OTHER_NAMES,
    TOKEN,
    WEB,
    CertificateServer,
)

UNREACHABLE = "Requesting acme.example/directory: Connection refused\n"


def test_a_missing_certificate_is_issued_once(certificate_server: CertificateServer) -> None:
    assert certificate_server.ensure(WEB) == "issued: web"
    assert certificate_server.ensure(WEB) == "unchanged"
    assert len(certificate_server.calls()) == 1


def test_a_failed_first_request_leaves_no_certificate_and_can_be_repeated(
    certificate_server: CertificateServer,
) -> None:
    certificate_server.make_certbot_fail("Error determining zone_id: 9109 Invalid access token.\n")
    with pytest.raises(NotIssuedError, match="fks:acmeDnsToken needs Zone:Read"):
        certificate_server.ensure(WEB)
    assert certificate_server.install(WEB) == []
    assert not certificate_server.paths.tls.exists()
    certificate_server.make_certbot_succeed()
    assert certificate_server.ensure(WEB) == "issued: web"


def test_the_token_is_in_a_file_only_root_can_read(certificate_server: CertificateServer) -> None:
    certificate_server.ensure(WEB)
    file = certificate_server.paths.acme_dns_token
    assert file.read_text() == f"dns_cloudflare_api_token = {TOKEN}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_changed_token_is_stored_for_renewals_when_nothing_is_issued(
    certificate_server: CertificateServer,
) -> None:
    certificate_server.ensure(WEB)
    file = certificate_server.paths.acme_dns_token
    file.write_text("dns_cloudflare_api_token = old\n")
    assert certificate_server.ensure(WEB) == "unchanged"
    assert TOKEN in file.read_text()


@pytest.mark.parametrize(
    ("certificate", "authority"),
    [(ONE_NAME_MORE, AUTHORITY), (WEB, OTHER_AUTHORITY)],
    ids=["another name", "another ACME server"],
)
def test_other_names_or_another_acme_server_need_a_new_certificate(
    certificate_server: CertificateServer, certificate: Certificate, authority: Authority
) -> None:
    certificate_server.ensure(WEB)
    assert certificate_server.ensure(certificate, authority=authority) == "issued: web"
    assert certificate_server.ensure(certificate, authority=authority) == "unchanged"
    assert len(certificate_server.calls()) == 2


def test_a_deploy_updates_the_wait_for_the_dns_of_renewals(
    certificate_server: CertificateServer,
) -> None:
    certificate_server.ensure(WEB)
    slow = replace(AUTHORITY, dns_propagation_seconds=120)
    note = certificate_server.ensure(WEB, authority=slow)
    assert note == "web: renewals wait 120 s for the DNS"
    assert certificate_server.ensure(WEB, authority=slow) == "unchanged"
    assert len(certificate_server.calls()) == 1


@pytest.mark.parametrize("days", [0.95, 1.5], ids=["expires soon", "expired"])
def test_a_certificate_that_certbot_has_not_renewed_is_issued_again(
    certificate_server: CertificateServer, days: float
) -> None:
    certificate_server.issue_for_one_day()
    assert certificate_server.ensure(WEB) == "unchanged"
    certificate_server.advance_days(days)
    assert certificate_server.ensure(WEB) == "issued: web"


def test_a_failed_renewal_of_a_valid_certificate_is_a_note(
    certificate_server: CertificateServer,
) -> None:
    certificate_server.issue_for_one_day()
    certificate_server.advance_days(0.95)
    certificate_server.make_certbot_fail(
        "too many certificates, retry after 2026-12-01 10:11:12 UTC: see x\n"
    )
    note = certificate_server.ensure(WEB)
    assert note.startswith("web NOT RENEWED, valid until 20")
    assert "again after 2026-12-01 10:11:12 UTC" in note


def test_a_certificate_with_more_names_than_needed_is_valid(
    certificate_server: CertificateServer,
) -> None:
    certificate_server.ensure(ONE_NAME_MORE)
    certificate_server.make_certbot_fail(UNREACHABLE)
    assert certificate_server.ensure(WEB).startswith("web NOT RENEWED, valid until")


@pytest.mark.parametrize(
    ("certificate", "authority", "days"),
    [
        (ONE_NAME_MORE, AUTHORITY, 0.1),
        (OTHER_NAMES, AUTHORITY, 0.1),
        (WEB, OTHER_AUTHORITY, 0.1),
        (WEB, AUTHORITY, 1.5),
    ],
    ids=["one name is new", "all names are new", "another ACME server", "expired"],
)
def test_without_a_valid_certificate_a_failed_request_fails_and_changes_no_file(
    certificate_server: CertificateServer,
    certificate: Certificate,
    authority: Authority,
    days: float,
) -> None:
    certificate_server.issue_for_one_day()
    certificate_server.install(WEB)
    chain = certificate_server.live("fullchain")
    before = chain.read_text(), certificate_server.edge_pem()
    certificate_server.advance_days(days)
    certificate_server.make_certbot_fail(UNREACHABLE)
    with pytest.raises(NotIssuedError, match="no certificate for shop"):
        certificate_server.ensure(certificate, authority=authority)
    assert (chain.read_text(), certificate_server.edge_pem()) == before


@pytest.mark.parametrize("lost", ["renewal/web.conf", "live/web/privkey.pem", "archive/web"])
def test_an_incomplete_lineage_is_moved_away_before_issuing(
    certificate_server: CertificateServer, lost: str
) -> None:
    certificate_server.ensure(WEB)
    part = certificate_server.paths.letsencrypt / lost
    shutil.rmtree(part) if part.is_dir() else part.unlink()
    assert certificate_server.ensure(WEB) == "issued: web"
    assert certificate_server.ensure(WEB) == "unchanged"
    assert len(certificate_server.calls()) == 2
    assert len(list((certificate_server.paths.letsencrypt / "unusable").iterdir())) == 1


def test_an_interrupted_first_request_is_moved_away_too(
    certificate_server: CertificateServer,
) -> None:
    certificate_server.renewal.parent.mkdir(parents=True)
    certificate_server.renewal.touch()
    assert certificate_server.ensure(WEB) == "issued: web"
    lineages = certificate_server.live("x").parent.parent.iterdir()
    assert [path.name for path in lineages] == ["web"]


def test_success_of_certbot_without_a_certificate_is_an_error(
    certificate_server: CertificateServer,
) -> None:
    (certificate_server.bin / "certbot").write_text("#!/bin/sh\n")
    with pytest.raises(NotIssuedError, match=r"but .*/live/web has no such certificate"):
        certificate_server.ensure(WEB)


def test_an_external_account_is_in_a_file_only_root_can_read(
    certificate_server: CertificateServer,
) -> None:
    account = ExternalAccount("kid-1", "canary-hmac")
    certificate_server.ensure(WEB, account=account)
    file = certificate_server.paths.acme_dns_token.with_name("account.ini")
    assert file.read_text() == "eab-kid = kid-1\neab-hmac-key = canary-hmac\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (call,) = certificate_server.calls()
    assert call[call.index("--config") + 1] == str(file)
    assert "canary-hmac" not in f"{call} {account!r}"


def test_without_an_external_account_no_file_of_an_earlier_one_stays(
    certificate_server: CertificateServer,
) -> None:
    certificate_server.ensure(WEB, account=ExternalAccount("kid-1", "canary-hmac"))
    certificate_server.ensure(ONE_NAME_MORE)
    assert not certificate_server.paths.acme_dns_token.with_name("account.ini").exists()
    assert "--config" not in certificate_server.calls()[1]
