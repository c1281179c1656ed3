"""Writes one file to another machine over SFTP."""

from __future__ import annotations

import posixpath
import stat
from pathlib import Path

import paramiko

from rehearsal.plugins.base import Call, ProviderError
from rehearsal.plugins.command.ssh import dial
from rehearsal.plugins.values import Values

# An SFTP server's messages, and those that Go's SFTP client makes of them.
MISSING = "file does not exist"
REASONS = {"No such file": MISSING, "Permission denied": "permission denied"}


def copy(call: Call, inputs: Values) -> None:
    """Copy the source file to `remotePath` over a connection of its own."""
    with dial(call, inputs["connection"]) as transport:
        client = paramiko.SFTPClient.from_transport(transport)
        assert client is not None
        with client:
            Remote(client).put(str(inputs["source"].fields["path"]), inputs["remotePath"])


class Remote:
    """The files of the other machine."""

    def __init__(self, client: paramiko.SFTPClient) -> None:
        self._client = client

    def put(self, source: str, target: str) -> None:
        """Write a file into the directory `target`, or else as `target`; creates its parents."""
        mode = self._stat(target)
        if stat.S_ISDIR(mode or 0):
            target = posixpath.join(target, posixpath.basename(source))
        elif mode is None:
            self._make_parents(target)
        self._write(target, Path(source).read_bytes(), source)

    def _stat(self, path: str) -> int | None:
        try:
            return self._client.stat(path).st_mode
        except OSError as error:
            # Servers answer the same for a path below a plain file.
            if _reason(error) == MISSING:
                return None
            raise ProviderError(f"failed to stat remote path {path}: {_reason(error)}") from error

    def _make_parents(self, path: str) -> None:
        failure = f"failed to create parent directories for {path}"
        missing, parent = [], posixpath.dirname(path)
        while (mode := self._stat(parent)) is None:
            missing.append(parent)
            parent = posixpath.dirname(parent)
        if not stat.S_ISDIR(mode):
            raise ProviderError(f"{failure}: mkdir {parent}: not a directory")
        for directory in reversed(missing):
            try:
                self._client.mkdir(directory)
            except OSError as error:
                raise ProviderError(f"{failure}: {_reason(error)}") from error

    def _write(self, path: str, content: bytes, source: str) -> None:
        try:
            file = self._client.open(path, "wb")
        except OSError as error:
            text = f"failed to create remote file {path}: {_reason(error)}"
            raise ProviderError(text) from error
        with file:
            file.set_pipelined(True)
            try:
                file.write(content)
            except OSError as error:
                text = f"failed to copy file {source} to remote path {path}: {_reason(error)}"
                raise ProviderError(text) from error


def _reason(error: OSError) -> str:
    text = str(error.strerror or error)
    return REASONS.get(text, text)
