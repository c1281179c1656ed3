"""The SSH keys of the user deploy, in files below a root."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from host.fks_deploy import atomic_file, deploy_keys
from host.fks_deploy.errors import DeployError
from host.fks_deploy.paths import Paths

BLOB = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI"
PASSWD = "root:x:0:0:root:/root:/bin/bash\ndeploy:x:47022:47022:x:/home/deploy:/bin/bash\n"
OLD, NEW, OTHER = (f"{BLOB}{letter * 43} {name}" for letter, name in ("Ao", "Bn", "Cx"))


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    found = Paths(tmp_path)
    found.journal.parent.mkdir(parents=True)
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/passwd").write_text(PASSWD)
    ssh = tmp_path / "home/deploy/.ssh"
    ssh.mkdir(parents=True)
    (ssh / "authorized_keys").write_text(f"# cloud-init\n{OLD}")
    (ssh / "authorized_keys").chmod(0o600)
    return found


def file(paths: Paths, name: str = "authorized_keys") -> Path:
    return paths.root / "home/deploy/.ssh" / name


def lines(paths: Paths) -> tuple[list[str], list[str]]:
    found = deploy_keys.read(paths)
    return list(found.keys.values()), list(found.removed.values())


def texts(paths: Paths) -> list[str]:
    return [json.loads(line)["text"].split()[0] for line in paths.journal.read_text().splitlines()]


def test_a_key_is_added_once_behind_the_old_one(paths: Paths) -> None:
    deploy_keys.add(paths, NEW, "ann")
    deploy_keys.add(paths, NEW, "ann")
    assert file(paths).read_text() == f"# cloud-init\n{OLD}\n{NEW}\n"
    assert stat.S_IMODE(file(paths).stat().st_mode) == 0o600
    assert lines(paths) == ([OLD, NEW], [])
    assert texts(paths) == ["added"]


def test_a_missing_file_is_created_for_this_user_only(paths: Paths) -> None:
    file(paths).unlink()
    deploy_keys.add(paths, NEW, "ann")
    assert stat.S_IMODE(file(paths).stat().st_mode) == 0o600
    assert lines(paths)[0] == [NEW]


@pytest.mark.parametrize("key", ["", "hello", "ssh-ed25519 ???"])
def test_what_is_no_key_changes_nothing(paths: Paths, key: str) -> None:
    before = file(paths).read_text()
    for change in (deploy_keys.add, deploy_keys.keep_only):
        with pytest.raises(DeployError, match="is no SSH key"):
            change(paths, key, "ann")
    assert file(paths).read_text() == before


def test_root_loses_the_key_that_linode_has_given_it(paths: Paths) -> None:
    own = paths.root / "root/.ssh/authorized_keys"
    own.parent.mkdir(parents=True)
    own.write_text(f"{OLD}\n{OTHER}\n")
    deploy_keys.add(paths, NEW, "ann")
    deploy_keys.keep_only(paths, NEW, "ann")
    assert own.read_text() == f"{OTHER}\n"


def test_only_the_newest_stays_and_the_others_are_on_record(paths: Paths) -> None:
    file(paths, "authorized_keys2").write_text(f"{OTHER}\n")
    deploy_keys.add(paths, NEW, "ann")
    deploy_keys.keep_only(paths, NEW, "ann")
    assert file(paths).read_text() == f"# cloud-init\n{NEW}\n"
    assert lines(paths) == ([NEW], [OTHER, OLD])
    deploy_keys.keep_only(paths, NEW, "ann")
    assert lines(paths)[1] == [OTHER, OLD]
    deploy_keys.forget_removed(paths, "ann")
    deploy_keys.forget_removed(paths, "ann")
    assert lines(paths) == ([NEW], [])
    assert texts(paths) == ["added", "removed", "refused:"]


@pytest.mark.parametrize("key", [OLD, OTHER])
def test_a_key_that_is_not_the_newest_removes_nothing(paths: Paths, key: str) -> None:
    deploy_keys.add(paths, NEW, "ann")
    with pytest.raises(DeployError, match="no key was removed: another fks rotate deploy-key"):
        deploy_keys.keep_only(paths, key, "ann")
    assert lines(paths) == ([OLD, NEW], [])


def test_an_error_at_the_removal_keeps_the_record(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy_keys.add(paths, NEW, "ann")
    write = atomic_file.write

    def full(path: Path, *arguments: Any) -> None:
        if path.name == "authorized_keys":
            raise OSError("no space left")
        write(path, *arguments)

    monkeypatch.setattr(atomic_file, "write", full)
    with pytest.raises(OSError, match="no space left"):
        deploy_keys.keep_only(paths, NEW, "ann")
    assert lines(paths) == ([OLD, NEW], [OLD])
