"""Which dump is restored."""

import os
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from host.fks_deploy.backup import certificate, point_in_time, repository
from host.fks_deploy.backup.data_set import DataSet
from host.fks_deploy.errors import DeployError, InputError
from host.fks_deploy.restore import source
from host.fks_deploy.restore.source import Choice, Source
from tests.host.restore.conftest import ROWS, SET, Case


def find(case: Case, dump: str = "", snapshot: str = "") -> Source:
    return source.find(case.paths, case.session.compose.shell, SET, Choice(dump, snapshot))


class Repository:
    """With one snapshot, of the dump that is on the server."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.fetched: list[str] = []
        self.fails = False
        self.paths: tuple[str, ...] = ()

    def snapshot(self, wanted: str) -> SimpleNamespace:
        assert wanted in ("", "aaaa1111")
        return SimpleNamespace(id="aaaa1111", paths=self.paths)

    def fetch(self, *arguments: Any) -> None:
        _, _, name, snapshot, place = arguments
        assert name == "api"
        self.fetched.append(snapshot)
        place.mkdir()
        if self.fails:
            raise DeployError("the repository does not answer")
        for file in self.case.paths.dumps.iterdir():
            (place / file.name).write_bytes(file.read_bytes())


@pytest.fixture
def kept(case: Case, monkeypatch: pytest.MonkeyPatch) -> Repository:
    found = Repository(case)
    monkeypatch.setattr(repository, "opened", lambda *_: found)
    monkeypatch.setattr(repository, "fetch", found.fetch)
    monkeypatch.setattr(source.shutil, "chown", lambda *_: None)  # type: ignore[attr-defined]
    return found


def test_the_newest_that_is_proved(case: Case) -> None:
    case.dump("20261125T022000Z")
    case.dump("20261126T022000Z")
    case.dump("20261127T022000Z", verdict="bad")
    case.dump("20261128T022000Z", verdict="")
    found = find(case)
    assert (found.file, found.snapshot) == ("trading-20261126T022000Z.dump", "")
    assert (found.proved, found.bytes, found.tables) == (True, 4, ROWS)
    assert found.manifest == {"postgres": "17.5", "bytes": 1000}


def test_the_file_must_be_the_one_that_was_written(case: Case) -> None:
    dump = case.dump()
    tables = dump.with_suffix(".tables")
    known = tables.read_text()
    tables.write_text(known.replace("{", f'{{"sha256" : "{sha256(b"dump").hexdigest()}", ', 1))
    assert find(case).file == dump.name
    dump.write_text("dumb")
    with pytest.raises(DeployError, match="is not the file that was written"):
        find(case)


def test_one_from_the_future_only_by_its_name(case: Case) -> None:
    case.dump("20261126T022000Z")
    ahead = case.dump("20261127T022000Z")
    os.utime(ahead, (4e9, 4e9))
    assert find(case).file == "trading-20261126T022000Z.dump"
    assert find(case, ahead.name).file == ahead.name


def test_one_without_a_certificate_by_its_name(case: Case) -> None:
    assert not find(case, case.dump(verdict="").name).proved


@pytest.mark.parametrize("name", ["none.dump", "/etc/passwd", "../postgres/trading-1.dump"])
def test_a_name_that_is_no_dump(case: Case, name: str) -> None:
    case.dump()
    with pytest.raises(InputError, match="which is no file in"):
        find(case, name)


def test_a_bad_dump_by_its_name(case: Case) -> None:
    with pytest.raises(DeployError, match="is bad: pg_restore failed"):
        find(case, case.dump(verdict="bad").name)


@pytest.mark.parametrize("text", [None, "", "{}\nno JSON\n[1"])
def test_a_list_of_tables_that_is_missing_or_damaged(case: Case, text: str | None) -> None:
    file = case.dump()
    file.with_suffix(".tables").unlink()
    if text is not None:
        file.with_suffix(".tables").write_text(text)
    with pytest.raises(DeployError, match="no readable list of tables"):
        find(case, file.name)


@pytest.mark.parametrize("snapshot", ["", "latest", "aaaa1111"])
def test_a_server_without_a_proved_dump_fetches_the_snapshot_once(
    case: Case, kept: Repository, snapshot: str
) -> None:
    case.dump(verdict="")
    for _ in range(2):
        found = find(case, snapshot=snapshot)
        assert (found.snapshot, found.proved, found.tables) == ("aaaa1111", False, ROWS)
        assert found.directory == case.paths.backups / ".restore-api"
    assert kept.fetched == ["aaaa1111"]
    source.forget(case.paths, "api")
    assert not found.directory.exists()


def test_a_snapshot_that_was_fetched_in_part_is_fetched_again(case: Case, kept: Repository) -> None:
    case.dump()
    kept.fails = True
    with pytest.raises(DeployError, match="does not answer"):
        find(case, snapshot="latest")
    kept.fails = False
    assert find(case, snapshot="latest").tables == ROWS
    assert len(kept.fetched) == 2


@pytest.mark.parametrize("verdict", ["ok", "bad"])
def test_the_certificate_of_a_snapshot_counts(case: Case, kept: Repository, verdict: str) -> None:
    case.dump()
    text = {"set": "api", "snapshot": "aaaa1111", "time": "T", "verdict": verdict, "text": "no"}
    certificate.write(case.paths, {**text, "file": str(Path("none"))})
    if verdict == "bad":
        with pytest.raises(DeployError, match="snapshot aaaa1111 is bad: no"):
            find(case, snapshot="latest")
        assert kept.fetched == []
    else:
        assert find(case, snapshot="latest").proved


@pytest.mark.parametrize("time", ["2026-11-25T22:00:00Z", "latest"])
def test_the_data_of_a_time(case: Case, monkeypatch: pytest.MonkeyPatch, time: str) -> None:
    dump = case.dump("20261127T022000Z", verdict="")
    asked: list[tuple[str, str]] = []

    def recover(_compose: object, data: DataSet, wanted: str) -> tuple[str, Path]:
        asked.append((data.name, wanted))
        return "recovered: it", dump

    monkeypatch.setattr(point_in_time, "recover", recover)
    found = source.recovered(case.session.compose, SET, time)
    assert asked == [("api", time)]
    assert (found.file, found.proved, found.tables) == (dump.name, True, ROWS)
    assert (found.made == time) is (time != "latest")
