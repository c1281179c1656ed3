"""What keeps the edge true between deploys: the timer, and certbot's hook; docker is a stand-in."""

import os
import subprocess
import sys

import pytest

from host.fks_deploy import upkeep
from tests.host.outside import certbot_renews, move, reloads
from tests.host.server import REPOSITORY, Server

BIN = REPOSITORY / "host/bin"


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
