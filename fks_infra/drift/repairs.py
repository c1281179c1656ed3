"""Repairs deviations: on the servers by bin/repair, in the clouds by a targeted `pulumi up`."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from fks_infra.doctor.background import together
from fks_infra.drift.findings import CLOUDS, Deviation
from fks_infra.errors import OperatorError
from fks_infra.remote.command import CONNECT_SECONDS, output_of
from fks_infra.remote.host_scripts import host_program
from fks_infra.remote.inventory import DeployedServer

# Seconds: a restart of all containers, or a pull of all images
_SERVER_SECONDS = 1800.0
_UP_SECONDS = 1800.0
# Place -> the repairs there, each once
Plan = Mapping[str, Sequence[str]]


def plan(deviations: Sequence[Deviation]) -> Plan:
    """The repairs of these deviations; those without one are left out."""
    found: dict[str, dict[str, None]] = {}
    for one in deviations:
        if one.repair:
            found.setdefault(one.place, {})[one.repair] = None
    return {place: list(repairs) for place, repairs in found.items()}


def on_servers(chosen: Plan, servers: Sequence[DeployedServer], key: Path | None) -> Iterator[str]:
    """Run the repairs of all servers at the same time; yields a line for each repair."""
    calls = {
        server.name: partial(_repair, server, key, chosen[server.name])
        for server in servers
        if server.name in chosen
    }
    for name, future in together(calls, _SERVER_SECONDS + 1).items():
        if not future.done():
            yield f"{name}: no answer within {_SERVER_SECONDS:g} s; it may go on there"
        elif error := future.exception():
            yield f"{name}: not known whether it was repaired: {error}"
        else:
            yield from (f"{name}: {line}" for line in future.result().splitlines())


def _repair(server: DeployedServer, key: Path | None, repairs: Sequence[str]) -> str:
    # It ends with 1 after a repair that failed, which is in its output.
    command = f"{host_program('repair', *repairs)} || test $? = 1"
    return output_of(server, key, command, _SERVER_SECONDS, CONNECT_SECONDS)


def in_clouds(chosen: Plan, stack: str) -> Iterator[str]:
    """Run `pulumi up` for these resources only; yields one line."""
    urns = chosen.get(CLOUDS, ())
    if not urns:
        return
    # Servers do not have them.
    from fks_infra.config.pulumi_cli import pulumi
    from fks_infra.delivery.targets import with_first_deployed

    names = ", ".join(urn.rpartition("::")[2] for urn in urns)
    try:
        targets = with_first_deployed(urns, pulumi("stack", "export", "--stack", stack))
        options = [argument for urn in targets for argument in ("--target", urn)]
        up = ("up", "--refresh", "--yes", "--skip-preview", "--stack", stack)
        pulumi(*up, *options, seconds=_UP_SECONDS)
        yield f"{CLOUDS}: done: {names}"
    except OperatorError as error:
        yield f"{CLOUDS}: failed: {names}: {error}"
