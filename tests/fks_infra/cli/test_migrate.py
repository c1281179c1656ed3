"""The order of the steps of a move, what is done again, and what an error leaves."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from fks_infra.cli import migrate, migrate_end
from fks_infra.cli.migrate import Choice
from fks_infra.errors import OperatorError
from fks_infra.migrate import journal as journals
from fks_infra.migrate import stack_settings, steps
from fks_infra.migrate.journal import Journal
from fks_infra.migrate.stack_settings import Modes
from tests.fks_infra.migrate.conftest import Move, recorded, state_home

__all__ = ["recorded", "state_home"]

NEW = Journal(stack="prod", source="single", target="multi")
CHOICE = Choice(yes=True, old_answers=0)
PULUMI = "pulumi up"


class Stack:
    """The stack's settings; `codes` are the exit codes of further runs of `pulumi up`."""

    def __init__(self, calls: list[str]) -> None:
        self.calls, self.codes = calls, list[int]()
        self.modes = Modes(mode="single", keep=(), serve="single")

    def beside(self, _stack: str, mode: str, other: str, serve: str) -> None:
        keep = stack_settings.servers(other)
        self.modes = Modes(mode=mode, keep=keep, serve=serve)

    def alone(self, _stack: str, mode: str) -> None:
        self.modes = Modes(mode=mode, keep=(), serve=mode)

    @contextmanager
    def accepted(self, _stack: str, servers: Sequence[str]) -> Iterator[None]:
        self.calls.append(f"the loss of {', '.join(servers)} is accepted")
        yield

    def up(self, _command: Any) -> int:
        self.calls.append(f"{PULUMI} {self.modes.mode} serves {self.modes.serve}")
        return self.codes.pop(0) if self.codes else 0


@pytest.fixture
def stack(recorded: Move, state_home: Any, monkeypatch: pytest.MonkeyPatch) -> Stack:
    found = Stack(recorded.calls)

    @contextmanager
    def connected(*_: Any) -> Iterator[Any]:
        yield SimpleNamespace(stack="prod")

    assert not state_home().exists()
    monkeypatch.setattr(stack_settings, "read", lambda _: found.modes)
    monkeypatch.setattr(stack_settings, "beside", found.beside)
    monkeypatch.setattr(stack_settings, "alone", found.alone)
    monkeypatch.setattr(
        stack_settings, "unprotect", lambda _, mode: found.calls.append(f"unprotect {mode}")
    )
    monkeypatch.setattr("fks_infra.cli.pulumi_run.run", found.up)
    monkeypatch.setattr(migrate_end, "accepted", found.accepted)
    monkeypatch.setattr(migrate, "work_of", lambda *_, **__: recorded.work)
    monkeypatch.setattr(migrate, "sizes", lambda *_: {})
    for module in (migrate, migrate_end):
        monkeypatch.setattr(module, "connected", connected)
    return found


def known() -> Journal:
    found = journals.load("prod")
    assert found
    return found


def test_all_steps_in_their_order(
    stack: Stack, recorded: Move, capsys: pytest.CaptureFixture[str]
) -> None:
    assert migrate.move(NEW, CHOICE) == 0
    order = [
        f"{PULUMI} multi serves single",
        "api: transfer hold",
        "single: transfer dump auth",
        "single: transfer close",
        "single send-files auth > auth receive-files",
        "api: restore api exchange",
        "api: transfer open",
        "the records are changed",
        f"{PULUMI} multi serves multi",
        "single: stack stop --reason",
    ]
    places = [recorded.calls.index(one) for one in order[:-1]]
    assert places == sorted(places)
    assert recorded.calls[-1].startswith("single: stack stop")
    assert all(known().done(step) for step in steps.STEPS)
    assert "Writes were refused for" in capsys.readouterr().out
    assert stack.modes.keep == ("single",)
    before = len(recorded.calls)
    assert migrate.move(known(), CHOICE) == 0
    assert len(recorded.calls) == before


