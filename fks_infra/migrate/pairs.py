"""Which server has a data set, and which one gets it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fks_infra.config.plans import mode_of
from fks_infra.errors import OperatorError
from fks_infra.migrate.host import Host
from fks_infra.migrate.journal import Journal
from fks_infra.remote.inventory import DeployedServer
from fks_infra.roles import ROLE_NAMES, data_sets


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A data set moves from `source` to `target`."""

    data_set: str
    source: Host
    target: Host


def pairs(journal: Journal, servers: Sequence[DeployedServer], key: Path) -> tuple[Pair, ...]:
    """OperatorError while one of the servers is missing."""
    return tuple(
        Pair(
            data_set=name,
            source=Host(server=_server(servers, name, journal.source), key=key),
            target=Host(server=_server(servers, name, journal.target), key=key),
        )
        for name in data_sets(ROLE_NAMES)
    )


def hosts(servers: Sequence[DeployedServer], mode: str, key: Path) -> tuple[Host, ...]:
    """All servers of a mode."""
    return tuple(Host(server=one, key=key) for one in servers if mode_of(one.name) == mode)


def _server(servers: Sequence[DeployedServer], role: str, mode: str) -> DeployedServer:
    for server in servers:
        if mode_of(server.name) == mode and role in server.roles:
            return server
    raise OperatorError(
        f"the stack has no server of mode {mode} with the role {role}. Nothing was changed.\n"
        f"Next: pulumi up"
    )
