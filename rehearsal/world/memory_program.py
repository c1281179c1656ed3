"""Runs on a server until the file in its argument exists; prints the memory peaks of containers.

{service: [bytes in use, limit or 0]} as JSON. The page cache of a container fills up to its limit,
so neither memory.peak nor memory.max_usage_in_bytes says whether it nearly ran out: only what the
kernel cannot reclaim counts, sampled every 0.1 s.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
# Rows of memory.stat, and the file with the limit, in version 2 and 1 of control groups.
VERSIONS = (
    ("memory.max", ("anon", "shmem", "kernel")),
    ("memory.limit_in_bytes", ("total_rss", "total_shmem")),
)
LABEL = '{{index .Config.Labels "com.docker.compose.service"}}'
PAUSE = 0.1


def main(stop: Path) -> None:
    """Sample until the file exists."""
    names: dict[Path, str] = {}
    peaks: dict[str, list[int]] = {}
    while not stop.exists():
        for place in groups():
            if found := read(place):
                name = names.get(place) or service(place)
                names[place] = name
                peaks[name] = max(peaks.get(name, [0, 0]), found)
        time.sleep(PAUSE)
    sys.stdout.write(f"{json.dumps(peaks)}\n")


def groups() -> Iterator[Path]:
    """The control groups of the running containers, with systemd and without."""
    for top in (ROOT, ROOT / "memory"):
        yield from (*top.glob("docker/*/"), *top.glob("system.slice/docker-*.scope"))


def read(place: Path) -> list[int] | None:
    """Bytes in use, and the limit; None for a group that has just ended, or of another kind."""
    for file, keys in VERSIONS:
        try:
            limit = (place / file).read_text().strip()
            rows = [line.split() for line in (place / "memory.stat").read_text().splitlines()]
        except OSError:
            continue
        used = sum(int(row[1]) for row in rows if row[0] in keys)
        return [used, int(limit) if limit.isdigit() else 0]
    return None


def service(place: Path) -> str:
    """That of Compose, or the identifier."""
    identifier = place.name.removeprefix("docker-").removesuffix(".scope")
    inspect = ["docker", "inspect", "--format", LABEL, identifier]
    done = subprocess.run(inspect, capture_output=True, text=True, check=False)
    return done.stdout.strip() or identifier[:12]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
