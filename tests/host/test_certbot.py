"""certbot's command line, and the error without a certificate."""

from dataclasses import replace

from host.fks_deploy.acme import Authority, Certificate
from host.fks_deploy.certbot import not_issued
from tests.host.certificate_server import AUTHORITY, TOKEN, WEB, CertificateServer


def test_the_command_has_names_server_and_account_but_no_secret(
    certificate_server: CertificateServer,
) -> None:
    certificate_server.ensure(WEB)
    line = " ".join(certificate_server.calls()[0])
    for part in (
        "--server https://acme.example/directory",
        "--key-type ecdsa",
        "--email ops@shop.example",
        "--dns-cloudflare-propagation-seconds 30",
        "--domain shop.example --domain www.shop.example",
        "--no-directory-hooks",
    ):
        assert part in line
    assert TOKEN not in line
    assert TOKEN not in certificate_server.paths.log.read_text()


def test_without_an_email_the_account_has_none(certificate_server: CertificateServer) -> None:
    certificate_server.ensure(WEB, authority=replace(AUTHORITY, email=""))
    line = certificate_server.calls()[0]
    assert "--register-unsafely-without-email" in line
    assert "--email" not in line


def test_the_error_names_domains_server_reason_and_log() -> None:
    authority = Authority("https://acme.example/directory", "", 30)
    error = str(not_issued(authority, Certificate("web", ("a.example", "b.example")), "why"))
    assert error.startswith("no certificate for a.example, b.example from https://acme.example/")
    assert ": why. " in error
    assert "The running release stays in service." in error
    assert error.endswith("/var/log/letsencrypt/letsencrypt.log.")
