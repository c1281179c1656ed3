"""What keeps the edge true between deploys: the timer, and certbot's hook; docker is a stand-in."""

import json
import os
import socket
import subprocess
import sys
from typing import Any

import pytest

from host.fks_deploy import mark, peers, tls, tree, upkeep
from host.fks_deploy.lock import deploy_lock
from tests.host.server import REPOSITORY, Server

BIN = REPOSITORY / "host/bin"
# One whose address the DNS is not asked for.
PEER = "localhost"


@pytest.fixture
def serving(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server whose release is in service, and which has a peer."""
    document = json.loads(server.release({})["release.json"])
    document["peers"] = {"api": PEER}
    done = server.deploy(server.upload({"release.json": json.dumps(document)}))
    assert done.returncode == 0, done.stderr
    monkeypatch.setenv("PATH", f"{server.bin}:{os.environ['PATH']}")
    return server


def move(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Let the peer be found at an address from now on."""

    def found(*_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]

    monkeypatch.setattr(socket, "getaddrinfo", found)


def certbot_renews(server: Server) -> str:
    """As its timer would; returns what the edge is to read now."""
    words = [*("certonly", "--config-dir", str(server.paths.letsencrypt), "--cert-name", "api")]
    words += ["--server", "https://acme.example.org/directory", "--domain", "api.example.org"]
    subprocess.run([server.bin / "certbot", *words], check=True, capture_output=True)
    live = server.paths.letsencrypt / "live/api"
    return (live / "privkey.pem").read_text() + (live / "fullchain.pem").read_text()


def reloads(server: Server) -> int:
    """How often the edge was told to read again, outside of deploys."""
    return sum(call[0] == "exec" for call in server.calls("exec", "reload"))


def script(server: Server, name: str) -> "subprocess.CompletedProcess[str]":
    """Run one of host/bin below the server's root, by a link as certbot and systemd do."""
    link = server.root / f"link-to-{name}"
    link.unlink(missing_ok=True)
    link.symlink_to(BIN / name)
    code = "import runpy, sys; from pathlib import Path; from fks_deploy.paths import Paths; "
    code += "Paths.__init__.__defaults__ = (Path(sys.argv[1]),); "
    code += "runpy.run_path(sys.argv[2], run_name='__main__')"
    return subprocess.run(
        [sys.executable, "-c", code, str(server.root), str(link)],
        env={**os.environ, "PYTHONPATH": str(BIN.parent)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_peer_that_moved_is_told_to_nginx(
    serving: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    move(monkeypatch, "100.64.0.9")
    upkeep.look(serving.paths)
    assert "100.64.0.9:443" in (serving.paths.peers / "api.conf").read_text()
    assert reloads(serving) == 1


def test_a_round_that_finds_nothing_new_asks_docker_nothing(serving: Server) -> None:
    before = len(serving.calls())
    done = script(serving, "peers")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(serving.calls()) == before


def test_a_renewed_certificate_is_handed_over_and_the_edge_reloaded(serving: Server) -> None:
    pem = certbot_renews(serving)
    done = script(serving, "certificate-renewed")
    assert (done.returncode, done.stderr) == (0, "")
    assert (serving.paths.tls / "api.pem").read_text() == pem
    assert reloads(serving) == 1


def test_a_reload_that_failed_is_tried_again_until_it_works(
    serving: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    serving.change(deaf=True)
    move(monkeypatch, "100.64.0.9")
    assert [upkeep.look(serving.paths) for _ in range(2)] == [1, 1]
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert said[0].startswith("fks-peers: reload-edge ended with 1: Error response from daemon:")
    serving.change(deaf=False)
    assert [upkeep.look(serving.paths) for _ in range(2)] == [0, 0]
    assert reloads(serving) == 1
    assert not serving.paths.reload_needed.exists()


def test_the_timer_reloads_where_certbots_hook_could_not(serving: Server) -> None:
    serving.change(deaf=True)
    certbot_renews(serving)
    assert upkeep.renewed(serving.paths) == 1
    serving.change(deaf=False)
    upkeep.look(serving.paths)
    assert reloads(serving) == 1


def test_a_deploys_reload_counts(serving: Server) -> None:
    assert not serving.paths.reload_needed.exists()
    serving.paths.reload_needed.touch()
    assert serving.deploy(serving.paths.current.resolve().name).returncode == 0
    upkeep.look(serving.paths)
    assert reloads(serving) == 0


def test_what_a_failed_deploy_left_unread_is_read_later(serving: Server) -> None:
    certbot_renews(serving)
    serving.change(deaf=True)
    done = serving.deploy(serving.paths.current.resolve().name)
    assert "nothing to put back" in done.stdout
    serving.change(deaf=False)
    upkeep.look(serving.paths)
    assert reloads(serving) == 1


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


@pytest.mark.parametrize("name", ["peers", "certificate-renewed"])
@pytest.mark.parametrize(
    ("text", "said"),
    [("{}", "release.json of {0} lacks the key 'server'"), ("{", "release {0} is not readable: ")],
)
def test_a_release_that_cannot_be_read_is_said_in_one_line(
    serving: Server, name: str, text: str, said: str
) -> None:
    directory = serving.paths.current.resolve()
    (directory / "release.json").write_text(text)
    done = script(serving, name)
    (line,) = done.stderr.splitlines()
    assert done.returncode == 1
    assert said.format(directory.name[:12]) in line


def test_a_release_that_is_gone_is_said_in_one_line(serving: Server) -> None:
    serving.paths.current.resolve().rename(serving.root / "elsewhere")
    done = script(serving, "peers")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "release.json" in done.stderr


@pytest.mark.parametrize("name", ["peers", "certificate-renewed"])
def test_before_the_first_release_there_is_nothing_to_do(server: Server, name: str) -> None:
    done = script(server, name)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not server.calls() and not server.paths.tls.exists()
