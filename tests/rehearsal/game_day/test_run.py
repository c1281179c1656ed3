"""The command: which faults, and what it says without a rehearsal."""

from typing import cast

import pytest
from typer.testing import CliRunner

from fks_infra.errors import OperatorError
from rehearsal.__main__ import app
from rehearsal.game_day import report, run
from rehearsal.game_day.drill import Result
from rehearsal.game_day.fault import Fault
from rehearsal.game_day.faults import FAULTS
from rehearsal.world import world as worlds
from rehearsal.world.scenario import Scenario
from rehearsal.world.world import World


class FakeWorld:
    """A world with so many servers, and what the operator's pulumi prints."""

    def __init__(self, servers: int) -> None:
        self._servers = servers

    @property
    def operator(self) -> "FakeWorld":
        return self

    def stdout(self, _: list[str]) -> str:
        return "prod\n" if self._servers else ""

    def export(self) -> list[dict[str, str]]:
        return [{"urn": "server"}]

    def servers(self) -> list[str]:
        return ["server"] * self._servers


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every fault passes; the names of those that were run."""
    names: list[str] = []

    def drill(_: Scenario, fault: Fault) -> Result:
        names.append(fault.name)
        return Result(name=fault.name, breaks="", command="", repair=(), verdict="pass")

    monkeypatch.setattr(run, "drill", drill)
    monkeypatch.setattr(report, "write", lambda _: names)
    return names


def install(monkeypatch: pytest.MonkeyPatch, servers: int) -> None:
    monkeypatch.setattr(worlds, "running", lambda: cast(World, FakeWorld(servers)))


def test_the_list_has_a_line_for_each_fault() -> None:
    result = CliRunner().invoke(app, ["game-day", "--list"])
    assert [line.split()[0] for line in result.stdout.splitlines()] == [one.name for one in FAULTS]
    assert "{" not in result.stdout


def test_without_names_all_faults_are_run_and_those_of_several_servers_only_there(
    monkeypatch: pytest.MonkeyPatch, passing: list[str]
) -> None:
    install(monkeypatch, 3)
    assert run.game_day([], as_json=False)
    assert passing == [one.name for one in FAULTS]
    passing.clear()
    install(monkeypatch, 1)
    assert run.game_day([], as_json=False)
    assert passing == [one.name for one in FAULTS if not one.several]


def test_json_is_one_document(monkeypatch: pytest.MonkeyPatch, passing: list[str]) -> None:
    install(monkeypatch, 3)
    result = CliRunner().invoke(app, ["game-day", "disk-full", "--json"])
    assert (result.exit_code, passing) == (0, ["disk-full"])
    assert '"ok": true' in result.stdout and result.stdout.startswith("{")


def test_an_unknown_fault_breaks_nothing(passing: list[str]) -> None:
    with pytest.raises(OperatorError, match=r"no fault is named 'fire'\. Nothing was broken"):
        run.game_day(["disk-full", "fire"], as_json=False)
    assert passing == []


def test_a_rehearsal_without_servers_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, 0)
    message = r"has no servers\. Nothing was broken\. Next: make rehearse"
    with pytest.raises(OperatorError, match=message):
        run.running()
