from pathlib import Path

import pytest

from host.fks_deploy.backup import repository
from host.fks_deploy.backup.run import back_up
from host.fks_deploy.errors import DeployError
from host.fks_deploy.paths import Paths
from host.fks_deploy.shell import Result
from tests.host.backup.stand_in import DUMP, SNAPSHOT, StandIn, run_on


def test_a_dump_comes_back_from_a_snapshot(shell: StandIn, tmp_path: Path) -> None:
    back_up(run_on(shell))
    target = tmp_path / "fetched"
    dump = repository.fetch(Paths(shell.root), shell, "api", SNAPSHOT, target)
    assert dump == target / DUMP
    assert dump.with_suffix(".tables").exists()
    assert target.stat().st_mode & 0o777 == 0o700


def test_a_fetch_needs_space(shell: StandIn, tmp_path: Path) -> None:
    shell.answers["ls"] = Result(0, '{"type": "file", "size": 1000000000000000}', "")
    with pytest.raises(DeployError, match=r"MiB needed: .* then run it again"):
        repository.fetch(Paths(shell.root), shell, "api", "latest", tmp_path / "fetched")


def test_a_snapshot_without_a_dump_is_an_error(shell: StandIn, tmp_path: Path) -> None:
    with pytest.raises(DeployError, match="has 0 dumps; a snapshot has one"):
        repository.fetch(Paths(shell.root), shell, "api", "latest", tmp_path / "fetched")


def test_snapshots_are_in_the_order_of_their_times(shell: StandIn) -> None:
    opened = repository.opened(Paths(shell.root), shell, "api")
    with pytest.raises(DeployError, match="has no snapshot"):
        opened.snapshot()
    for short, time in (("bb", "2026-01-02T00:00:00Z"), ("aa", "2026-01-01T00:00:00Z")):
        shell.snapshots.append({"short_id": short, "time": time, "hostname": "api"})
    assert [one.id for one in opened.snapshots()] == ["aa", "bb"]
    assert (opened.snapshot().id, opened.snapshot("aa").id) == ("bb", "aa")


def test_a_snapshot_from_the_future_is_not_the_newest(shell: StandIn) -> None:
    opened = repository.opened(Paths(shell.root), shell, "api")
    shell.snapshots.append({"short_id": "cc", "time": "2999-01-01T00:00:00Z", "hostname": "api"})
    assert opened.snapshot().id == "cc"
    shell.snapshots.append({"short_id": "aa", "time": "2026-01-01T00:00:00Z", "hostname": "api"})
    assert (opened.snapshot().id, opened.snapshot("cc").id) == ("aa", "cc")


def test_no_secret_is_on_a_command_line_or_in_the_environment(shell: StandIn) -> None:
    back_up(run_on(shell))
    assert "canary-password" not in str(shell.lines) + str(shell.environments)
    assert all(one["RESTIC_PASSWORD_FILE"].endswith("password") for one in shell.environments)


def test_each_data_set_has_a_repository_of_its_own(shell: StandIn) -> None:
    opened = repository.opened(Paths(shell.root), shell, "auth")
    assert opened.restic.location == f"{shell.root}/repository/auth"
