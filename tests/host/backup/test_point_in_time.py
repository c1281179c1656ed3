import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from host.fks_deploy.backup import point_in_time, reach
from host.fks_deploy.backup.data_set import SETS
from host.fks_deploy.backup.reach import Reach
from host.fks_deploy.errors import DeployError
from host.fks_deploy.paths import Paths
from host.fks_deploy.shell import CommandFailedError, Result

TIME = "2026-11-27T14:03:00Z"
Make = Callable[..., Any]


def answer(code: int, out: str) -> str:
    if code:
        raise CommandFailedError("psql exited with 1: no such container")
    return out


@pytest.fixture
def compose(tmp_path: Path) -> Make:
    """A release with these profiles, whose commands all end with this code and output."""

    def make(profiles: str = "api-wal", code: int = 0, out: str = "") -> Any:
        calls: list[Sequence[str]] = []

        def attempt(line: Sequence[str], **_options: object) -> Result:
            calls.append(line)
            return Result(code, out, "")

        environment: Mapping[str, str] = {"COMPOSE_PROFILES": profiles}
        return SimpleNamespace(
            calls=calls,
            paths=Paths(tmp_path),
            env=dict,
            release=SimpleNamespace(env=environment),
            shell=SimpleNamespace(attempt=attempt),
            command_line=lambda *words: list(words),
            execute=lambda *_words: answer(code, out),
        )

    return make


@pytest.mark.parametrize(
    ("name", "profiles", "kept"),
    [
        ("api", "market-data,api-wal", True),
        ("api", "market-data", False),
        ("auth", "api-wal", False),
    ],
)
def test_only_the_apis_log_is_kept(compose: Make, name: str, profiles: str, kept: bool) -> None:
    assert point_in_time.kept(compose(profiles), SETS[name]) is kept


def test_a_recovery_returns_its_dump(compose: Make, tmp_path: Path) -> None:
    line = "recovered: db-1.dump, base 20261127T021500Z, last transaction 2026-11-27 14:02:59"
    found = compose(out=f"other\n{line}\n")
    dump = tmp_path / "var/backups/fks/postgres/at/db-1.dump"
    assert point_in_time.recover(found, SETS["api"], TIME) == (line, dump)
    (call,) = found.calls
    assert call[-2:] == ["db-recover", TIME]


def test_a_time_that_the_log_does_not_reach_is_the_error(compose: Make) -> None:
    found = compose(code=1, out=f"recovery FAILED: the log does not reach {TIME}\n")
    with pytest.raises(DeployError, match=r"the log does not reach .*Nothing was changed"):
        point_in_time.recover(found, SETS["api"], TIME)


def test_without_the_log_the_error_names_the_setting(compose: Make) -> None:
    found = compose("")
    with pytest.raises(DeployError, match=r"fks:backup\.pitr true"):
        point_in_time.recover(found, SETS["api"], TIME)
    assert found.calls == []


def test_a_base_backup_that_fails_keeps_the_others(compose: Make) -> None:
    assert point_in_time.base(compose(out="base ok: 1, 5 bytes\n")) == "base ok: 1, 5 bytes"
    with pytest.raises(DeployError, match=r"^base FAILED: no space\. The older ones are kept$"):
        point_in_time.base(compose(code=1, out="base FAILED: no space\n"))


@pytest.mark.parametrize(
    ("code", "out", "slot", "problem"),
    [
        (0, "active, reserved\n", "active, reserved", ""),
        (0, "not active, lost\n", "not active, lost", "slot of the write-ahead log of api is not"),
        (0, "", "none", "the slot of the write-ahead log of api is none"),
        (1, "", "not known (psql exited with 1: no such container)", "is not known (psql"),
    ],
)
def test_the_proof_has_the_state_of_the_slot(
    compose: Make, monkeypatch: pytest.MonkeyPatch, code: int, out: str, slot: str, problem: str
) -> None:
    whole = Reach(time.time() - 60, time.time(), time.time() - 60)
    monkeypatch.setattr(reach, "read", lambda _place: whole)
    found = point_in_time.proof(compose(code=code, out=out))
    assert found["slot"] == slot
    assert problem in found["problem"] and bool(problem) == bool(found["problem"])


def test_what_is_wrong_with_the_files_comes_first(compose: Make) -> None:
    found = point_in_time.proof(compose(out="not active, lost\n"))
    assert "has no base backup" in found["problem"]
