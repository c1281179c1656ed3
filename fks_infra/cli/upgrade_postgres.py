"""`fks upgrade postgres`: the data moves to a new volume on the server, then a deploy uses it.

The servers do the rest: host/fks_deploy/upgrade.
"""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fks_infra.cli import deploy, pulumi_run, up
from fks_infra.cli.ready import require_not_pinned, require_ready
from fks_infra.cli.servers import CANNOT_TELL, DONE, INCOMPLETE, Servers
from fks_infra.config import service_settings, stack_files
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
from fks_infra.roles import ROLES
from fks_infra.roles.role import Service
from fks_infra.upgrade import postgres
from fks_infra.upgrade.postgres import Target

# As host/fks_deploy/upgrade/app.py documents it.
_PROGRAM, _KEYS = "upgrade-data", ("service", "data", "clients", "upgrade", "time")
_PREFIX, _FAILED = f"{_PROGRAM}: ", 1
# Longer than the program's own limits
_SECONDS = 5 * 3600.0
DATABASE_ROLES = tuple(
    sorted(role.name for role in ROLES if any(one.database for one in role.services))
)


@dataclass(frozen=True, kw_only=True)
class _Upgrade:
    """One database: its settings now, and what its server reports."""

    servers: Servers
    role: str
    service: Service
    override: ServiceOverride
    status: Document

    @property
    def server(self) -> DeployedServer:
        return self.servers.servers[0]

    def on_server(self, command: str, *options: str) -> Ended:
        """Run the server's program; its lines are shown."""
        who = ("--who", person.name(os.environ))
        program = host_program(_PROGRAM, command, self.service.name, *options, *who)
        ssh = command_line(self.server, self.servers.key, program, CONNECT_SECONDS)
        return stream(ssh, lambda line: _line(f"{self.server.name}: {line}"), _SECONDS)


def run(servers: Servers, roles: Sequence[str], to: str, confirm: Callable[[str], bool]) -> int:
    """The databases of these roles, one after the other.

    Returns 0, 1 if one is not upgraded and has its old data again, 2 if nothing was changed.
    """
    require_ready(servers, roles)
    require_not_pinned(servers, roles)
    deploy.check_lock(servers.stack)
    for role in roles:
        upgrade = _read(servers, role)
        target = postgres.target(upgrade.service, upgrade.override, to, upgrade.status)
        if not _is_needed(upgrade, target):
            version = upgrade.status["data"]["version"]
            _line(f"{upgrade.service.name}: nothing to do: its data is of PostgreSQL {version}")
            continue
        if (code := _confirmed(upgrade, target, confirm)) != DONE:
            return code
    return DONE


def rehearse(servers: Servers, roles: Sequence[str], to: str) -> int:
    """Copy beside the running services, and remove the copy; returns 0, or 1 if one failed."""
    require_ready(servers, roles)
    codes = [_rehearse(_read(servers, role), to) for role in roles]
    return max(codes)


def _rehearse(upgrade: _Upgrade, to: str) -> int:
    image, _ = postgres.image(upgrade.service, upgrade.override, to)
    ended = upgrade.on_server("rehearse", "--image", image)
    if ended.code != _FAILED:
        _require_ok(ended, upgrade)
        return DONE
    error = ended.error.removeprefix(_PREFIX)
    sys.stderr.write(f"{upgrade.server.name}: {error}. Nothing was changed.\n")
    return INCOMPLETE


def finish(servers: Servers, roles: Sequence[str], confirm: Callable[[str], bool]) -> int:
    """Remove the old volumes; returns as `run`."""
    for role in roles:
        upgrade = _read(servers, role)
        if not (begun := upgrade.status["upgrade"]):
            _line(f"{upgrade.service.name}: there is no upgrade to finish")
            continue
        if not confirm(f"Remove the volume {begun['source']['volume']} with the old data?"):
            return CANNOT_TELL
        _require_ok(upgrade.on_server("finish"), upgrade)
    return DONE


