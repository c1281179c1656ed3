"""`fks upgrade authentik`: the database moves to a new volume on the server, then a deploy with the
next release train migrates this copy."""

import sys
from collections.abc import Callable

from fks_infra.cli import deploy, upgrade_data
from fks_infra.cli.ready import require_ready
from fks_infra.cli.servers import CANNOT_TELL, DONE, INCOMPLETE, Servers
from fks_infra.cli.upgrade_data import Upgrade, line
from fks_infra.config import service_settings, stack_files
from fks_infra.config.service_settings import Values
from fks_infra.roles.auth import ROLE
from fks_infra.roles.images import AUTHENTIK
from fks_infra.upgrade import authentik, postgres
from fks_infra.upgrade.authentik import Target

_COMMAND = "fks upgrade authentik"


def run(servers: Servers, to: str, confirm: Callable[[str], bool]) -> int:
    """Returns 0, 1 if it is not upgraded and has its old data again, 2 if nothing was changed."""
    upgrade_data.check(servers, (ROLE.name,))
    upgrade = _read(servers, to)
    target = _target(upgrade, to)
    if target is None:
        line(_nothing(upgrade))
        return DONE
    found, data = upgrade.status["authentik"]["version"], upgrade.status["data"]
    deploy.show_impact(servers.stack)
    line(
        f"Authentik {found} -> {target.train} with {target.image}. Maintenance is on and "
        f"{', '.join(upgrade.status['clients'])} stop while the database is copied to a new volume "
        f"and compared; the new release migrates the copy. The volume {data['volume']} stays until "
        f"{_COMMAND} --finish."
    )
    lost = authentik.lost_files(found, target.train)
    for note in filter(None, (postgres.also(_database_image(upgrade), data["version"]), lost)):
        line(note)
    if not confirm(f"Upgrade Authentik of {upgrade.server.name}?"):
        return CANNOT_TELL
    return _upgrade(upgrade, target)


def rehearse(servers: Servers, to: str) -> int:
    """Migrate a copy beside the running services, and remove it; returns 0, or 1 if it failed."""
    require_ready(servers, (ROLE.name,))
    upgrade = _read(servers, to)
    target = _target(upgrade, to)
    if target is None:
        line(_nothing(upgrade))
        return DONE
    return upgrade_data.rehearse(upgrade, *_images(upgrade, target))


def finish(servers: Servers, confirm: Callable[[str], bool]) -> int:
    """Remove the volume with the database of before; returns as `run`."""
    return upgrade_data.finish([_read(servers, "")], confirm)


def go_back(servers: Servers) -> int:
    """Undo what is not in service yet; returns as `run`."""
    upgrade = _read(servers, "")
    upgrade.require_ok(upgrade.on_server("back"))
    found = _read(servers, "")
    values = _in_service(found)
    if values != _of_file(found, values):
        service_settings.write(servers.stack, values)
        line(f"{stack_files.file_name(servers.stack)}: volume and images are written back")
    return DONE


def _read(servers: Servers, to: str) -> Upgrade:
    version = authentik.version(to)
    options = ("--to", version) if version else ()
    return upgrade_data.read(servers, ROLE.name, _COMMAND, *options)


def _target(upgrade: Upgrade, to: str) -> Target | None:
    """None when there is nothing to do."""
    overrides = {name: upgrade.override(name) for name in authentik.SERVICES}
    return authentik.target(overrides, to, upgrade.status, pending=upgrade.pending)


def _nothing(upgrade: Upgrade) -> str:
    version = upgrade.status["authentik"]["version"]
    return (
        f"nothing to do: the database is of Authentik {version}, and no later release train is "
        f"known or asked for. A release of the same train is a usual deploy"
    )


def _images(upgrade: Upgrade, target: Target) -> tuple[str, ...]:
    return ("--image", _database_image(upgrade), "--authentik", target.image)


def _database_image(upgrade: Upgrade) -> str:
    """That of the deploy which follows."""
    service = upgrade.service
    return upgrade.override(service.name).image_or(service.image)


def _upgrade(upgrade: Upgrade, target: Target) -> int:
    name = upgrade.service.name
    is_set = any(upgrade.override(one).image for one in authentik.SERVICES)
    images = authentik.SERVICES if is_set or target.image != AUTHENTIK else ()
    values = {name: {"volume": target.volume}, **{one: {"image": target.image} for one in images}}
    # An interrupted run may have written the file.
    before = _in_service(upgrade) if upgrade.pending else _of_file(upgrade, values)
    options = (*_images(upgrade, target), "--volume", postgres.full(name, target.volume))
    if (code := upgrade_data.move(upgrade, options, values, before)) != DONE:
        return code
    version = _read(upgrade.servers, "").status["authentik"]["version"]
    if authentik.train(version) != target.train:
        sys.stderr.write(
            f"{target.image} serves, but its database is of Authentik {version or 'no version'}.\n"
            f"Next: fks logs auth-server\n"
        )
        return INCOMPLETE
    upgrade_data.served(upgrade, f"Authentik {version} serves with {target.image}")
    return DONE


def _of_file(upgrade: Upgrade, like: Values) -> Values:
    """The fields of `like` as the stack's file has them."""
    return {
        name: {field: getattr(upgrade.override(name), field) for field in fields}
        for name, fields in like.items()
    }


def _in_service(upgrade: Upgrade) -> Values:
    """The settings of the release in service."""
    image = upgrade.status["authentik"]["image"]
    images = {name: {"image": image if image != AUTHENTIK else None} for name in authentik.SERVICES}
    return {upgrade.service.name: {"volume": upgrade.volume}, **images}
