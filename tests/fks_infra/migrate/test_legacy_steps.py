"""The steps of a move from a legacy server, with servers that record what is run on them."""

import json
from dataclasses import replace
from typing import Any

import pytest

from fks_infra.errors import OperatorError
from fks_infra.migrate import legacy_steps, legacy_stream
from fks_infra.migrate.legacy_dump import Dump, Source
from fks_infra.migrate.legacy_look import look
from fks_infra.migrate.legacy_plan import make
from fks_infra.migrate.legacy_steps import Work, drop
from fks_infra.migrate.legacy_stream import Sent
from tests.fks_infra.migrate.conftest import server
from tests.fks_infra.migrate.legacy_server import STATE, Legacy

FREE, USED = {"sessions": [], "written": 5}, {"sessions": ["fks_user psql 10.0.0.9"], "written": 5}


class Server:
    """The stack's server; `restore` is the record of its restore."""

    name = "api"
    server = server("api", "api")

    def __init__(self, calls: list[str]) -> None:
        self.calls = calls
        self.restore: dict[str, str] | None = None

    def run(self, program: str, *words: str, **_: float) -> str:
        text = " ".join((program, *words)).partition(" --who")[0]
        self.calls.append(f"api: {text}")
        states = {"prepare": "prepared", "exchange": "exchanged", "undo": "undone"}
        if program == "restore" and words[1] in states:
            self.restore = {"state": states[words[1]], "dump": "foreign_api-1.dump"}
        if program == "restore" and words[1] == "finish":
            self.restore = None
        return ""

    def document(self, program: str, *_: str, **__: float) -> dict[str, Any]:
        if program == "transfer":
            return STATE
        return {"restore": self.restore}


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Any:
    legacy: Any = Legacy()
    plan = make(look(legacy), "", "")
    legacy.calls.clear()
    legacy.answers["pg_stat_activity"] = [json.dumps(FREE)]
    target: Any = Server(legacy.calls)

    def send(_: Any, data_set: str, room: int, __: Any) -> Dump:
        legacy.calls.append(f"dump {data_set}, {room} bytes")
        return Dump(file="foreign_api-1.dump", bytes=7, tables=2, rows=9)

    def stream(_: Any, command: Any, __: Any, receive: Any) -> Sent:
        legacy.calls.append(f"{' '.join(command)} > {' '.join(receive)}")
        return Sent(bytes=3, sha256="")

    monkeypatch.setattr(Source, "send", send)
    monkeypatch.setattr(legacy_stream, "send", stream)
    monkeypatch.setattr(legacy_steps, "_POLL", 0)
    monkeypatch.setattr(legacy_steps, "_SESSIONS", 0)
    return Work(
        legacy=legacy,
        target=target,
        plan=plan,
        drain=0,
        leave_tasks=False,
        who="me",
        report=lambda _: None,
    )


def changes(work: Any) -> list[str]:
    """Without what only reads."""
    read = ("INFO", "EVAL", "psql")
    found = [one for one in work.legacy.calls if not any(part in one for part in read)]
    work.legacy.calls.clear()
    return found


def test_all_steps_in_their_order(work: Any) -> None:
    for step in (*work.first().values(), *work.last().values(), work.stop):
        step()
    assert changes(work) == [
        "api: transfer discard api",
        "dump api, 900000000 bytes",
        "api: restore api prepare --dump foreign_api-1.dump",
        "stop -t 60 fks_api_1 fks_db-backup_1",
        "stop -t 60 fks_worker_1",
        "api: transfer discard api",
        "cp fks_api_1:/app/data - > transfer receive-volume api api-data --bytes 48050000",
        "cp fks_api_1:/app/models - > transfer receive-volume api api-models --bytes 0",
        "dump api, 900000000 bytes",
        "api: restore api prepare --dump foreign_api-1.dump",
        "api: restore api exchange",
        "stop -t 60 fks_postgres_1 fks_redis_1",
    ]


