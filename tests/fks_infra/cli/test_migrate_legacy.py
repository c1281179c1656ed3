"""The order of the steps of `fks migrate from`, its questions, and what an error leaves."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from fks_infra.cli import migrate, migrate_end, migrate_legacy, server_health
from fks_infra.cli.migrate import Choice as Move
from fks_infra.cli.migrate_legacy import Choice, run
from fks_infra.errors import OperatorError
from fks_infra.migrate import journal as journals
from fks_infra.migrate import legacy_host, stack_settings, steps
from fks_infra.migrate.stack_settings import Modes
from tests.fks_infra.migrate.conftest import state_home
from tests.fks_infra.migrate.legacy_server import PASSWORD, STATE
from tests.fks_infra.migrate.test_legacy_steps import Server, changes, work

__all__ = ["state_home", "work"]

SOURCE = "ssh://root@old.example.org"


class Asked:
    """Answers; `questions` are those that were asked."""

    def __init__(self, *answers: bool) -> None:
        self.answers, self.questions = list(answers), list[str]()

    def __call__(self, question: str) -> bool:
        self.questions.append(question)
        return self.answers.pop(0) if self.answers else True


@pytest.fixture
def legacy(work: Any, state_home: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    @contextmanager
    def connected(*_: Any) -> Iterator[Any]:
        yield SimpleNamespace(
            stack="prod", servers=(Server.server,), key=None, ssh_key=lambda: "key"
        )

    @contextmanager
    def opened(_: str) -> Iterator[Any]:
        yield work.legacy

    assert not state_home().exists()
    for module in (migrate_legacy, migrate_end):
        monkeypatch.setattr(module, "connected", connected)
    monkeypatch.setattr(legacy_host, "opened", opened)
    monkeypatch.setattr(migrate_legacy, "require_ready", lambda *_: None)
    monkeypatch.setattr(migrate_legacy, "require_not_pinned", lambda *_: None)
    monkeypatch.setattr(server_health, "problems", lambda *_: [])
    monkeypatch.setattr("fks_infra.migrate.legacy_steps.target", lambda *_: work.target)
    monkeypatch.setattr(migrate_legacy, "target", lambda *_: work.target)
    monkeypatch.setattr(
        stack_settings, "read", lambda _: Modes(mode="single", keep=(), serve="single")
    )
    return work


def test_a_look_changes_nothing(legacy: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("prod", SOURCE, Choice(look=True), Asked()) == 0
    shown = capsys.readouterr().out
    assert "data set api" in shown
    assert PASSWORD not in shown
    assert journals.load("prod") is None
    assert [one for one in changes(legacy) if one.startswith(("stop", "start", "api"))] == []


def test_two_questions_come_before_the_copy_and_before_the_stop(
    legacy: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = Asked(False)
    assert run("prod", SOURCE, Choice(), asked) == 2
    (question,) = asked.questions
    assert question == "Copy fks_trading of old.example.org to api of stack prod, while it serves?"
    assert journals.load("prod") is None
    asked = Asked(True, False)
    assert run("prod", SOURCE, Choice(), asked) == 2
    assert "Stop fks_api_1, fks_db-backup_1, fks_worker_1 on old.example.org" in asked.questions[1]
    assert not any(one.startswith("stop") for one in changes(legacy))
    capsys.readouterr()
    assert run("prod", SOURCE, Choice(), Asked()) == 0
    shown = capsys.readouterr().out
    assert "old.example.org is stopped and keeps its data" in shown
    assert "api is healthy" in shown
    done = changes(legacy)
    assert "stop -t 60 fks_postgres_1 fks_redis_1" in done
    assert sum(one.startswith("dump") for one in done) == 1


def test_an_error_before_the_exchange_starts_the_legacy_server(legacy: Any) -> None:
    legacy.legacy.answers["EVAL"] = ["2 trading\n"]
    with pytest.raises(OperatorError) as error:
        run("prod", SOURCE, Choice(drain=0), Asked())
    assert f"The containers of {SOURCE} serve as before" in str(error.value)
    assert f"Next: fks migrate from {SOURCE} goes on" in str(error.value)
    assert "start fks_api_1 fks_db-backup_1" in changes(legacy)
    known = journals.load("prod")
    assert known
    assert known.done(steps.FIRST)
    assert not known.began(steps.CLOSE)
    assert run("prod", SOURCE, Choice(leave_tasks=True), Asked()) == 0


def test_a_database_that_does_not_fit_is_refused_after_the_table(
    legacy: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(legacy.target, "document", lambda *_, **__: {**STATE, "free": 0})
    for choice in (Choice(look=True), Choice()):
        with pytest.raises(OperatorError, match=r"cannot be moved: api has 0 MiB free"):
            run("prod", SOURCE, choice, Asked())
        assert "data set api" in capsys.readouterr().out
    assert journals.load("prod") is None


@pytest.mark.usefixtures("legacy")
def test_a_move_that_was_killed_before_its_plan_was_written_begins_again() -> None:
    journals.Journal(stack="prod", source=SOURCE, target="the stack").begin("look")
    with pytest.raises(OperatorError, match=f"Next: fks migrate from {SOURCE}"):
        migrate_end.status("prod")
    assert run("prod", SOURCE, Choice(), Asked()) == 0


@pytest.mark.usefixtures("legacy")
def test_another_move_is_not_mixed_with_it() -> None:
    run("prod", SOURCE, Choice(), Asked(True, False))
    with pytest.raises(OperatorError, match="is not finished"):
        run("prod", "ssh://other.example.org", Choice(), Asked())
    with pytest.raises(OperatorError, match=f"from {SOURCE} to the stack is not finished"):
        migrate.begun("prod", "single", "multi")
    with pytest.raises(OperatorError, match="is no address"):
        run("prod", "old.example.org", Choice(), Asked())


def test_status_back_and_finish_know_it(legacy: Any, capsys: pytest.CaptureFixture[str]) -> None:
    choice = Move(yes=True, old_answers=0)
    run("prod", SOURCE, Choice(), Asked(True, False))
    changes(legacy)
    with pytest.raises(OperatorError, match="is not complete"):
        migrate_end.finish("prod", Asked())
    assert migrate_end.back("prod", choice, Asked()) == 0
    assert changes(legacy) == ["api: restore api finish", "api: transfer discard api"]
    assert journals.load("prod") is None
    run("prod", SOURCE, Choice(), Asked())
    changes(legacy)
    assert migrate_end.status("prod") == 0
    assert f"from {SOURCE} to the stack" in capsys.readouterr().out
    assert migrate_end.back("prod", choice, Asked(False)) == 2
    assert migrate_end.back("prod", choice, Asked()) == 0
    assert changes(legacy)[:1] == ["api: restore api undo"]
    assert "What was written to the stack since is not moved" in capsys.readouterr().out


def test_a_finished_move_drops_what_the_stack_had(legacy: Any) -> None:
    run("prod", SOURCE, Choice(), Asked())
    changes(legacy)
    assert migrate_end.finish("prod", Asked(False)) == 2
    assert migrate_end.finish("prod", Asked()) == 0
    assert changes(legacy) == ["api: restore api finish", "api: transfer discard api"]
    assert journals.load("prod") is None
