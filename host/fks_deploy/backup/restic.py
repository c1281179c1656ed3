"""Runs restic on one repository. Source: https://restic.readthedocs.io/en/v0.18.0/075_scripting.html"""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..shell import CommandFailedError, Result, Shell
from . import failures
from .settings import Settings

PROGRAM = "restic"
# How long restic waits for another run's lock.
_LOCK_WAIT = "5m"
# Bytes that must be free for the cache: while it cannot be written restic repeats for minutes what
# works without it.
_CACHE_ROOM = 256 << 20
# Seconds; more than the wait for the lock.
SHORT = 400.0
_SSH = (
    "-F none -o BatchMode=yes -o ConnectTimeout=20 -o ServerAliveInterval=30 "
    "-o StrictHostKeyChecking=yes -o IdentitiesOnly=yes"
)


@dataclass(frozen=True)
class Restic:
    """The repository of the data set `name`; `cache` is restic's directory for its indexes, `short`
    the seconds for commands that neither upload nor download data."""

    shell: Shell
    settings: Settings
    name: str
    cache: Path
    short: float = SHORT

    @property
    def location(self) -> str:
        return f"{self.settings.repository.rstrip('/')}/{self.name}"

    def run(self, *command: str, timeout: float = 0.0) -> str:
        """Returns standard output. Error: RepositoryError, also after `timeout`, if not 0."""
        done = self.attempt(*command, timeout=timeout)
        if not done.ok:
            raise failures.explained(_name(command), done, self.location)
        return done.out

    def attempt(self, *command: str, timeout: float = 0.0) -> Result:
        options = ("--json", "--retry-lock", _LOCK_WAIT, "--cleanup-cache", *self._options())
        line = [PROGRAM, *options, *command]
        name = f"restic {_name(command)}"
        limit = timeout or self.short
        try:
            return self.shell.attempt(line, name=name, timeout=limit, env=self._environment())
        except CommandFailedError as error:
            full = self.cache if self._is_full() else None
            raise failures.silent(str(error), self.location, full) from error

    def _options(self) -> Iterator[str]:
        if self._is_full():
            yield "--no-cache"
        if self.settings.kind == "sftp":
            files = f"-i {self.settings.ssh_key} -o UserKnownHostsFile={self.settings.known_hosts}"
            yield from ("-o", f"sftp.args={_SSH} {files}")

    def _is_full(self) -> bool:
        """Whether the file system of the cache has no room for it."""
        place = next(one for one in (self.cache, *self.cache.parents) if one.exists())
        return shutil.disk_usage(place).free < _CACHE_ROOM

    def _environment(self) -> Mapping[str, str]:
        """No secret: restic reads them from files."""
        return {
            "RESTIC_REPOSITORY": self.location,
            "RESTIC_PASSWORD_FILE": str(self.settings.password),
            "RESTIC_CACHE_DIR": str(self.cache),
            "AWS_SHARED_CREDENTIALS_FILE": str(self.settings.s3),
        }


def _name(command: tuple[str, ...]) -> str:
    return next(word for word in command if not word.startswith("-"))


def messages(text: str) -> Iterator[dict[str, Any]]:
    """The lines of JSON in restic's output."""
    for line in text.splitlines():
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            yield found
