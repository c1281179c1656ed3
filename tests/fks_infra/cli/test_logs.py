"""`fks logs`: what it prints, and its exit codes."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from fks_infra.cli.app import app
from fks_infra.operate import deployed_stack, log_streams
from fks_infra.remote.inventory import DeployedServer
from tests.fks_infra.operate.stack import MULTI
from tests.fks_infra.operate.test_log_streams import SOURCES, entry

GONE = OSError("Connection timed out")
Logs = dict[str, list[dict[str, Any] | BaseException]]
LOGS: Logs = {
    "auth": [{"sources": ["edge", "auth-server"]}, entry(2, "b")],
    "api": [{"sources": ["edge", "api", "api-2"]}, entry(1, "a")],
    "web": [SOURCES],
}


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Set what servers print; returns the list of the commands that run on them."""
    commands: list[str] = []

    def set_logs(**logs: Any) -> list[str]:
        def lines_of(server: DeployedServer, key: Path, command: str) -> Iterator[str]:
            assert key.read_text() == "canary-key\n"
            commands.append(f"{server.name}: {command.partition('bin/')[2]}")
            for one in {**LOGS, **logs}[server.name]:
                if isinstance(one, BaseException):
                    raise one
                yield json.dumps(one) + "\n"

        monkeypatch.setattr(log_streams, "lines_of", lines_of)
        return commands

    monkeypatch.setattr(deployed_stack, "read", lambda _: MULTI)
    set_logs()
    return set_logs


Use = Callable[..., list[str]]
pytestmark = pytest.mark.usefixtures("use")


def run(*options: str) -> Result:
    return CliRunner().invoke(app, ["logs", *options])


def test_lines_of_all_servers_with_time_server_and_service() -> None:
    result = run()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "2026-11-27T10:00:01.000Z api/edge: a",
        "2026-11-27T10:00:02.000Z auth/edge: b",
    ]


def test_json_is_one_document_per_line() -> None:
    assert [json.loads(line) for line in run("--json").stdout.splitlines()] == [
        {"time": entry(1, "")["time"], "server": "api", "source": "edge", "text": "a"},
        {"time": entry(2, "")["time"], "server": "auth", "source": "edge", "text": "b"},
    ]


def test_only_the_servers_of_the_names_are_read(use: Use) -> None:
    commands = use()
    run("auth/edge", "--since", "2h", "--grep", "x")
    assert commands == ["auth: logs --since=7200 --grep=x -- edge"]


def test_one_server_that_is_not_reached_ends_with_1(use: Use) -> None:
    use(web=[GONE])
    result = run()
    assert result.exit_code == 1
    assert result.stdout.count("\n") == 2
    assert result.stderr == (
        "web: SSH to 100.64.0.2: Connection timed out; "
        "next: tailscale status; fks doctor --stack prod\n"
    )


def test_no_server_that_is_reached_ends_with_2(use: Use) -> None:
    use(auth=[GONE], api=[GONE], web=[GONE])
    result = run()
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("Connection timed out") == 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["apl"], "nothing has a log named 'apl'; these do: api, api-2, auth-server, edge"),
        (["auth/api"], "nothing has a log named 'auth/api'"),
        (["apl/edge"], "stack prod has no server 'apl'; it has auth, api, web"),
        (["--grep", "("], "--grep '(' is no regular expression: missing )"),
        (["--since", "soon"], "--since 'soon' is no time"),
    ],
)
def test_bad_input_is_an_error_with_the_remedy(options: list[str], message: str) -> None:
    result = run(*options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_a_replica_by_number() -> None:
    assert run("api.2").exit_code == 0


def test_ctrl_c_ends_following_and_aborts_everything_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(_: object) -> Iterator[log_streams.LogLine]:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(log_streams.LogStreams, "lines", interrupted)
    assert [run("-f").exit_code, run().exit_code] == [0, 130]


def test_characters_that_change_the_terminal_are_shown(use: Use) -> None:
    use(web=[SOURCES, entry(3, "\x1b[31mred\x1b[0m \x1b]0;title\x07\tÄ")])
    assert run().stdout.splitlines()[-1].endswith("web/edge: red \\x1b]0;title\\x07\tÄ")
