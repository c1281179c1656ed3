"""`fks upgrade postgres`: the data moves to a new volume on the server, then a deploy uses it."""

from collections.abc import Callable, Sequence

from fks_infra.cli import deploy, upgrade_data
from fks_infra.cli.ready import require_ready
from fks_infra.cli.servers import CANNOT_TELL, DONE, Servers
from fks_infra.cli.upgrade_data import Upgrade, line
from fks_infra.config import service_settings, stack_files
from fks_infra.errors import OperatorError
from fks_infra.roles import ROLES
from fks_infra.upgrade import postgres
from fks_infra.upgrade.postgres import Target

_COMMAND = "fks upgrade postgres"
DATABASE_ROLES = tuple(
    sorted(role.name for role in ROLES if any(one.database for one in role.services))
)


def run(servers: Servers, roles: Sequence[str], to: str, confirm: Callable[[str], bool]) -> int:
    """The databases of these roles, one after the other.

    Returns 0, 1 if one is not upgraded and has its old data again, 2 if nothing was changed.
    """
    upgrade_data.check(servers, roles)
    for role in roles:
        upgrade = _read(servers, role)
        override = upgrade.override(upgrade.service.name)
        target = postgres.target(upgrade.service, override, to, upgrade.status)
        if not _is_needed(upgrade, target, to):
            version = upgrade.status["data"]["version"]
            line(f"{upgrade.service.name}: nothing to do: its data is of PostgreSQL {version}")
            continue
        if (code := _confirmed(upgrade, target, confirm)) != DONE:
            return code
    return DONE


def rehearse(servers: Servers, roles: Sequence[str], to: str) -> int:
    """Copy beside the running services, and remove the copy; returns 0, or 1 if one failed."""
    require_ready(servers, roles)
    codes = [_rehearse(_read(servers, role), to) for role in roles]
    return max(codes)


def _rehearse(upgrade: Upgrade, to: str) -> int:
    override = upgrade.override(upgrade.service.name)
    image, _ = postgres.image(upgrade.service, override, to)
    return upgrade_data.rehearse(upgrade, "--image", image)


def finish(servers: Servers, roles: Sequence[str], confirm: Callable[[str], bool]) -> int:
    """Remove the old volumes; returns as `run`."""
    return upgrade_data.finish([_read(servers, role) for role in roles], confirm)


def go_back(servers: Servers, roles: Sequence[str]) -> int:
    """Undo what is not in service yet; returns as `run`."""
    for role in roles:
        upgrade = _read(servers, role)
        upgrade.require_ok(upgrade.on_server("back"))
        name, present = upgrade.service.name, _read(servers, role).volume
        if present != upgrade.override(name).volume:
            service_settings.write(servers.stack, {name: {"volume": present}})
            file = stack_files.file_name(servers.stack)
            line(f"{file}: the volume is written back; compare the image: git diff {file}")
    return DONE


def _read(servers: Servers, role: str) -> Upgrade:
    return upgrade_data.read(servers, role, _COMMAND)


def _is_needed(upgrade: Upgrade, target: Target, to: str) -> bool:
    """A newer minor version of the same major version is a usual deploy. OperatorError for an
    earlier one; that of the checkout may be earlier than one of fks:services."""
    present = int(upgrade.status["data"]["version"] or 0)
    if to and target.major < present:
        raise OperatorError(
            f"{upgrade.service.name}: --to is {to!r}, and its data is of PostgreSQL {present}, "
            f"which no earlier version can read. Nothing was changed.\nNext: write a later one"
        )
    return upgrade.pending or target.major > present


def _confirmed(upgrade: Upgrade, target: Target, confirm: Callable[[str], bool]) -> int:
    name, data = upgrade.service.name, upgrade.status["data"]
    deploy.show_impact(upgrade.servers.stack)
    line(
        f"{name}: PostgreSQL {data['version']} -> {target.major} with {target.image}. Maintenance "
        f"is on and {', '.join(upgrade.status['clients'])} stop while the data is copied to a new "
        f"volume and compared. The volume {data['volume']} stays until {_COMMAND} --finish."
    )
    if not confirm(f"Upgrade {name} of {upgrade.server.name}?"):
        return CANNOT_TELL
    return _upgrade(upgrade, target)


def _upgrade(upgrade: Upgrade, target: Target) -> int:
    name = upgrade.service.name
    old = upgrade.override(name)
    image = target.image if old.image or target.image != upgrade.service.image else None
    values = {"volume": target.volume, **({"image": image} if image else {})}
    before = {key: getattr(old, key) for key in values}
    options = ("--image", target.image, "--volume", postgres.full(name, target.volume))
    code = upgrade_data.move(upgrade, options, {name: values}, {name: before})
    if code == DONE:
        upgrade_data.served(upgrade, f"{name} serves with {target.image}")
    return code