@pytest.mark.parametrize(
    ("fails", "host"),
    [
        ("transfer hold", "api"),
        ("restore api prepare", "api"),
        ("transfer close", "single"),
        ("restore auth exchange", "auth"),
        ("restore api exchange", "api"),
    ],
)
def test_an_error_before_the_switch_leaves_the_old_servers_open(
    stack: Stack, recorded: Move, fails: str, host: str
) -> None:
    recorded.hosts[host].fails = fails
    with pytest.raises(OperatorError, match="it failed\nThe servers of single serve as before"):
        migrate.move(NEW, CHOICE)
    assert not known().began(steps.SWITCH)
    assert stack.modes.serve == "single"
    if known().began(steps.CLOSE) or "close" in fails:
        assert recorded.calls[-1] == "single: transfer open"
    assert not known().began(steps.CLOSE)
    recorded.hosts[host].fails = "nothing"
    assert migrate.move(known(), CHOICE) == 0
    assert known().done(steps.STOP)


@pytest.mark.parametrize(
    ("codes", "step"),
    [([1], steps.BUILD), ([0, 1], steps.VERIFY)],
)
def test_a_failed_pulumi_up_goes_on_where_it_was(
    stack: Stack, recorded: Move, codes: list[int], step: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.codes = codes
    assert migrate.move(NEW, CHOICE) == 1
    assert "then fks migrate single-to-multi" in capsys.readouterr().err
    assert (known().began(step), known().done(step)) == (True, False)
    assert "single: stack stop" not in " ".join(recorded.calls)
    dumps = recorded.calls.count("single: transfer dump api")
    assert migrate.move(known(), CHOICE) == 0
    assert recorded.calls.count("single: transfer dump api") == (
        2 if step == steps.BUILD else dumps
    )


def test_records_that_cannot_be_changed_leave_the_old_servers_closed(
    stack: Stack, recorded: Move
) -> None:
    recorded.dns.fails = True
    with pytest.raises(OperatorError, match="does not answer\nWrites are refused until"):
        migrate.move(NEW, CHOICE)
    assert (known().began(steps.SWITCH), known().done(steps.SWITCH)) == (True, False)
    assert "single: transfer open" not in recorded.calls
    assert recorded.calls.count(f"{PULUMI} multi serves multi") == 0
    recorded.dns.fails = False
    dumps = recorded.calls.count("single: transfer dump api")
    assert migrate.move(known(), CHOICE) == 0
    assert recorded.calls.count("single: transfer dump api") == dumps
    assert stack.modes.serve == "multi"


@pytest.mark.parametrize(("built", "seconds"), [(600, 60), (100, 200), (0, 300)])
def test_the_old_servers_answer_while_resolvers_may_know_them(
    stack: Stack,
    recorded: Move,
    monkeypatch: pytest.MonkeyPatch,
    built: int,
    seconds: int,
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("fks_infra.cli.migrate.time.sleep", waits.append)
    before = (datetime.now(UTC) - timedelta(seconds=built)).isoformat()
    steps_before = {steps.BUILD: {"began": before, "ended": before}}
    assert migrate.move(replace(NEW, steps=steps_before), Choice(yes=True)) == 0
    assert waits == [pytest.approx(seconds, abs=3)]
    assert stack.modes.serve == "multi"
    assert recorded.calls[-1].startswith("single: stack stop")


def test_old_servers_that_cannot_be_opened_are_named(stack: Stack, recorded: Move) -> None:
    recorded.hosts["single"].fails = "transfer "
    with pytest.raises(OperatorError, match="it failed\\nThe servers of single may refuse writes"):
        migrate.move(
            NEW.begin(steps.BUILD).end(steps.BUILD).begin(steps.FIRST).end(steps.FIRST), CHOICE
        )
    assert known().began(steps.CLOSE)
    assert stack.modes.serve == "single"


def test_another_direction_or_nothing_to_move_is_an_error(stack: Stack) -> None:
    with pytest.raises(OperatorError, match="point to the servers of single"):
        migrate.begun("prod", "multi", "single")
    assert migrate.begun("prod", "single", "multi") == NEW
    NEW.begin(steps.BUILD)
    with pytest.raises(OperatorError, match="from single to multi is not finished"):
        migrate.begun("prod", "multi", "single")
    assert stack.modes.serve == "single"


def test_without_a_yes_nothing_is_done(
    stack: Stack, recorded: Move, capsys: pytest.CaptureFixture[str]
) -> None:
    assert migrate.run("prod", "single", "multi", CHOICE, lambda _: False) == 2
    assert recorded.calls == []
    assert "Writes are refused for about" in capsys.readouterr().out
    assert stack.modes.keep == ()


def test_back_before_the_switch_opens_the_old_servers(
    stack: Stack, recorded: Move, capsys: pytest.CaptureFixture[str]
) -> None:
    for step in (steps.BUILD, steps.CLOSE):
        known_before = journals.load("prod") or NEW
        known_before.begin(step).end(step)
    assert migrate_end.back("prod", CHOICE, lambda _: True) == 0
    assert recorded.calls == ["single: transfer open"]
    assert journals.load("prod") is None
    assert "fks migrate finish deletes those of multi" in capsys.readouterr().out
    assert stack.modes.serve == "single"


def test_back_after_the_switch_moves_the_data_back(stack: Stack, recorded: Move) -> None:
    migrate.move(NEW, CHOICE)
    recorded.calls.clear()
    stack.codes = [1]
    assert migrate_end.back("prod", CHOICE, lambda _: True) == 1
    assert known().back
    assert recorded.calls[-1] == f"{PULUMI} multi serves single"
    assert migrate_end.back("prod", CHOICE, lambda _: True) == 0
    assert (known().source, known().target, known().back) == ("multi", "single", True)
    assert stack.modes == Modes(mode="multi", keep=("single",), serve="single")


def test_finish_deletes_the_servers_that_do_not_serve(stack: Stack, recorded: Move) -> None:
    migrate.move(NEW, CHOICE)
    recorded.calls.clear()
    assert migrate_end.finish("prod", lambda _: False) == 2
    assert migrate_end.finish("prod", lambda _: True) == 0
    assert recorded.calls == [
        "auth: restore auth finish",
        "api: restore api finish",
        "unprotect single",
        "the loss of single is accepted",
        f"{PULUMI} multi serves multi",
    ]
    assert stack.modes == Modes(mode="multi", keep=(), serve="multi")
    assert journals.load("prod") is None
    with pytest.raises(OperatorError, match="names no server"):
        migrate_end.finish("prod", lambda _: True)


def test_finish_keeps_the_servers_when_it_fails_and_while_a_move_runs(
    stack: Stack, recorded: Move
) -> None:
    migrate.move(NEW, CHOICE)
    stack.codes = [1]
    before = stack.modes
    assert migrate_end.finish("prod", lambda _: True) == 1
    assert stack.modes == before
    known().without([steps.STOP])
    with pytest.raises(OperatorError, match="is not complete"):
        migrate_end.finish("prod", lambda _: True)
    assert recorded.calls


def test_status_shows_the_steps(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    assert migrate_end.status("prod") == 0
    assert "no move is under way" in capsys.readouterr().out
    migrate.move(NEW, CHOICE)
    assert migrate_end.status("prod") == 0
    shown = capsys.readouterr().out
    assert "fks:mode multi, the servers of multi serve; kept: single" in shown
    assert "from single to multi:" in shown
    assert stack.modes.serve == "multi"


def test_status_knows_who_serves_before_the_stack_does(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.codes = [0, 1]
    assert migrate.move(NEW, CHOICE) == 1
    stack.modes = replace(stack.modes, serve="single")
    assert migrate_end.status("prod") == 0
    assert "the servers of multi serve" in capsys.readouterr().out
