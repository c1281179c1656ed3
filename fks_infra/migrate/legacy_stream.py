"""Streams from a legacy server to one of the stack, through this machine, without a file."""

import hashlib
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

from fks_infra.errors import OperatorError
from fks_infra.migrate.host import Host
from fks_infra.migrate.legacy_host import LegacyHost

_CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Sent:
    bytes: int
    sha256: str


def send(legacy: LegacyHost, command: Sequence[str], target: Host, receive: Sequence[str]) -> Sent:
    """Copy what a command of Docker's client there writes to the input of a program, with the
    checksum at the end (host/fks_deploy/transfer/trailer.py). OperatorError unless both ended
    with 0; then the receiver keeps nothing, because the checksum does not come."""
    digest, size = hashlib.sha256(), 0
    with (
        TemporaryFile("w+", errors="replace") as errors,
        subprocess.Popen(
            legacy.docker_line(*command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
        ) as sender,
        _receiver(target, receive) as stdin,
    ):
        assert sender.stdout
        try:
            while chunk := sender.stdout.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                stdin.write(chunk)
            code = sender.wait()
        finally:
            sender.kill()
        if code:
            errors.seek(0)
            raise legacy.error(code, errors.read())
        stdin.write(digest.hexdigest().encode())
    return Sent(bytes=size, sha256=digest.hexdigest())


def write(target: Host, receive: Sequence[str], content: bytes) -> None:
    """As the input of a program; OperatorError unless it ended with 0."""
    with _receiver(target, receive) as stdin:
        stdin.write(content)


@contextmanager
def _receiver(target: Host, receive: Sequence[str]) -> Iterator[IO[bytes]]:
    """The input of a program; an error in the block is the one that is told."""
    with (
        TemporaryFile("w+", errors="replace") as errors,
        subprocess.Popen(
            target.line(receive),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        ) as process,
    ):
        assert process.stdin
        try:
            # Where it ended before its input, its exit code says why.
            with suppress(BrokenPipeError):
                yield process.stdin
        finally:
            with suppress(BrokenPipeError):
                process.stdin.close()
            code = process.wait()
        if code:
            errors.seek(0)
            lines = errors.read().strip().splitlines() or [f"exit code {code}"]
            raise OperatorError(f"{target.name}: {lines[-1]}")
