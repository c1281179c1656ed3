"""The file of the deploy key, and the SSH connections that are open while it exists."""

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = "fks-key-"
_SOCKET = ".ssh"
# Bytes; ssh appends 17 to the path, and a socket's path has at most 103 on some systems.
_LONGEST_SOCKET = 80
# Seconds in which a command creates its key file and locks it
_CREATED = 60


@contextmanager
def key_file(key: str) -> Iterator[Path]:
    """A file with this key, readable by this user only. Afterwards the connections that were made
    with it are closed, and it is deleted.

    A command that was killed (SIGKILL) leaves its file; the next call deletes it.
    """
    _delete_left_behind()
    directory = Path(tempfile.mkdtemp(prefix=_PREFIX))
    try:
        file = directory / "key"
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            # The lock ends with this process.
            fcntl.flock(stream, fcntl.LOCK_EX)
            stream.write(key.strip() + "\n")
            stream.flush()
            yield file
    finally:
        _delete(directory)


def control_path(key: Path, server: str) -> str:
    """The socket of the connection that the commands on a server share, for OpenSSH's ControlPath;
    "none" where TMPDIR is too long for a socket: then each command logs in.
    """
    path = key.with_name(f"{server}{_SOCKET}")
    return str(path) if len(os.fsencode(path)) <= _LONGEST_SOCKET else "none"


def _delete_left_behind() -> None:
    newest = time.time() - _CREATED
    for directory in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            state = directory.lstat()
            if state.st_uid == os.getuid() and state.st_mtime < newest and _unused(directory):
                _delete(directory)
        except FileNotFoundError:
            # Its command has deleted it.
            continue


def _unused(directory: Path) -> bool:
    """Whether no process has the lock of its key."""
    try:
        with (directory / "key").open() as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True
    except BlockingIOError:
        return False
    return True


def _delete(directory: Path) -> None:
    close_connections(directory)
    (directory / "key").unlink(missing_ok=True)
    # A socket may go away at the same time.
    shutil.rmtree(directory, ignore_errors=True)


def close_connections(directory: Path) -> None:
    """Close those of the sockets in a key file's directory; the next command logs in again."""
    for socket in directory.glob(f"*{_SOCKET}"):
        # The host is a required argument; the socket decides.
        command = ["ssh", "-F", "none", f"-oControlPath={socket}", "-O", "exit", "server"]
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