def go_back(servers: Servers, roles: Sequence[str]) -> int:
    """Undo what is not in service yet; returns as `run`."""
    for role in roles:
        upgrade = _read(servers, role)
        _require_ok(upgrade.on_server("back"), upgrade)
        present = postgres.suffix(_read(servers, role).status["data"]["volume"]) or None
        if present != upgrade.override.volume:
            service_settings.write(servers.stack, upgrade.service.name, {"volume": present})
            file = stack_files.file_name(servers.stack)
            _line(f"{file}: the volume is written back; compare the image: git diff {file}")
    return DONE


def _read(servers: Servers, role: str) -> _Upgrade:
    service = postgres.database_of(role)
    (configured,) = stack_files.read(servers.stack, "services")
    name = next(one.name for one in servers.servers if role in one.roles)
    only = servers.only(name)
    status = only.run(_KEYS, _PROGRAM, "status", service.name)[name]
    if isinstance(status, Unreachable):
        raise OperatorError(
            f"{name} was not reached: {status.reason}. Nothing was changed.\nNext: {status.command}"
        )
    override = ServiceOverride(**configured.get(service.name, {}))
    return _Upgrade(servers=only, role=role, service=service, override=override, status=status)


def _is_needed(upgrade: _Upgrade, target: Target) -> bool:
    """A newer minor version of the same major version is a usual deploy."""
    begun = upgrade.status["upgrade"] or {}
    pending = begun.get("state") in ("copying", "copied")
    return pending or str(target.major) != upgrade.status["data"]["version"]


def _confirmed(upgrade: _Upgrade, target: Target, confirm: Callable[[str], bool]) -> int:
    name, data = upgrade.service.name, upgrade.status["data"]
    deploy.show_impact(upgrade.servers.stack)
    _line(
        f"{name}: PostgreSQL {data['version']} -> {target.major} with {target.image}. Maintenance "
        f"is on and {', '.join(upgrade.status['clients'])} stop while the data is copied to a new "
        f"volume and compared. The volume {data['volume']} stays until fks upgrade postgres "
        f"--finish."
    )
    if not confirm(f"Upgrade {name} of {upgrade.server.name}?"):
        return CANNOT_TELL
    return _upgrade(upgrade, target)


def _upgrade(upgrade: _Upgrade, target: Target) -> int:
    """Copy, write the settings and deploy; the deploy's arguments are made first."""
    stack, name, old = upgrade.servers.stack, upgrade.service.name, upgrade.override
    command = up.command(upgrade.role, Part.SERVICES, stack, up.VERIFIED)
    # Without the name of the project: as compose.yaml calls it.
    volume = f"{name}-data-{target.volume}"
    copied = upgrade.on_server("copy", "--image", target.image, "--volume", volume)
    if copied.code == _FAILED:
        sys.stderr.write(f"{upgrade.server.name}: {copied.error.removeprefix(_PREFIX)}\n")
        return INCOMPLETE
    _require_ok(copied, upgrade)
    image = target.image if old.image or target.image != upgrade.service.image else None
    values = {"volume": target.volume, **({"image": image} if image else {})}
    service_settings.write(stack, name, values)
    if pulumi_run.run(command) != 0:
        return _undone(upgrade, {key: getattr(old, key) for key in values})
    file = stack_files.file_name(stack)
    _line(
        f"{name} serves with {target.image}. Commit {file}: a deploy from another checkout is "
        f"refused until it has it. When nothing is missing: fks upgrade postgres --finish"
    )
    return DONE


def _undone(upgrade: _Upgrade, before: dict[str, str | None]) -> int:
    name = upgrade.service.name
    ended = upgrade.on_server("back")
    service_settings.write(upgrade.servers.stack, name, before)
    if ended.code == 0:
        text = f"{name} has its old data and version again, and so has the stack's file."
    else:
        text = f"The way back did not end: {ended.error}\nNext: fks upgrade postgres --back"
    sys.stderr.write(f"pulumi up failed; its output says why. {text}\n")
    return INCOMPLETE


def _require_ok(ended: Ended, upgrade: _Upgrade) -> None:
    if ended.code == 0:
        return
    name = upgrade.server.name
    raise OperatorError(
        f"{name}: {ended.error.removeprefix(_PREFIX) or 'the connection ended'}\n"
        f"Next: fks status {name}; the same command can be run again"
    )


def _line(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
