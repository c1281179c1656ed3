"""What is shown of a restore."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from host.fks_deploy.paths import Paths
from host.fks_deploy.restore import record, state
from tests.host.restore.test_record import FOUND

NOW = datetime.fromisoformat("2026-11-27T10:00:00Z").timestamp()


def test_without_a_restore(tmp_path: Path) -> None:
    found = state.document(Paths(tmp_path), "api")
    assert (found["set"], found["restore"]) == ("api", None)
    assert state.every(Paths(tmp_path)) == {}


def test_the_record_and_the_age_of_the_backup(tmp_path: Path) -> None:
    record.save(Paths(tmp_path), "api", FOUND)
    found = state.document(Paths(tmp_path), "api")
    assert found["restore"]["dump"] == "a.dump"
    made = datetime.fromisoformat(FOUND.made).timestamp()
    assert found["restore"]["age"] == pytest.approx(found["time"] - made, abs=1)
    assert state.every(Paths(tmp_path)) == {"api": FOUND}


def test_an_interrupted_exchange_is_a_problem_at_once() -> None:
    found = replace(FOUND, state=record.EXCHANGING, closed="2026-11-27T09:59:00Z")
    (problem,) = state.problems({"api": found}, NOW)
    assert "requests are refused since 2026-11-27T09:59:00Z" in problem.text
    assert problem.command == "fks restore api"


def test_a_second_database_is_a_problem_after_a_day() -> None:
    found = replace(FOUND, state=record.EXCHANGED, aside=3 << 20)
    assert list(state.problems({"api": found}, NOW + 86000)) == []
    (problem,) = state.problems({"api": found}, NOW + 87000)
    assert "(3 MiB, exchanged)" in problem.text
    assert problem.command == "fks restore api --finish"
