"""`ak healthcheck`: exits 0 if this container's server or worker is healthy."""

import os
import sys
import time
import urllib.request
from pathlib import Path

from .settings import http_address


def main(mode: str) -> None:
    """Request the server's health URL, or read the age of the worker's heartbeat."""
    if mode == "server":
        port = http_address()[1]
        urllib.request.urlopen(f"http://127.0.0.1:{port}/-/health/ready/", timeout=5).close()
        return
    beat = Path(os.environ["TMPDIR"]) / "authentik-worker"
    age = time.time() - beat.stat().st_mtime
    if age > 30:
        raise SystemExit(f"the worker's last heartbeat is {age:.0f} s old")


if __name__ == "__main__":
    main(sys.argv[1])
