"""What the commands of `fks upgrade` share: the copy on the server, the settings, one deploy, and
the way back.

The servers do the rest: host/fks_deploy/upgrade.
"""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fks_infra.cli import deploy, pulumi_run, up
from fks_infra.cli.ready import require_not_pinned, require_ready
from fks_infra.cli.servers import CANNOT_TELL, DONE, INCOMPLETE, Servers
from fks_infra.config import service_settings, stack_files
from fks_infra.config.service_settings import Values
from fks_infra.config.settings import ServiceOverride
from fks_infra.delivery.targets import Part
from fks_infra.errors import OperatorError
from fks_infra.operate import person
from fks_infra.operate.reports import Document
from fks_infra.operate.streaming import Ended, stream
from fks_infra.operate.unreachable import Unreachable
from fks_infra.remote.command import CONNECT_SECONDS
from fks_infra.remote.host_scripts import host_program
from fks_infra.remote.inventory import DeployedServer
from fks_infra.remote.ssh import command_line
from fks_infra.roles.role import Service
from fks_infra.upgrade import postgres

# As host/fks_deploy/upgrade/app.py documents it.
_PROGRAM = "upgrade-data"
_KEYS = ("service", "data", "clients", "upgrade", "authentik", "time")
_PREFIX, _FAILED = f"{_PROGRAM}: ", 1
# Longer than the program's own limits
_SECONDS = 5 * 3600.0


@dataclass(frozen=True, kw_only=True)
class Upgrade:
    """One database: what its server reports, and `fks:services` as the stack's file has it now.
    `command` is what the operator types."""

    servers: Servers
    role: str
    service: Service
    command: str
    configured: dict[str, Any]
    status: Document

    @property
    def server(self) -> DeployedServer:
        return self.servers.servers[0]

    def override(self, service: str) -> ServiceOverride:
        return ServiceOverride(**self.configured.get(service, {}))

    @property
    def pending(self) -> bool:
        """Whether an upgrade was begun that neither serves nor is undone."""
        return (self.status["upgrade"] or {}).get("state") in ("copying", "copied")

    @property
    def volume(self) -> str | None:
        """The setting for the volume in service."""
        return postgres.suffix(self.status["data"]["volume"]) or None

    def on_server(self, command: str, *options: str) -> Ended:
        """Run the server's program; its lines are shown."""
        who = ("--who", person.name(os.environ))
        program = host_program(_PROGRAM, command, self.service.name, *options, *who)
        ssh = command_line(self.server, self.servers.key, program, CONNECT_SECONDS)
        return stream(ssh, lambda text: line(f"{self.server.name}: {text}"), _SECONDS)

    def require_ok(self, ended: Ended) -> None:
        """OperatorError unless the program has ended well."""
        if ended.code == 0:
            return
        name = self.server.name
        raise OperatorError(
            f"{name}: {ended.error.removeprefix(_PREFIX) or 'the connection ended'}\n"
            f"Next: fks status {name}; the same command can be run again"
        )


def check(servers: Servers, roles: Sequence[str]) -> None:
    """OperatorError for servers that cannot be upgraded now."""
    require_ready(servers, roles)
    require_not_pinned(servers, roles)
    deploy.check_lock(servers.stack)


def read(servers: Servers, role: str, command: str, *options: str) -> Upgrade:
    """`options` are of the program's `status`. OperatorError for a server that does not answer, and
    while an upgrade by another command is not complete."""
    service = postgres.database_of(role)
    (configured,) = stack_files.read(servers.stack, "services")
    name = next(one.name for one in servers.servers if role in one.roles)
    only = servers.only(name)
    status = only.run(_KEYS, _PROGRAM, "status", service.name, *options)[name]
    if isinstance(status, Unreachable):
        raise OperatorError(
            f"{name} was not reached: {status.reason}. Nothing was changed.\nNext: {status.command}"
        )
    found = Upgrade(
        servers=only,
        role=role,
        service=service,
        command=command,
        configured=configured,
        status=status,
    )
    _require_own(found)
    return found


def _require_own(upgrade: Upgrade) -> None:
    begun = upgrade.status["upgrade"]
    if not upgrade.pending or upgrade.command.endswith(f" {begun['what']}"):
        return
    role = f" --role {upgrade.role}" if begun["what"] == "postgres" else ""
    other = f"fks upgrade {begun['what']}{role}"
    raise OperatorError(
        f"{upgrade.server.name}: what {other} began is not complete. Nothing was changed.\n"
        f"Next: {other}, or with --back"
    )


def rehearse(upgrade: Upgrade, *options: str) -> int:
    """Copy beside the running services, and remove the copy; returns 0, or 1 if it failed."""
    ended = upgrade.on_server("rehearse", *options)
    if ended.code != _FAILED:
        upgrade.require_ok(ended)
        return DONE
    error = ended.error.removeprefix(_PREFIX)
    sys.stderr.write(f"{upgrade.server.name}: {error}. Nothing was changed.\n")
    return INCOMPLETE


def move(upgrade: Upgrade, options: Sequence[str], settings: Values, before: Values) -> int:
    """Copy with these options, write the settings and deploy; the deploy's arguments are made
    first. Returns 0, or 1 after a failure: the old data serves, and `before` is written."""
    stack = upgrade.servers.stack
    command = up.command(upgrade.role, Part.SERVICES, stack, up.VERIFIED)
    copied = upgrade.on_server("copy", *options)
    if copied.code == _FAILED:
        sys.stderr.write(f"{upgrade.server.name}: {copied.error.removeprefix(_PREFIX)}\n")
        return INCOMPLETE
    upgrade.require_ok(copied)
    service_settings.write(stack, settings)
    return DONE if pulumi_run.run(command) == 0 else _undone(upgrade, before)


def _undone(upgrade: Upgrade, before: Values) -> int:
    name = upgrade.service.name
    ended = upgrade.on_server("back")
    service_settings.write(upgrade.servers.stack, before)
    if ended.code == 0:
        text = f"{name} has its old data and version again, and so has the stack's file."
    else:
        text = f"The way back did not end: {ended.error}\nNext: {upgrade.command} --back"
    sys.stderr.write(f"pulumi up failed; its output says why. {text}\n")
    return INCOMPLETE


def served(upgrade: Upgrade, what: str) -> None:
    """What is left to do after a deploy of `what`."""
    file = stack_files.file_name(upgrade.servers.stack)
    line(
        f"{what}. Commit {file}: a deploy from another checkout is refused until it has it. When "
        f"nothing is missing: {upgrade.command} --finish"
    )


def finish(upgrades: Sequence[Upgrade], confirm: Callable[[str], bool]) -> int:
    """Remove the old volumes; returns 0, or 2 without a yes."""
    for upgrade in upgrades:
        if not (begun := upgrade.status["upgrade"]):
            line(f"{upgrade.service.name}: there is no upgrade to finish")
            continue
        if not confirm(f"Remove the volume {begun['source']['volume']} with the old data?"):
            return CANNOT_TELL
        upgrade.require_ok(upgrade.on_server("finish"))
    return DONE


def line(text: str) -> None:
    """Show it at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
