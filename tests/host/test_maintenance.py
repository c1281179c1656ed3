"""Maintenance between deploys: the timer and certbot's hook, with the stand-in docker."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from host.fks_deploy import maintenance
from host.fks_deploy.paths import Paths
from tests.host.events import change_peer_address, reload_count, renew_certificate
from tests.host.server import REPOSITORY, Server

BIN = REPOSITORY / "host/bin"


def run_program(server: Server, name: str) -> "subprocess.CompletedProcess[str]":
    """Run a program of host/bin below the server's root, through a symbolic link like certbot's."""
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


def test_a_new_peer_address_is_written_and_nginx_reloaded(
    deployed: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_peer_address(monkeypatch, "100.64.0.9")
    maintenance.refresh_peers(deployed.paths)
    assert "100.64.0.9:443" in (deployed.paths.peers / "api.conf").read_text()
    assert reload_count(deployed) == 1


def test_a_run_without_a_change_does_not_call_docker(deployed: Server) -> None:
    before = len(deployed.calls())
    done = run_program(deployed, "peers")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(deployed.calls()) == before


def test_a_renewed_certificate_is_installed_and_the_edge_reloaded(deployed: Server) -> None:
    pem = renew_certificate(deployed)
    done = run_program(deployed, "certificate-renewed")
    assert (done.returncode, done.stderr) == (0, "")
    assert (deployed.paths.tls / "api.pem").read_text() == pem
    assert reload_count(deployed) == 1


def test_a_failed_reload_is_repeated_until_it_succeeds(
    deployed: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    deployed.change(exec_fails=True)
    change_peer_address(monkeypatch, "100.64.0.9")
    assert [maintenance.refresh_peers(deployed.paths) for _ in range(2)] == [1, 1]
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("fks-peers: reload-edge exited with 1: Error response from daemon:")
    deployed.change(exec_fails=False)
    assert [maintenance.refresh_peers(deployed.paths) for _ in range(2)] == [0, 0]
    assert reload_count(deployed) == 1
    assert not deployed.paths.reload_needed.exists()


def test_the_timer_reloads_after_the_hook_failed(deployed: Server) -> None:
    deployed.change(exec_fails=True)
    renew_certificate(deployed)
    assert maintenance.refresh_certificates(deployed.paths) == 1
    deployed.change(exec_fails=False)
    maintenance.refresh_peers(deployed.paths)
    assert reload_count(deployed) == 1


def test_the_reload_of_a_deploy_clears_the_marker(deployed: Server) -> None:
    assert not deployed.paths.reload_needed.exists()
    deployed.paths.reload_needed.touch()
    assert deployed.deploy(deployed.paths.current.resolve().name).returncode == 0
    maintenance.refresh_peers(deployed.paths)
    assert reload_count(deployed) == 0


def test_the_timer_reloads_after_a_failed_deploy(deployed: Server) -> None:
    renew_certificate(deployed)
    deployed.change(exec_fails=True)
    done = deployed.deploy(deployed.paths.current.resolve().name)
    assert "no rollback: the failed release is the current one" in done.stdout
    deployed.change(exec_fails=False)
    maintenance.refresh_peers(deployed.paths)
    assert reload_count(deployed) == 1


@pytest.mark.parametrize("name", ["peers", "certificate-renewed"])
@pytest.mark.parametrize(
    ("text", "message"),
    [("{}", "release.json of {0} lacks the key 'server'"), ("{", "release {0} is not readable: ")],
)
def test_the_error_for_an_unreadable_release_is_one_line(
    deployed: Server, name: str, text: str, message: str
) -> None:
    directory = deployed.paths.current.resolve()
    (directory / "release.json").write_text(text)
    done = run_program(deployed, name)
    (line,) = done.stderr.splitlines()
    assert done.returncode == 1
    assert message.format(directory.name[:12]) in line


def test_the_error_for_a_missing_release_is_one_line(deployed: Server) -> None:
    deployed.paths.current.resolve().rename(deployed.root / "elsewhere")
    done = run_program(deployed, "peers")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "release.json" in done.stderr


@pytest.mark.parametrize("name", ["peers", "certificate-renewed"])
def test_before_the_first_release_nothing_is_done(server: Server, name: str) -> None:
    done = run_program(server, name)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not server.calls() and not server.paths.tls.exists()


@pytest.mark.parametrize("refresh", [maintenance.refresh_peers, maintenance.refresh_certificates])
def test_a_failing_output_does_not_stop_a_reload(
    deployed: Server, refresh: Callable[[Paths], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    change_peer_address(monkeypatch, "100.64.0.9")
    renew_certificate(deployed)
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        monkeypatch.setattr(sys, "stderr", full)
        assert refresh(deployed.paths) == 0
    assert reload_count(deployed) == 1
