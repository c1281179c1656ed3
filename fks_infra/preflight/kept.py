"""Servers that `fks:keep` names and that were never made."""

from collections.abc import Iterator

from fks_infra.preflight.state import StateSnapshot
from fks_infra.topology.servers import Topology


def kept_errors(topology: Topology, state: StateSnapshot) -> Iterator[str]:
    """An error for each server of the other mode that the state does not have."""
    for server in topology.servers:
        created = state.has_resource(f"{server.name}-machine-instance")
        if server.mode != topology.mode and not created:
            yield (
                f"fks:keep names {server.name}, which the stack does not have: the setting keeps "
                f"servers of the other mode and creates none. Leave {server.name} out (pulumi "
                f"config set --path), or set fks:mode {server.mode}. Nothing was changed."
            )
