"""The timer and certbot's hook beside a deploy, and beside each other."""

from typing import Any

import pytest

from host.fks_deploy import mark, peers, tls, tree, upkeep
from host.fks_deploy.lock import deploy_lock
from tests.host.outside import PEER, certbot_renews, move, reloads
from tests.host.server import Server


def test_the_timer_leaves_a_round_out_while_a_deploy_runs(
    serving: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    move(monkeypatch, "100.64.0.9")
    before = tree.read(serving.paths.peers)
    with deploy_lock(serving.paths.lock, "a" * 64, "alice", 0):
        upkeep.look(serving.paths)
        assert tree.read(serving.paths.peers) == before
        assert '"who": "alice"' in serving.paths.lock.read_text()
    upkeep.look(serving.paths)
    assert tree.read(serving.paths.peers) != before
    assert reloads(serving) == 1


def test_what_is_renewed_while_a_deploy_runs_is_handed_over_afterwards(
    serving: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(upkeep, "HOOK_WAIT", 0.3)
    served = serving.paths.tls / "api.pem"
    before = served.read_text()
    with deploy_lock(serving.paths.lock, "a" * 64, "alice", 0):
        pem = certbot_renews(serving)
        upkeep.renewed(serving.paths)
        assert "fks-peers hands the certificate over" in capsys.readouterr().out
        assert served.read_text() == before
        # The deploy's own reload.
        serving.paths.reload_needed.unlink(missing_ok=True)
    for _ in range(2):
        upkeep.look(serving.paths)
    assert served.read_text() == pem
    assert reloads(serving) == 1


def test_certbots_hook_waits_for_a_round_of_the_timer(
    serving: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "HOOK_WAIT", 30)
    pem = certbot_renews(serving)
    timer = deploy_lock(serving.paths.lock, "a" * 64, "fks-peers", 0)
    timer.__enter__()

    def ends(_seconds: float) -> None:
        timer.__exit__(None, None, None)

    monkeypatch.setattr("host.fks_deploy.lock.time.sleep", ends)
    upkeep.renewed(serving.paths)
    assert (serving.paths.tls / "api.pem").read_text() == pem


def test_a_renewal_while_the_last_one_is_handed_over_is_not_missed(
    serving: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    renewals = list[str]()
    install = tls.install

    def install_and_renew(*arguments: Any) -> list[str]:
        changed = install(*arguments)
        if not renewals:
            renewals.append(certbot_renews(serving))
            mark.make(serving.paths.certificate_renewed)
        return changed

    monkeypatch.setattr(tls, "install", install_and_renew)
    certbot_renews(serving)
    upkeep.renewed(serving.paths)
    assert (serving.paths.tls / "api.pem").read_text() != renewals[0]
    upkeep.look(serving.paths)
    assert (serving.paths.tls / "api.pem").read_text() == renewals[0]


def test_a_dns_that_is_silent_keeps_no_deploy_waiting(
    serving: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[str]()

    def silent(host: str) -> list[str]:
        with deploy_lock(serving.paths.lock, "a" * 64, "alice", 0):
            asked.append(host)
        return []

    monkeypatch.setattr(peers, "resolve", silent)
    upkeep.look(serving.paths)
    assert asked == [PEER]
