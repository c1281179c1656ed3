"""The answers of /health/deep, from the health of the containers.

The label `fks.deep: ROLE/PART` makes a container one of a part. A part is healthy while one of its
containers is. nginx serves `ROLE.json`, with 200 while `healthy/ROLE.json` exists, else with 503.
"""

import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from . import atomic_file, containers, release, rollback, stops
from .containers import Container
from .errors import DeployError
from .paths import Paths
from .shell import Shell

# Part -> {status, since}; `since` is in seconds since the epoch.
Parts = dict[str, dict[str, Any]]

_LABEL = "fks.deep"


def refresh(shell: Shell, paths: Paths) -> list[str]:
    """Write the files of the release in service; returns what is unhealthy, as ROLE/PART, without
    stopped stacks. A part whose containers are gone, or unknown because the engine does not
    answer, is unhealthy."""
    current = rollback.current(paths)
    if current is None:
        return []
    try:
        found = containers.of_project(shell, release.load(current).project)
    except DeployError:
        found = []
    known = {file.stem: _read(file) for file in paths.deep.glob("*.json")}
    stopped = stops.load(paths)
    unhealthy = _write(paths.deep, found, known)
    return [part for part in unhealthy if part.partition("/")[0] not in stopped]


def start(shell: Shell, paths: Paths, project: str) -> list[str]:
    """The same for a release that was just started; parts of earlier releases are forgotten."""
    for file in paths.deep.glob("*.json"):
        file.unlink()
    return [*_write(paths.deep, containers.of_project(shell, project), {})]


def _write(directory: Path, found: Iterable[Container], known: dict[str, Parts]) -> Iterator[str]:
    states = {(role, part): False for role, parts in known.items() for part in parts}
    for one in found:
        role, _, part = one.label(_LABEL).partition("/")
        if part:
            states[role, part] = states.get((role, part), False) or one.serves
    for role in sorted({role for role, _ in states}):
        healthy = {part: state for (other, part), state in states.items() if other == role}
        _write_role(directory, role, _parts(healthy, known.get(role, {})))
        yield from (f"{role}/{part}" for part, state in healthy.items() if not state)


def _parts(healthy: dict[str, bool], before: Parts) -> Parts:
    parts: Parts = {}
    for name, state in sorted(healthy.items()):
        status = "healthy" if state else "unhealthy"
        same = before.get(name, {})
        since = same["since"] if same.get("status") == status else int(time.time())
        parts[name] = {"status": status, "since": since}
    return parts


def _write_role(directory: Path, role: str, parts: Parts) -> None:
    healthy = all(part["status"] == "healthy" for part in parts.values())
    status = "healthy" if healthy else "unhealthy"
    document = {"status": status, "role": role, "checked": int(time.time()), "parts": parts}
    content = (json.dumps(document, sort_keys=True) + "\n").encode()
    (directory / "healthy").mkdir(parents=True, exist_ok=True)
    atomic_file.write(directory / f"{role}.json", content)
    if healthy:
        atomic_file.write(directory / f"healthy/{role}.json", content)
    else:
        (directory / f"healthy/{role}.json").unlink(missing_ok=True)


def _read(file: Path) -> Parts:
    """The parts in a file; none in one that is damaged."""
    try:
        return dict(json.loads(file.read_text())["parts"])
    except (ValueError, KeyError, TypeError):
        return {}
