"""`fks restore`: prepare, the prompt, the exchange, and what follows."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from fks_infra.cli import restore as restore_command
from fks_infra.operate import restores
from fks_infra.operate.streaming import Ended
from tests.fks_infra.cli import servers
from tests.fks_infra.cli.servers import run
from tests.fks_infra.operate.reports import GONE
from tests.fks_infra.operate.test_restores import document

LOST = [{"table": "public.trades", "now": 4, "backup": 3}]


class Restoring:
    """`failing` is the exit code of a command, `typed` what is typed at the terminal."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.fake = servers.install(monkeypatch)
        self.fake.reports = {"api": {"set": "api", "restore": None, "time": 1}}
        self.commands: list[tuple[str, ...]] = []
        self.failing: dict[str, int] = {}
        self.typed = "api"
        monkeypatch.setattr(restores.Host, "run", self.run)
        monkeypatch.setattr(restore_command, "require_terminal", lambda *_: None)
        monkeypatch.setattr(restore_command, "typed", lambda *_: self.typed == "api")

    def run(
        self, command: str, *words: str, report: Callable[[str], None], seconds: float
    ) -> Ended:
        assert seconds > 600
        self.commands.append((command, *words))
        if code := self.failing.get(command):
            return Ended(code=code, error="the restored data were not put into service: no")
        after = {"prepare": "prepared", "exchange": "exchanged", "undo": "undone"}
        self.says(after.get(command))
        report(f"{command} ok")
        return Ended(code=0)

    def says(self, state: str | None, **changes: Any) -> None:
        found = document(state=state, lost=LOST, **changes)
        self.fake.reports = {"api": found if state else {**found, "restore": None}}


@pytest.fixture
def restoring(monkeypatch: pytest.MonkeyPatch) -> Restoring:
    return Restoring(monkeypatch)


def test_it_shows_what_is_lost_and_exchanges(restoring: Restoring) -> None:
    result = run("restore", "api")
    assert (result.exit_code, restoring.commands) == (0, [("prepare",), ("exchange",)])
    assert "public.trades: 4 rows now, 3 in the backup" in result.stdout
    assert "the backup is in service, requests were refused for 12 s" in result.stdout
    assert "fks restore api --finish drops it" in result.stdout


def test_the_tasks_of_a_snapshot_are_restored_when_wanted(restoring: Restoring) -> None:
    result = run("restore", "api", "--snapshot", "latest", "--queue", "--yes")
    prepare = ("prepare", "--snapshot", "latest", "--queue")
    assert (result.exit_code, restoring.commands) == (0, [prepare, ("exchange",)])


def test_another_name_leaves_the_second_database(restoring: Restoring) -> None:
    restoring.typed = "prod"
    result = run("restore", "api", "--dump", "a.dump")
    assert (result.exit_code, restoring.commands) == (2, [("prepare", "--dump", "a.dump")])
    assert "nothing was exchanged or dropped" in result.stderr
    assert "fks restore api goes on here" in result.stdout


def test_without_a_terminal_nothing_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: False))
    servers.install(monkeypatch)
    result = run("restore", "api")
    assert result.exit_code == 2
    assert "the name api must be typed to put the backup into service" in result.stderr


@pytest.mark.parametrize(("code", "expected"), [(1, 1), (2, 2), (75, 2), (255, 2)])
@pytest.mark.parametrize("command", ["prepare", "exchange"])
def test_a_failure_says_why_and_what_to_type(
    restoring: Restoring, command: str, code: int, expected: int
) -> None:
    restoring.failing[command] = code
    result = run("restore", "api", "--yes")
    assert result.exit_code == expected
    assert "api: the restored data were not put into service: no" in result.stderr
    assert "Next: fks restore api --status" in result.stderr


@pytest.mark.parametrize("state", ["exchanging", "undoing"])
def test_what_was_interrupted_goes_on_without_a_prompt(restoring: Restoring, state: str) -> None:
    restoring.says(state)
    restoring.typed = "prod"
    result = run("restore", "api")
    assert (result.exit_code, restoring.commands) == (0, [("exchange",)])


def test_undo_and_finish_prompt_too(restoring: Restoring) -> None:
    restoring.says("exchanged")
    assert run("restore", "api", "--undo").exit_code == 0
    assert run("restore", "api", "--finish").exit_code == 0
    assert restoring.commands == [("undo",), ("finish",)]
    restoring.typed = "prod"
    assert run("restore", "api", "--undo").exit_code == 2
    assert run("restore", "api", "--finish").exit_code == 2
    assert len(restoring.commands) == 2


def test_the_state_as_text_and_as_a_document(restoring: Restoring) -> None:
    restoring.says("prepared")
    assert "api on api: prepared since" in run("restore", "api", "--status").stdout
    found = json.loads(run("restore", "api", "--status", "--json").stdout)
    assert (found["server"], found["restore"]["state"]) == ("api", "prepared")
    assert restoring.commands == []


def test_json_is_alone_on_standard_output(restoring: Restoring) -> None:
    result = run("restore", "api", "--yes", "--json")
    assert json.loads(result.stdout)["restore"]["state"] == "exchanged"
    assert "exchange ok" in result.stderr
    restoring.commands.clear()
    assert run("restore", "api", "--json").exit_code == 2
    assert restoring.commands == []


def test_a_server_that_does_not_answer(restoring: Restoring) -> None:
    restoring.fake.reports = {"api": GONE}
    result = run("restore", "api", "--yes")
    assert (result.exit_code, restoring.commands) == (2, [])
    assert "api was not reached" in result.stderr


def test_ctrl_c_says_that_the_server_goes_on(
    restoring: Restoring, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> Ended:
        raise KeyboardInterrupt

    monkeypatch.setattr(restores.Host, "run", interrupt)
    result = run("restore", "api", "--yes")
    assert result.exit_code == 1
    assert "interrupted: api goes on with what was begun" in result.stderr
    assert restoring.commands == []


@pytest.mark.parametrize(
    "words",
    [
        ("web",),
        ("api", "--dump=a", "--snapshot=b"),
        ("api", "--dump=a", "--to=2026-11-27T14:03:00Z"),
        ("api", "--to=yesterday"),
        ("api", "--queue", "--dump=a"),
        ("auth", "--queue", "--snapshot=latest"),
        ("api", "--undo", "--finish"),
        ("api", "--into", "nowhere"),
        ("auth", "--into=web"),
    ],
)
def test_options_that_fit_nothing(restoring: Restoring, words: tuple[str, ...]) -> None:
    assert run("restore", *words).exit_code == 2
    assert restoring.commands == []
