"""The repository of a data set: its snapshots, written, read and forgotten."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import clock, disk_space
from ..errors import DeployError
from ..paths import Paths
from ..shell import Shell
from ..watch.utc import iso
from . import failures, settings, staging
from .restic import SHORT, Restic, messages

# Seconds
_TRANSFER = 2 * 3600.0
_CHECK = 6 * 3600.0
_INCOMPLETE = 3
_KEEP = ("--keep-daily", "7", "--keep-weekly", "4", "--keep-monthly", "6")


@dataclass(frozen=True)
class Snapshot:
    """`id` is restic's short one, `time` of its start in UTC (ISO 8601), `bytes` of all files,
    `paths` are the directories that it has."""

    id: str
    time: str
    server: str
    bytes: int
    paths: tuple[str, ...] = ()


@dataclass(frozen=True)
class Repository:
    """Those of one data set."""

    restic: Restic

    def create(self) -> bool:
        """Make the repository unless there is one; returns whether it is new."""
        found = self.restic.attempt("cat", "config")
        if found.code == failures.MISSING:
            self.restic.run("init")
            return True
        if not found.ok:
            raise failures.explained("cat config", found, self.restic.location)
        return False

    def add(self, directories: Sequence[Path], server: str) -> str:
        """Upload directories as one snapshot; returns its id.

        A file that disappears while it is read makes restic end with 3; then once more."""
        stack, name = self.restic.settings.stack, self.restic.name
        tags = ",".join((f"stack={stack}", f"server={server}", f"set={name}"))
        group = ("--host", server, "--tag", tags, "--group-by", "host,tags")
        command = ("backup", *group, *map(str, directories))
        done = self.restic.attempt(*command, timeout=_TRANSFER)
        if done.code == _INCOMPLETE:
            done = self.restic.attempt(*command, timeout=_TRANSFER)
        if not done.ok:
            raise failures.explained("backup", done, self.restic.location)
        return next(
            str(one["snapshot_id"])[:8] for one in messages(done.out) if "snapshot_id" in one
        )

    def snapshots(self) -> list[Snapshot]:
        """The oldest first."""
        found = json.loads(self.restic.run("snapshots", "--no-lock"))
        return sorted((_snapshot(one) for one in found), key=lambda one: one.time)

    def snapshot(self, id_: str = "") -> Snapshot:
        """The one with this id, by default the newest, not from the future as far as there are
        others: a clock was wrong then. Error: DeployError when there is none."""
        found = [one for one in self.snapshots() if not id_ or one.id == id_[:8]]
        if not found:
            raise DeployError(f"{self.restic.location} has no snapshot {id_}: run fks backup")
        latest = iso(time.time() + clock.AHEAD)
        return ([one for one in found if one.time <= latest] or found)[-1]

    def restore(self, snapshot: str, directory: Path, target: Path) -> None:
        """Write what the snapshot has of `directory` to `target`, an existing directory. Nothing
        comes from restic's cache. Error: DeployError when the space does not suffice."""
        listed = messages(self.restic.run("--no-cache", "ls", snapshot, str(directory)))
        size = sum(one.get("size", 0) for one in listed if one.get("type") == "file")
        disk_space.require(target, size, "run it")
        source = f"{snapshot}:{directory}"
        self.restic.run("--no-cache", "restore", source, "--target", str(target), timeout=_TRANSFER)

    def forget(self) -> None:
        """Delete what no rule keeps, and its data."""
        rules = ("--group-by", "tags", *_KEEP, "--prune")
        self.restic.run("forget", *rules, timeout=_TRANSFER)

    def check(self, *, deep: bool) -> None:
        """Compare indexes and files of the repository; `deep` reads all data."""
        self.restic.run("check", *(["--read-data"] if deep else []), timeout=_CHECK)

    def unlock(self) -> None:
        """Remove locks of runs that no longer exist."""
        self.restic.run("unlock")


def opened(paths: Paths, shell: Shell, name: str, short: float = SHORT) -> Repository:
    """That of a data set; `short` limits the commands without data, in seconds. Error: DeployError
    before the deploy that brings the settings."""
    cache = paths.root / "var/cache/fks/restic"
    return Repository(Restic(shell, settings.load(paths), name, cache, short))


def fetch(paths: Paths, shell: Shell, name: str, snapshot: str, directory: Path) -> Path:
    """Write the dump of a snapshot of the data set `name`, with its lists and the copies of the
    rest (`staging.py`), to `directory`; returns the dump. `snapshot` may be "latest". Errors:
    RepositoryError, DeployError, CommandFailedError."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    repository = opened(paths, shell, name)
    repository.restore(snapshot, staging.directory(paths, name), directory)
    return dump_in(directory)


def dump_in(directory: Path) -> Path:
    """The dump of a directory. Error: DeployError unless there is exactly one."""
    found = sorted(directory.glob("*.dump"))
    if len(found) != 1:
        raise DeployError(f"{directory} has {len(found)} dumps; a snapshot has one")
    return found[0]


def _snapshot(document: dict[str, Any]) -> Snapshot:
    size = (document.get("summary") or {}).get("total_bytes_processed", 0)
    time = document["time"].partition(".")[0].rstrip("Z") + "Z"
    paths = tuple(document.get("paths", ()))
    return Snapshot(document["short_id"], time, document["hostname"], size, paths)
