from pathlib import Path

import pytest

from fks_infra.errors import OperatorError
from fks_infra.operate import login as module
from fks_infra.operate.login import login
from fks_infra.remote.inventory import DeployedServer
from tests.fks_infra.operate.stack import MULTI

WEB = MULTI.servers[2]
Calls = list[tuple[str, str]]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """The commands so far: how and what; `false` fails."""
    found: Calls = []

    def output_of(server: DeployedServer, key: Path, command: str, *_: float) -> str:
        assert server == WEB and key.read_text() == "canary-key\n"
        found.append(("output", command))
        if command == "false":
            raise OSError("Connection timed out")
        return "text"

    def interactive(server: DeployedServer, key: Path, command: str, *, terminal: bool) -> int:
        assert server == WEB and key.read_text() == "canary-key\n"
        found.append(("terminal" if terminal else "input", command))
        return 7

    monkeypatch.setattr(module, "output_of", output_of)
    monkeypatch.setattr(module, "interactive", interactive)
    return found


def test_a_command_with_a_terminal_runs_over_an_open_connection(calls: Calls) -> None:
    with login(MULTI, WEB) as one:
        assert one.run("top", terminal=True) == 7
        assert one.run("cat", terminal=False) == 7
        assert one.output("id") == "text"
    open_ = ("output", "true")
    assert calls == [open_, ("terminal", "top"), open_, ("input", "cat"), ("output", "id")]


@pytest.mark.usefixtures("calls")
def test_a_server_that_is_not_reached_is_an_error_with_the_next_command() -> None:
    message = (
        r"^web: SSH to 100\.64\.0\.2: Connection timed out\n"
        r"Next: tailscale status; fks doctor --stack prod$"
    )
    with login(MULTI, WEB) as one, pytest.raises(OperatorError, match=message):
        one.output("false")
