"""The worker: applies blueprints at start and after changes, and writes a heartbeat."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

from . import store
from .blueprint import read
from .settings import setting

HEARTBEAT = Path(os.environ["TMPDIR"]) / "authentik-worker"
FOLDER = Path("/blueprints")
stopped = threading.Event()


def log(message: str) -> None:
    """Write a line to the container's log."""
    print(message, file=sys.stderr, flush=True)  # noqa: T201 - a container's log is its output


def bootstrap() -> None:
    """Create the first administrator; like a real worker it requires all three settings."""
    for name in ("BOOTSTRAP_PASSWORD", "BOOTSTRAP_TOKEN", "SECRET_KEY"):
        setting(name)
    if store.document("bootstrap") is None:
        store.put_document("bootstrap", {"user": "akadmin", "at": time.time()})


def changed(known: dict[Path, float]) -> list[Path]:
    """Return the blueprint files that are new or changed; update ``known``."""
    found = {path: path.stat().st_mtime for path in FOLDER.rglob("*.yaml")}
    fresh = [path for path, at in found.items() if known.get(path) != at]
    known.clear()
    known.update(found)
    return fresh


def main() -> None:
    """Run until SIGTERM."""
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    signal.signal(signal.SIGINT, lambda *_: stopped.set())
    store.prepare()
    bootstrap()
    known: dict[Path, float] = {}
    while not stopped.wait(5 if known else 0):
        for path in changed(known):
            entries = read(path)
            store.put_entries(entries)
            log(f"applied {path.name}: {len(entries)} entries")
        store.check()
        HEARTBEAT.touch()


if __name__ == "__main__":
    main()
