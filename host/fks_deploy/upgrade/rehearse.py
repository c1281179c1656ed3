"""Rehearses the copy of a PostgreSQL's data, and Authentik's migration of it, beside the running
services.

Nothing is stopped and nothing stays: containers, volume and dump are removed at the end.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..stack.session import Session
from . import back, copy, databases, migration, record, throwaway, trains
from .databases import Database

_KIB, _MIB = 1 << 10, 1 << 20
# Of a service without a limit, in bytes
_NO_LIMIT = 256 * _MIB
VOLUME = "rehearsal"


def rehearse(session: Session, service: str, image: str, authentik: str = "") -> str:
    """Dump, restore and compare, and with the image `authentik` migrate; returns a sentence with
    the seconds of each step.

    Errors: InputError before anything is made; DeployError with the step that failed."""
    database = databases.find(session.compose, service)
    entry = record.load(session.paths, service)
    if entry and entry.pending:
        raise InputError(f"an upgrade of {service} is not complete. Nothing was rehearsed")
    services = [service, *([migration.SERVICE] if authentik else [])]
    _require_memory(session, services)
    name = f"{service}-{VOLUME}"
    target = copy.target(session, database, image, name)
    before = trains.read(session.compose) if authentik else ""
    if authentik:
        copy.pull_authentik(session, authentik, before)
    copy.require_space(session, database)
    _clean(session, service, target.volume)
    try:
        steps = dict(_steps(session, service, image, name))
        if authentik:
            steps |= _migration(session, database, authentik)
    finally:
        _clean(session, service, target.volume)
    found, after = steps.pop("found"), steps.pop("authentik", "")
    seconds = ", ".join(f"{step} {value} s" for step, value in steps.items())
    versions = f"PostgreSQL {database.data.version} -> {target.version}"
    what = f"Authentik {before} -> {after}" if authentik else versions
    return f"{service}: {what}: {seconds}. {copy.sentence(found)}. Nothing was changed"


def _steps(session: Session, service: str, image: str, name: str) -> Iterator[tuple[str, Any]]:
    """The seconds of each step by its name, and what the restore reported."""
    compose = session.compose
    directory = copy.dump_directory(session, service)
    started = time.monotonic()
    throwaway.dump(compose, service, directory, copy.SECONDS, while_used=True)
    yield "dump", _since(started)
    started = time.monotonic()
    after = databases.with_data(compose, service, image, name)
    throwaway.start(after, service, directory, session.timeouts.healthy)
    yield "start", _since(started)
    started = time.monotonic()
    text = throwaway.restore(compose.shell, service, copy.SECONDS)
    yield "restore and comparison", _since(started)
    yield "found", json.loads(text.splitlines()[-1])


def _migration(session: Session, database: Database, image: str) -> dict[str, Any]:
    started = time.monotonic()
    after = migration.run(session, database, image)
    return {"migration": _since(started), "authentik": after}


def _since(started: float) -> float:
    return round(time.monotonic() - started, 1)


def _clean(session: Session, service: str, volume: str) -> None:
    throwaway.remove(session.compose.shell, service)
    migration.remove(session.compose.shell)
    throwaway.remove_volume(session.compose.shell, volume)
    back.remove_dump(session.paths, service)


def _require_memory(session: Session, services: list[str]) -> None:
    """Error: InputError when second ones of these do not fit beside the running services."""
    document = session.compose.document()["services"]
    limit = sum(int(document[one].get("mem_limit") or _NO_LIMIT) for one in services)
    free = available(session.paths.root / "proc/meminfo")
    if free < limit:
        both = " and ".join(services)
        raise InputError(
            f"{free // _MIB} MiB of memory are available, and a second {both} may use "
            f"{limit // _MIB} MiB. Nothing was rehearsed. Choose a larger plan (fks scale), or a "
            f"time with less load"
        )


def available(file: Path) -> int:
    """Bytes that programs can still use. Source: proc_meminfo(5), MemAvailable."""
    lines = (line.split() for line in file.read_text().splitlines())
    return next(int(line[1]) * _KIB for line in lines if line[0] == "MemAvailable:")
