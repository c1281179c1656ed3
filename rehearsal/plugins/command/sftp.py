"""The files of another machine, and the rules by which copies find their place."""

from __future__ import annotations

import os
import posixpath
import stat
from pathlib import Path

import paramiko

from rehearsal.plugins.base import Call, ProviderError
from rehearsal.plugins.command.ssh import dial
from rehearsal.plugins.values import Archive, Asset, Values

# What SFTP servers say, and what Go's SFTP client makes of it.
MISSING = "file does not exist"
REASONS = {"No such file": MISSING, "Permission denied": "permission denied"}


def copy(call: Call, inputs: Values) -> None:
    """Copy the source to `remotePath` over a connection of its own."""
    source: Asset | Archive = inputs["source"]
    with dial(call, inputs["connection"]) as transport:
        client = paramiko.SFTPClient.from_transport(transport)
        assert client is not None
        with client:
            remote = Remote(client)
            if "text" in source.fields:
                remote.write_text(str(source.fields["text"]), inputs["remotePath"])
            else:
                remote.put(str(source.fields["path"]), inputs["remotePath"])


class Remote:
    """The files of the other machine."""

    def __init__(self, client: paramiko.SFTPClient) -> None:
        self._client = client

    def write_text(self, text: str, target: str) -> None:
        """Write a file; its parents are made."""
        if self._is_directory(target):
            raise ProviderError(
                f"remote path {target} is a directory; when using a text asset, "
                "remotePath must be a file path"
            )
        self._make_parents(target)
        self._write(target, text.encode(), "text")

    def put(self, source: str, target: str) -> None:
        """Copy a file or a directory by the rules that depend on what `target` is."""
        if not Path(source).is_dir():
            if self._is_directory(target):
                target = posixpath.join(target, posixpath.basename(source))
            elif self._stat(target) is None:
                self._make_parents(target)
            self._write(target, Path(source).read_bytes(), source)
            return
        if self._stat(target) is None:
            self._make_directories(target, f"failed to create remote directory {target}")
        if not source.endswith("/"):
            target = posixpath.join(target, posixpath.basename(source))
            self._make_directory(target)
        self._put_tree(source, target)

    def _put_tree(self, source: str, target: str) -> None:
        self._make_directory(target)
        for entry in sorted(os.scandir(source), key=lambda entry: entry.name):
            path = posixpath.join(target, entry.name)
            if entry.is_dir(follow_symlinks=False):
                self._put_tree(entry.path, path)
            else:
                self._write(path, Path(entry.path).read_bytes(), entry.path)

    def _stat(self, path: str) -> int | None:
        try:
            return self._client.stat(path).st_mode
        except OSError as error:
            # A path below a plain file is missing too: the server says so.
            if _reason(error) == MISSING:
                return None
            raise ProviderError(f"failed to stat remote path {path}: {_reason(error)}") from error

    def _is_directory(self, path: str) -> bool:
        return stat.S_ISDIR(self._stat(path) or 0)

    def _make_directory(self, path: str) -> None:
        mode = self._stat(path)
        if mode is None:
            try:
                self._client.mkdir(path)
            except OSError as error:
                text = f"failed to create remote directory {path}: {_reason(error)}"
                raise ProviderError(text) from error
        elif not stat.S_ISDIR(mode):
            raise ProviderError(f"remote path {path} exists but is not a directory")

    def _make_parents(self, path: str) -> None:
        text = f"failed to create parent directories for {path}"
        self._make_directories(posixpath.dirname(path), text)

    def _make_directories(self, path: str, failure: str) -> None:
        missing = []
        while (mode := self._stat(path)) is None:
            missing.append(path)
            path = posixpath.dirname(path)
        if not stat.S_ISDIR(mode):
            raise ProviderError(f"{failure}: mkdir {path}: not a directory")
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
