"""One deploy at a time on a server."""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import LockHeldError
from .output import now

_POLL = 0.25
_TELL = 10.0


def tell(text: str) -> None:
    """Show that this deploy waits. Error: BrokenPipeError when nobody is there to see it."""
    print(text, flush=True)


@contextmanager
def deploy_lock(
    path: Path, digest: str, who: str, patience: float, tell: Callable[[str], None] = tell
) -> Iterator[int]:
    """Hold the lock; yields its file descriptor. Error: LockHeldError after `patience` seconds.

    Whoever waits and is not waited for any more gives up: it would put an older release in service
    after the newer one. While waiting it says so now and then, which is how it finds out.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _acquire(descriptor, patience, tell)
        holder = json.dumps({"pid": os.getpid(), "who": who, "digest": digest, "since": now()})
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, holder.encode(), 0)
        yield descriptor
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, patience: float, tell: Callable[[str], None]) -> None:
    began = told = time.monotonic()
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError as error:
            if time.monotonic() - began >= patience:
                text = f"Waited {patience:.0f} s; try again when it is done."
                raise LockHeldError(f"{_holder(descriptor)}. {text}") from error
        if time.monotonic() - told >= _TELL:
            told = time.monotonic()
            try:
                tell(f"waiting: {_holder(descriptor)}")
            except BrokenPipeError as error:
                raise LockHeldError("nobody waits for this deploy any more") from error
        time.sleep(_POLL)


def _holder(descriptor: int) -> str:
    text = os.pread(descriptor, 4096, 0).decode()
    holder = json.loads(text) if text else {}
    return (
        f"another deploy runs on this server: release {holder.get('digest', '?')[:12]}, "
        f"started by {holder.get('who', '?')} at {holder.get('since', '?')} "
        f"(pid {holder.get('pid', '?')})"
    )
