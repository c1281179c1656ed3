"""`fks start` and `fks stop`: what they run, print and end with; the scripts over them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from fks_infra.cli.app import app
from fks_infra.config import stack_files
from fks_infra.errors import OperatorError
from fks_infra.operate import stack_action, stack_host
from fks_infra.operate.stack_host import Fleet
from fks_infra.paths import PROJECT_ROOT
from tests.fks_infra.operate.stack_hosts import STOP, Servers, multi, state

SCRIPTS = PROJECT_ROOT / "scripts" / "deployment"


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> Servers:
    """Three servers that run."""
    found = multi()

    @contextmanager
    def fleet(stack: str, *, remote: bool) -> Iterator[Fleet]:
        del stack, remote
        yield found.fleet()

    monkeypatch.setattr(stack_host, "fleet", fleet)
    return found


def run(*options: str, typed: str = "") -> Result:
    return CliRunner(env={"COLUMNS": "60"}).invoke(app, options, input=typed)


def test_stop_in_order_with_progress(servers: Servers) -> None:
    result = run("stop", "--reason", "new disk")
    assert (result.exit_code, result.stderr) == (0, "")
    assert [call[0] for call in servers.acted()] == ["web", "api", "auth"]
    lines = result.stdout.splitlines()
    assert lines[:3] == ["web: stop ok", "api: stop ok", "auth: stop ok"]
    assert lines[3:] == ["web: stopped", "api: stopped", "auth: stopped"]


def test_start_in_order(servers: Servers) -> None:
    assert run("start", "--multi").exit_code == 0
    assert [call[0] for call in servers.acted()] == ["auth", "api", "web"]


@pytest.mark.parametrize("role", ["auth", "api", "web"])
@pytest.mark.parametrize("command", ["start", "stop"])
def test_one_stack(servers: Servers, command: str, role: str) -> None:
    assert run(command, f"--{role}").exit_code == 0
    assert [call[:2] for call in servers.acted()] == [(role, command)]


def test_force(servers: Servers) -> None:
    run("stop", "--web", "--force")
    assert "--force" in servers.acted()[0]


def test_one_server_that_is_not_reached_ends_with_1(servers: Servers) -> None:
    servers.fails("api", "state", 255, "ssh: connect to host 100.64.0.2 port 22: timed out")
    result = run("stop")
    assert result.exit_code == 1
    assert "api: nothing was changed: SSH to 100.64.0.2: timed out" in result.stdout
    assert "  next: tailscale status; fks doctor --stack prod" in result.stdout
    assert [call[0] for call in servers.acted()] == ["web", "auth"]


def test_no_server_is_reached_ends_with_2(servers: Servers) -> None:
    for name in servers.hosts:
        servers.fails(name, "state", 255, "timed out")
    result = run("start")
    assert (result.exit_code, servers.acted()) == (2, [])
    assert "No server was reached, nothing was changed." in result.stdout


def test_a_stack_that_cannot_be_read_ends_with_2(monkeypatch: pytest.MonkeyPatch) -> None:
    def fleet(*_: Any, **__: Any) -> Any:
        raise OperatorError("nothing is deployed")

    monkeypatch.setattr(stack_host, "fleet", fleet)
    for options in (["start"], ["stop"], ["stop", "--status"]):
        result = run(*options)
        assert (result.exit_code, result.stderr) == (2, "nothing is deployed\n")


def test_status_changes_nothing(servers: Servers) -> None:
    servers.reports("api", state("api", stopped={"api": STOP}, containers=[]))
    result = run("stop", "--status")
    assert (result.exit_code, servers.acted()) == (0, [])
    stopped = "api: api is stopped since 2026-11-27T10:00:00Z by ann@laptop (new disk)"
    assert stopped in result.stdout.splitlines()
    assert "auth: 1 of 1 containers run" in result.stdout


def test_status_as_a_document(servers: Servers) -> None:
    servers.fails("web", "state", 255, "timed out")
    result = run("start", "--status", "--json")
    document = json.loads(result.stdout)
    assert (result.exit_code, document["stack"]) == (1, "prod")
    assert document["servers"]["api"] == state("api")
    assert document["servers"]["web"]["reason"] == "SSH to 100.64.0.2: timed out"


def test_ctrl_c_says_what_goes_on(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    on_server = stack_action._on_server

    def interrupted(action: Any, target: Any, *rest: Any) -> Any:
        if target.host.name == "api":
            raise KeyboardInterrupt
        return on_server(action, target, *rest)

    monkeypatch.setattr(stack_action, "_on_server", interrupted)
    result = run("stop")
    assert result.exit_code == 1
    assert "interrupted: api goes on with what was begun; nothing was changed on auth" in (
        result.stdout
    )
    assert [call[0] for call in servers.acted()] == ["web"]


def test_gpu_needs_a_gpu_worker(servers: Servers) -> None:
    result = run("start", "--api", "--gpu")
    assert (result.exit_code, servers.acted()) == (2, [])
    assert "set fks:gpu to true" in result.stderr
    services = {"api": ["api", "api-gpu-worker"]}
    servers.reports("api", state("api", services=services))
    assert run("start", "--api", "--gpu").exit_code == 0


@pytest.mark.parametrize(("low_memory", "code"), [(True, 0), (False, 2)])
def test_minimal_needs_low_memory(
    servers: Servers, monkeypatch: pytest.MonkeyPatch, low_memory: bool, code: int
) -> None:
    monkeypatch.setattr(stack_files, "read", lambda *_: [low_memory])
    result = run("start", "--minimal")
    assert result.exit_code == code
    assert ("pulumi config set fks:lowMemory true --stack prod" in result.stderr) is (code == 2)
    assert bool(servers.acted()) is low_memory


def test_multi_and_single_exclude_each_other(servers: Servers) -> None:
    assert run("start", "--multi", "--single").exit_code == 2
    assert servers.calls == []


def test_cleanup_shows_what_it_deletes_and_needs_the_name(servers: Servers) -> None:
    result = run("stop", "--auth", "--cleanup-all")
    assert (result.exit_code, servers.acted()) == (2, [])
    assert "auth: this is deleted:\n  containers: fks-edge-1\n" in result.stdout
    assert "NOT dumped: fks_auth-postgres-data" in result.stdout
    assert "do it at a terminal, or add --yes auth. Nothing was changed" in result.stderr


def test_cleanup_of_the_servers_that_are_named(servers: Servers) -> None:
    result = run("stop", "--auth", "--cleanup-all", "--yes", "auth")
    assert result.exit_code == 0
    assert servers.acted()[0][:2] == ("auth", "cleanup")
    assert "auth: stopped and cleaned up" in result.stdout


def test_cleanup_of_a_server_that_does_not_exist(servers: Servers) -> None:
    result = run("stop", "--cleanup-all", "--yes", "apl")
    assert (result.exit_code, servers.acted()) == (2, [])
    assert result.stderr == "--yes apl: the servers are web, api, auth\n"


@pytest.fixture
def calls(pulumi: Path) -> Path:
    """`fks` is on the PATH; pulumi records its calls."""
    fks = pulumi / "bin" / "fks"
    fks.write_text(f"#!{sys.executable}\nfrom fks_infra.cli.app import main\nmain()\n")
    fks.chmod(0o755)
    return pulumi / "calls"


@pytest.mark.parametrize("name", ["start", "stop"])
def test_a_script_is_three_lines_over_fks(calls: Path, name: str) -> None:
    script = SCRIPTS / f"{name}-multi.sh"
    done = subprocess.run(
        ["env", f"PYTHONPATH={PROJECT_ROOT}", str(script), "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"Usage: fks {name}" in done.stdout
    assert len(script.read_text().splitlines()) <= 4
    assert not calls.exists()
