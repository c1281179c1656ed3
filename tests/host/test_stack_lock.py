"""The lock of the stack, with bin/deploy and the stand-in docker."""

import json
from pathlib import Path

import pytest

from host.fks_deploy import stack_lock
from host.fks_deploy.errors import StackLockedError
from host.fks_deploy.paths import Paths
from tests.host.server import Server


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    found = Paths(tmp_path)
    found.stack_lock.parent.mkdir(parents=True)
    return found


def journal(paths: Paths) -> list[tuple[str, str, str]]:
    entries = map(json.loads, paths.journal.read_text().splitlines())
    return [(one["kind"], one["who"], one["text"]) for one in entries]


def test_without_a_lock_nothing_is_found(paths: Paths) -> None:
    stack_lock.check(paths)
    assert (stack_lock.read(paths), stack_lock.remove(paths, "ann")) == (None, None)
    assert not paths.journal.exists()


def test_the_first_lock_stays_and_names_who_when_and_why(paths: Paths) -> None:
    assert stack_lock.create(paths, "ann", "migration of the database") is None
    present = stack_lock.create(paths, "bob", "other")
    assert present is not None
    assert (present.who, present.reason) == ("ann", "migration of the database")
    with pytest.raises(StackLockedError) as raised:
        stack_lock.check(paths)
    assert str(raised.value) == (
        f"the stack is locked by ann since {present.since}: migration of the database. Nothing "
        f"was changed. fks unlock ends it."
    )


def test_it_is_removed_by_anybody_and_the_journal_has_both(paths: Paths) -> None:
    stack_lock.create(paths, "ann", "migration")
    removed = stack_lock.remove(paths, "bob")
    stack_lock.check(paths)
    lines = [("lock", "ann", "migration"), ("unlock", "bob", f"removed: {removed}")]
    assert journal(paths) == lines


def test_a_damaged_file_locks_as_well(paths: Paths) -> None:
    paths.stack_lock.write_text("{")
    with pytest.raises(StackLockedError, match=r"stack-lock\.json cannot be read"):
        stack_lock.check(paths)


def test_a_deploy_of_a_locked_stack_changes_nothing_and_says_who(deployed: Server) -> None:
    stack_lock.create(deployed.paths, "ann", "migration")
    calls, digest = deployed.calls(), deployed.upload(TASKS="5")
    done = deployed.deploy(digest)
    assert done.returncode == 75
    assert done.stderr.startswith("deploy: the stack is locked by ann since 20")
    assert deployed.calls() == calls
    stack_lock.remove(deployed.paths, "ann")
    assert deployed.deploy(digest).returncode == 0
