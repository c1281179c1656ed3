from pathlib import Path

import pytest

from host.fks_deploy.errors import LockHeldError
from host.fks_deploy.lock import deploy_lock


def test_the_second_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "lib/deploy.lock"
    first = deploy_lock(path, "a" * 64, "alice", 0)
    second = deploy_lock(path, "b" * 64, "bob", 0.3)
    with first, pytest.raises(LockHeldError, match=r"release a{12}, started by alice at 2"), second:
        pytest.fail("two held the lock")


def test_the_lock_is_free_afterwards_also_after_an_error(tmp_path: Path) -> None:
    path = tmp_path / "deploy.lock"
    with pytest.raises(RuntimeError), deploy_lock(path, "a" * 64, "alice", 0):
        raise RuntimeError
    with deploy_lock(path, "b" * 64, "bob", 0):
        assert '"who": "bob"' in path.read_text()
    assert path.read_text() == ""


def test_an_earlier_longer_holder_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "deploy.lock"
    path.write_text("x" * 1000)
    with deploy_lock(path, "b" * 64, "bob", 0):
        assert path.read_text().endswith("}")
