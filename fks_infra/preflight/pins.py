"""Pins of servers that have no release: their disk is empty."""

from collections.abc import Collection, Iterator, Sequence

from fks_infra.preflight.state import StateSnapshot
from fks_infra.topology.servers import ServerSpec


def pin_errors(
    pinned: Collection[str], servers: Sequence[ServerSpec], state: StateSnapshot
) -> Iterator[str]:
    """An error for each pinned server that is new or replaced; `pinned` are names of servers."""
    for server in servers:
        if server.name in pinned and _is_empty(server, state):
            yield (
                f"fks:pin.{server.name} keeps a release in service, and this run creates the "
                f"server {server.name}, whose disk has none. End the pin: pulumi config rm --path "
                f"fks:pin.{server.name}. Nothing was changed."
            )


def _is_empty(server: ServerSpec, state: StateSnapshot) -> bool:
    if not state.has_resource(f"{server.name}-stack-release"):
        return True
    last = state.triggers.get(f"{server.name}-machine-instance", server.generation)
    return bool(last != server.generation)
