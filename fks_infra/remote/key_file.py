"""The file of the deploy key, and the SSH connections that are open while it exists."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

_SOCKET = ".ssh"
# Bytes; ssh appends 17 to the path, and a socket's path has at most 103 on some systems.
_LONGEST_SOCKET = 80


@contextmanager
def key_file(key: str) -> Iterator[Path]:
    """A file with this key, readable by this user only. Afterwards the connections that were made
    with it are closed, and it is deleted.
    """
    with TemporaryDirectory(prefix="fks-") as directory:
        file = Path(directory) / "key"
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(key.strip() + "\n")
        try:
            yield file
        finally:
            _close_connections(Path(directory))


def control_path(key: Path, server: str) -> str:
    """The socket of the connection that the commands on a server share, for OpenSSH's ControlPath;
    "none" where TMPDIR is too long for a socket: then each command logs in.
    """
    path = key.with_name(f"{server}{_SOCKET}")
    return str(path) if len(os.fsencode(path)) <= _LONGEST_SOCKET else "none"


def _close_connections(directory: Path) -> None:
    for socket in directory.glob(f"*{_SOCKET}"):
        # The host is a required argument; the socket decides.
        command = ["ssh", "-F", "none", f"-oControlPath={socket}", "-O", "exit", "server"]
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
