"""Reads a report of servers, all at the same time, with one SSH login each."""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from fks_infra.doctor.background import together
from fks_infra.operate.unreachable import Unreachable
from fks_infra.remote.command import CONNECT_SECONDS, output_of
from fks_infra.remote.host_scripts import host_program
from fks_infra.remote.inventory import DeployedServer


@dataclass(frozen=True, kw_only=True)
class Program:
    """What prints a report on a server; without one of `keys` it is of another version of the host
    scripts. `seconds` limits it and the connection together.
    """

    command: str
    keys: tuple[str, ...]
    seconds: float


STATUS = Program(
    command=host_program("status"),
    keys=(
        *("server", "roles", "time", "release", "deploy", "last_deploy", "lock", "maintenance"),
        *("stopped", "containers", "health", "usage", "certificates", "failed_units", "clock"),
        *("backup", "restores", "reboot", "updates", "watch", "drift", "problems"),
    ),
    # An answer of the edge that is missing takes ten.
    seconds=20.0,
)
WITH_DAY = Program(
    command=host_program("status", "--day"), keys=(*STATUS.keys, "day"), seconds=STATUS.seconds
)
# As the program's module on the server documents it; that of STATUS is
# host/fks_deploy/status/report.py.
Document = Mapping[str, Any]
Reports = Mapping[str, Document | Unreachable]


def read(
    stack: str, servers: Sequence[DeployedServer], key: Path | None, program: Program = STATUS
) -> Reports:
    """By server, in the order of `servers`; `key` is the file of the deploy key."""
    command, seconds = program.command, program.seconds
    calls = {
        server.name: partial(output_of, server, key, command, seconds, CONNECT_SECONDS)
        for server in servers
    }
    futures = together(calls, seconds + 1)
    return {
        server.name: _report(server, futures[server.name], stack, program.keys)
        for server in servers
    }


def _report(
    server: DeployedServer, future: "Future[str]", stack: str, keys: Sequence[str]
) -> Document | Unreachable:
    if not future.done():
        return Unreachable.of(server, "no answer", stack)
    if isinstance(error := future.exception(), OSError):
        return Unreachable.of(server, str(error), stack)
    try:
        document = dict(json.loads(future.result()))
    except (ValueError, TypeError):
        return Unreachable.of(server, "its answer is no JSON document", stack)
    missing = [key for key in keys if key not in document]
    return Unreachable.of(server, f"missing {missing[0]}", stack) if missing else document
