"""Disk space for a rollback, reserved before a deploy changes anything.

A rollback writes files, containers, log and journal. If a file system fills up during the deploy,
the reserved space is what the rollback has.
"""

import errno
import os
import tempfile
from pathlib import Path
from typing import IO

from .errors import DeployError
from .paths import Paths

_MIB = 1 << 20
SPARE = 8 * _MIB
_FREE_SPACE = "delete files, or choose a larger plan (fks:plan)"
_MOUNT = "see `dmesg`, repair the file system and mount it writable"
_REMEDIES = {
    errno.ENOSPC: _FREE_SPACE,
    errno.EDQUOT: _FREE_SPACE,
    errno.EROFS: _MOUNT,
    errno.EIO: _MOUNT,
}


class Reserve:
    """Space in files without a name, which the kernel frees when the deploy ends in any way."""

    def __init__(self) -> None:
        self._files: list[IO[bytes]] = []

    def take(self, paths: Paths, release_size: int) -> str:
        """Reserve SPARE bytes in each directory that a deploy or a rollback writes to, and check
        that a release of `release_size` bytes can be unpacked beside them. Returns a note. Error:
        DeployError with directory, free space and remedy."""
        for directory in paths.written:
            more = release_size if directory == paths.releases else 0
            self._take(directory, SPARE, SPARE + more)
        return f"{len(self._files) * SPARE // _MIB} MiB reserved for a rollback"

    def release(self) -> None:
        """Free the reserved space."""
        while self._files:
            self._files.pop().close()

    def _take(self, directory: Path, size: int, needed: int) -> None:
        try:
            directory.mkdir(parents=True, exist_ok=True)
            file = tempfile.TemporaryFile(dir=directory)  # noqa: SIM115 - closed by `release`
            self._files.append(file)
            os.posix_fallocate(file.fileno(), 0, needed)
            os.ftruncate(file.fileno(), size)
        except OSError as error:
            raise DeployError(_message(directory, error, needed)) from error


def require(directory: Path, needed: int, then: str = "deploy") -> None:
    """Error: DeployError when fewer than `needed` bytes are free beside the reserved space; its
    remedy ends with `then` again."""
    found = os.statvfs(directory)
    if found.f_bavail * found.f_frsize < needed:
        error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        raise DeployError(_message(directory, error, needed, then))


def explained(error: OSError) -> Exception:
    """The error with its remedy, when it is one of the file system; otherwise the error itself."""
    if error.errno not in _REMEDIES or error.filename is None:
        return error
    return DeployError(_message(Path(error.filename), error))


def _message(path: Path, error: OSError, needed: int = 0, then: str = "deploy") -> str:
    """Path, reason, free space, `needed` bytes unless 0, and remedy."""
    parts = [f"{_free(path)} MiB free"]
    parts += [f"{-(-needed // _MIB)} MiB needed"] if needed else []
    remedy = _REMEDIES.get(error.errno or 0, "repair it")
    return f"{path}: {error.strerror}, {', '.join(parts)}: {remedy}, then {then} again"


def _free(path: Path) -> int:
    """MiB that are free in the file system of the nearest existing directory."""
    directory = next(one for one in (path, *path.parents) if one.is_dir())
    found = os.statvfs(directory)
    return found.f_bavail * found.f_frsize // _MIB
