"""The copy of a PostgreSQL's data: its order, what it refuses, and the way back."""

from dataclasses import replace
from pathlib import Path

import pytest

from host.fks_deploy import maintenance, rollback
from host.fks_deploy.errors import DeployError, InputError
from host.fks_deploy.upgrade import record
from host.fks_deploy.upgrade.copy import copy
from host.fks_deploy.upgrade.record import COPIED, COPYING, SERVING, Data, Record
from tests.host.upgrade.engine import FOUND, Engine, session

IMAGE, VOLUME = "postgres:18.1", "db-data-pg18"


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A server with data of PostgreSQL 17; starting its release again is one command."""
    (tmp_path / "PG_VERSION").write_text("17\n")
    (tmp_path / "var/lib/fks").mkdir(parents=True)
    found = Engine(tmp_path, volumes={"fks_db-data": str(tmp_path)})
    monkeypatch.setattr(rollback, "activate", lambda *_: found.commands.append("activate"))
    monkeypatch.setattr("host.fks_deploy.interrupts.ignore", lambda: None)
    return found


def position(engine: Engine, words: str) -> int:
    """The number of the first command with these words."""
    return next(number for number, line in enumerate(engine.commands) if words in line)


def run(engine: Engine) -> Record:
    return copy(session(engine), "db", IMAGE, VOLUME)


def stored(engine: Engine) -> Record | None:
    return record.load(session(engine).paths, "db")


def test_clients_stop_before_the_dump_and_the_database_is_removed_last(engine: Engine) -> None:
    done = run(engine)
    steps = ("stop api api-worker", "dump.sh", "run --detach", "restore.sh", "rm --stop --force db")
    found = [position(engine, words) for words in steps]
    assert found == sorted(found)
    assert (done.state, done.source.version, done.target.version) == (COPIED, "17", "18")
    assert done.found == {**FOUND, "seconds": done.found["seconds"]}
    assert stored(engine) == done
    assert maintenance.read(session(engine).paths) is not None
    assert sorted(engine.volumes) == ["fks_db-data", "fks_db-data-pg18"]


@pytest.mark.parametrize("words", ["stop api", "dump.sh", "run --detach", "restore.sh"])
def test_a_step_that_fails_is_undone(engine: Engine, words: str) -> None:
    engine.failing = words
    with pytest.raises(DeployError, match="serves with PostgreSQL 17 and the volume fks_db-data"):
        run(engine)
    assert "activate" in engine.commands
    assert stored(engine) is None
    assert maintenance.read(session(engine).paths) is None
    assert (sorted(engine.volumes), engine.throwaway) == (["fks_db-data"], False)


def test_maintenance_that_was_on_before_stays_on(engine: Engine) -> None:
    maintenance.switch_on(session(engine).paths, "ben", "")
    engine.failing = "dump.sh"
    with pytest.raises(DeployError):
        run(engine)
    assert maintenance.read(session(engine).paths) is not None


def test_a_complete_copy_is_not_made_again(engine: Engine) -> None:
    first = run(engine)
    engine.commands.clear()
    assert run(engine) == first
    assert not any("dump.sh" in line for line in engine.commands)


@pytest.mark.parametrize("state", [COPYING, COPIED])
def test_a_copy_that_may_lack_rows_is_removed_and_made_again(engine: Engine, state: str) -> None:
    """Of a killed run, and of a database that was started since."""
    done = run(engine)
    engine.containers.append("db")
    record.save(session(engine).paths, replace(done, state=state))
    engine.commands.clear()
    assert run(engine).state == COPIED
    assert position(engine, "volume rm") < position(engine, "dump.sh")


def test_a_kept_old_volume_has_to_be_removed_first(engine: Engine) -> None:
    old = Data("fks_older", "postgres:16", "16")
    entry = Record("db", SERVING, "ann", "2026-11-27T10:00:00Z", old, old)
    record.save(session(engine).paths, entry)
    with pytest.raises(InputError, match="--finish first"):
        run(engine)
    assert stored(engine) == entry


@pytest.mark.parametrize(
    ("image", "volume", "reason"),
    [
        ("postgres:16.1", VOLUME, "postgres:16.1 is PostgreSQL 16, and the data of db is of"),
        (IMAGE, "db-data", "no variable for the volume of db, or it is db-data already"),
        (IMAGE, "taken", "the volume fks_taken exists"),
    ],
)
def test_what_is_refused_changes_nothing(
    engine: Engine, image: str, volume: str, reason: str
) -> None:
    engine.volumes["fks_taken"] = "/somewhere"
    with pytest.raises(InputError, match=reason):
        copy(session(engine), "db", image, volume)
    assert stored(engine) is None
    assert maintenance.read(session(engine).paths) is None


def test_another_service_is_answered_with_those_there_are(engine: Engine) -> None:
    with pytest.raises(InputError, match="'api' is no PostgreSQL of this server, which has db"):
        copy(session(engine), "api", IMAGE, VOLUME)
