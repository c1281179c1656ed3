"""`fks drift` and `fks repair`: output, questions and exit codes."""

import json
import sys
from collections.abc import Sequence
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from fks_infra.cli.app import app
from fks_infra.cli.drift import has_terminal
from fks_infra.drift import find as drift_find
from fks_infra.drift import repairs
from fks_infra.drift.findings import Findings
from fks_infra.errors import OperatorError
from fks_infra.operate import deployed_stack
from fks_infra.operate.deployed_stack import DeployedStack
from fks_infra.remote.inventory import DeployedServer
from tests.fks_infra.drift.findings import GONE, PORT, SYSCTL, USER, findings

API = DeployedServer(name="api", roles=("api",), instance_id="7", address="100.64.0.2")


class System:
    """What is found, before and after a repair, and the repairs that were run."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.found: list[Findings] = [findings()]
        self.repaired: list[str] = []
        stack = DeployedStack(name="prod", servers=(API,), deploy_key="canary-key")
        monkeypatch.setattr(deployed_stack, "read", lambda _: stack)
        monkeypatch.setattr(drift_find, "find", self._find)
        monkeypatch.setattr(repairs, "on_servers", self._on_servers)
        monkeypatch.setattr(repairs, "in_clouds", lambda *_: iter(()))

    def _find(self, stack: str, servers: Any, key: Any, *, clouds: bool) -> Findings:
        assert (stack, list(servers), key.read_text()) == ("prod", [API], "canary-key\n")
        assert clouds
        return self.found.pop(0) if len(self.found) > 1 else self.found[0]

    def _on_servers(self, chosen: repairs.Plan, *_: Any) -> Sequence[str]:
        self.repaired += chosen["api"]
        return ["api: done"]


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> System:
    return System(monkeypatch)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Questions are answered from the input of the test."""
    monkeypatch.setattr("fks_infra.cli.drift.has_terminal", lambda: True)


def run(*arguments: str, answers: str = "") -> Result:
    return CliRunner(env={"COLUMNS": "60"}).invoke(app, [*arguments], input=answers)


@pytest.mark.parametrize(
    ("found", "code", "first"),
    [
        (findings(), 0, "no drift: auth, api, web, clouds"),
        (findings(SYSCTL), 1, "drift: api 1; no drift: auth, web, clouds"),
        (findings(GONE), 2, "cannot tell: auth; no drift: api, web, clouds"),
    ],
)
def test_the_three_outcomes(system: System, found: Findings, code: int, first: str) -> None:
    system.found = [found]
    result = run("drift")
    assert (result.exit_code, result.stdout.splitlines()[0]) == (code, first)
    result = run("drift", "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (code, found.document())


def test_a_wrong_stack_or_server_ends_with_2(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run("drift", "apl")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "stack prod has no server 'apl'; it has api" in result.stderr

    def read(_: str) -> DeployedStack:
        raise OperatorError("no such stack")

    monkeypatch.setattr(deployed_stack, "read", read)
    result = run("repair", "--yes")
    assert (result.exit_code, result.stderr) == (2, "no such stack\n")
    assert system.repaired == []


def test_yes_repairs_what_is_ours_and_removes_nothing(system: System) -> None:
    system.found = [findings(SYSCTL, USER, PORT), findings(USER, PORT)]
    result = run("repair", "--yes")
    assert result.exit_code == 1
    assert system.repaired == ["step 34-kernel"]
    assert "api: done" in result.stdout
    assert "drift: api 1, web 1" in result.stdout


def test_what_is_named_is_removed_too(system: System) -> None:
    system.found = [findings(SYSCTL, USER), findings()]
    result = run("repair", "--yes", "--remove", "mallory")
    assert result.exit_code == 0
    assert system.repaired == ["step 34-kernel", "remove user mallory"]


def test_a_wrong_name_changes_nothing(system: System) -> None:
    system.found = [findings(SYSCTL, USER)]
    result = run("repair", "--yes", "--remove", "malory")
    assert result.exit_code == 2
    assert (
        "--remove malory: nothing that is not ours has this name; found: mallory" in result.stderr
    )
    assert system.repaired == []


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    ("answers", "repaired"),
    [
        ("n\nn\n", []),
        ("y\nn\n", ["step 34-kernel"]),
        ("n\ny\n", ["remove user mallory"]),
        ("y\ny\n", ["step 34-kernel", "remove user mallory"]),
    ],
)
def test_each_question_has_its_own_answer(
    system: System, answers: str, repaired: list[str]
) -> None:
    system.found = [findings(SYSCTL, USER)]
    result = run("repair", answers=answers)
    assert system.repaired == repaired
    assert "Repair 1 deviation as shown? [y/N]" in result.stdout
    assert "Remove user mallory of api, which is not ours? [y/N]" in result.stdout
    assert result.exit_code == 1


def test_without_a_terminal_nothing_is_repaired(system: System) -> None:
    system.found = [findings(SYSCTL)]
    result = run("repair", answers="y\n")
    assert result.exit_code == 2
    assert "there is no terminal to ask. Nothing was changed. Next: add --yes" in result.stderr
    assert system.repaired == []


def test_without_drift_nothing_is_repaired(system: System) -> None:
    result = run("repair", "--yes")
    assert (result.exit_code, system.repaired) == (0, [])


def test_an_interruption_says_in_what_state_things_are(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any) -> Sequence[str]:
        raise KeyboardInterrupt

    system.found = [findings(SYSCTL)]
    monkeypatch.setattr(repairs, "on_servers", interrupted)
    result = run("repair", "--yes")
    assert result.exit_code == 2
    assert "a repair that has begun goes on" in " ".join(result.stderr.split())


def test_the_terminal_is_that_of_the_input(monkeypatch: pytest.MonkeyPatch) -> None:
    for answer in (True, False):
        monkeypatch.setattr(sys.stdin, "isatty", lambda answer=answer: answer)
        assert has_terminal() is answer
