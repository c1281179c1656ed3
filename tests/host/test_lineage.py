import stat

from host.fks_deploy.lineage import Lineage
from tests.host.certificate_server import AUTHORITY, OTHER_NAMES, WEB, CertificateServer


def lineage(server: CertificateServer) -> Lineage:
    return Lineage(server.shell, server.paths.letsencrypt, "web")


def test_a_name_without_files_has_no_server_and_no_certificate(
    certificate_server: CertificateServer,
) -> None:
    empty = lineage(certificate_server)
    assert (empty.server, empty.current, empty.covering(WEB.domains)) == ("", None, None)
    assert empty.set_propagation_seconds(30) is False


def test_the_current_certificate_has_the_names_and_dates_of_its_file(
    certificate_server: CertificateServer,
) -> None:
    certificate_server.issue_for_one_day()
    found = lineage(certificate_server)
    assert found.server == AUTHORITY.server
    assert found.current is not None
    assert found.current.names == set(WEB.domains)
    assert found.current.not_after - found.current.not_before == 86400


def test_an_earlier_version_is_found_by_its_names(certificate_server: CertificateServer) -> None:
    certificate_server.ensure(WEB)
    first = certificate_server.live("fullchain").read_text()
    certificate_server.ensure(OTHER_NAMES)
    found = lineage(certificate_server).covering(WEB.domains)
    assert found is not None
    assert found.chain.read_text() == first
    assert found.pem.decode().endswith(first)


def test_only_the_wait_for_the_dns_changes_in_the_renewal_configuration(
    certificate_server: CertificateServer,
) -> None:
    certificate_server.ensure(WEB)
    file = certificate_server.renewal
    file.chmod(0o640)
    before = file.read_text()
    assert lineage(certificate_server).set_propagation_seconds(120) is True
    assert before.count("seconds = 30\n") == 1
    assert file.read_text() == before.replace("seconds = 30\n", "seconds = 120\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [path.name for path in file.parent.iterdir()] == ["web.conf"]


def test_a_renewal_configuration_without_that_setting_is_not_changed(
    certificate_server: CertificateServer,
) -> None:
    certificate_server.ensure(WEB)
    file = certificate_server.renewal
    text = f"server = {AUTHORITY.server}\n# dns_cloudflare_propagation_seconds = 5\n"
    file.write_text(text)
    assert lineage(certificate_server).set_propagation_seconds(120) is False
    assert file.read_text() == text
