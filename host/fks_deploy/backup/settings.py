"""The settings of the repository on this server, in files that only root can read."""

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .. import atomic_file
from ..errors import DeployError
from ..paths import Paths

DEFAULT = "/var/backups/fks/repository"
# restic's forms are sftp:USER@HOST:PATH and sftp://USER@HOST:PORT/PATH.
_SFTP = re.compile(r"sftp:(?://)?(?:[^@/]+@)?(\[[^\]]+\]|[^:/]+)(?::(\d+)(?=/))?")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`repository` as in fks:backup; below it each data set has a repository of its own, so that
    two servers never wait for each other's locks. `directory` has the files."""

    directory: Path
    stack: str
    repository: str

    @property
    def kind(self) -> str:
        """path, sftp or s3."""
        scheme, colon, _ = self.repository.partition(":")
        return scheme if colon else "path"

    @property
    def password(self) -> Path:
        return self.directory / "password"

    @property
    def ssh_key(self) -> Path:
        return self.directory / "ssh-key"

    @property
    def known_hosts(self) -> Path:
        return self.directory / "known-hosts"

    @property
    def s3(self) -> Path:
        """The key, as https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html says."""
        return self.directory / "s3"

    @property
    def digest(self) -> str:
        """Another one after each change of a file."""
        files = sorted(self.directory.iterdir())
        return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def load(paths: Paths) -> Settings:
    """Error: DeployError before the first deploy that brings them."""
    try:
        document = json.loads((paths.backup / "settings.json").read_text())
        return Settings(directory=paths.backup, **document)
    except (FileNotFoundError, ValueError, TypeError) as error:
        raise DeployError(
            f"{paths.backup} has no settings of a repository ({error}); no backup was made. Next, "
            f"on the operator's machine: pulumi up"
        ) from error


def write(paths: Paths, backup: Mapping[str, str]) -> list[str]:
    """Write the part `backup` of a deploy request; returns the names of changed files. An empty
    one removes all: a server without a data set has no password."""
    if not backup:
        shutil.rmtree(paths.backup, ignore_errors=True)
        return []
    paths.backup.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths.backup.chmod(0o700)
    changed = [name for name, text in _files(backup).items() if _write(paths.backup / name, text)]
    return [f"backup/{name}" for name in changed]


def _files(backup: Mapping[str, str]) -> dict[str, str]:
    """Name to content; empty for one that is not needed."""
    shown = {"stack": backup["stack"], "repository": backup.get("repository") or DEFAULT}
    key_id, secret = backup.get("s3_key_id", ""), backup.get("s3_key", "")
    s3 = f"[default]\naws_access_key_id = {key_id}\naws_secret_access_key = {secret}\n"
    key = backup.get("ssh_key", "").strip()
    return {
        "settings.json": json.dumps(shown),
        "password": backup["password"],
        "ssh-key": f"{key}\n" if key else "",
        "known-hosts": _known_host(shown["repository"], backup.get("host_key", "")),
        "s3": s3 if secret else "",
    }


def _known_host(repository: str, key: str) -> str:
    found = _SFTP.match(repository)
    if not found or not key:
        return ""
    host, port = found[1].strip("[]"), found[2]
    return f"{f'[{host}]:{port}' if port and port != '22' else host} {key}\n"


def _write(file: Path, text: str) -> bool:
    present = file.read_text() if file.exists() else ""
    if present == text:
        return False
    if text:
        atomic_file.write(file, text.encode(), 0o600)
    else:
        file.unlink()
    return True
