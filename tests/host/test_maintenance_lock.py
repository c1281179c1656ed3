"""The timer and certbot's hook while a deploy, or the other one, holds the lock."""

from typing import Any

import pytest

from host.fks_deploy import file_tree, maintenance, marker, peers, tls
from host.fks_deploy.lock import deploy_lock
from tests.host.events import PEER, change_peer_address, reload_count, renew_certificate
from tests.host.server import Server


def test_the_timer_changes_nothing_while_a_deploy_runs(
    deployed: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_peer_address(monkeypatch, "100.64.0.9")
    before = file_tree.read(deployed.paths.peers)
    with deploy_lock(deployed.paths.lock, "a" * 64, "alice", 0):
        maintenance.refresh_peers(deployed.paths)
        assert file_tree.read(deployed.paths.peers) == before
        assert '"who": "alice"' in deployed.paths.lock.read_text()
    maintenance.refresh_peers(deployed.paths)
    assert file_tree.read(deployed.paths.peers) != before
    assert reload_count(deployed) == 1


def test_a_certificate_renewed_during_a_deploy_is_installed_after_it(
    deployed: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(maintenance, "HOOK_LOCK_WAIT", 0.3)
    file = deployed.paths.tls / "api.pem"
    before = file.read_text()
    with deploy_lock(deployed.paths.lock, "a" * 64, "alice", 0):
        pem = renew_certificate(deployed)
        maintenance.refresh_certificates(deployed.paths)
        assert "fks-peers installs the certificate after it" in capsys.readouterr().out
        assert file.read_text() == before
        # As the reload of that deploy does.
        deployed.paths.reload_needed.unlink(missing_ok=True)
    for _ in range(2):
        maintenance.refresh_peers(deployed.paths)
    assert file.read_text() == pem
    assert reload_count(deployed) == 1


def test_the_hook_waits_for_a_run_of_the_timer(
    deployed: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "HOOK_LOCK_WAIT", 30)
    pem = renew_certificate(deployed)
    timer = deploy_lock(deployed.paths.lock, "a" * 64, "fks-peers", 0)
    timer.__enter__()

    def end_timer_run(_seconds: float) -> None:
        timer.__exit__(None, None, None)

    monkeypatch.setattr("host.fks_deploy.lock.time.sleep", end_timer_run)
    maintenance.refresh_certificates(deployed.paths)
    assert (deployed.paths.tls / "api.pem").read_text() == pem


def test_a_renewal_while_another_is_installed_is_installed_later(
    deployed: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    renewals = list[str]()
    install = tls.install

    def install_and_renew(*arguments: Any) -> list[str]:
        changed = install(*arguments)
        if not renewals:
            renewals.append(renew_certificate(deployed))
            marker.create(deployed.paths.certificate_renewed)
        return changed

    monkeypatch.setattr(tls, "install", install_and_renew)
    renew_certificate(deployed)
    maintenance.refresh_certificates(deployed.paths)
    assert (deployed.paths.tls / "api.pem").read_text() != renewals[0]
    maintenance.refresh_peers(deployed.paths)
    assert (deployed.paths.tls / "api.pem").read_text() == renewals[0]


def test_a_slow_lookup_does_not_hold_the_lock(
    deployed: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up = list[str]()

    def slow(host: str) -> list[str]:
        with deploy_lock(deployed.paths.lock, "a" * 64, "alice", 0):
            looked_up.append(host)
        return []

    monkeypatch.setattr(peers, "resolve", slow)
    maintenance.refresh_peers(deployed.paths)
    assert looked_up == [PEER]
