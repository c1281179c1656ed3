"""Dumps: made here, described by their checksums, sent and received as streams."""

import hashlib
import os
import re
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from ..backup import staging
from ..backup.data_set import FOREIGN
from ..compose import Compose
from ..errors import DeployError, InputError
from ..paths import Paths
from ..shell import CommandFailedError
from . import trailer
from .data_set import DataSet

_NAME = re.compile(rf"\w+-\d{{8}}T\d{{6}}Z(?:{'|'.join(map(re.escape, staging.SUFFIXES))})")
_MADE = re.compile(r"^backup ok: (\S+\.dump),", re.MULTILINE)
_BUSY, _PAUSE = "another backup runs", 2.0
_CHUNK = 1 << 20
# What stays free beside a dump.
_LEFT = 512 << 20
_LIMIT = 4 * 3600.0


def make(compose: Compose, data: DataSet) -> dict[str, Any]:
    """Dump a database; {"files": {name: {"bytes", "sha256"}}, "seconds"}. Error:
    CommandFailedError with the reason."""
    started = time.monotonic()
    printed = _run(compose, data)
    if not (made := _MADE.search(printed)):
        raise DeployError(f"{data.job} named no dump: {printed.strip()[-200:]}")
    dump = compose.paths.dumps / made[1]
    files = [dump.with_suffix(suffix) for suffix in staging.SUFFIXES]
    found = {one.name: described(one) for one in files}
    return {"files": found, "seconds": round(time.monotonic() - started, 1)}


def _run(compose: Compose, data: DataSet) -> str:
    """What the job prints. One that a killed move left, or that of the night, ends first."""
    line = compose.command_line("--profile", "backup", "run", "--rm", "-T", data.job)
    deadline = time.monotonic() + _LIMIT
    while True:
        try:
            return compose.shell.run(line, name=data.job, timeout=_LIMIT, env=compose.env())
        except CommandFailedError as error:
            if _BUSY not in "\n".join(error.lines) or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)


def described(file: Path) -> dict[str, Any]:
    """{"bytes", "sha256"} of a file."""
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
    return {"bytes": file.stat().st_size, "sha256": digest.hexdigest()}


def send(paths: Paths, name: str) -> None:
    """Write a file of the dumps to standard output. Error: InputError for another name."""
    with (paths.dumps / _checked(name)).open("rb") as stream:
        shutil.copyfileobj(stream, sys.stdout.buffer, _CHUNK)


def receive(paths: Paths, name: str, size: int, sha256: str) -> str:
    """Read it from standard input; it gets its name when its checksum is right. Returns a note.

    `size` is what must be free where the checksum is `end`: the stream has it after its bytes.
    Error: DeployError for another checksum, or a disk that is too full, with nothing kept.
    """
    target = paths.dumps / _checked(name)
    if target.exists() and described(target)["sha256"] == sha256:
        return "there already"
    free = shutil.disk_usage(paths.dumps).free
    if free < size + _LEFT:
        raise DeployError(f"{free} bytes are free in {paths.dumps}, and {name} has {size}")
    partial = target.with_name(f"{name}.incoming")
    try:
        if sha256 == trailer.AT_THE_END:
            with _opened(partial) as file:
                size = trailer.copy(sys.stdin.buffer, file.write, name)
        elif (found := _written(partial, sys.stdin.buffer)) != sha256:
            raise DeployError(f"{name} did not arrive whole: its checksum is {found}")
        owner = paths.dumps.stat()
        os.chown(partial, owner.st_uid, owner.st_gid)
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return f"{size} bytes"


def forget_foreign(paths: Paths, data: DataSet) -> None:
    """Delete the dumps of a server that has no fks."""
    for file in paths.dumps.glob(f"{FOREIGN}{data.name}-*"):
        file.unlink()


def _written(file: Path, stream: IO[bytes]) -> str:
    """Copy the stream to the file; returns its checksum."""
    digest = hashlib.sha256()
    with _opened(file) as target:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()


@contextmanager
def _opened(file: Path) -> Iterator[IO[bytes]]:
    """For writing; it is synced at the end."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
        yield target
        target.flush()
        os.fsync(target.fileno())


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise InputError(f"{name!r} is no dump's name; ls /var/backups/fks/postgres shows them")
    return name
