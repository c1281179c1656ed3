"""Maintenance while a deploy holds the lock."""

from host.fks_deploy import edge_refresh
from host.fks_deploy.lock import deploy_lock
from tests.host.events import reload_count, renew_certificate
from tests.host.server import Server


def test_a_certificate_renewed_during_a_deploy_is_installed_after_it(deployed: Server) -> None:
    file = deployed.paths.tls / "api.pem"
    before = file.read_text()
    with deploy_lock(deployed.paths.lock, "a" * 64, "alice", 0):
        pem = renew_certificate(deployed)
        assert edge_refresh.refresh(deployed.paths) == 0
        assert file.read_text() == before
        assert '"who": "alice"' in deployed.paths.lock.read_text()
    assert [edge_refresh.refresh(deployed.paths) for _ in range(2)] == [0, 0]
    assert file.read_text() == pem
    assert reload_count(deployed) == 1
