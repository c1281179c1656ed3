"""One deploy at a time on a server, and one backup."""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from .errors import LockBusyError
from .limits import LOCK_MESSAGE_INTERVAL
from .output import now

_POLL_SECONDS = 0.25


def report_waiting(text: str) -> None:
    """Print one line. Error: OSError when nobody can read it."""
    print(text, flush=True)


@contextmanager
def deploy_lock(
    path: Path,
    digest: str,
    user: str,
    wait_seconds: float,
    report: Callable[[str], None] = report_waiting,
    what: str = "deploy",
) -> Iterator[int]:
    """Hold the lock; yields its file descriptor. Error: LockBusyError after `wait_seconds`, or when
    `report` raises OSError.

    Without that second rule, a deploy whose `pulumi up` was killed would later replace a newer
    release with its older one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _acquire(descriptor, wait_seconds, report, what)
        entry = {"pid": os.getpid(), "who": user, "digest": digest, "since": now()}
        _write_holder(descriptor, json.dumps(entry))
        yield descriptor
        _write_holder(descriptor, "")
    finally:
        os.close(descriptor)


def _acquire(
    descriptor: int, wait_seconds: float, report: Callable[[str], None], what: str
) -> None:
    started = reported = time.monotonic()
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError as error:
            if time.monotonic() - started >= wait_seconds:
                text = f"Waited {wait_seconds:.0f} s; try again after it has ended."
                raise LockBusyError(f"{_holder(descriptor, what)}. {text}") from error
        if time.monotonic() - reported >= LOCK_MESSAGE_INTERVAL:
            reported = time.monotonic()
            try:
                report(f"waiting: {_holder(descriptor, what)}")
            except OSError as error:
                raise LockBusyError(f"the output of this waiting {what} is closed") from error
        time.sleep(_POLL_SECONDS)


def _write_holder(descriptor: int, holder: str) -> None:
    # Only reports; the lock itself needs no space.
    with suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, holder.encode(), 0)


def holder(path: Path) -> dict[str, Any] | None:
    """Who has the lock: {"pid", "who", "digest", "since"}; None while nobody has it."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        # Only then the lock is tried, which for a moment keeps a deploy from taking it.
        found = _read_holder(descriptor)
        if not found:
            return None
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return found
    finally:
        os.close(descriptor)
    # A deploy that was killed left its name.
    return None


def _read_holder(descriptor: int) -> dict[str, Any]:
    with suppress(ValueError, TypeError):
        return dict(json.loads(os.pread(descriptor, 4096, 0)))
    return {}


def _holder(descriptor: int, what: str) -> str:
    entry = _read_holder(descriptor)
    digest = entry.get("digest", "?")[:12]
    release = f"release {digest}, " if digest else ""
    return (
        f"another {what} runs on this server: {release}"
        f"started by {entry.get('who', '?')} at {entry.get('since', '?')} "
        f"(pid {entry.get('pid', '?')})"
    )
