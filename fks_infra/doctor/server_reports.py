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
from fks_infra.remote.command import output_of
from fks_infra.remote.host_scripts import host_program
from fks_infra.remote.inventory import DeployedServer

Evaluate = Callable[[str, Mapping[str, Any]], Iterator[CheckResult]]


def server_reports(
    context: CheckContext, program: str, evaluate: Evaluate
) -> Iterator[CheckResult]:
    """Run `program` of the host scripts on all servers at the same time; the results are those of
    `evaluate` for each server's name and report."""
    if context.stack.undeployed:
        yield unknown(context.stack.undeployed)
        return
    for name, report in read_reports(context, program):
        yield from [report] if isinstance(report, CheckResult) else evaluate(name, report)


def read_reports(
    context: CheckContext, program: str
) -> Iterator[tuple[str, Mapping[str, Any] | CheckResult]]:
    """Each server's name and report, or why it is not known."""
    stack, seconds = context.stack, context.limits.check / 3
    servers = stack.inventory.servers
    command = host_program(program)
    with deploy_key(stack.stack, seconds) as key:
        calls = {s.name: partial(output_of, s, key, command, seconds) for s in servers}
        futures = together(calls, seconds + 1)
        for server in servers:
            yield server.name, _report(server, futures[server.name])


def _report(server: DeployedServer, future: "Future[str]") -> Mapping[str, Any] | CheckResult:
    if not future.done():
        return unknown(f"{server.name}: SSH to {server.address} did not end")
    if isinstance(error := future.exception(), OSError):
        return unknown(f"{server.name}: SSH to {server.address}: {error}")
    report: Mapping[str, Any] = json.loads(future.result())
    return report
