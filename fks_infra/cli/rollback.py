"""`fks rollback`: a server goes back to a release that it keeps, by a pin in the configuration."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime

from fks_infra.cli import lock, pulumi_run, up
from fks_infra.cli.releases import change_lines
from fks_infra.cli.servers import (
    CANNOT_TELL,
    DONE,
    INCOMPLETE,
    Servers,
    connected,
    unreached_errors,
)
from fks_infra.config import stack_files
from fks_infra.config.pulumi_cli import pulumi
from fks_infra.delivery.targets import Part
from fks_infra.errors import OperatorError, raise_operator_errors
from fks_infra.operate.kept_releases import KEYS, KeptRelease, chosen, kept, migration_errors
from fks_infra.operate.unreachable import Unreachable
from fks_infra.remote.inventory import DeployedServer

Confirm = Callable[[str], bool]


def run(stack: str, name: str, to: str, confirm: Confirm) -> int:
    """Pin a server to a kept release, without `to` to the one before, and deploy it.

    Returns 0, 1 if `pulumi up` failed, 2 if nothing was changed.
    """
    with connected(stack, [name] if name else []) as servers:
        server = _one(servers)
        if not to:
            _check_not_pinned(servers.stack, server.name)
        releases = _releases(servers)
    current, target = _current_and_target(server.name, releases, to)
    sys.stdout.write("\n".join(_plan(server.name, releases, current, target)) + "\n")
    if not confirm(f"Pin {server.name} to {target.short} and deploy it?"):
        return CANNOT_TELL
    return _up(
        servers.stack,
        server,
        lambda: _set_pin(servers.stack, server.name, target.digest),
        f"{server.name} is pinned to release {target.short}.",
    )


def unpin(stack: str, name: str, confirm: Confirm) -> int:
    """End a server's pin and deploy the release of this checkout; returns as `run`."""
    with connected(stack, [name] if name else []) as servers:
        server = _one(servers)
    pins = _pins(servers.stack)
    if server.name not in pins:
        raise OperatorError(f"{server.name} is not pinned: fks:pin has no {server.name}.")
    pin = pins[server.name]
    sys.stdout.write(f"{server.name} is pinned to {pin['digest'][:12]} since {pin['since']}.\n")
    if not confirm(f"End the pin of {server.name} and deploy the release of this checkout?"):
        return CANNOT_TELL
    return _up(
        servers.stack,
        server,
        lambda: _remove_pin(servers.stack, server.name),
        f"{server.name} is not pinned any more.",
    )


def _current_and_target(
    server: str, releases: tuple[KeptRelease, ...], to: str
) -> tuple[KeptRelease, KeptRelease]:
    current = next((one for one in releases if one.in_service), None)
    if current is None:
        raise OperatorError(f"{server} has no release in service: pulumi up deploys one.")
    target = chosen(releases, to or str(current.number + 1), server)
    _check_migrations(server, current, target)
    return current, target


def _check_not_pinned(stack: str, server: str) -> None:
    """The release before the one in service is the one that the pin has replaced."""
    if pin := _pins(stack).get(server):
        raise OperatorError(
            f"{server} is pinned to {pin['digest'][:12]} since {pin['since']} already. Choose "
            f"another release with --to, or end the pin with --unpin. Nothing was changed."
        )


def _pins(stack: str) -> dict[str, dict[str, str]]:
    (pins,) = stack_files.read(stack, "pin")
    return dict(pins)


def _one(servers: Servers) -> DeployedServer:
    if len(servers.servers) > 1:
        names = ", ".join(server.name for server in servers.servers)
        raise OperatorError(f"SERVER is missing: write one of {names}.")
    return servers.servers[0]


def _releases(servers: Servers) -> tuple[KeptRelease, ...]:
    reports = servers.run(KEYS, "releases")
    raise_operator_errors(unreached_errors(reports, "Nothing was changed"))
    (found,) = (one for one in reports.values() if not isinstance(one, Unreachable))
    if found["lock"]:
        raise OperatorError(lock.locked_error(found["lock"]))
    return kept(found)


def _check_migrations(server: str, current: KeptRelease, target: KeptRelease) -> None:
    raise_operator_errors(
        f"{error}. {server} cannot go behind this migration of its database. Nothing was changed. "
        f"Choose a newer release (fks releases {server}), or restore a backup with the old image "
        f'(docs/operations.md, "A new major version of PostgreSQL").'
        for error in migration_errors(current, target)
    )


def _plan(
    server: str, releases: tuple[KeptRelease, ...], current: KeptRelease, target: KeptRelease
) -> list[str]:
    """What goes away, release by release; migrations of the application are not known."""
    lines = [f"{server}: release {current.short} -> {target.short}, deployed {target.deployed}"]
    for one in releases[current.number : target.number]:
        lines += [
            f"  without {one.short}:",
            *(f"    {line}" for line in change_lines(one.changes or {})),
        ]
    return [*lines, "Migrations by the application itself are not known to fks."]


def _set_pin(stack: str, server: str, digest: str) -> None:
    since = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    values = [f"fks:pin.{server}.digest={digest}", f"fks:pin.{server}.since={since}"]
    options = [word for value in values for word in ("--plaintext", value)]
    pulumi("config", "set-all", "--path", *options, "--stack", stack)


def _remove_pin(stack: str, server: str) -> None:
    pulumi("config", "rm", "--path", f"fks:pin.{server}", "--stack", stack)


def _up(stack: str, server: DeployedServer, change: Callable[[], None], done: str) -> int:
    """Change the configuration and run `pulumi up`, whose arguments are made first."""
    command = up.command(server.roles[0], Part.SERVICES, stack, up.VERIFIED)
    change()
    code = pulumi_run.run(command)
    file = stack_files.file_name(stack)
    if code == 0:
        sys.stdout.write(f"{done} Commit {file}: a deploy from another checkout undoes it.\n")
        return DONE
    sys.stderr.write(
        f"pulumi up failed; its output says why, and fks status which release is in service. "
        f"{file} has the change already: pulumi up tries it again, and without it, fks rollback "
        f"{server.name} --unpin deploys the release of this checkout.\n"
    )
    return INCOMPLETE
