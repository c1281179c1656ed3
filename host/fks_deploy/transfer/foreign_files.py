"""Files of a server that has no fks: they lie beside a volume's own until a restore has them."""

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

from ..compose import Compose
from ..errors import DeployError, InputError
from ..restore.files import ARRIVED
from . import dumps, trailer
from .data_set import DataSet
from .files import TAR, volume

_DATA, _ARRIVING = "_data", "_arriving"
_MIB = 1 << 20
# What stays free
_LEFT = 512 * _MIB


def receive(compose: Compose, data: DataSet, name: str, size: int) -> None:
    """Read a tar of one directory from standard input, with its checksum at the end; the files get
    the owner of the volume. Error: DeployError, with nothing kept; InputError for a name that is no
    volume of the set."""
    if name not in data.volumes:
        raise InputError(f"{name!r} is no volume of {data.name}: it has {list(data.volumes)}")
    place = volume(compose, name)
    arriving = place / _ARRIVING
    _clear(arriving, place / ARRIVED)
    free = shutil.disk_usage(place).free
    if free < size + _LEFT:
        raise DeployError(f"{free // _MIB} MiB are free in {place}, and {size // _MIB} MiB arrive")
    arriving.mkdir(mode=0o700)
    try:
        _extract(arriving, name)
        _give(arriving, (place / _DATA).stat())
        arriving.rename(place / ARRIVED)
    finally:
        _clear(arriving)


def _extract(place: Path, name: str) -> None:
    line = [*TAR, "--extract", "--file=-", "--strip-components=1", f"--directory={place}"]
    with TemporaryFile("w+", errors="replace") as errors:
        with subprocess.Popen(line, stdin=subprocess.PIPE, stderr=errors) as tar:
            assert tar.stdin
            with suppress(BrokenPipeError):
                # Its exit code says that it ended early.
                trailer.copy(sys.stdin.buffer, tar.stdin.write, f"the files of {name}")
                tar.stdin.close()
        if tar.returncode:
            errors.seek(0)
            reason = errors.read().strip().splitlines() or [f"exit code {tar.returncode}"]
            raise DeployError(f"the files of {name} were not copied: {reason[-1]}")


def _give(place: Path, owner: os.stat_result) -> None:
    """The containers here run as other users than those there."""
    for one in (place, *place.rglob("*")):
        os.chown(one, owner.st_uid, owner.st_gid, follow_symlinks=False)
    place.chmod(owner.st_mode & 0o7777)


def discard(compose: Compose, data: DataSet) -> None:
    """Delete what arrived and is in no restore, and the dumps."""
    for name in data.volumes:
        place = volume(compose, name)
        _clear(place / ARRIVED, place / _ARRIVING)
    dumps.forget_foreign(compose.paths, data)


def _clear(*places: Path) -> None:
    for place in places:
        if place.exists():
            shutil.rmtree(place)
