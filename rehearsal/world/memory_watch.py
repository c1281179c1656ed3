"""Follows the memory of all containers of a server, also of those that end meanwhile."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rehearsal.world.scenario import Scenario

_PROGRAM = Path(__file__).parent / "memory_program.py"
_STOP = "/run/fks-memory-watch.stop"
_KILLED = ("docker", "events", "--filter", "event=oom", "--format", "{{.Actor.Attributes.name}}")


@dataclass
class Watched:
    """After the block: by service the most bytes that it used at once without page cache, and its
    limit, 0 for none; `killed` are the containers in which the kernel has ended a process."""

    peaks: dict[str, tuple[int, int]] = field(default_factory=dict)
    killed: list[str] = field(default_factory=list)


@contextmanager
def watched(scenario: Scenario, server: str) -> Iterator[Watched]:
    """Sample while the block runs."""
    found, since = Watched(), f"{time.time():.0f}"
    scenario.on_server(server, "rm", "-f", _STOP)
    program = ("python3", "-c", _PROGRAM.read_text(), _STOP)
    with ThreadPoolExecutor(max_workers=1) as executor:
        output = executor.submit(scenario.on_server, server, *program)
        try:
            yield found
        finally:
            scenario.on_server(server, "touch", _STOP)
    peaks = json.loads(output.result())
    found.peaks = {name: (used, limit) for name, (used, limit) in peaks.items()}
    until = f"{time.time():.0f}"
    found.killed = scenario.on_server(server, *_KILLED, "--since", since, "--until", until).split()
