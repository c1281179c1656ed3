"""Health check of Celery beat: `beat-health.py SCHEDULE_FILE`.

Celery's ping does not reach beat. Beat is healthy when it has written its schedule in the last ten
minutes (it does so every three) and its broker accepts a connection.
"""

import os
import socket
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

MAX_AGE_SECONDS = 600


def schedule_age(schedule: Path) -> float:
    """Seconds since beat last wrote its schedule; the dbm library may add a suffix to its name."""
    written = [path.stat().st_mtime for path in schedule.parent.glob(schedule.name + "*")]
    if not written:
        raise SystemExit(f"{schedule} does not exist: beat has not started")
    return time.time() - max(written)


def main(schedule: str) -> None:
    """Check the schedule's age, then the broker. Error: SystemExit."""
    age = schedule_age(Path(schedule))
    if age > MAX_AGE_SECONDS:
        raise SystemExit(f"{schedule} is {age:.0f} s old, at most {MAX_AGE_SECONDS} s are allowed")
    broker = urlsplit(os.environ["CELERY_BROKER_URL"])
    try:
        socket.create_connection((broker.hostname, broker.port or 6379), timeout=5).close()
    except OSError as error:
        address = f"{broker.hostname}:{broker.port}"
        raise SystemExit(f"broker {address} is not reachable: {error}") from error


if __name__ == "__main__":
    main(sys.argv[1])
