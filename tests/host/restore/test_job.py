"""The container with pg_restore, and the disk that it fills."""

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from host.fks_deploy.compose import Compose
from host.fks_deploy.errors import DeployError
from host.fks_deploy.restore import job as jobs
from host.fks_deploy.restore.job import LEFT, Job
from host.fks_deploy.shell import CommandFailedError
from tests.host.restore.conftest import SET
from tests.host.restore.test_checks import source_of

ERRORS = ["Container starts", "pg_restore: error: could not execute query: no", "Command was: X"]


class Engine:
    """As shell.Shell: a run waits until its container is removed, or fails at once."""

    def __init__(self, *, fails: bool) -> None:
        self.fails = fails
        self.removed = threading.Event()
        self.commands: list[list[str]] = []

    def run(self, command: list[str], *, env: dict[str, str], **_: Any) -> str:
        self.commands.append(command)
        self.directory = env["FKS_BACKUPS"]
        if not self.fails:
            assert self.removed.wait(20)
        raise CommandFailedError("pg_restore exited with 1: Command was: X", ERRORS)

    def attempt(self, command: list[str], **_: Any) -> None:
        assert command == ["docker", "rm", "--force", "fks-db-restore"]
        self.removed.set()


def job(engine: Engine, root: Path) -> Job:
    compose = SimpleNamespace(
        shell=engine,
        paths=SimpleNamespace(root=root),
        release=SimpleNamespace(project="fks"),
        env=dict,
        command_line=lambda *words: list(words),
    )
    return Job(cast(Compose, compose), SET)


def test_a_full_disk_ends_it_before_the_database_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "var/lib/docker").mkdir(parents=True)
    monkeypatch.setattr(jobs, "_POLL_SECONDS", 0.01)
    monkeypatch.setattr(jobs, "free", lambda _: LEFT - 1)
    with pytest.raises(DeployError, match=r"the restore was ended: .* has 511 MiB free"):
        job(Engine(fails=False), tmp_path).restore(source_of(tmp_path, {}), "trading_restoring")


def test_an_error_is_that_of_pg_restore(tmp_path: Path) -> None:
    engine = Engine(fails=True)
    with pytest.raises(DeployError) as caught:
        job(engine, tmp_path).restore(source_of(tmp_path, {}), "trading_restoring")
    assert str(caught.value) == ERRORS[1]
    (command,) = engine.commands
    assert command[-4:] == ["db-restore", "into", "trading_restoring", "a.dump"]
    assert command[command.index("--name") + 1] == "fks-db-restore"
    assert engine.directory == str(tmp_path)


def test_a_dump_of_another_server_is_restored_without_its_roles(tmp_path: Path) -> None:
    engine = Engine(fails=True)
    source = source_of(tmp_path, {"foreign": True})
    with pytest.raises(DeployError):
        job(engine, tmp_path).restore(source, "trading_restoring")
    assert engine.commands[0][-3:] == ["foreign", "trading_restoring", "a.dump"]
