"""Dumps as streams."""

import io
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from host.fks_deploy.errors import DeployError, InputError
from host.fks_deploy.paths import Paths
from host.fks_deploy.shell import CommandFailedError
from host.fks_deploy.transfer import dumps
from tests.host.transfer.conftest import API
from tests.host.transfer.test_trailer import with_trailer

NAME = "fks-20261127T020000Z.dump"
CONTENT = b"rows" * 1000


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    found = Paths(tmp_path)
    found.dumps.mkdir(parents=True)
    return found


def arrives(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))


def checksum(tmp_path: Path) -> str:
    file = tmp_path / "known"
    file.write_bytes(CONTENT)
    return str(dumps.described(file)["sha256"])


def test_a_dump_arrives_as_it_was(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = checksum(tmp_path)
    arrives(monkeypatch, CONTENT)
    assert dumps.receive(paths, NAME, 4000, known) == "4000 bytes"
    assert (paths.dumps / NAME).read_bytes() == CONTENT
    assert (paths.dumps / NAME).stat().st_mode & 0o777 == 0o600
    arrives(monkeypatch, b"")
    assert dumps.receive(paths, NAME, 4000, known) == "there already"
    sent = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=sent))
    dumps.send(paths, NAME)
    assert sent.getvalue() == CONTENT
    arrives(monkeypatch, CONTENT)
    roles = NAME.replace("dump", "globals.sql")
    assert dumps.receive(paths, roles, 4000, known) == "4000 bytes"


@pytest.mark.parametrize("content", [CONTENT[:-1], CONTENT[:-1] + b"x", b""])
def test_a_dump_that_does_not_arrive_whole_is_not_kept(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    known = checksum(tmp_path)
    arrives(monkeypatch, content)
    with pytest.raises(DeployError, match="did not arrive whole"):
        dumps.receive(paths, NAME, 4000, known)
    assert list(paths.dumps.iterdir()) == []


def test_a_dump_of_unknown_size_ends_with_its_checksum(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "foreign_api-20261127T020000Z.dump"
    arrives(monkeypatch, with_trailer(CONTENT))
    assert dumps.receive(paths, name, 9, "end") == "4000 bytes"
    assert (paths.dumps / name).read_bytes() == CONTENT
    arrives(monkeypatch, with_trailer(CONTENT)[:-1])
    with pytest.raises(DeployError, match="did not arrive whole"):
        dumps.receive(paths, name, 9, "end")
    (paths.dumps / NAME).touch()
    dumps.forget_foreign(paths, API)
    assert [one.name for one in paths.dumps.iterdir()] == [NAME]


def test_a_disk_that_is_too_full_receives_nothing(paths: Paths) -> None:
    with pytest.raises(DeployError, match=f"and {NAME} has {1 << 60}"):
        dumps.receive(paths, NAME, 1 << 60, "ab")
    assert list(paths.dumps.iterdir()) == []


@pytest.mark.parametrize("name", ["../shadow", "/etc/shadow", "fks.dump", NAME + "/x", ""])
def test_another_file_is_neither_sent_nor_received(paths: Paths, name: str) -> None:
    with pytest.raises(InputError, match="is no dump's name"):
        dumps.send(paths, name)
    with pytest.raises(InputError, match="is no dump's name"):
        dumps.receive(paths, name, 1, "ab")


class Jobs:
    """Compose, whose runs of a job end with these texts or errors."""

    def __init__(self, paths: Paths, *results: str | Exception) -> None:
        self.paths, self.results = paths, list(results)
        self.shell = self
        self.lines: list[list[str]] = []

    def command_line(self, *words: str) -> list[str]:
        return [*words]

    def env(self) -> dict[str, str]:
        return {}

    def run(self, line: list[str], **_: Any) -> str:
        self.lines.append(line)
        result = self.results.pop(0)
        if isinstance(result, Exception):
            raise result
        return result


def test_a_dump_waits_for_the_one_that_runs(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "_PAUSE", 0)
    names = {NAME, NAME.replace("dump", "tables"), NAME.replace("dump", "globals.sql")}
    for name in names:
        (paths.dumps / name).write_bytes(CONTENT)
    busy = CommandFailedError("db-backup failed", ["backup FAILED: another backup runs in /b"])
    jobs: Any = Jobs(paths, busy, f"Pulling\nbackup ok: {NAME}, 4000 bytes, 3 tables\n")
    found = dumps.make(jobs, API)
    assert found["files"].keys() == names
    assert found["files"][NAME]["bytes"] == 4000
    assert jobs.lines[1] == ["--profile", "backup", "run", "--rm", "-T", "db-backup"]


def test_a_dump_that_fails_is_an_error(paths: Paths) -> None:
    full: Any = Jobs(paths, CommandFailedError("db-backup failed", ["backup FAILED: disk"]))
    with pytest.raises(DeployError, match="db-backup failed"):
        dumps.make(full, API)
    silent: Any = Jobs(paths, "nothing")
    with pytest.raises(DeployError, match="db-backup named no dump: nothing"):
        dumps.make(silent, API)
