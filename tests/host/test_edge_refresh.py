"""The refresh of the edge between deploys, with the stand-in docker."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from host.fks_deploy import edge_refresh
from tests.host.events import change_name_server, reload_count, renew_certificate
from tests.host.server import REPOSITORY, Server

BIN = REPOSITORY / "host/bin"
VHOST = "vhosts/api.conf"


def run_program(server: Server) -> "subprocess.CompletedProcess[str]":
    """Run bin/refresh-edge below the server's root."""
    code = "import runpy, sys; from pathlib import Path; from fks_deploy.paths import Paths; "
    code += "Paths.__init__.__defaults__ = (Path(sys.argv[1]),); "
    code += "runpy.run_path(sys.argv[2], run_name='__main__')"
    return subprocess.run(
        [sys.executable, "-c", code, str(server.root), str(BIN / "refresh-edge")],
        env={**os.environ, "PYTHONPATH": str(BIN.parent)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def test_a_new_name_server_is_written_and_nginx_reloaded(deployed: Server) -> None:
    change_name_server(deployed, "192.0.2.99")
    assert edge_refresh.refresh(deployed.paths) == 0
    assert "resolver 192.0.2.99;" in (deployed.paths.nginx / VHOST).read_text()
    assert reload_count(deployed) == 1


def test_a_run_without_a_change_does_not_call_docker(deployed: Server) -> None:
    before = len(deployed.calls())
    done = run_program(deployed)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(deployed.calls()) == before


def test_a_renewed_certificate_is_installed_and_the_edge_reloaded(deployed: Server) -> None:
    pem = renew_certificate(deployed)
    done = run_program(deployed)
    assert (done.returncode, done.stdout, done.stderr) == (0, "changed: api.pem\n", "")
    assert (deployed.paths.tls / "api.pem").read_text() == pem
    assert reload_count(deployed) == 1


def test_a_failed_reload_is_repeated_until_it_succeeds(
    deployed: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    deployed.change(exec_fails=True)
    change_name_server(deployed, "192.0.2.99")
    assert [edge_refresh.refresh(deployed.paths) for _ in range(2)] == [1, 1]
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("fks-edge: reload-edge exited with 1: Error response from daemon:")
    deployed.change(exec_fails=False)
    assert [edge_refresh.refresh(deployed.paths) for _ in range(2)] == [0, 0]
    assert reload_count(deployed) == 1
    assert not deployed.paths.reload_needed.exists()


def test_the_reload_of_a_deploy_clears_the_marker(deployed: Server) -> None:
    assert not deployed.paths.reload_needed.exists()
    deployed.paths.reload_needed.touch()
    assert deployed.deploy(deployed.paths.current.resolve().name).returncode == 0
    edge_refresh.refresh(deployed.paths)
    assert reload_count(deployed) == 0


def test_a_reload_follows_a_failed_deploy(deployed: Server) -> None:
    renew_certificate(deployed)
    deployed.change(exec_fails=True)
    done = deployed.deploy(deployed.paths.current.resolve().name)
    assert "no rollback: the failed release is the current one" in done.stdout
    deployed.change(exec_fails=False)
    edge_refresh.refresh(deployed.paths)
    assert reload_count(deployed) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [("{}", "release.json of {0} lacks the key 'server'"), ("{", "release {0} is not readable: ")],
)
def test_the_error_for_an_unreadable_release_is_one_line(
    deployed: Server, text: str, message: str
) -> None:
    directory = deployed.paths.current.resolve()
    (directory / "release.json").write_text(text)
    done = run_program(deployed)
    (line,) = done.stderr.splitlines()
    assert done.returncode == 1
    assert message.format(directory.name[:12]) in line


def test_the_error_for_a_missing_release_is_one_line(deployed: Server) -> None:
    deployed.paths.current.resolve().rename(deployed.root / "elsewhere")
    done = run_program(deployed)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "release.json" in done.stderr


def test_before_the_first_release_nothing_is_done(server: Server) -> None:
    done = run_program(server)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not server.calls() and not server.paths.tls.exists()


def test_a_failing_output_does_not_stop_a_reload(
    deployed: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    renew_certificate(deployed)
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        monkeypatch.setattr(sys, "stderr", full)
        assert edge_refresh.refresh(deployed.paths) == 0
    assert reload_count(deployed) == 1


def test_certbots_hook_starts_the_service_and_does_not_wait(tmp_path: Path) -> None:
    """As certbot runs it: through a symbolic link."""
    calls, link = tmp_path / "calls", tmp_path / "fks"
    (tmp_path / "systemctl").write_text(f'#!/bin/sh\necho "$*" >>{calls}\n')
    (tmp_path / "systemctl").chmod(0o755)
    link.symlink_to(BIN / "certificate-renewed")
    env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    subprocess.run([link], env=env, check=True, timeout=180)
    assert calls.read_text() == "start --no-block fks-edge.service\n"
