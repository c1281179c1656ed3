from pathlib import Path

import pytest

from host.fks_deploy.backup import settings
from host.fks_deploy.errors import DeployError
from host.fks_deploy.paths import Paths

SFTP = {
    "stack": "dev",
    "password": "p",
    "repository": "sftp:u@host.example:/a",
    "host_key": "ssh-ed25519 AAAA",
    "ssh_key": "-----BEGIN\nx\n-----END",
}
S3 = {
    "stack": "dev",
    "password": "p",
    "repository": "s3:https://h/b",
    "s3_key_id": "id",
    "s3_key": "key",
}


def test_only_root_can_read_the_files(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    changed = settings.write(paths, SFTP)
    assert changed == [
        f"backup/{one}" for one in ("settings.json", "password", "ssh-key", "known-hosts")
    ]
    assert paths.backup.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in paths.backup.iterdir()} == {0o600}
    assert (paths.backup / "ssh-key").read_text() == SFTP["ssh_key"] + "\n"
    assert settings.write(paths, SFTP) == []


@pytest.mark.parametrize(
    ("repository", "host"),
    [
        ("sftp:u@host.example:/a", "host.example"),
        ("sftp://u@host.example:2222//a", "[host.example]:2222"),
        ("sftp://u@host.example:22//a", "host.example"),
    ],
)
def test_the_hosts_key_is_pinned(tmp_path: Path, repository: str, host: str) -> None:
    settings.write(Paths(tmp_path), {**SFTP, "repository": repository})
    known = (Paths(tmp_path).backup / "known-hosts").read_text()
    assert known == f"{host} ssh-ed25519 AAAA\n"


def test_another_repository_leaves_no_key_of_the_first(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    settings.write(paths, SFTP)
    before = settings.load(paths).digest
    settings.write(paths, S3)
    found = settings.load(paths)
    assert (found.kind, found.digest == before) == ("s3", False)
    assert sorted(file.name for file in paths.backup.iterdir()) == [
        "password",
        "s3",
        "settings.json",
    ]
    assert "aws_secret_access_key = key\n" in found.s3.read_text()


def test_the_repository_is_on_the_disk_by_default(tmp_path: Path) -> None:
    settings.write(Paths(tmp_path), {"stack": "dev", "password": "p"})
    found = settings.load(Paths(tmp_path))
    assert (found.kind, found.repository) == ("path", "/var/backups/fks/repository")


def test_a_server_without_data_keeps_nothing(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    settings.write(paths, S3)
    assert settings.write(paths, {}) == []
    assert not paths.backup.exists()
    with pytest.raises(DeployError, match=r"no backup was made\. Next, on the operator's machine"):
        settings.load(paths)
