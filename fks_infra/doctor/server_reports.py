"""Reads a JSON report from every server over SSH."""

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from functools import partial
from typing import Any

from fks_infra.doctor.background import together
from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.deploy_key import deploy_key
from fks_infra.doctor.findings import CheckResult, unknown
from fks_infra.release.commands import HOST_SCRIPTS
from fks_infra.remote.command import output_of
from fks_infra.remote.inventory import DeployedServer

Evaluate = Callable[[str, Mapping[str, Any]], Iterator[CheckResult]]


def server_reports(
    context: CheckContext, program: str, evaluate: Evaluate
) -> Iterator[CheckResult]:
    """Run `program` of the host scripts on all servers at the same time; the results are those of
    `evaluate` for each server's name and report."""
    stack, seconds = context.stack, context.limits.check / 3
    if stack.undeployed:
        yield unknown(stack.undeployed)
        return
    servers = stack.inventory.servers
    command = f"sudo -n {HOST_SCRIPTS}/current/bin/{program}"
    with deploy_key(stack.stack, seconds) as key:
        calls = {s.name: partial(output_of, s, key, command, seconds) for s in servers}
        futures = together(calls, seconds + 1)
        for server in servers:
            yield from _results(server, futures[server.name], evaluate)


def _results(
    server: DeployedServer, future: "Future[str]", evaluate: Evaluate
) -> Iterator[CheckResult]:
    if not future.done():
        yield unknown(f"{server.name}: SSH to {server.address} did not end")
    elif isinstance(error := future.exception(), OSError):
        yield unknown(f"{server.name}: SSH to {server.address}: {error}")
    else:
        yield from evaluate(server.name, json.loads(future.result()))
