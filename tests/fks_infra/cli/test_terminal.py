"""`fks ssh`, `exec`, `psql` and `redis`: what runs on which server, and the exit code."""

import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from fks_infra.cli import terminal
from fks_infra.cli.app import app
from fks_infra.errors import OperatorError
from fks_infra.operate import deployed_stack
from fks_infra.operate import login as login_module
from fks_infra.operate.deployed_stack import DeployedStack
from fks_infra.remote.inventory import DeployedServer
from tests.fks_infra.operate.stack import MULTI

COMPOSE = ["sudo", "-n", "/usr/local/lib/fks/current/bin/compose", "exec"]
Ran = list[tuple[str, list[str], bool]]


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Ran:
    """Server, words and terminal of each command; it exits with 7."""
    found: Ran = []

    def interactive(server: DeployedServer, _: Path, command: str, *, terminal: bool) -> int:
        found.append((server.name, shlex.split(command), terminal))
        return 7

    monkeypatch.setattr(deployed_stack, "read", lambda _: MULTI)
    monkeypatch.setattr(login_module, "output_of", lambda *_: "")
    monkeypatch.setattr(login_module, "interactive", interactive)
    return found


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_ssh_runs_the_shell(ran: Ran) -> None:
    assert run("ssh", "web").exit_code == 7
    assert ran == [("web", [], False)]


def test_exec_on_a_server(ran: Ran) -> None:
    assert run("exec", "server:api", "--", "sudo", "ls", "a b").exit_code == 7
    assert ran == [("api", ["sudo", "ls", "a b"], False)]


def test_exec_in_a_container(ran: Ran) -> None:
    assert run("exec", "api.2", "--", "sh", "-c", "exit 7").exit_code == 7
    assert ran == [("api", [*COMPOSE, "-T", "api-2", "sh", "-c", "exit 7"], False)]


def test_a_command_has_a_terminal_if_fks_has_one(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "_terminal", lambda: True)
    run("exec", "auth-server", "--", "bash")
    run("ssh", "auth")
    assert ran == [("auth", [*COMPOSE, "auth-server", "bash"], True), ("auth", [], True)]


@pytest.mark.parametrize(
    ("options", "read_only"), [((), True), (("--write",), False)], ids=["read", "write"]
)
def test_psql(ran: Ran, options: tuple[str, ...], read_only: bool) -> None:
    assert run("psql", "auth", *options, "--", "-c", "SELECT 1").exit_code == 7
    ((server, words, _),) = ran
    assert (server, words[:6]) == ("auth", [*COMPOSE, "-T", "auth-postgres"])
    assert ("default_transaction_read_only=on" in words[8]) == read_only
    assert words[-2:] == ["-c", "SELECT 1"]


@pytest.mark.parametrize("store", ["queue", "cache"])
def test_redis(ran: Ran, store: str) -> None:
    assert run("redis", store, "--", "INFO", "memory").exit_code == 7
    ((server, words, _),) = ran
    assert (server, words[4:6]) == ("api", ["-T", f"api-{store}"])
    assert words[-2:] == ["INFO", "memory"]


@pytest.mark.parametrize("arguments", [("ssh", "apl"), ("exec", "apl", "--", "true")])
def test_a_wrong_name_ends_with_255(ran: Ran, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout, ran) == (255, "", [])
    assert "'apl'" in result.stderr and "auth, api, web" in result.stderr


@pytest.mark.usefixtures("ran")
def test_a_server_that_is_not_reached_ends_with_255(monkeypatch: pytest.MonkeyPatch) -> None:
    def output_of(*_: object) -> str:
        raise OSError("Host key verification failed.")

    monkeypatch.setattr(login_module, "output_of", output_of)
    result = run("ssh", "web")
    assert result.exit_code == 255
    assert result.stderr.startswith("web: another machine answers at 100.64.0.2")


def test_a_stack_that_cannot_be_read_ends_with_255(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(_: str) -> DeployedStack:
        raise OperatorError("nothing is deployed")

    monkeypatch.setattr(deployed_stack, "read", read)
    result = run("psql", "api")
    assert (result.exit_code, result.stderr) == (255, "nothing is deployed\n")
