"""Files of a server that has no fks: they lie beside a volume's own until the exchange.

In the directory of the volume, which Docker's driver leaves alone: `_data` are the files in
service, `_foreign` those that arrived, `_before` those that an exchange has replaced. Each step may
be repeated after SIGKILL.
"""

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

from ..compose import Compose
from ..errors import DeployError, InputError
from . import dumps, trailer
from .data_set import DataSet
from .files import TAR, remove, volume

_DATA, _FOREIGN, _BEFORE = "_data", "_foreign", "_before"
_ARRIVING, _LEAVING, _MOVING = "_arriving", ".leaving", ".moving"
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
    _clear(arriving, place / _FOREIGN)
    free = shutil.disk_usage(place).free
    if free < size + _LEFT:
        raise DeployError(f"{free // _MIB} MiB are free in {place}, and {size // _MIB} MiB arrive")
    arriving.mkdir(mode=0o700)
    try:
        _extract(arriving, name)
        _give(arriving, (place / _DATA).stat())
        arriving.rename(place / _FOREIGN)
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


def exchange(compose: Compose, data: DataSet) -> None:
    """The files that arrived are in service; those of before are kept."""
    for name in data.volumes:
        _swap(volume(compose, name), _FOREIGN, _BEFORE)


def undo(compose: Compose, data: DataSet) -> None:
    """Those of before are in service again; the others are kept."""
    for name in data.volumes:
        _swap(volume(compose, name), _BEFORE, _FOREIGN)


def finish(compose: Compose, data: DataSet) -> None:
    """Delete those that are not in service, and the dumps that came with them."""
    for name in data.volumes:
        place = volume(compose, name)
        _clear(place / _FOREIGN, place / _BEFORE, place / _ARRIVING)
    dumps.forget_foreign(compose.paths, data)


def _swap(place: Path, new: str, old: str) -> None:
    """What was interrupted on the way there or back is completed first."""
    if _is_half_way(place, old, new):
        _go_on(place, old, new)
    _go_on(place, new, old)


def _is_half_way(place: Path, new: str, old: str) -> bool:
    return (place / f"{old}{_LEAVING}").exists() or (place / f"{new}{_MOVING}").exists()


def _go_on(place: Path, new: str, old: str) -> None:
    """Entry by entry: the containers of the volume have its directory mounted."""
    own, leaving, moving = place / _DATA, place / f"{old}{_LEAVING}", place / f"{new}{_MOVING}"
    if (place / new).exists():
        leaving.mkdir(exist_ok=True, mode=0o700)
        _move(own, leaving)
        (place / new).rename(moving)
    if leaving.exists():
        leaving.rename(place / old)
    if moving.exists():
        _move(moving, own)
        moving.rmdir()


def _move(source: Path, target: Path) -> None:
    for entry in sorted(source.iterdir()):
        there = target / entry.name
        if there.exists() or there.is_symlink():
            # A container made it anew between two attempts.
            remove(entry if source.name == _DATA else there)
        if entry.exists() or entry.is_symlink():
            entry.rename(there)


def _clear(*places: Path) -> None:
    for place in places:
        if place.exists():
            shutil.rmtree(place)
