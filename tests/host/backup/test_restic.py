import shutil
from types import SimpleNamespace

import pytest

from host.fks_deploy.backup import repository, settings
from host.fks_deploy.backup.failures import RepositoryError
from host.fks_deploy.backup.restic import messages
from host.fks_deploy.paths import Paths
from host.fks_deploy.shell import CommandFailedError
from tests.host.backup.stand_in import REQUEST, StandIn

SFTP = {**REQUEST, "repository": "sftp:u@host.example:/a", "host_key": "ssh-ed25519 AAAA"}


def test_ssh_asks_nothing_and_trusts_only_the_pinned_key(shell: StandIn) -> None:
    settings.write(Paths(shell.root), {**SFTP, "ssh_key": "key"})
    repository.opened(Paths(shell.root), shell, "api").snapshots()
    (line,) = shell.lines
    (options,) = [word for word in line if word.startswith("sftp.args=")]
    for part in ("BatchMode=yes", "StrictHostKeyChecking=yes", "IdentitiesOnly=yes"):
        assert part in options
    assert f"UserKnownHostsFile={shell.root}/etc/fks/backup/known-hosts" in options


@pytest.mark.parametrize("place", ["/mnt/a", "s3:https://host.example/bucket"])
def test_without_ssh_there_are_no_options_of_it(shell: StandIn, place: str) -> None:
    settings.write(Paths(shell.root), {**REQUEST, "repository": place})
    repository.opened(Paths(shell.root), shell, "api").snapshots()
    assert "sftp" not in str(shell.lines)
    assert shell.environments[0]["RESTIC_REPOSITORY"] == f"{place}/api"


def test_a_repository_that_is_silent_is_said(
    shell: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def attempt(*_: object, timeout: float, **__: object) -> None:
        raise CommandFailedError(f"restic snapshots ran longer than {timeout:.0f} s")

    monkeypatch.setattr(StandIn, "attempt", attempt)
    with pytest.raises(
        RepositoryError, match=r"60 s in .*: it does not answer, or refuses"
    ) as found:
        repository.opened(Paths(shell.root), shell, "api", 60.0).snapshots()
    assert not found.value.damage


@pytest.mark.parametrize(("free", "option"), [(1 << 40, False), (255 << 20, True)])
def test_a_full_disk_leaves_out_the_cache(
    shell: StandIn, monkeypatch: pytest.MonkeyPatch, free: int, *, option: bool
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    repository.opened(Paths(shell.root), shell, "api").snapshots()
    assert ("--no-cache" in shell.lines[0]) == option


def test_a_disk_that_became_full_is_no_silent_repository(
    shell: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def attempt(*_: object, timeout: float, **__: object) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
        raise CommandFailedError(f"restic snapshots ran longer than {timeout:.0f} s")

    monkeypatch.setattr(StandIn, "attempt", attempt)
    with pytest.raises(RepositoryError, match=r"this server's disk has no space for .*restic: del"):
        repository.opened(Paths(shell.root), shell, "api").snapshots()


def test_lines_that_are_no_object_are_left_out() -> None:
    assert list(messages('{"a": 1}\nwarning\n[1]\n{"b": 2}\n')) == [{"a": 1}, {"b": 2}]
