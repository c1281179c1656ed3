"""The waiting tasks of a snapshot: Redis's append-only file, exchanged with the present one."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from host.fks_deploy import stops
from host.fks_deploy.backup import repository
from host.fks_deploy.errors import DeployError, InputError
from host.fks_deploy.restore import exchange, prepare
from host.fks_deploy.restore.source import Choice
from host.fks_deploy.stops import Stop
from tests.host.restore.conftest import SET, Case, fetch

SNAPSHOT = Choice(snapshot="aaaa1111", queue=True)
AOF = "appendonlydir/appendonly.aof.manifest"


@pytest.fixture
def queue(case: Case, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The queue's volume; the snapshot has another content."""
    place = case.volume("api-queue-data")
    write(place / AOF, "of now")
    dump = case.dump()

    def with_queue(*found: Any) -> None:
        directory = found[-1]
        fetch(dump, directory)
        write(directory / "queue" / Path(AOF).name, "of the snapshot")

    store = SimpleNamespace(snapshot=lambda _: SimpleNamespace(id="aaaa1111", paths=()))
    monkeypatch.setattr(repository, "opened", lambda *_: store)
    monkeypatch.setattr(repository, "fetch", with_queue)
    monkeypatch.setattr("host.fks_deploy.restore.source.shutil.chown", lambda *_: None)
    return place


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_it_is_exchanged_while_redis_is_stopped_and_undone(case: Case, queue: Path) -> None:
    assert list(prepare.prepare(case.session, SET, SNAPSHOT).files) == ["api-queue-data"]
    assert (queue / AOF).read_text() == "of now"
    case.server.calls.clear()
    exchange.exchange(case.session, SET)
    assert (queue / AOF).read_text() == "of the snapshot"
    calls = case.server.calls
    assert calls.index("stop api-worker within 5 s") < calls.index("stop api-queue")
    assert calls.index("stop api-queue") < calls.index("start api-queue api api-worker")
    exchange.undo(case.session, SET)
    assert (queue / AOF).read_text() == "of now"
    exchange.undo(case.session, SET)
    exchange.finish(case.session, SET)
    assert (queue / AOF).read_text() == "of the snapshot"
    assert [one.name for one in queue.parent.iterdir()] == ["_data"]


def test_a_queue_that_redis_cannot_read_goes_back_with_the_rows(case: Case, queue: Path) -> None:
    prepare.prepare(case.session, SET, SNAPSHOT)
    case.server.failing["start api-queue api api-worker"] = 1
    with pytest.raises(DeployError, match="The data of before serve again"):
        exchange.exchange(case.session, SET)
    assert (queue / AOF).read_text() == "of now"


def test_without_the_option_the_queue_stays(case: Case, queue: Path) -> None:
    prepare.prepare(case.session, SET, SNAPSHOT)
    found = prepare.prepare(case.session, SET, Choice(snapshot="aaaa1111"))
    assert found.files == {}
    case.server.calls.clear()
    exchange.exchange(case.session, SET)
    assert (queue / AOF).read_text() == "of now"
    assert "stop api-queue" not in case.server.calls


def test_the_queue_starts_again_where_its_users_stay_stopped(case: Case, queue: Path) -> None:
    """Of a stack that is paused: transfer/pause.py."""
    prepare.prepare(case.session, SET, SNAPSHOT)
    exchange.exchange(case.session, SET)
    stop = Stop("2026-11-27T00:00:00Z", "ann", keeps=("api-postgres", "api-queue"))
    stops.mark(case.paths, ["api"], stop)
    case.server.calls.clear()
    exchange.undo(case.session, SET)
    assert "start api-queue" in case.server.calls
    assert (queue / AOF).read_text() == "of now"


def test_what_has_no_queue_is_refused_with_nothing_changed(case: Case) -> None:
    case.dump()
    with pytest.raises(InputError, match="a dump has no queue"):
        prepare.prepare(case.session, SET, Choice(queue=True))
    with pytest.raises(InputError, match="auth has no queue"):
        prepare.prepare(case.session, replace(SET, name="auth"), SNAPSHOT)
    assert case.server.calls == []


def test_a_snapshot_without_a_queue_is_an_error(
    case: Case, queue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("host.fks_deploy.backup.staging.QUEUE", "other")
    with pytest.raises(DeployError, match="no copy of the queue"):
        prepare.prepare(case.session, SET, SNAPSHOT)
    assert [one.name for one in queue.parent.iterdir()] == ["_data"]
