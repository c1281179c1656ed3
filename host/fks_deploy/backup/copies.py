"""What a snapshot has beside the dump: volumes, certificates, and a copy of the queue's file."""

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from ..compose import Compose
from ..errors import DeployError
from ..queues.broker import PASSWORD_SHELL
from . import point_in_time, staging
from .data_set import DataSet

# Seconds
_TIMEOUT = 30.0
_REWRITE = 300.0
_POLL = 0.5
# The directory of the append-only file in the volume of Redis
APPEND_ONLY = "appendonlydir"
_BUSY = ("aof_rewrite_in_progress:1", "aof_rewrite_scheduled:1")


def directories(compose: Compose, data: DataSet) -> Iterator[Path]:
    """The directories of its volumes, certbot's, and the write-ahead log; those that exist."""
    found = [volume(compose, name) for name in data.volumes]
    more = [compose.paths.pitr] if point_in_time.kept(compose, data) else []
    yield from (one for one in [*found, compose.paths.letsencrypt, *more] if one and one.is_dir())


def volume(compose: Compose, name: str) -> Path | None:
    """The directory of a volume of this server's project; None for none yet."""
    full = f"{compose.release.project}_{name}"
    done = compose.shell.attempt(["docker", "volume", "inspect", full], timeout=_TIMEOUT)
    return Path(json.loads(done.out)[0]["Mountpoint"]) if done.ok else None


def copy_queue(compose: Compose, data: DataSet, place: Path) -> None:
    """Let Redis write its append-only file anew, then copy it to `place`/queue. A command that
    Redis appends meanwhile may be cut off at the end, which Redis allows (aof-load-truncated).
    https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/"""
    if not data.queue:
        return
    service, name = data.queue
    _redis(compose, service, "BGREWRITEAOF")
    _wait(compose, service)
    found = volume(compose, name)
    source = found / APPEND_ONLY if found else None
    if source is None or not source.is_dir():
        raise DeployError(f"{service} has no append-only file in its volume {name}")
    shutil.copytree(source, place / staging.QUEUE)


def _wait(compose: Compose, service: str) -> None:
    deadline = time.monotonic() + _REWRITE
    while _busy(_redis(compose, service, "INFO", "persistence")):
        if time.monotonic() >= deadline:
            raise DeployError(f"{service} rewrites its append-only file for {_REWRITE:.0f} s")
        time.sleep(_POLL)


def _busy(text: str) -> bool:
    return any(one in text for one in _BUSY)


def _redis(compose: Compose, service: str, *command: str) -> str:
    return compose.execute(service, "sh", "-c", PASSWORD_SHELL, "redis-cli", *command)