def test_tasks_that_wait_end_the_move_unless_they_are_left(work: Any) -> None:
    work.legacy.answers["EVAL"] = ["2 trading\n"]
    with pytest.raises(OperatorError, match=r"2 in trading of fks_redis_1.*--leave-tasks"):
        work.close()
    assert changes(work) == ["stop -t 60 fks_api_1 fks_db-backup_1"]
    replace(work, leave_tasks=True).close()
    assert changes(work) == ["stop -t 60 fks_api_1 fks_db-backup_1", "stop -t 60 fks_worker_1"]


def test_a_worker_gets_time_to_empty_the_queue(work: Any) -> None:
    work.legacy.answers["EVAL"] = ["2 trading\n", "1 unacked\n", "0 trading\n"]
    replace(work, drain=9).close()
    assert "stop -t 60 fks_worker_1" in changes(work)


def test_another_client_of_the_database_ends_the_move(work: Any) -> None:
    work.legacy.answers["pg_stat_activity"] = [json.dumps(USED)]
    with pytest.raises(OperatorError, match=r"open still, .*fks_user psql 10\.0\.0\.9"):
        work.close()


def test_what_is_written_during_the_last_copy_ends_it(work: Any) -> None:
    more = {**FREE, "written": 6}
    work.legacy.answers["pg_stat_activity"] = [json.dumps(FREE), json.dumps(more)]
    with pytest.raises(OperatorError, match="was written while it was copied"):
        work.copy_last()


def test_a_failure_starts_the_containers_unless_the_copy_serves(work: Any) -> None:
    work.target.restore = {"state": "failed", "dump": "foreign_api-1.dump"}
    work.reopen()
    assert changes(work) == [
        "start fks_postgres_1 fks_redis_1",
        "start fks_worker_1",
        "start fks_api_1 fks_db-backup_1",
    ]
    work.target.restore["state"] = "exchanging"
    with pytest.raises(OperatorError, match="the copy is exchanging on api"):
        work.reopen()
    assert changes(work) == []


@pytest.mark.parametrize("state", ["exchanged", "undone", "exchanging", "undoing"])
def test_data_that_a_restore_keeps_are_not_overwritten(work: Any, state: str) -> None:
    for dump in ("foreign_api-1.dump", "fks_trading-1.dump"):
        work.target.restore = {"state": state, "dump": dump}
        with pytest.raises(OperatorError, match="fks restore api --finish"):
            work.copy_first()
    assert changes(work) == []


def test_the_way_back_exchanges_again(work: Any) -> None:
    work.target.restore = {"state": "exchanging", "dump": "foreign_api-1.dump"}
    assert work.undo()
    assert work.undo()
    assert changes(work) == ["api: restore api exchange", "api: restore api undo"]
    work.target.restore = {"state": "exchanged", "dump": "fks_trading-1.dump"}
    with pytest.raises(OperatorError, match="a later restore is not finished"):
        work.undo()
    assert changes(work) == []


def test_a_copy_that_never_served_is_dropped_on_the_way_back(work: Any) -> None:
    work.target.restore = {"state": "prepared", "dump": "foreign_api-1.dump"}
    assert not work.undo()
    assert changes(work) == [
        "api: restore api finish",
        "api: transfer discard api",
    ]


def test_only_data_of_the_move_are_dropped(work: Any) -> None:
    work.target.restore = {"state": "exchanged", "dump": "fks_trading-1.dump"}
    drop(work.target, "me")
    assert changes(work) == ["api: transfer discard api"]
    work.target.restore["dump"] = "foreign_api-1.dump"
    drop(work.target, "me")
    assert changes(work) == ["api: restore api finish", "api: transfer discard api"]


def test_the_server_that_serves_the_api_gets_the_data() -> None:
    aside = replace(server("single", "api"), serves=False)
    assert legacy_steps.target([aside, server("api", "api")], "key").name == "api"
    with pytest.raises(OperatorError, match="no server with the role api"):
        legacy_steps.target([aside, server("web", "web")], "key")
