"""Are the servers up to date: no pending reboot, no package kept back, and all timers run?"""

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from functools import partial
from typing import Any

from fks_infra.doctor.background import together
from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.findings import CheckResult, ok, unknown, warning
from fks_infra.doctor.inventory import DeployedServer
from fks_infra.doctor.server_command import deploy_key, output_of
from fks_infra.release.commands import HOST_SCRIPTS

COMMAND = f"sudo -n {HOST_SCRIPTS}/current/bin/updates"
_GUIDE = 'docs/operations.md, "Updates of the servers"'


def updates(context: CheckContext) -> Iterator[CheckResult]:
    """Read every server's report over SSH, at the same time."""
    stack, seconds = context.stack, context.limits.check / 3
    if stack.undeployed:
        yield unknown(stack.undeployed)
        return
    servers = stack.inventory.servers
    with deploy_key(stack.stack, seconds) as key:
        calls = {s.name: partial(output_of, s, key, COMMAND, seconds) for s in servers}
        futures = together(calls, seconds + 1)
        for server in servers:
            yield from evaluate(server, futures[server.name])


def evaluate(server: DeployedServer, future: "Future[str]") -> Iterator[CheckResult]:
    """The results from one server's report, as host/fks_deploy/updates.py prints it."""
    if not future.done():
        yield unknown(f"{server.name}: SSH to {server.address} did not end")
    elif isinstance(error := future.exception(), OSError):
        yield unknown(f"{server.name}: SSH to {server.address}: {error}")
    else:
        report = json.loads(future.result())
        found = list(_warnings(server.name, report))
        yield from found or [
            ok(f"{server.name}: no reboot pending, no package kept back, all timers run")
        ]


def _warnings(name: str, report: Mapping[str, Any]) -> Iterator[CheckResult]:
    if report["reboot"]:
        yield warning(
            f"{name}: a reboot is pending: {', '.join(report['reboot'])}",
            f"On the server: sudo systemctl reboot ({_GUIDE})",
        )
    if rows := report["kept_back"]:
        versions = [f"{row['package']} {row['installed']} -> {row['candidate']}" for row in rows]
        packages = " ".join(row["package"] for row in rows)
        yield warning(
            f"{name}: newer versions are kept back: {', '.join(versions)}",
            f"On the server: sudo apt-get install --only-upgrade {packages} ({_GUIDE})",
        )
    for timer, reason in report["timers"].items():
        yield warning(f"{name}: {timer} does not run: {reason}", _timer_remedy(timer, reason))


def _timer_remedy(timer: str, reason: str) -> str:
    start = f"sudo systemctl enable --now {timer}"
    if reason == "masked":
        return f"On the server: sudo systemctl unmask {timer}; {start}"
    if reason in ("inactive", "disabled"):
        return f"On the server: {start}"
    return f"On the server: journalctl -u {timer} -u {timer.replace('.timer', '.service')}"
