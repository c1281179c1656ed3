"""The files of a data set, which are its volumes: those of a snapshot, or of another server, lie
beside the present ones, and the two exchange their names.

Docker mounts the directory `_data` of a volume when a container starts. The one that is not in
service is beside it. Which is which is read from the disk: their inode numbers are in the record.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..backup import copies, repository, staging
from ..backup.data_set import SETS
from ..compose import Compose
from ..errors import DeployError

_RESTORING, _BEFORE = "_restoring", "_before"
# What transfer/foreign_files.py has received
ARRIVED = "_arrived"

# Volume -> inode numbers of its restored and its present directory.
Directories = Mapping[str, list[int]]


def fetch(compose: Compose, name: str, snapshot: str) -> Directories:
    """Restore the volumes of a snapshot beside those of the data set `name`; what the snapshot has
    not stays out. Error: DeployError."""
    store = repository.opened(compose.paths, compose.shell, name)
    known = store.snapshot(snapshot).paths
    found = {}
    for volume, present in _volumes(compose, name):
        if str(present) not in known:
            continue
        restored = _empty(present)
        store.restore(snapshot, present, restored)
        found[volume] = [restored.stat().st_ino, present.stat().st_ino]
    return found


def take_queue(compose: Compose, name: str, fetched: Path) -> Directories:
    """The same of the queue; `fetched` has the files of the snapshot (staging.py). Error:
    DeployError."""
    (volume,) = _queue(name)
    copied, present = fetched / staging.QUEUE, copies.volume(compose, volume)
    if not copied.is_dir():
        raise DeployError("the snapshot has no copy of the queue: leave out --queue")
    if present is None:
        raise DeployError(f"the volume {volume} is not there yet: run pulumi up")
    restored, owner = _empty(present), present.stat()
    shutil.copytree(copied, restored / copies.APPEND_ONLY)
    for one in restored.rglob("*"):
        os.chown(one, owner.st_uid, owner.st_gid)
    return {volume: [restored.stat().st_ino, owner.st_ino]}


def take_arrived(compose: Compose, name: str) -> Directories:
    """The same of those that arrived with a dump of another server."""
    found = {}
    for volume, present in _volumes(compose, name):
        arrived, restored = present.with_name(ARRIVED), present.with_name(_RESTORING)
        if arrived.exists():
            arrived.rename(restored)
            found[volume] = [restored.stat().st_ino, present.stat().st_ino]
    return found


def exchange(compose: Compose, directories: Directories, *, to_restored: bool) -> list[str]:
    """Put the restored directories into service, or those of before; returns the volumes that had
    others. Repeated it completes what was interrupted. Error: DeployError."""
    changed = []
    for volume, (restored, present) in directories.items():
        if (place := copies.volume(compose, volume)) is None:
            raise DeployError(f"the volume {volume} is gone")
        if _put(place, restored if to_restored else present):
            changed.append(volume)
    return changed


def serving(compose: Compose, directories: Directories) -> bool:
    """Whether the directories of before are in service."""
    places = {name: copies.volume(compose, name) for name in directories}
    return all(
        place is not None and _inode(place) == directories[name][1]
        for name, place in places.items()
    )


def with_queue(name: str, directories: Directories) -> bool:
    """Whether the queue is among them."""
    return any(volume in directories for volume in _queue(name))


def drop(compose: Compose, name: str) -> list[str]:
    """Delete those of the data set `name` that are not in service; returns their volumes. Error:
    OSError."""
    found = []
    for volume, present in _volumes(compose, name):
        for one in (present.with_name(_RESTORING), present.with_name(_BEFORE)):
            if one.exists():
                shutil.rmtree(one)
                found.append(volume)
    return found


def aside(compose: Compose, name: str) -> int:
    """The bytes of those that are not in service."""
    places = [
        present.with_name(other)
        for _, present in _volumes(compose, name)
        for other in (_RESTORING, _BEFORE)
    ]
    files = (file for place in places for file in place.rglob("*"))
    return sum(file.lstat().st_size for file in files if file.is_file())


def _volumes(compose: Compose, name: str) -> Iterator[tuple[str, Path]]:
    """Those of the data set that exist, with their directories."""
    for volume in (*SETS[name].volumes, *_queue(name)):
        if place := copies.volume(compose, volume):
            yield volume, place


def _queue(name: str) -> tuple[str, ...]:
    """Its volume, if the data set has one."""
    return SETS[name].queue[1:]


def _empty(present: Path) -> Path:
    """An empty directory beside the present one, with its owner and mode."""
    place = present.with_name(_RESTORING)
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    found = present.stat()
    os.chown(place, found.st_uid, found.st_gid)
    place.chmod(found.st_mode & 0o7777)
    return place


def _put(place: Path, goal: int) -> bool:
    """Let the directory with the inode `goal` be `place`; the one that is there gets the name that
    is free. After an interruption there is none."""
    if _inode(place) == goal:
        return False
    names = (_RESTORING, _BEFORE)
    aside = next((one for one in names if _inode(place.with_name(one)) == goal), None)
    if aside is None:
        raise DeployError(f"the directory to exchange is gone from {place.parent}")
    kept = _BEFORE if aside == _RESTORING else _RESTORING
    try:
        if place.exists():
            place.rename(place.with_name(kept))
        place.with_name(aside).rename(place)
    except OSError as error:
        raise DeployError(f"{place} cannot be exchanged: {error}") from error
    return True


def _inode(place: Path) -> int:
    """0 for none."""
    return place.stat().st_ino if place.exists() else 0
