"""One deploy at a time on a server."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import LockHeldError
from .output import now

_POLL = 0.25


@contextmanager
def deploy_lock(path: Path, digest: str, who: str, patience: float) -> Iterator[int]:
    """Hold the lock; yields its file descriptor. Error: LockHeldError after `patience` seconds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _acquire(descriptor, patience)
        holder = json.dumps({"pid": os.getpid(), "who": who, "digest": digest, "since": now()})
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, holder.encode(), 0)
        yield descriptor
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, patience: float) -> None:
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                raise LockHeldError(_held_by(descriptor, patience)) from error
        time.sleep(_POLL)


def _held_by(descriptor: int, patience: float) -> str:
    text = os.pread(descriptor, 4096, 0).decode()
    holder = json.loads(text) if text else {}
    return (
        f"another deploy runs on this server: release {holder.get('digest', '?')[:12]}, "
        f"started by {holder.get('who', '?')} at {holder.get('since', '?')} "
        f"(pid {holder.get('pid', '?')}). Waited {patience:.0f} s; try again when it is done."
    )
