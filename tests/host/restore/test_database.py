"""The SQL of a restore, as psql gets it."""

import json
import threading
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from host.fks_deploy.compose import Compose
from host.fks_deploy.errors import DeployError
from host.fks_deploy.restore.database import Database, Entry, parse
from host.fks_deploy.shell import CommandFailedError
from tests.host.restore.conftest import NEW, OLD, SET

BUSY = 'ERROR:  database "trading" is being accessed by other users'


@dataclass
class Psql:
    """As compose.Compose and shell.Shell: `entries` by name, `errors` of the next renames."""

    entries: dict[str, int] = field(default_factory=lambda: {"trading": OLD})
    errors: list[str] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)
    commands: list[list[str]] = field(default_factory=list)

    @property
    def shell(self) -> "Psql":
        return self

    def env(self) -> dict[str, str]:
        return {}

    def command_line(self, *words: str) -> list[str]:
        return list(words)

    def run(self, command: list[str], *, stdin: str, **_: Any) -> str:
        self.commands.append(command)
        if "pg_database_size" in stdin:
            rows = [json.dumps([name, oid, 7]) for name, oid in self.entries.items()]
            return "\n".join(rows)
        self.statements.append(stdin)
        if self.errors:
            raise CommandFailedError("psql exited with 3", [self.errors.pop(0)])
        return ""

    @property
    def database(self) -> Database:
        return Database(cast(Compose, self), SET)


def test_names_are_variables_of_psql_and_no_text_of_the_statement() -> None:
    psql = Psql()
    assert psql.database.entries() == {"trading": Entry(OLD, 7)}
    (command,) = psql.commands
    assert "present=trading" in command and "restoring=trading_restoring" in command
    assert command[:3] == ["exec", "-T", "api-postgres"]


def test_the_two_names_change_in_one_transaction() -> None:
    psql = Psql({"trading": OLD, "trading_restoring": NEW})
    assert psql.database.rename(NEW)
    (statement,) = psql.statements
    lines = [line for line in statement.splitlines() if line.startswith(("BEGIN", "ALTER", "COM"))]
    assert lines == [
        "BEGIN;",
        'ALTER DATABASE :"present" RENAME TO :"before";',
        'ALTER DATABASE :"restoring" RENAME TO :"present";',
        "COMMIT;",
    ]


def test_the_way_back_has_the_names_the_other_way_round() -> None:
    psql = Psql({"trading": NEW, "trading_before": OLD})
    assert psql.database.rename(OLD)
    assert 'ALTER DATABASE :"present" RENAME TO :"restoring";' in psql.statements[0]
    assert 'ALTER DATABASE :"before" RENAME TO :"present";' in psql.statements[0]


def test_a_second_time_nothing_changes() -> None:
    psql = Psql({"trading": NEW, "trading_before": OLD})
    assert not psql.database.rename(NEW)
    assert psql.statements == []


def test_a_connection_of_a_health_check_is_ended_again() -> None:
    psql = Psql({"trading": OLD, "trading_restoring": NEW}, [BUSY, BUSY])
    assert psql.database.rename(NEW)
    assert len(psql.statements) == 3


@pytest.mark.parametrize("errors", [[BUSY] * 9, ["ERROR:  disk full"]])
def test_another_error_is_raised(errors: list[str]) -> None:
    with pytest.raises(CommandFailedError):
        Psql({"trading": OLD, "trading_restoring": NEW}, errors).database.rename(NEW)


def test_a_database_that_is_gone() -> None:
    with pytest.raises(DeployError, match="is gone; api-postgres has trading"):
        Psql().database.rename(NEW)


def test_the_database_in_service_cannot_be_dropped() -> None:
    with pytest.raises(AssertionError):
        Psql().database.drop("trading")


def test_the_present_data_are_read_by_one_process_while_others_work() -> None:
    psql = Psql()
    with psql.database.reading("columns") as present:
        assert present() == {}
    (command,) = psql.commands
    assert command[-5:] == ["trading", "-v", "checksums=columns", "-f", "/fks/backup/tables.sql"]
    assert command[4:6] == ["-e", "PGOPTIONS=-c max_parallel_workers_per_gather=0"]


@dataclass
class Endless(Psql):
    """The rows are read until the session is ended; the first time the database is silent."""

    asked: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    def run(self, command: list[str], *, stdin: str, **rest: Any) -> str:
        if not stdin:
            assert self.ended.wait(20)
            raise CommandFailedError("psql exited with 2", ["FATAL: terminating connection"])
        assert "application_name = 'fks_present'" in stdin
        self.asked += 1
        if self.asked == 1:
            raise CommandFailedError("psql exited with 1", ["Compose does not answer"])
        self.ended.set()
        return super().run(command, stdin=stdin, **rest)


def test_a_restore_that_fails_ends_the_reading() -> None:
    psql = Endless()
    with pytest.raises(DeployError, match=r"^pg_restore failed$"), psql.database.reading("columns"):
        raise DeployError("pg_restore failed")
    assert psql.asked == 2


def test_the_rows_of_tables_with_odd_names() -> None:
    text = 'SET\n["public.Odd \\"Name\\"", 0, "0"]\n["large objects", 2, "-5"]\n'
    assert parse(text) == {'public.Odd "Name"': [0, "0"], "large objects": [2, "-5"]}
