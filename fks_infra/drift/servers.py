"""The drift of servers, as bin/drift reports it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from fks_infra.drift.findings import Deviation, Unknown
from fks_infra.operate import reports
from fks_infra.operate.reports import Document, Program
from fks_infra.operate.unreachable import Unreachable
from fks_infra.remote.host_scripts import host_program
from fks_infra.remote.inventory import DeployedServer

_KEYS = ("server", "time", "deviations", "unknown")
# The check of the bootstrap and two runs of Docker Compose
_SECONDS = 150.0


def read(
    stack: str, servers: Sequence[DeployedServer], key: Path | None
) -> Iterator[Deviation | Unknown]:
    """Each server's findings; `key` is the file of the deploy key, None on the server itself, which
    cannot tell the key from others. OperatorError without ssh-keygen."""
    command = host_program("drift", *([_public(key)] if key else []))
    program = Program(command=command, keys=_KEYS, seconds=_SECONDS)
    for name, report in reports.read(stack, servers, key, program).items():
        yield from _findings(name, report)


def _public(key: Path) -> str:
    # Servers do not have it.
    from fks_infra.config.pulumi_cli import run

    return run(["ssh-keygen", "-y", "-f", str(key)]).strip()


def _findings(name: str, report: Document | Unreachable) -> Iterator[Deviation | Unknown]:
    if isinstance(report, Unreachable):
        yield Unknown(place=name, part="server", reason=report.reason, command=report.command)
        return
    if report["server"] != name:
        reason = f"/etc/fks/role says that it is the server {report['server']!r}"
        yield Unknown(place=name, part="server", reason=reason, command="pulumi up")
    for one in report["deviations"]:
        yield Deviation(place=name, **one)
    for one in report["unknown"]:
        yield Unknown(place=name, part=one["part"], reason=one["reason"])
