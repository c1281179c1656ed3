"""The files of a data set: its volumes as one stream of tar."""

import shutil
import subprocess
from pathlib import Path

from ..compose import Compose
from ..errors import DeployError
from .data_set import DataSet

# Owners by their numbers: the containers of both servers have the same.
TAR = ("tar", "--numeric-owner", "--sparse", "--xattrs")
_TIMEOUT = 4 * 3600.0
_DATA = "_data"


def send(compose: Compose, data: DataSet) -> None:
    """Write the volumes to standard output. Error: DeployError."""
    names = [f"{volume(compose, one).name}/{_DATA}" for one in data.volumes]
    _run([*TAR, "--create", "--file=-", f"--directory={_volumes(compose)}", *names])


def receive(compose: Compose, data: DataSet) -> None:
    """Replace the content of the volumes by the stream of standard input. Error: DeployError."""
    for one in data.volumes:
        for entry in (volume(compose, one) / _DATA).iterdir():
            _remove(entry)
    _run([*TAR, "--extract", "--file=-", f"--directory={_volumes(compose)}"])


def size(compose: Compose, data: DataSet) -> int:
    """The bytes of all files in the volumes."""
    places = [volume(compose, one) / _DATA for one in data.volumes]
    files = (file for place in places for file in place.rglob("*"))
    return sum(file.stat().st_size for file in files if file.is_file() and not file.is_symlink())


def _volumes(compose: Compose) -> Path:
    return compose.paths.root / "var/lib/docker/volumes"


def volume(compose: Compose, name: str) -> Path:
    """The directory that Docker keeps for a volume; its files are in `_data`."""
    return _volumes(compose) / f"{compose.release.project}_{name}"


def _run(line: list[str]) -> None:
    """Standard input and output are those of this program."""
    done = subprocess.run(line, stderr=subprocess.PIPE, text=True, timeout=_TIMEOUT, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise DeployError(f"the files were not copied: {reason}")


def _remove(entry: Path) -> None:
    """A file, a link, or a directory with all in it."""
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry)
    else:
        entry.unlink()
