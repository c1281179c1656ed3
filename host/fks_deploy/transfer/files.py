"""The files of a data set: its volumes as one stream of tar."""

import shutil
import subprocess
from pathlib import Path

from ..compose import Compose
from ..errors import DeployError
from .data_set import DataSet

# Owners by their numbers: the containers of both servers have the same.
_TAR = ("tar", "--numeric-owner", "--sparse", "--xattrs")
_TIMEOUT = 4 * 3600.0


def send(compose: Compose, data: DataSet) -> None:
    """Write the volumes to standard output. Error: DeployError."""
    names = [_name(compose, one) for one in data.volumes]
    _run([*_TAR, "--create", "--file=-", f"--directory={_volumes(compose)}", *names])


def receive(compose: Compose, data: DataSet) -> None:
    """Replace the content of the volumes by the stream of standard input. Error: DeployError."""
    for one in data.volumes:
        for entry in (_volumes(compose) / _name(compose, one)).iterdir():
            _remove(entry)
    _run([*_TAR, "--extract", "--file=-", f"--directory={_volumes(compose)}"])


def size(compose: Compose, data: DataSet) -> int:
    """The bytes of all files in the volumes."""
    places = [_volumes(compose) / _name(compose, one) for one in data.volumes]
    files = (file for place in places for file in place.rglob("*"))
    return sum(file.stat().st_size for file in files if file.is_file() and not file.is_symlink())


def _volumes(compose: Compose) -> Path:
    return compose.paths.root / "var/lib/docker/volumes"


def _name(compose: Compose, volume: str) -> str:
    return f"{compose.release.project}_{volume}/_data"


def _remove(entry: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry)
    else:
        entry.unlink()


def _run(line: list[str]) -> None:
    """Standard input and output are those of this program."""
    done = subprocess.run(line, stderr=subprocess.PIPE, text=True, timeout=_TIMEOUT, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise DeployError(f"the files were not copied: {reason}")
