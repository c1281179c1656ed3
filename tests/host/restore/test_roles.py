"""The roles that a dump refers to and the server lacks."""

import json
from typing import Any

import pytest

from host.fks_deploy.restore import prepare, roles
from host.fks_deploy.restore.source import Choice, Source
from tests.host.restore.conftest import SET, Case, FakeDatabase

LISTED = """\
CREATE ROLE fks;
ALTER ROLE fks WITH SUPERUSER LOGIN;
CREATE ROLE "Odd ""Role";
ALTER ROLE "Odd ""Role" WITH NOSUPERUSER LOGIN;
CREATE ROLE readers;
ALTER ROLE readers WITH NOLOGIN;
CREATE ROLE readers_too;
ALTER ROLE readers SET work_mem TO '8MB';
GRANT readers TO "Odd ""Role" WITH INHERIT TRUE GRANTED BY fks;
GRANT readers TO readers_too;
GRANT readers_too TO fks;
CREATE TABLESPACE fast OWNER readers LOCATION '/fast';
"""


def test_only_what_is_missing_is_made() -> None:
    names, statements = roles.missing(LISTED, ["fks", '"Odd ""Role"', "readers_too"])
    assert names == ["readers"]
    assert statements.splitlines() == [
        "BEGIN;",
        "CREATE ROLE readers;",
        "ALTER ROLE readers WITH NOLOGIN;",
        "ALTER ROLE readers SET work_mem TO '8MB';",
        'GRANT readers TO "Odd ""Role" WITH INHERIT TRUE GRANTED BY fks;',
        "GRANT readers TO readers_too;",
        "COMMIT;",
    ]
    assert roles.missing(LISTED, [*names, "fks", '"Odd ""Role"', "readers_too"]) == ([], "")


def test_they_are_made_before_the_dump_is_restored(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, query = [], FakeDatabase.query

    def answer(self: FakeDatabase, sql: str, *more: Any) -> str:
        if sql == roles.PRESENT:
            return json.dumps(["fks", '"Odd ""Role"', "readers_too"])
        if "CREATE ROLE" in sql:
            self.server.call("create role")
            made.append(sql)
        return query(self, sql, *more)

    monkeypatch.setattr(FakeDatabase, "query", answer)
    case.dump().with_suffix(".globals.sql").write_text(LISTED)
    assert prepare.prepare(case.session, SET, Choice()).roles == ["readers"]
    assert [one for one in case.server.calls if one in ("create role", "restore")] == [
        "create role",
        "restore",
    ]
    monkeypatch.setattr(Source, "foreign", True)
    case.server.databases.pop(SET.restoring)
    assert (prepare.prepare(case.session, SET, Choice()).roles, len(made)) == ([], 1)
