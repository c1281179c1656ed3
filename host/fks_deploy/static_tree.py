"""Checks the files of a static build and sets their modes and times."""

import os
import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from .errors import DeployError

_INDEX = "index.html"
# The one hidden directory that is meant for clients: https://www.rfc-editor.org/rfc/rfc8615
_WELL_KNOWN = ".well-known"


def prepare(directory: Path, origin: str) -> list[Path]:
    """Remove hidden files, check the rest, set modes and times; returns the regular files. Error:
    DeployError for anything that must not be served; `origin` is where the files are from."""
    _remove_hidden(directory)
    entries = sorted(_entries(directory))
    for path in entries:
        _check(path, directory, origin)
    index = directory / _INDEX
    if not index.is_file() or not index.stat().st_size:
        raise DeployError(f"{origin} has no {_INDEX}, or an empty one: it is not a front end")
    files = [path for path in entries if path.is_file() and not path.is_symlink()]
    _normalise(directory, entries)
    return files


def _remove_hidden(directory: Path) -> None:
    for path in list(_entries(directory)):
        if path.name.startswith(".") and path != directory / _WELL_KNOWN:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def _entries(directory: Path) -> Iterator[Path]:
    """Everything below a directory; symbolic links are not followed."""
    for parent, directories, files in os.walk(directory):
        yield from (Path(parent, name) for name in (*directories, *files))


def _check(path: Path, directory: Path, origin: str) -> None:
    mode = path.lstat().st_mode
    name = path.relative_to(directory)
    if stat.S_ISLNK(mode):
        target = Path(os.path.realpath(path))
        if not target.exists() or not target.is_relative_to(os.path.realpath(directory)):
            raise DeployError(f"{origin}: the symbolic link {name} leaves it or has no target")
    elif not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise DeployError(f"{origin}: {name} is neither a file nor a directory nor a link")


def _normalise(directory: Path, entries: list[Path]) -> None:
    # nginx makes ETags from time and size. In images that are built reproducibly all files have the
    # same time, and an index.html of the same size would count as unchanged.
    now = time.time()
    for path in (directory, *entries):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
            os.utime(path, (now, now))
