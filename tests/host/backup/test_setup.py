import pytest

from host.fks_deploy.backup import settings, setup
from host.fks_deploy.backup.failures import RepositoryError
from host.fks_deploy.paths import Paths
from host.fks_deploy.shell import Result
from tests.host.backup.stand_in import REQUEST, StandIn

MISSING = Result(10, "", "")


def test_a_repository_is_made_and_tried_once(shell: StandIn) -> None:
    paths = Paths(shell.root)
    shell.answers["cat"] = MISSING
    assert "made; writing, reading and deleting work" in setup.ensure_all(paths, shell)
    assert shell.commands == ["cat", "init", "backup", "dump", "forget"]
    assert setup.ensure_all(paths, shell) == "checked before"
    assert len(shell.commands) == 5


def test_other_settings_are_tried_again(shell: StandIn) -> None:
    paths = Paths(shell.root)
    setup.ensure_all(paths, shell)
    settings.write(paths, {**REQUEST, "repository": str(shell.root / "other")})
    assert "found; writing" in setup.ensure_all(paths, shell)


def test_a_key_that_may_not_delete_is_found(shell: StandIn) -> None:
    shell.answers["forget"] = Result(1, "", "AccessDenied: Access Denied.")
    with pytest.raises(RepositoryError, match="it must read, write and delete"):
        setup.ensure_all(Paths(shell.root), shell)
    assert not (Paths(shell.root).certificates / "api/checked").exists()


def test_a_repository_that_has_gone_is_not_made_again(shell: StandIn) -> None:
    """Its disk may be unmounted."""
    setup.ensure_all(Paths(shell.root), shell)
    shell.answers["cat"] = MISSING
    setup.ensure_all(Paths(shell.root), shell)
    assert "init" not in shell.commands


def test_a_server_without_data_needs_none(shell: StandIn) -> None:
    settings.write(Paths(shell.root), {})
    assert setup.ensure_all(Paths(shell.root), shell) == "no data here"
