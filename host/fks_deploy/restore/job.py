"""The container that reads a dump: pg_restore of the database's own image (compose/lib/backup)."""

import os
import threading
from dataclasses import dataclass
from pathlib import Path

from ..compose import Compose
from ..errors import DeployError
from ..shell import CommandFailedError
from .database import LONG
from .source import Source
from .target import Target

_TIMEOUT = 60.0
_MIB = 1 << 20
# What must stay free: PostgreSQL stops when it cannot write its log.
LEFT = 512 * _MIB
_POLL_SECONDS = 0.5


@dataclass(frozen=True)
class Job:
    """One container with a name of its own, so that a killed run is found again."""

    compose: Compose
    of: Target

    @property
    def _container(self) -> str:
        return f"{self.compose.release.project}-{self.of.job}"

    @property
    def disk(self) -> Path:
        """A directory on the file system that has the data of PostgreSQL."""
        return self.compose.paths.root / "var/lib/docker"

    def remove(self) -> None:
        """End what a killed run has left."""
        self.compose.shell.attempt(["docker", "rm", "--force", self._container], timeout=_TIMEOUT)

    def list(self, source: Source) -> str:
        """The contents of a dump, as `pg_restore --list` prints them. Error: DeployError."""
        return self._run(source, "list", source.file)

    def restore(self, source: Source, database: str) -> None:
        """Restore a dump into an empty database. Error: DeployError, when the disk becomes full
        before PostgreSQL has no space for its log."""
        full, done = threading.Event(), threading.Event()
        watch = threading.Thread(target=self._watch, args=(full, done), daemon=True)
        watch.start()
        try:
            self._run(source, "foreign" if source.foreign else "into", database, source.file)
        except DeployError as error:
            if full.is_set():
                raise DeployError(f"the restore was ended: {full_disk(self.disk, LEFT)}") from error
            raise
        finally:
            done.set()
            watch.join()

    def _watch(self, full: threading.Event, done: threading.Event) -> None:
        while not done.wait(_POLL_SECONDS):
            if free(self.disk) < LEFT:
                full.set()
                self.remove()
                return

    def _run(self, source: Source, *words: str) -> str:
        compose = self.compose
        run = ("--profile", "backup", "run", "--rm", "--no-deps", "-T", "--name", self._container)
        line = compose.command_line(*run, self.of.job, *words)
        env = {**compose.env(), "FKS_BACKUPS": str(source.directory)}
        try:
            return compose.shell.run(line, name="pg_restore", timeout=LONG, env=env)
        except CommandFailedError as error:
            raise DeployError(_reason(error)) from error


def _reason(error: CommandFailedError) -> str:
    """The line of the error; after it pg_restore prints the statement."""
    found = (line for line in error.lines if "error:" in line)
    return next(found, str(error))


def free(directory: Path) -> int:
    """Bytes that are free for other users than root."""
    found = os.statvfs(directory)
    return found.f_bavail * found.f_frsize


def full_disk(directory: Path, needed: int) -> str:
    """Free and needed space, and the remedy."""
    return (
        f"{directory} has {free(directory) // _MIB} MiB free, and {needed // _MIB} MiB are needed: "
        f"delete files, or choose a larger plan (fks scale)"
    )
