import shutil

import pytest

from host.fks_deploy.backup import copies
from host.fks_deploy.backup.data_set import SETS
from host.fks_deploy.errors import DeployError
from tests.host.backup.stand_in import StandIn, run_on


def test_only_volumes_that_exist_are_copied(shell: StandIn) -> None:
    compose = run_on(shell).compose
    data, letsencrypt = shell.root / "volumes/fks_api-data", shell.root / "etc/letsencrypt"
    assert list(copies.directories(compose, SETS["api"])) == [data]
    letsencrypt.mkdir()
    assert list(copies.directories(compose, SETS["api"])) == [data, letsencrypt]


def test_the_queue_is_rewritten_before_it_is_copied(shell: StandIn) -> None:
    copies.copy_queue(run_on(shell).compose, SETS["api"], shell.root)
    assert (shell.root / "queue/a.aof").read_text() == "tasks"
    asked = [line[-1] for line in shell.lines if "redis-cli" in line]
    assert asked == ["BGREWRITEAOF", "persistence"]


def test_a_queue_without_its_file_is_an_error(shell: StandIn) -> None:
    shutil.rmtree(shell.root / "volumes/fks_api-queue-data/appendonlydir")
    with pytest.raises(DeployError, match="api-queue has no append-only file in its volume"):
        copies.copy_queue(run_on(shell).compose, SETS["api"], shell.root)


def test_a_data_set_without_a_queue_has_nothing_to_copy(shell: StandIn) -> None:
    copies.copy_queue(run_on(shell).compose, SETS["auth"], shell.root)
    assert shell.lines == []
